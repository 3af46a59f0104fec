//! A catalogue that changes while the server runs, a server that was restored, listeners that share a server, compression.

use super::*;
use crate::catalogue::{Changing, Identity, Metadata, Part, Revision};
use crate::pack::xpress;

fn changing() -> (Arc<Changing>, Lab) {
    let catalogue = Arc::new(Changing::new(Arc::new(BuiltIn::new())));
    let settings = ServiceSettings::wsus("upstream", "10.0.20348.2227", "1.20");
    (Arc::clone(&catalogue), Lab::with(settings, catalogue))
}

fn add(catalogue: &Changing, number: u128, changed: OffsetDateTime) -> Identity {
    let identity = Identity { id: Guid::of(number), revision: 1 };
    let revision = Revision { identity, changed, products: Arc::default(), classification: None };
    catalogue.add(Part::Updates, revision, Metadata { xml: "<a/>".into(), files: Arc::default() }, []).unwrap();
    identity
}

fn list(lab: &Lab, cookie: &str, anchor: &str) -> Answer {
    lab.call("GetRevisionIdList", &format!("{cookie}<filter><Anchor>{anchor}</Anchor></filter>"))
}

#[test]
fn a_delta_has_what_was_added_and_what_was_expired_since() {
    let (catalogue, lab) = changing();
    let cookie = lab.cookie();
    let whole = list(&lab, &cookie, "");
    let expired = catalogue.revisions(Part::Updates, None).nth(1).unwrap().identity;
    let added = add(&catalogue, 7, NOW + Duration::MINUTE);
    catalogue.expire(expired.id, NOW + Duration::MINUTE).unwrap();
    let lab = lab.later(Duration::HOUR);
    let delta = list(&lab, &cookie, &whole.one("Anchor"));
    assert_eq!(delta.all("UpdateID"), [added.id.to_string(), expired.id.to_string()]);
    assert_eq!(delta.all("RevisionNumber"), ["1".to_owned(), (expired.revision + 1).to_string()]);
    assert!(list(&lab, &cookie, &delta.one("Anchor")).all("UpdateID").is_empty());
}

#[test]
fn a_restored_server_tells_each_downstream_server_once_that_it_has_changed() {
    let (catalogue, lab) = changing();
    let cookie = lab.cookie();
    catalogue.replace(Arc::new(BuiltIn::new()));
    assert_eq!(list(&lab, &cookie, "").fault(), "ServerChanged()");
    assert_eq!(list(&lab, &cookie, "").status, 200);
    assert_eq!(list(&lab, &lab.cookie(), "").status, 200);
    catalogue.replace(Arc::new(BuiltIn::new()));
    let old = cookie.replace("cookie>", "oldCookie>");
    let members = format!("{}{old}<protocolVersion>1.20</protocolVersion>", lab.authorization());
    assert_eq!(lab.call("GetCookie", &members).fault(), "ServerChanged()");
    assert_eq!(lab.call("GetCookie", &members).status, 200);
}

#[test]
fn listeners_that_share_a_server_take_each_others_cookies() {
    let settings = ServiceSettings::wsus("upstream", "10.0.20348.2227", "1.20");
    let state = Arc::new(State::new(settings.server_id));
    let listener = |name: &str| {
        let seams = Seams::new(Journal::new(), "upstream", name);
        let services = WebServices::sharing(settings.clone(), Arc::new(BuiltIn::new()), seams, Arc::clone(&state));
        Lab { services, now: NOW }
    };
    let [http, https] = ["http", "https"].map(listener);
    assert_eq!(https.call("GetConfigData", &http.cookie()).status, 200);
}

#[test]
fn an_answer_is_compressed_where_xpress_is_accepted_and_a_fault_is_not() {
    for lab in Lab::both() {
        let action = format!("SOAPAction: \"{SD}/GetAuthConfig\"");
        let headers = ["Content-Type: text/xml; charset=utf-8", &action, "Accept-Encoding: gzip, XPRESS;q=1"];
        let body = envelope(&format!("<GetAuthConfig xmlns=\"{SD}\" />"));
        let answer = lab.send("POST", SYNC, &headers, body.as_bytes()).unwrap();
        assert_eq!(answer.headers[2], ("Content-Encoding", "xpress".to_owned()));
        let body = xpress::decode(&answer.body.to_bytes(), usize::MAX).unwrap();
        assert_eq!(String::from_utf8(body).unwrap(), lab.call("GetAuthConfig", "").text);
        let action = format!("SOAPAction: \"{SD}/GetConfigData\"");
        let headers = ["Content-Type: text/xml; charset=utf-8", &action, "Accept-Encoding: xpress"];
        let body = envelope(&format!("<GetConfigData xmlns=\"{SD}\" />"));
        let fault = Answer::of(lab.send("POST", SYNC, &headers, body.as_bytes()).unwrap());
        assert_eq!((fault.fault().as_str(), fault.header("Content-Encoding")), ("InvalidCookie()", ""));
    }
}

#[test]
fn an_update_of_a_restored_catalogue_is_not_the_one_that_was_sent_before() {
    let (catalogue, lab) = changing();
    let identity = Identity { id: Guid::of(7), revision: 1 };
    let ask = |lab: &Lab| {
        let ids = super::identity(&identity.id.to_string(), identity.revision);
        lab.call("GetUpdateData", &format!("{}<updateIds>{ids}</updateIds>", lab.cookie())).one("XmlUpdateBlob")
    };
    for xml in ["<a/>", "<b/>"] {
        catalogue.replace(Arc::new(BuiltIn::new()));
        let revision = Revision { identity, changed: NOW, products: Arc::default(), classification: None };
        let metadata = Metadata { xml: xml.into(), files: Arc::default() };
        catalogue.add(Part::Updates, revision, metadata, []).unwrap();
        assert_eq!(ask(&lab), xml.replace('<', "&lt;").replace('>', "&gt;"));
        assert_eq!(ask(&lab), xml.replace('<', "&lt;").replace('>', "&gt;"));
    }
}
