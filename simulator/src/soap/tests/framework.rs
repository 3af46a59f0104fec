//! Errors below the application, and the exact shape of faults.

use super::*;

const XML: &str = "Content-Type: text/xml; charset=utf-8";

fn post(lab: &Lab, headers: &[&str], body: &str) -> Answer {
    Answer::of(lab.send("POST", SYNC, headers, body.as_bytes()).unwrap())
}

fn action(operation: &str) -> String {
    format!("SOAPAction: \"{SD}/{operation}\"")
}

#[test]
fn an_application_fault_of_wsus_has_the_shape_of_a_real_one() {
    let answer = Lab::wsus().call("GetUpdateData", "");
    let id = answer.one("ID");
    assert_eq!(id.parse::<Guid>().unwrap().to_string(), id);
    assert_eq!(
        answer.text.replace(&id, "{id}"),
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><soap:Body>\
         <soap:Fault><faultcode>soap:Client</faultcode><faultstring>Fault occurred</faultstring>\
         <faultactor>http://wsus01.corp.example:8530/ServerSyncWebService/ServerSyncWebService.asmx</faultactor><detail>\
         <ErrorCode>InvalidCookie</ErrorCode><Message></Message><ID>{id}</ID>\
         <Method>\"http://www.microsoft.com/SoftwareDistribution/GetUpdateData\"</Method></detail></soap:Fault></soap:Body>\
         </soap:Envelope>"
    );
    assert_eq!((answer.status, answer.header("Cache-Control")), (500, "private"));
    assert_eq!(answer.header("Content-Type"), "text/xml; charset=utf-8");
    assert_eq!(answer.operation.as_deref(), Some("GetUpdateData"));
}

#[test]
fn an_internal_error_blames_the_server() {
    let lab = Lab::wsus();
    let answer = lab.call("GetUpdateData", &format!("{}<updateIds>{}</updateIds>", lab.cookie(), identity(DSS, 1)));
    assert_eq!(answer.one("faultcode"), "soap:Server");
}

#[test]
fn a_fault_of_microsoft_update_names_its_code_in_the_reason_and_has_no_actor() {
    let answer = Lab::microsoft_update().call("GetUpdateData", "");
    let id = answer.one("ID");
    assert_eq!(
        answer.text.replace(&id, "{id}"),
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">\
         <s:Fault><faultcode>s:Client</faultcode><faultstring xml:lang=\"en-US\">Fault occurred InvalidCookie</faultstring>\
         <detail><ErrorCode>InvalidCookie</ErrorCode><Message></Message><ID>{id}</ID>\
         <Method>\"http://www.microsoft.com/SoftwareDistribution/GetUpdateData\"</Method></detail></s:Fault></s:Body>\
         </s:Envelope>"
    );
}

#[test]
fn an_unknown_action_is_refused_before_the_body_is_looked_at() {
    let answer = post(&Lab::wsus(), &[XML, "SOAPAction: \"urn:x\""], "no xml");
    assert_eq!(answer.status, 500);
    assert_eq!(answer.header("Cache-Control"), "private");
    assert!(answer.text.ends_with(
        "<soap:Fault><faultcode>soap:Client</faultcode><faultstring>Server did not recognize the value of HTTP Header \
         SOAPAction: urn:x.</faultstring><detail /></soap:Fault></soap:Body></soap:Envelope>"
    ));
    assert_eq!(answer.operation, None);
}

#[test]
fn an_action_of_another_service_is_unknown() {
    let action = format!("SOAPAction: \"{SD}/Server/DssAuthWebService/GetAuthorizationCookie\"");
    assert_eq!(post(&Lab::wsus(), &[XML, &action], "").status, 500);
}

#[test]
fn an_action_needs_no_quotes_and_decides_alone() {
    let lab = Lab::wsus();
    let unquoted = format!("soapaction: {SD}/GetAuthConfig");
    assert_eq!(post(&lab, &[XML, &unquoted], &envelope("")).status, 200);
    let other = envelope(&format!("<GetCookie xmlns=\"{SD}\"><protocolVersion>1.20</protocolVersion></GetCookie>"));
    assert_eq!(post(&lab, &[XML, &unquoted], &other).operation.as_deref(), Some("GetAuthConfig"));
    let body = envelope(&format!("<GetAuthConfig xmlns=\"{SD}\" />"));
    assert_eq!(post(&lab, &[XML, &action("GetCookie")], &body).fault(), "InvalidParameters(authCookies)");
}

#[test]
fn without_an_action_wsus_goes_by_the_body_and_its_envelope() {
    let lab = Lab::wsus();
    let body = envelope(&format!("<GetAuthConfig xmlns=\"{SD}\" />"));
    let answer = post(&lab, &[XML], &body);
    assert_eq!((answer.status, answer.operation.as_deref()), (200, Some("GetAuthConfig")));
    let newer = body.replace("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope");
    let answer = post(&lab, &[XML], &newer);
    assert_eq!((answer.status, answer.header("Content-Type")), (200, "application/soap+xml; charset=utf-8"));
    let answer = post(&lab, &[XML], &envelope("<What />"));
    assert_eq!(answer.status, 500);
    assert!(answer.text.contains("&lt;What&gt;"), "{}", answer.text);
}

#[test]
fn without_an_action_microsoft_update_has_no_operation() {
    let body = envelope(&format!("<GetAuthConfig xmlns=\"{SD}\" />"));
    let answer = post(&Lab::microsoft_update(), &[XML], &body);
    assert_eq!(answer.status, 500);
    assert!(answer.text.contains(
        "<faultcode xmlns:a=\"http://schemas.microsoft.com/ws/2005/05/addressing/none\">a:ActionNotSupported</faultcode>"
    ));
}

#[test]
fn what_is_not_well_formed_gets_an_empty_400() {
    let cases = [
        "",
        "no xml",
        "<a>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        &envelope(&format!(
            "<GetCookie xmlns=\"{SD}\"><authCookies><AuthorizationCookie><CookieData>%%</CookieData></AuthorizationCookie></authCookies></GetCookie>"
        )),
    ];
    for lab in Lab::both() {
        for body in cases {
            let answer = post(&lab, &[XML, &action("GetCookie")], body);
            assert_eq!((answer.status, answer.text.as_str()), (400, ""), "{body}");
            assert_eq!(answer.header("Content-Type"), "text/xml; charset=utf-8");
        }
    }
}

#[test]
fn a_wrong_scalar_gets_the_words_of_the_framework_and_a_place() {
    let lab = Lab::wsus();
    let members = "<filter><GetConfig>maybe</GetConfig></filter>";
    let answer = lab.call("GetRevisionIdList", members);
    assert_eq!(answer.status, 500);
    let reason = answer.one("faultstring");
    assert!(
        reason.starts_with("Server was unable to read request. ---&gt; There is an error in XML document (1, "),
        "{reason}"
    );
    assert!(reason.ends_with("). ---&gt; The string 'maybe' is not a valid Boolean value."), "{reason}");
    assert!(answer.text.contains("<detail />"));
}

#[test]
fn the_place_of_a_wrong_scalar_is_behind_its_element() {
    let body = "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>\n\
                <GetUpdateData xmlns='http://www.microsoft.com/SoftwareDistribution'><updateIds><UpdateIdentity>\n\
                <RevisionNumber>x</RevisionNumber></UpdateIdentity></updateIds></GetUpdateData></s:Body></s:Envelope>";
    let answer = post(&Lab::wsus(), &[XML, &action("GetUpdateData")], body);
    assert_eq!(
        answer.one("faultstring"),
        "Server was unable to read request. ---&gt; There is an error in XML document (3, 36). ---&gt; \
         Input string was not in a correct format."
    );
}

#[test]
fn a_content_type_that_is_none_of_soaps_gets_415() {
    for lab in Lab::both() {
        for headers in [&["Content-Type: text/plain"][..], &["Content-Type: application/json"], &[]] {
            assert_eq!(post(&lab, headers, &envelope("")).status, 415);
        }
    }
}

#[test]
fn wsus_answers_soap_1_2_in_kind_and_microsoft_update_refuses_it() {
    let body = envelope(&format!("<GetAuthConfig xmlns=\"{SD}\" />"))
        .replace("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope");
    let header = format!("Content-Type: application/soap+xml; charset=utf-8; action=\"{SD}/GetAuthConfig\"");
    let answer = post(&Lab::wsus(), &[&header], &body);
    assert_eq!((answer.status, answer.header("Content-Type")), (200, "application/soap+xml; charset=utf-8"));
    assert!(answer.text.contains("<soap:Envelope xmlns:soap=\"http://www.w3.org/2003/05/soap-envelope\""));
    assert_eq!(post(&Lab::microsoft_update(), &[&header], &body).status, 415);
}

#[test]
fn a_fault_in_soap_1_2_has_its_detail_without_a_namespace() {
    let body = envelope(&format!("<GetConfigData xmlns=\"{SD}\" />"))
        .replace("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope");
    let answer = post(&Lab::wsus(), &["Content-Type: application/soap+xml"], &body);
    let id = answer.one("ID");
    assert!(answer.text.replace(&id, "{id}").ends_with(
        "<soap:Fault><soap:Code><soap:Value>soap:Sender</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang=\"en\">\
         Fault occurred</soap:Text></soap:Reason>\
         <soap:Node>http://wsus01.corp.example:8530/ServerSyncWebService/ServerSyncWebService.asmx</soap:Node><Detail>\
         <ErrorCode>InvalidCookie</ErrorCode><Message></Message><ID>{id}</ID><Method /></Detail></soap:Fault></soap:Body>\
         </soap:Envelope>"
    ), "{}", answer.text);
}

#[test]
fn an_envelope_of_another_namespace_is_a_version_mismatch() {
    let body = envelope("").replace("http://schemas.xmlsoap.org/soap/envelope/", "urn:x");
    let answer = post(&Lab::wsus(), &[XML, &action("GetAuthConfig")], &body);
    assert_eq!((answer.status, answer.one("faultcode").as_str()), (500, "soap:VersionMismatch"));
    assert!(answer.one("faultstring").contains("urn:x"));
}

#[test]
fn a_document_that_is_no_envelope_or_has_no_body_is_said_so() {
    let lab = Lab::wsus();
    let empty = envelope("").replace("<soap:Body></soap:Body>", "");
    for (body, word) in [("<a/>", "soap:Envelope"), (&*empty, "soap:Body")] {
        let answer = post(&lab, &[XML, &action("GetAuthConfig")], body);
        assert!(answer.one("faultstring").contains(word), "{}", answer.text);
    }
}

#[test]
fn more_than_the_server_reads_is_refused_by_each_framework_in_its_way() {
    let answer = |lab: &Lab, path: &str, action: &str| {
        let headers = [("Content-Type", "text/xml; charset=utf-8"), ("SOAPAction", action)];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let (url, query) = (String::new(), None);
        let request =
            WebRequest { method: "POST", path, query, headers: &headers, body: None, url, connection: 1, now: NOW };
        Answer::of(lab.services.answer(&request).unwrap())
    };
    let wsus = Lab::wsus();
    let asmx = answer(&wsus, SYNC, "http://www.microsoft.com/SoftwareDistribution/GetAuthConfig");
    assert_eq!((asmx.status, asmx.one("faultcode").as_str()), (500, "soap:Server"));
    let words = "There was an exception running the extensions specified in the config file. ---> Maximum request length \
                 exceeded.";
    assert_eq!(asmx.text.matches("exceeded.").count(), 1);
    assert!(asmx.text.contains(&words.replace('>', "&gt;")), "{}", asmx.text);
    assert!(asmx.text.contains("<detail />"), "{}", asmx.text);
    let unknown = answer(&wsus, SYNC, "urn:x");
    assert!(unknown.text.contains("did not recognize"), "{}", unknown.text);
    let wcf = answer(&wsus, "/ClientWebService/client.asmx", "urn:x");
    assert_eq!((wcf.status, wcf.text.as_str()), (413, ""));
}

#[test]
fn other_methods_get_405_and_other_paths_are_not_ours() {
    let lab = Lab::wsus();
    for method in ["PUT", "OPTIONS", "HEAD", "DELETE", "get"] {
        assert_eq!(lab.send(method, SYNC, &[], b"").unwrap().status, 405, "{method}");
    }
    assert_eq!(lab.send("POST", "/ServerSyncWebService/ServerSyncProxy.asmx", &[XML], b""), None);
    assert_eq!(lab.send("GET", "/", &[], b""), None);
}

#[test]
fn an_operation_is_known_before_the_body_is_read() {
    let lab = Lab::wsus();
    let operation = |method: &str, path: &str, headers: &[(&str, &str)]| {
        let headers: Vec<_> = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let request = WebRequest {
            method,
            path,
            query: None,
            headers: &headers,
            body: Some(b""),
            url: String::new(),
            connection: 1,
            now: NOW,
        };
        lab.services.operation(&request)
    };
    let text = ("content-type", "text/xml");
    let get_cookie = ("SOAPAction", "\"http://www.microsoft.com/SoftwareDistribution/GetCookie\"");
    assert_eq!(operation("POST", SYNC, &[text, get_cookie]).as_deref(), Some("GetCookie"));
    assert_eq!(operation("POST", AUTH, &[text, get_cookie]), None);
    assert_eq!(operation("GET", SYNC, &[text, get_cookie]), None);
    assert_eq!(operation("POST", SYNC, &[text]), None);
    assert_eq!(operation("POST", "/", &[text, get_cookie]), None);
}
