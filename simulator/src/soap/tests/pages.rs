//! What a GET gives.

use super::*;

fn get(lab: &Lab, target: &str) -> Answer {
    Answer::of(lab.send("GET", target, &[], b"").unwrap())
}

#[test]
fn a_browser_sees_the_operations() {
    for lab in Lab::both() {
        let page = get(&lab, SYNC);
        assert_eq!((page.status, page.header("Content-Type")), (200, "text/html; charset=utf-8"));
        for operation in ["GetAuthConfig", "GetCookie", "GetConfigData", "GetRevisionIdList", "GetUpdateData"] {
            assert!(page.text.contains(operation), "{operation}");
        }
        assert!(get(&lab, AUTH).text.contains("GetAuthorizationCookie"));
    }
}

#[test]
fn the_services_of_clients_show_a_page_of_their_own() {
    for path in
        ["/ClientWebService/client.asmx", "/clientwebservice/Client.asmx?wsdl", "/SimpleAuthWebService/SimpleAuth.asmx"]
    {
        let page = get(&Lab::wsus(), path);
        assert_eq!((page.status, page.header("Content-Type")), (200, "text/html; charset=utf-8"));
        assert!(page.text.contains(" Service</title>"), "{}", page.text);
    }
}

#[test]
fn a_description_is_xml_and_names_the_address_that_was_asked() {
    let lab = Lab::wsus();
    for query in ["wsdl", "WSDL", "singleWsdl"] {
        let answer = get(&lab, &format!("{SYNC}?{query}"));
        assert_eq!((answer.status, answer.header("Content-Type")), (200, "text/xml; charset=utf-8"));
        assert!(answer.text.contains(&format!("location=\"http://wsus01.corp.example:8530{SYNC}\"")));
    }
    assert!(get(&lab, &format!("{AUTH}?disco")).text.contains("?wsdl"));
}

#[test]
fn an_address_cannot_break_out_of_the_page() {
    let lab = Lab::wsus();
    let url = format!("http://a/\"><script>{SYNC}");
    for query in [None, Some("wsdl"), Some("disco")] {
        let request = WebRequest {
            method: "GET",
            path: SYNC,
            query,
            headers: &[],
            body: Some(b""),
            url: url.clone(),
            connection: 1,
            now: NOW,
        };
        let answer = Answer::of(lab.services.answer(&request).unwrap());
        assert!(!answer.text.contains("<script>"), "{}", answer.text);
    }
}
