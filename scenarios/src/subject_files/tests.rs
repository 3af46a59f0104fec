//! The files of a subject, written out.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use certs::Trust;
use time::macros::datetime;

use crate::read::read;

const HEAD: &str = "title = 't'\n[expect]\ncause = 'healthy'\n[lesson]\nsymptom = 's'\ncause = 'c'\ntell-apart = 't'\n\
                    remedy = 'r'\nreferences = ['r']\n";

fn trust() -> Trust {
    Trust {
        organisation_root: b"organisation".to_vec(),
        organisation_intermediate: b"intermediate".to_vec(),
        microsoft_root: b"microsoft".to_vec(),
        self_signed: [("upstream".to_owned(), b"itself".to_vec())].into(),
        further_roots: [("expired-root".to_owned(), b"ended".to_vec())].into(),
    }
}

fn check(deviation: &str, file: &str, expected: &str) {
    let scenario = read("x/y", "f", &format!("{HEAD}{deviation}")).unwrap_or_else(|error| panic!("{error}"));
    let files = scenario.subject_files(&trust(), datetime!(2026-03-01 12:00:00.25 UTC)).files;
    let content = files.get(file).unwrap_or_else(|| panic!("no {file} among {:?}", files.keys()));
    assert_eq!(String::from_utf8_lossy(content), expected);
}

fn names(deviation: &str) -> Vec<String> {
    let scenario = read("x/y", "f", &format!("{HEAD}{deviation}")).unwrap_or_else(|error| panic!("{error}"));
    scenario.subject_files(&trust(), datetime!(2026-03-01 12:00 UTC)).files.into_keys().collect()
}

#[test]
fn step0_is_printed_as_windows_powershell_prints_it() {
    let printed = "{\r\n    \"SyncFromMicrosoftUpdate\":  true,\r\n    \"IsReplicaServer\":  false,\r\n    \
                   \"MUUrl\":  \" https://sws.update.microsoft.com/?a=1\\u0026b=\\u0027\\\"\",\r\n    \
                   \"RedirectorChangeNumber\":  4002,\r\n    \"UpstreamWsusServerName\":  \"\",\r\n    \
                   \"UpstreamWsusServerPortNumber\":  8530,\r\n    \"UpstreamWsusServerUseSsl\":  false,\r\n    \
                   \"UseProxy\":  false,\r\n    \"ProxyName\":  \"\",\r\n    \"ProxyServerPort\":  80,\r\n    \
                   \"HasProxyPassword\":  false,\r\n    \"UseSeparateProxyForSsl\":  false,\r\n    \
                   \"SslProxyName\":  \"\",\r\n    \"SslProxyServerPort\":  443\r\n}\r\n";
    let deviation = "[subject]\nfrom = 'microsoft-update'\nabsent = ['AnonymousProxyAccess']\n[subject.step0]\n\
                     MUUrl = ''' https://sws.update.microsoft.com/?a=1&b='\"'''\n";
    check(deviation, "wsus.json", printed);
}

#[test]
fn the_host_knows_its_clock_against_the_examiners() {
    let printed = r#"{
  "schema": 1,
  "now": "2026-03-01T14:00:00Z",
  "reference_now": "2026-03-01T12:00:00Z",
  "wsus_version": "10.0.20348.2227",
  "protocol_version": "1.20",
  "tls": {
    "protocols": [
      "1.2"
    ]
  },
  "microsoft_roots": [
    "18F75E5E86D2A1ACE0B87C2C90F3D4E8BB14C1A2"
  ],
  "content": {
    "host_binaries_on_microsoft_update": false,
    "get_content_from_mu": false
  }
}
"#;
    let thumbprint = certs::thumbprint(b"microsoft");
    let printed = printed.replace("18F75E5E86D2A1ACE0B87C2C90F3D4E8BB14C1A2", &thumbprint);
    check("[subject]\nfrom = 'microsoft-update'\n[subject.host]\nclock = '+2h'\n", "host.json", &printed);
}

#[test]
fn a_fact_that_is_left_out_stands_nowhere() {
    let everything = "'host.now', 'host.wsus_version', 'host.protocol_version', 'host.tls', 'host.microsoft_roots', \
        'host.content'";
    let deviation = format!("[subject]\nfrom = 'upstream'\nabsent = [{everything}]\n");
    check(&deviation, "host.json", "{\n  \"schema\": 1\n}\n");
    let without = |fact: &str| names(&format!("[subject]\nfrom = 'upstream'\nabsent = ['{fact}']\n"));
    assert_eq!(without("host"), ["wsus.json"]);
    assert_eq!(without("host.stores"), ["host.json", "wsus.json"]);
    assert_eq!(without("host.stores.root"), ["host.json", "stores/ca/", "stores/user-root/", "wsus.json"]);
}

#[test]
fn stores_hold_certificates_and_an_empty_store_is_a_folder() {
    let deviation = "[subject]\nfrom = 'upstream'\n[subject.host.stores]\nroot = ['organisation', 'node:upstream']\n";
    assert_eq!(
        names(deviation),
        [
            "host.json",
            "stores/ca/",
            "stores/root/",
            "stores/root/organisation.cer",
            "stores/root/upstream.cer",
            "stores/user-root/",
            "wsus.json",
        ]
    );
    let pem = "-----BEGIN CERTIFICATE-----\naXRzZWxm\n-----END CERTIFICATE-----\n";
    check(deviation, "stores/root/upstream.cer", pem);
}

#[test]
fn a_root_that_was_made_for_a_defect_may_stand_in_a_store() {
    let deviation = "[world.upstream]\nfaults = [{ on = 'https', tls = { certificate = 'expired-root' } }]\n[subject]\n\
                     from = 'upstream'\n[subject.host.stores]\nroot = ['root-of:expired-root']\n";
    let pem = "-----BEGIN CERTIFICATE-----\nZW5kZWQ=\n-----END CERTIFICATE-----\n";
    check(deviation, "stores/root/expired-root.cer", pem);
}

#[test]
fn credentials_follow_from_the_proxy_and_the_password_stands_in_no_file() {
    let deviation =
        "[world.proxy]\nauth = { basic = { user = 'wsus', password = 'sesame' } }\n[subject]\nfrom = 'upstream'\n";
    let scenario = read("x/y", "f", &format!("{HEAD}{deviation}")).unwrap();
    assert_eq!(scenario.proxy_password().as_deref(), Some("sesame"));
    assert_eq!(scenario.subject.step0.anonymous_proxy_access, Some(false));
    assert_eq!(scenario.subject.step0.has_proxy_password, Some(true));
    let files = scenario.subject_files(&trust(), datetime!(2026-03-01 12:00 UTC)).files;
    let text: String = files.values().map(|content| String::from_utf8_lossy(content)).collect();
    assert!(text.contains("\"user\": \"wsus\"") && !text.contains("sesame"), "{text}");
}

#[test]
fn who_is_anonymous_has_stored_no_password() {
    let deviation = "[world.proxy]\nauth = { basic = { user = 'wsus' } }\n[subject]\nfrom = 'upstream'\n[subject.step0]\nAnonymousProxyAccess = true\n";
    let scenario = read("x/y", "f", &format!("{HEAD}{deviation}")).unwrap();
    assert_eq!(scenario.subject.step0.has_proxy_password, Some(false));
    assert_eq!(scenario.proxy_password(), None);
}
