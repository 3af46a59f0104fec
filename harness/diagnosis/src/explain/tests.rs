//! What a person may type, and what must come first.

use super::explain;
use crate::rules;

#[track_caller]
fn check(word: &str, what: &str, proper: &str, code: Option<&str>) {
    let found = explain(word);
    let first = found.first().unwrap_or_else(|| panic!("nothing for {word}"));
    assert_eq!((first.what.as_str(), first.word.as_str()), (what, proper), "{word}");
    if let Some(code) = code {
        assert!(first.codes.iter().any(|fits| fits == code), "{word}: {:?}", first.codes);
    }
}

#[test]
fn every_code_explains_itself() {
    for rule in rules::ALL {
        check(rule.code, "code", rule.code, Some(rule.code));
    }
    for code in ["healthy", "not-you", "undetermined"] {
        check(code, "code", code, None);
    }
}

#[test]
fn a_code_says_what_to_do_without_values() {
    let step = &explain("tls/port-speaks-http")[0].remedy[0];
    assert!(step.command.starts_with("Set-WsusServerSynchronization -UssServerName <host> "), "{}", step.command);
}

#[test]
fn each_kind_of_word_is_known_by_its_look() {
    check("tls", "layer", "tls", None);
    check("f8", "failure mode", "F-08", Some("proxy/authentication-required"));
    check("F-44b", "failure mode", "F-44b", Some("tls/port-speaks-http"));
    check("F-44", "failure mode", "F-44", Some("http/port-expects-tls"));
    check("F-71", "failure mode", "F-71", None);
    check("x-18", "failure mode", "X-18", Some("server/update-url-untidy"));
    check("0x80072ee2", "hresult", "0x80072EE2", Some("tcp/no-answer"));
    check("80072EFD", "hresult", "0x80072EFD", Some("tcp/connection-refused"));
    check("-2146233079", "hresult", "0x80131509", None);
    check("-2146233087", "hresult", "0x80131501", Some("server/decommissioned-endpoint"));
    check("2147954402", "hresult", "0x80072EE2", Some("tcp/no-answer"));
    check("10022", "event", "10022", None);
    check("Event 386", "event", "386", None);
    check("10061", "name", "10061", Some("tcp/connection-refused"));
    check("alert 70", "tls alert", "70", Some("tls/server-version-too-old"));
    check("HTTP 503", "http status", "503", Some("http/service-unavailable"));
    check("usscommunicationerror", "name", "UssCommunicationError", None);
    check(
        "IncompatibleProtocolVersionOnUss",
        "name",
        "IncompatibleProtocolVersionOnUss",
        Some("soap/upstream-too-old"),
    );
    check("no common algorithm", "text", "no common algorithm", Some("tls/no-protocol-enabled"));
    check("PartialChain", "name", "PartialChain", Some("tls/incomplete-chain"));
}

#[test]
fn a_layer_lists_its_codes() {
    let words: Vec<String> = explain("soap/").into_iter().map(|explanation| explanation.word).collect();
    let codes = [
        "incompatible-protocol-version",
        "upstream-too-old",
        "server-fault",
        "metadata-incomplete",
        "metadata-unreadable",
        "file-list-incomplete",
        "sha256-missing",
        "decryption-key-missing",
        "replica-approval-unknown",
    ];
    assert_eq!(words[0], "soap");
    assert_eq!(words[1..], codes.map(|code| format!("soap/{code}")));
}

#[test]
fn a_piece_of_exception_text_is_found_whatever_its_case_and_its_names() {
    let line = "System.Net.WebException: the remote name could not be resolved: 'sws.update.microsoft.com'";
    check(line, "text", "The remote name could not be resolved: '<host>'", Some("dns/name-not-found"));
    check(
        "actively refused it 10.0.0.1:8531",
        "text",
        "actively refused it <ip>:<port>",
        Some("tcp/connection-refused"),
    );
    check(
        "unexpected packet format",
        "text",
        "The handshake failed due to an unexpected packet format",
        Some("tls/port-speaks-http"),
    );
}

#[test]
fn winhttp_codes_carry_the_caution_that_synchronization_does_not_produce_them() {
    for word in ["0x80072EE2", "0x80072F8F", "0x8024402C", "0x80244022"] {
        assert!(explain(word)[0].text.contains("not from metadata synchronization itself"), "{word}");
    }
    assert!(!explain("0x800B0109")[0].text.contains("not from metadata"));
}

#[test]
fn an_hresult_in_no_table_is_read_from_its_number() {
    check("0x80190198", "hresult", "0x80190198", None);
    assert_eq!(explain("0x80190198")[0].title, "HTTP status 408, as BITS reports it");
    assert_eq!(explain("0x80070005")[0].title, "Win32 error 5");
}

#[test]
fn every_failure_mode_is_explained() {
    for number in 1..=71 {
        check(&format!("F-{number:02}"), "failure mode", &format!("F-{number:02}"), None);
    }
    for number in 1..=18 {
        check(&format!("X-{number}"), "failure mode", &format!("X-{number}"), None);
    }
}

#[test]
fn the_modes_that_rules_and_tables_name_exist() {
    for rule in rules::ALL {
        for mode in rule.modes {
            assert!(!explain(mode).is_empty(), "{}: {mode}", rule.code);
        }
    }
}

#[test]
fn nonsense_is_not_explained_and_never_panics() {
    for word in [
        "",
        " ",
        "/",
        "F-",
        "X-999",
        "0x",
        "alert 999",
        "HTTP 999",
        "é",
        "-",
        "99999999999999999999",
        "zz",
        "ÄÖÜäöüß…<>",
    ] {
        assert!(explain(word).is_empty(), "{word}: {:?}", explain(word));
    }
}
