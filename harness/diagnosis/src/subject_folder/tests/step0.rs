//! Step 0 in the forms in which Windows prints it.

use encoding_rs::WINDOWS_1252;

use super::Folder;
use crate::subject::Step0;

/// What most of the outputs below say.
fn behind_a_proxy() -> Step0 {
    Step0 {
        sync_from_microsoft_update: Some(true),
        is_replica_server: Some(false),
        mu_url: Some("https://sws.update.microsoft.com".to_owned()),
        redirector_change_number: Some(4002),
        upstream_wsus_server_name: Some(String::new()),
        upstream_wsus_server_port_number: Some(8530),
        upstream_wsus_server_use_ssl: Some(false),
        use_proxy: Some(true),
        proxy_name: Some("proxy.contoso.com".to_owned()),
        proxy_server_port: Some(8080),
        anonymous_proxy_access: Some(true),
        has_proxy_password: Some(false),
        use_separate_proxy_for_ssl: Some(false),
        ssl_proxy_name: Some(String::new()),
        ssl_proxy_server_port: Some(443),
    }
}

#[track_caller]
fn check(printed: impl AsRef<[u8]>, expected: &Step0) {
    assert_eq!(&Folder::new().with("wsus.txt", printed).read().unwrap().step0, expected);
}

#[track_caller]
fn refused(printed: &str, message: &str) {
    assert_eq!(Folder::new().with("wsus.txt", printed).message(), message);
}

const WINDOWS_POWERSHELL_JSON: &str = r#"{
    "SyncFromMicrosoftUpdate":  true,
    "IsReplicaServer":  false,
    "MUUrl":  "https://sws.update.microsoft.com",
    "RedirectorChangeNumber":  4002,
    "UpstreamWsusServerName":  "",
    "UpstreamWsusServerPortNumber":  8530,
    "UpstreamWsusServerUseSsl":  false,
    "UseProxy":  true,
    "ProxyName":  "proxy.contoso.com",
    "ProxyServerPort":  8080,
    "AnonymousProxyAccess":  true,
    "HasProxyPassword":  false,
    "UseSeparateProxyForSsl":  false,
    "SslProxyName":  "",
    "SslProxyServerPort":  443
}
"#;

const LIST: &str = "

SyncFromMicrosoftUpdate      : True
IsReplicaServer              : False
MUUrl                        : https://sws.update.microsoft.com
RedirectorChangeNumber       : 4002
UpstreamWsusServerName       :\u{20}
UpstreamWsusServerPortNumber : 8530
UpstreamWsusServerUseSsl     : False
UseProxy                     : True
ProxyName                    : proxy.contoso.com
ProxyServerPort              : 8080
AnonymousProxyAccess         : True
HasProxyPassword             : False
UseSeparateProxyForSsl       : False
SslProxyName                 :
SslProxyServerPort           : 443



";

#[test]
fn json_of_windows_powershell_is_read() {
    check(WINDOWS_POWERSHELL_JSON, &behind_a_proxy());
    check(WINDOWS_POWERSHELL_JSON.replace('\n', "\r\n"), &behind_a_proxy());
}

#[test]
fn json_of_powershell_7_compressed_json_and_arrays_of_one_are_read() {
    let seven = WINDOWS_POWERSHELL_JSON.replace("    ", "  ").replace(":  ", ": ");
    check(&seven, &behind_a_proxy());
    check(seven.replace('\n', "").replace(": ", ":"), &behind_a_proxy());
    check(format!("[\r\n{WINDOWS_POWERSHELL_JSON}]"), &behind_a_proxy());
    check(format!("{{\"value\":  [{WINDOWS_POWERSHELL_JSON}],\n \"Count\":  1}}"), &behind_a_proxy());
}

#[test]
fn every_encoding_of_json_and_list_is_read() {
    for printed in [WINDOWS_POWERSHELL_JSON, LIST] {
        let printed = printed.replace("proxy.contoso.com", "prüfung.contoso.com");
        let expected = Step0 { proxy_name: Some("prüfung.contoso.com".to_owned()), ..behind_a_proxy() };
        let units = |mark: &str| format!("{mark}{printed}").encode_utf16().collect::<Vec<_>>();
        let little = |mark| units(mark).into_iter().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let big = |mark| units(mark).into_iter().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
        check(&printed, &expected);
        check(format!("\u{feff}{printed}"), &expected);
        check(little("\u{feff}"), &expected);
        check(little(""), &expected);
        check(big("\u{feff}"), &expected);
        check(WINDOWS_1252.encode(&printed).0, &expected);
    }
}

#[test]
fn null_is_unknown_and_an_empty_text_is_known_to_be_empty() {
    check(
        r#"{"SyncFromMicrosoftUpdate": true, "MUUrl": null, "UseProxy": null, "ProxyServerPort": null, "ProxyName": ""}"#,
        &Step0 { sync_from_microsoft_update: Some(true), proxy_name: Some(String::new()), ..Step0::default() },
    );
}

#[test]
fn texts_in_place_of_booleans_and_numbers_and_names_in_any_case_are_read() {
    check(
        r#"{"syncfrommicrosoftupdate": "True", "USEPROXY": "false", "RedirectorChangeNumber": "4002",
            "UpstreamWsusServerPortNumber": " 8531 ", "ProxyServerPort": "", "HasProxyPassword": ""}"#,
        &Step0 {
            sync_from_microsoft_update: Some(true),
            use_proxy: Some(false),
            redirector_change_number: Some(4002),
            upstream_wsus_server_port_number: Some(8531),
            ..Step0::default()
        },
    );
}

#[test]
fn a_raw_configuration_is_read_and_its_password_is_not_kept() {
    let raw = r#"{
    "UpdateServer":  {
                         "WebServiceUrl":  "http://wsus01:8530/ApiRemoting30/WebService.asmx",
                         "PreferredCulture":  "en"
                     },
    "LastConfigChange":  "\/Date(1709210000000)\/",
    "SupportedUpdateLanguages":  ["de", "en"],
    "TargetingMode":  1,
    "SyncFromMicrosoftUpdate":  false,
    "UpstreamWsusServerName":  "upstream.contoso.com",
    "ProxyPassword":  "hunter2",
    "ProxyUserName":  null,
    "HasProxyPassword":  true
}"#;
    let subject = Folder::new().with("wsus.json", raw).read().unwrap();
    assert_eq!(
        subject.step0,
        Step0 {
            sync_from_microsoft_update: Some(false),
            upstream_wsus_server_name: Some("upstream.contoso.com".to_owned()),
            has_proxy_password: Some(true),
            ..Step0::default()
        }
    );
    assert!(!serde_json::to_string(&subject).unwrap().contains("hunter2"));
}

#[test]
fn a_list_is_read_with_whatever_blanks_and_line_ends() {
    check(LIST, &behind_a_proxy());
    check(LIST.replace('\n', "\r\n"), &behind_a_proxy());
    check(LIST.trim(), &behind_a_proxy());
    let padded: String = LIST.lines().map(|line| format!("{line:<120}\r\n")).collect();
    check(padded, &behind_a_proxy());
    let indented_and_spaced: String = LIST.lines().map(|line| format!("    {line}\n\n")).collect();
    check(indented_and_spaced, &behind_a_proxy());
    check(LIST.replace("UseProxy  ", "\u{1b}[32;1mUseProxy  ").replace(": ", ": \u{1b}[0m"), &behind_a_proxy());
}

#[test]
fn a_list_wrapped_at_80_columns_is_joined_without_a_gap() {
    let wrapped = "
SyncFromMicrosoftUpdate      : True
MUUrl                        : https://a-rather-long-name-of-a-relay.update-servi
                               ces.emea.contoso.com/ServerSync/v6/relay-for-branc
                               h-offices
ProxyName                    : proxy-farm-with-a-name-of-many-labels.network.emea\u{20}
                               .contoso.com
UseProxy                     : True
";
    let expected = Step0 {
        sync_from_microsoft_update: Some(true),
        mu_url: Some(
            "https://a-rather-long-name-of-a-relay.update-services.emea.contoso.com/ServerSync/v6/relay-for-branch-offices"
                .to_owned(),
        ),
        proxy_name: Some("proxy-farm-with-a-name-of-many-labels.network.emea.contoso.com".to_owned()),
        use_proxy: Some(true),
        ..Step0::default()
    };
    check(wrapped, &expected);
    check(wrapped.replace('\n', "\r\n\r\n"), &expected);
    check(wrapped.lines().map(|line| format!("  {line}\n")).collect::<String>(), &expected);
}

#[test]
fn a_blank_before_a_url_is_kept_in_both_forms_and_one_behind_it_in_json() {
    let url = |url: &str| Step0 { mu_url: Some(url.to_owned()), use_proxy: Some(false), ..Step0::default() };
    check("MUUrl    :  https://sws.update.microsoft.com\nUseProxy : False", &url(" https://sws.update.microsoft.com"));
    check(
        "MUUrl    : https://sws.update.microsoft.com/  \nUseProxy : False",
        &url("https://sws.update.microsoft.com/"),
    );
    check(r#"{"MUUrl": " https://sws/ ", "UseProxy": false}"#, &url(" https://sws/ "));
}

#[test]
fn a_raw_configuration_as_list_is_read() {
    let raw = "
UpdateServer                                : Microsoft.UpdateServices.Internal.BaseApi.UpdateServer
LastConfigChange                            : 2/28/2026 9:12:11 AM
SupportedUpdateLanguages                    : {de, en, es, fr...}
SyncFromMicrosoftUpdate                     : True
LocalContentCachePath                       : D:\\WSUS\\WsusContent and a path that is long enough to be wr
                                              apped : here
UseProxy                                    : False
ProxyPassword                               : hunter2
MUUrl                                       : https://fe2.update.microsoft.com/v6
";
    check(
        raw,
        &Step0 {
            sync_from_microsoft_update: Some(true),
            use_proxy: Some(false),
            mu_url: Some("https://fe2.update.microsoft.com/v6".to_owned()),
            ..Step0::default()
        },
    );
}

const TRANSCRIPT_HEAD: &str = r#"**********************
Windows PowerShell transcript start
Start time: 20260228091211
Username: CONTOSO\admin
Machine: WSUS01 (Microsoft Windows NT 10.0.20348.0)
Host Application: C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe
PSVersion: 5.1.20348.2227
**********************
PS C:\Windows\system32> Import-Module UpdateServices -ErrorAction Stop
PS C:\Windows\system32> [pscustomobject]@{
>> SyncFromMicrosoftUpdate = $config.SyncFromMicrosoftUpdate
>> MUUrl = $config.MUUrl
>> }
"#;

#[test]
fn a_transcript_around_a_list_is_passed_over() {
    let tail = "PS C:\\Windows\\system32> Stop-Transcript\n**********************\nEnd time: 20260228091312\n";
    check(format!("{TRANSCRIPT_HEAD}{LIST}{tail}"), &behind_a_proxy());
    check(format!("{TRANSCRIPT_HEAD}\n{}\n{tail}", LIST.trim()), &behind_a_proxy());
    check(format!("[pscustomobject]@{{\nUseProxy = $config.UseProxy\n}}\n{LIST}"), &behind_a_proxy());
}

#[test]
fn of_several_outputs_in_a_transcript_the_last_with_values_counts() {
    let before = LIST.replace("sws.update", "fe2.update");
    let blank: String = Step0::FIELDS.iter().map(|field| format!("{field:<28} :\n")).collect();
    check(format!("{TRANSCRIPT_HEAD}{before}PS C:\\> # changed\n{LIST}"), &behind_a_proxy());
    check(format!("{TRANSCRIPT_HEAD}{LIST}PS C:\\> # another window\n\n{blank}"), &behind_a_proxy());
}

#[test]
fn a_password_within_a_url_is_masked() {
    check(
        "ProxyName : http://wsus:hunter2@proxy\nUseProxy : True",
        &Step0 { proxy_name: Some("http://wsus:***@proxy".to_owned()), use_proxy: Some(true), ..Step0::default() },
    );
}

#[test]
fn a_value_out_of_range_is_named_with_its_place() {
    let json = |value: &str| format!("{{\n    \"UseProxy\":  true,\n    \"proxyserverport\":  {value}\n}}");
    refused(&json("70000"), "wsus.txt:3:5: ProxyServerPort: 70000 is not a port; expected a number from 1 to 65535");
    refused(&json("0"), "wsus.txt:3:5: ProxyServerPort: 0 is not a port; expected a number from 1 to 65535");
    refused(&json("80.5"), "wsus.txt:3:5: ProxyServerPort: 80.5 is not a port; expected a number from 1 to 65535");
    refused(&json("\"x\""), "wsus.txt:3:5: ProxyServerPort: \"x\" is not a port; expected a number from 1 to 65535");
    refused(&json("[80]"), "wsus.txt:3:5: ProxyServerPort: a list is not a port; expected a number from 1 to 65535");
    refused(
        "\nUseProxy        : True\nProxyServerPort : 70000\n",
        "wsus.txt:3:19: ProxyServerPort: \"70000\" is not a port; expected a number from 1 to 65535",
    );
    refused("UseProxy : Ja\n", "wsus.txt:1:12: UseProxy: \"Ja\" is not a boolean; expected True or False");
    refused(r#"{"UseProxy": 1}"#, "wsus.txt:1:2: UseProxy: 1 is not a boolean; expected True or False");
    refused(r#"{"MUUrl": {"a": 1}}"#, "wsus.txt:1:2: MUUrl: an object is not a text; expected a text");
    refused(
        r#"{"RedirectorChangeNumber": "many"}"#,
        "wsus.txt:1:2: RedirectorChangeNumber: \"many\" is not a number; expected a whole number",
    );
    refused(
        "{\"UseProxy\": true,\n \"useproxy\": false}",
        "wsus.txt:2:2: UseProxy: given twice; expected each field once",
    );
}

#[test]
fn json_that_is_cut_wrapped_or_another_object_is_refused() {
    refused(
        "{\n    \"UseProxy\":  true,\n",
        "wsus.txt:3: EOF while parsing a value; expected the output of ConvertTo-Json and nothing else",
    );
    refused(
        "{\n    \"MUUrl\":  \"https://sws.update\n.microsoft.com\"\n}",
        "wsus.txt:3: control character (\\u0000-\\u001F) found while parsing a string; expected each string on one line; \
         redirect the output to a file instead of copying it from a window",
    );
    refused(
        "{\"UseProxy\": true}\nPS C:\\> exit",
        "wsus.txt:2:1: trailing characters; expected the output of ConvertTo-Json and nothing else",
    );
    refused(
        "{\"Name\": 1}",
        "wsus.txt: an object without a field of Step 0; expected SyncFromMicrosoftUpdate and the others",
    );
    refused("[[1]]", "wsus.txt:1:3: invalid type: integer `1`; expected the output of ConvertTo-Json and nothing else");
    refused("[]", "wsus.txt: an array of 0 objects; expected one object, of one server");
    refused(
        "[{\"UseProxy\": true}, {\"UseProxy\": true}]",
        "wsus.txt: an array of 2 objects; expected one object, of one server",
    );
}

const EXPECTED: &str = "expected the output of Step 0 as ConvertTo-Json or Format-List prints it";

#[test]
fn a_table_csv_or_something_else_is_named() {
    refused(
        "\nSyncFromMicrosoftUpdate IsReplicaServer MUUrl\n----------------------- --------------- -----\n                   True           False https://sws…\n",
        &format!("wsus.txt:2: a table, which cuts values off; {EXPECTED}"),
    );
    refused(
        "#TYPE Selected\n\"SyncFromMicrosoftUpdate\",\"IsReplicaServer\",\"MUUrl\"\n\"True\",\"False\",\"https://sws\"\n",
        &format!("wsus.txt:2: CSV; {EXPECTED}"),
    );
    refused(
        "PS C:\\> $c | ConvertTo-Json\n{\n    \"UseProxy\":  true\n}\n",
        &format!("wsus.txt:2: JSON with other text before it; {EXPECTED}"),
    );
    refused("hello\n", &format!("wsus.txt: nothing of Step 0 in it; {EXPECTED}"));
    refused(" \r\n", &format!("wsus.txt: empty; {EXPECTED}"));
}

#[test]
fn a_value_that_something_else_wrapped_is_refused_and_not_cut() {
    refused(
        "UseProxy : True\nMUUrl    : https://sws.update.\nmicrosoft.com\nProxyServerPort : 80\n",
        "wsus.txt:3: neither a field nor the indented rest of one; expected each value on one line, or continued below its \
         beginning as Format-List does",
    );
}
