//! The seam: a fault takes the place of the typed outcome, only when it may, and the journal knows.

use super::*;
use crate::fault::When;
use crate::fault::soap::{AnswerWithFault, SoapFaultKind};
use crate::soap::fault::ErrorCode;

fn lab(when: Option<When>) -> (Lab, Journal) {
    let journal = Journal::new();
    let mut seams = Seams::new(journal.clone(), "upstream", "http");
    let fault = AnswerWithFault { error_code: ErrorCode::IncompatibleProtocolVersion, message: "why".to_owned() };
    let (name, at_seam) = SoapFaultKind::Answer(fault).at_seam();
    seams.place(name, when, at_seam);
    let settings = ServiceSettings::wsus("upstream", "10.0.20348.2227", "1.20");
    let services = WebServices::new(settings, Arc::new(BuiltIn::new()), seams);
    (Lab { services, now: NOW }, journal)
}

#[test]
fn answer_takes_the_place_of_the_response_and_signs() {
    let (lab, journal) = lab(None);
    let answer = lab.call("GetAuthConfig", "");
    assert_eq!(answer.fault(), "IncompatibleProtocolVersion(why)");
    assert_eq!(answer.operation.as_deref(), Some("GetAuthConfig"));
    assert!(journal.signed());
}

#[test]
fn answer_does_not_act_on_another_operation_or_host() {
    let when = When { operation: Some("GetCookie".to_owned()), ..When::default() };
    let (other_operation, journal) = lab(Some(when));
    assert_eq!(other_operation.call("GetAuthConfig", "").status, 200);
    assert!(!journal.signed());
    let when = When { host: Some("sws.update.microsoft.com".to_owned()), ..When::default() };
    let (other_host, journal) = lab(Some(when));
    assert_eq!(other_host.call("GetAuthConfig", "").status, 200);
    assert!(!journal.signed());
}

#[test]
fn the_host_of_a_moment_has_no_port() {
    let when = When { host: Some("wsus01.corp.example".to_owned()), ..When::default() };
    let (lab, _) = lab(Some(when));
    assert_eq!(lab.call("GetAuthConfig", "").status, 500);
}

#[test]
fn answer_acts_on_the_second_call_alone() {
    let when = When { operation: Some("GetAuthConfig".to_owned()), call: Some(2), ..When::default() };
    let (lab, _) = lab(Some(when));
    let statuses = [(); 3].map(|()| lab.call("GetAuthConfig", "").status);
    assert_eq!(statuses, [200, 500, 200]);
}

#[test]
fn what_the_framework_refuses_never_reaches_the_seam() {
    let (lab, journal) = lab(None);
    let headers = ["Content-Type: text/xml", "SOAPAction: \"http://www.microsoft.com/SoftwareDistribution/GetCookie\""];
    assert_eq!(lab.send("POST", SYNC, &headers, b"no xml").unwrap().status, 400);
    assert!(!journal.signed());
}
