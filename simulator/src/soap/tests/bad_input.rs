//! Bodies in other encodings, with wrong bytes, too deep, too large, and for another operation than the action's.

use super::*;

const XML: &str = "Content-Type: text/xml; charset=utf-8";
const NEWER: &str = "Content-Type: application/soap+xml";

fn action(operation: &str) -> String {
    format!("SOAPAction: \"{SD}/{operation}\"")
}

fn auth_config(inside: &str) -> String {
    envelope(&format!("<GetAuthConfig xmlns=\"{SD}\">{inside}</GetAuthConfig>"))
}

fn send(lab: &Lab, headers: &[&str], body: &[u8]) -> Answer {
    Answer::of(lab.send("POST", SYNC, headers, body).unwrap())
}

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn utf_16_is_read_where_a_mark_or_the_charset_says_so() {
    let body = auth_config("").replace("utf-8", "utf-16");
    let (plain, marked) = (utf_16(&body), utf_16(&format!("\u{feff}{body}")));
    for lab in Lab::both() {
        for (content_type, bytes) in
            [(XML, &marked), ("Content-Type: text/xml", &marked), ("Content-Type: text/xml; charset=utf-16", &plain)]
        {
            let answer = send(&lab, &[content_type, &action("GetAuthConfig")], bytes);
            assert_eq!((answer.status, answer.operation.as_deref()), (200, Some("GetAuthConfig")), "{content_type}");
        }
        assert_eq!(send(&lab, &[XML, &action("GetAuthConfig")], &plain).status, 400);
    }
}

#[test]
fn utf_16_in_soap_1_2_needs_neither() {
    let body = auth_config("")
        .replace("utf-8", "utf-16")
        .replace("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope");
    assert_eq!(send(&Lab::wsus(), &[NEWER], &utf_16(&body)).status, 200);
    assert_eq!(send(&Lab::wsus(), &[NEWER], body.as_bytes()).status, 400);
}

#[test]
fn a_byte_order_mark_of_utf_8_is_no_matter() {
    let marked = format!("\u{feff}{}", auth_config(""));
    for lab in Lab::both() {
        assert_eq!(send(&lab, &[XML, &action("GetAuthConfig")], marked.as_bytes()).status, 200);
    }
}

#[test]
fn a_wrong_byte_spoils_a_name_for_asp_net_and_everything_for_wcf() {
    let [wsus, microsoft] = Lab::both();
    let with = |byte: &[u8], inside: &str| {
        let (front, back) = inside.split_once('!').unwrap();
        [front.as_bytes(), byte, back.as_bytes()].concat()
    };
    let (text, name) = (with(b"\xff", &auth_config("!")), with(b"\xff", &auth_config("<a!/>")));
    let status = |lab: &Lab, body: &[u8]| send(lab, &[XML, &action("GetAuthConfig")], body).status;
    assert_eq!((status(&wsus, &text), status(&wsus, &name)), (200, 400));
    assert_eq!((status(&microsoft, &text), status(&microsoft, &name)), (400, 400));
}

#[test]
fn a_charset_that_wcf_does_not_speak_gets_415() {
    let [wsus, microsoft] = Lab::both();
    let headers = ["Content-Type: text/xml; charset=iso-8859-1", &action("GetAuthConfig")];
    assert_eq!(send(&wsus, &headers, auth_config("").as_bytes()).status, 200);
    assert_eq!(send(&microsoft, &headers, auth_config("").as_bytes()).status, 415);
}

#[test]
fn what_lies_deep_is_passed_over_by_asp_net_and_over_the_quota_of_wcf() {
    let deep = auth_config(&format!("{}{}", "<a>".repeat(60_000), "</a>".repeat(60_000)));
    let [wsus, microsoft] = Lab::both();
    assert_eq!(send(&wsus, &[XML, &action("GetAuthConfig")], deep.as_bytes()).status, 200);
    let answer = send(&microsoft, &[XML, &action("GetAuthConfig")], deep.as_bytes());
    assert_eq!(answer.status, 500);
    assert!(answer.text.contains("a:DeserializationFailed"), "{}", answer.text);
    assert!(answer.text.contains("The maximum read depth (32) has been exceeded"), "{}", answer.text);
}

#[test]
fn an_action_for_another_body_gives_asp_net_no_arguments_and_wcf_a_fault() {
    let [wsus, microsoft] = Lab::both();
    let body = auth_config("");
    assert_eq!(send(&wsus, &[XML, &action("GetCookie")], body.as_bytes()).fault(), "InvalidParameters(authCookies)");
    let answer = send(&microsoft, &[XML, &action("GetCookie")], body.as_bytes());
    assert_eq!(answer.status, 500);
    let words = "Expected to find node type 'Element' with name 'GetCookie' and namespace \
                 'http://www.microsoft.com/SoftwareDistribution'. Found node type 'Element' with name 'GetAuthConfig' and \
                 namespace 'http://www.microsoft.com/SoftwareDistribution'";
    assert!(answer.text.replace("&apos;", "'").contains(words), "{}", answer.text);
}

#[test]
fn an_empty_body_of_the_envelope_is_no_arguments_or_a_fault() {
    let [wsus, microsoft] = Lab::both();
    let status = |lab: &Lab| send(lab, &[XML, &action("GetAuthConfig")], envelope("").as_bytes()).status;
    assert_eq!((status(&wsus), status(&microsoft)), (200, 500));
}

#[test]
fn a_document_type_is_refused_and_no_entity_expanded() {
    let laughs = format!(
        "<!DOCTYPE a [<!ENTITY b 'ha'><!ENTITY c '&b;&b;&b;&b;'>]>{}",
        auth_config("<a>&c;</a>").split_once("?>").unwrap().1
    );
    for lab in Lab::both() {
        let answer = send(&lab, &[XML, &action("GetAuthConfig")], laughs.as_bytes());
        assert_eq!((answer.status, answer.text.as_str()), (400, ""));
    }
}
