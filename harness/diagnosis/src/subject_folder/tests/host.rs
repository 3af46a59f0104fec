//! `host.json`.

use time::macros::datetime;

use super::{Folder, WSUS};
use crate::subject::{ContentFacts, HostFacts, ProxyFacts, TlsFacts, TlsVersion};
use crate::subject_folder::{SubjectError, read};

fn folder(host: &str) -> Folder {
    Folder::new().with("wsus.json", WSUS).with("host.json", host)
}

#[track_caller]
fn refused(host: &str, message: &str) {
    assert_eq!(folder(host).message(), message);
}

#[test]
fn every_field_is_read() {
    let host = folder(
        r#"{
  "schema": 1,
  "now": "2026-02-28T10:00:30+01:00",
  "reference_now": "2026-02-28T09:00:00Z",
  "wsus_version": "10.0.20348.2227",
  "updates": ["KB5070884", " kb4484071", "2734608"],
  "protocol_version": "1.20",
  "tls": { "protocols": ["1.2", "1.1", "1.2"], "functions": "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_RSA_WITH_AES_128_CBC_SHA,",
           "sch_use_strong_crypto": true },
  "stores": { "root": [], "ca": null },
  "microsoft_roots": ["‎3b 1e fd 3a 66 ea 28 b1 66 97 39 47 03 a7 2c a3 40 a0 5b d5", "8F:43:28:8A:D2:72:F3:10:3B:6F:B1:42:84:85:EA:30:14:C0:BC:FE"],
  "proxy": { "user": "wsus", "domain": "CONTOSO", "allow_basic": false },
  "content": { "host_binaries_on_microsoft_update": false, "get_content_from_mu": true },
  "winhttp_proxy": "    Proxy Server(s) :  http://a:hunter2@proxy:8080",
  "outputs": { "Test-NetConnection": "TcpTestSucceeded : True\r\nPassword: hunter2" }
}"#,
    )
    .read()
    .unwrap()
    .host;
    assert_eq!(
        host,
        HostFacts {
            now: Some(datetime!(2026-02-28 09:00:30 UTC)),
            now_read_at: Some(datetime!(2026-02-28 09:00 UTC)),
            wsus_version: Some("10.0.20348.2227".to_owned()),
            updates: Some(["KB5070884", "KB4484071", "KB2734608"].map(str::to_owned).to_vec()),
            protocol_version: Some("1.20".to_owned()),
            tls: Some(TlsFacts {
                protocols: Some(vec![TlsVersion::Tls11, TlsVersion::Tls12]),
                suites: Some(vec![
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384".to_owned(),
                    "TLS_RSA_WITH_AES_128_CBC_SHA".to_owned(),
                ]),
                sch_use_strong_crypto: Some(true),
            }),
            stores: Some(crate::subject::Stores { root: Some(vec![]), ca: None, user_root: None }),
            microsoft_roots: Some(vec![
                "3B1EFD3A66EA28B1669739470 3A72CA340A05BD5".replace(' ', ""),
                "8F43288AD272F3103B6FB1428485EA3014C0BCFE".to_owned(),
            ]),
            proxy: Some(ProxyFacts {
                user: Some("wsus".to_owned()),
                domain: Some("CONTOSO".to_owned()),
                allow_basic: Some(false),
            }),
            content: Some(ContentFacts {
                host_binaries_on_microsoft_update: Some(false),
                get_content_from_mu: Some(true),
            }),
            winhttp_proxy: Some("    Proxy Server(s) :  http://a:***@proxy:8080".to_owned()),
            outputs: [("Test-NetConnection".to_owned(), "TcpTestSucceeded : True\r\nPassword: ***".to_owned())].into(),
        }
    );
}

#[test]
fn only_the_schema_is_required() {
    assert_eq!(folder(r#"{"schema": 1}"#).read().unwrap().host, HostFacts::default());
    refused("{}", "host.json:1:2: missing field `schema`; expected \"schema\": 1");
    refused("{\"now\": null\n}", "host.json:2:1: missing field `schema`; expected \"schema\": 1");
    refused("{\n  \"schema\": 2\n}", "host.json:2:13: schema 2 is not known; expected 1");
}

#[test]
fn without_a_reference_a_fresh_file_is_compared_with_the_clock_at_reading() {
    let folder = folder(r#"{"schema": 1, "now": "2026-02-28T09:00:00Z"}"#);
    // The file's own time lies after this one.
    let read_at = datetime!(2020-01-01 00:00 UTC);
    assert_eq!(read(&folder.0, read_at).unwrap().host.now_read_at, Some(read_at));
}

#[test]
fn an_unknown_key_is_refused_with_its_place() {
    refused(
        "{\n  \"schema\": 1,\n  \"tls\": { \"protocol\": [\"1.2\"] }\n}",
        "host.json:3:21: unknown field `protocol`; expected one of `protocols`, `suites`, `functions`, `sch_use_strong_crypto`",
    );
    refused(
        "{\n  \"schema\": 1,\n  \"proxy\": { \"HasProxyPassword\": true }\n}",
        "host.json:3:31: unknown field `HasProxyPassword`; expected one of `user`, `domain`, `allow_basic`",
    );
}

#[test]
fn a_value_that_cannot_be_a_fact_is_refused_with_its_place() {
    let refused = |fact: &str, message: &str| refused(&format!("{{\"schema\": 1,\n{fact}}}"), message);
    refused(
        r#""now": "28.02.2026""#,
        "host.json:2:19: \"28.02.2026\" is not a time; expected RFC 3339 as 2026-02-28T09:00:00Z",
    );
    refused(
        r#""protocol_version": "1.20.1""#,
        "host.json:2:28: \"1.20.1\" is not a protocol version; expected two numbers as 1.20",
    );
    refused(
        r#""wsus_version": "2022""#,
        "host.json:2:22: \"2022\" is not a version of WSUS; expected numbers as 10.0.20348.2227",
    );
    refused(
        r#""updates": ["Rollup"]"#,
        "host.json:2:20: \"Rollup\" is not the number of an update; expected as KB4484071",
    );
    refused(
        r#""microsoft_roots": ["3B1E"]"#,
        "host.json:2:26: \"3B1E\" is not a SHA-1 thumbprint; expected 40 hexadecimal digits",
    );
    refused(
        r#""tls": {"protocols": ["1.4"]}"#,
        "host.json:2:27: unknown variant `1.4`; expected one of `1.0`, `1.1`, `1.2`, `1.3`",
    );
    refused(
        r#""tls": {"suites": [], "functions": ""}"#,
        "host.json:2:38: both `suites` and `functions`; expected the one that is in force",
    );
    refused(
        r#""reference_now": "2026-02-28T09:00:00Z""#,
        "host.json:2:1: `reference_now` without `now`; expected both, taken at the same moment",
    );
    refused(
        r#""proxy": "hunter2""#,
        "host.json:2:18: invalid type: a string; expected an object with user, domain and allow_basic",
    );
    refused(r#""now""#, "host.json:2:6: expected `:`; expected JSON");
}

#[test]
fn a_password_is_refused_wherever_it_stands_and_not_repeated() {
    for (host, message) in [
        (
            "{\"schema\": 1, \"proxy\": {\n  \"user\": \"a\", \"password\": \"hunter2\"}}",
            "host.json:2:16: `password` does not belong here; expected no password in a subject folder",
        ),
        (
            "{\"schema\": 1, \"outputs\": {\"password\": \"hunter2\"}}",
            "host.json:1:27: `password` does not belong here; expected no password in a subject folder",
        ),
        (
            "{\"ProxyPassword\": \"hunter2\"}",
            "host.json:1:2: `ProxyPassword` does not belong here; expected no password in a subject folder",
        ),
        (
            "{\"schema\": 1, \"tls\": [{\"proxy_password\": [\"hunter2\"]}]}",
            "host.json:1:24: `proxy_password` does not belong here; expected no password in a subject folder",
        ),
    ] {
        let folder = folder(host);
        let error = folder.read().unwrap_err();
        assert_eq!(folder.shorten(&error.to_string()), message);
        assert!(error.help().unwrap().contains("--proxy-password-file"));
        assert!(matches!(error, SubjectError::Secret { .. }) && !format!("{error:?}").contains("hunter2"));
    }
}
