//! Whole examinations of scripted peers: what was seen, told as a story of one line per observation.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod content;
mod lab;
mod story;
mod tls;

use super::*;
use crate::evidence::{ConnectEnd, Seen};
use crate::path::Scheme;
use crate::scripted_peer::{self, Act};
use crate::secret::Password;
use crate::subject::ProxyFacts;
use lab::Lab;
use story::story;

const SYNC: [&str; 9] = [
    "path GetAuthConfig answered",
    "path GetAuthorizationCookie answered",
    "path GetCookie answered",
    "path GetConfigData answered",
    "path GetRevisionIdList answered",
    "path GetUpdateData answered",
    "path GetRevisionIdList answered",
    "path GetUpdateData answered",
    "path sync to its end, 2 of 2",
];

#[test]
fn a_plain_upstream_is_synchronized_from_to_the_end() {
    let lab = Lab::upstream(Scheme::Http, 8530).at(8530, lab::upstream());
    check(
        &lab,
        &[&["path name up.contoso.com:8530 addresses", "path connect 10.87.0.10:8530 connected"], &SYNC[..]].concat(),
    );
}

#[test]
fn a_tls_upstream_is_synchronized_from_to_the_end() {
    let lab = Lab::upstream(Scheme::Https, 8531).at(8531, lab::tls_upstream());
    let opened = [
        "path name up.contoso.com:8531 addresses",
        "path connect 10.87.0.10:8531 connected",
        "path handshake everything: completed",
    ];
    // TLS 1.3 came of it, which tells nothing of a server that can do no more than 1.2.
    check(&lab, &[&opened, &SYNC[..], &["tls-matrix handshake everything 1.2: completed"]].concat());
}

#[test]
fn an_upstream_that_closes_after_every_answer_is_no_story() {
    let lab = Lab::upstream(Scheme::Http, 8530).at(8530, lab::closing_upstream());
    check(
        &lab,
        &[&["path name up.contoso.com:8530 addresses", "path connect 10.87.0.10:8530 connected"], &SYNC[..]].concat(),
    );
}

#[test]
fn the_proxy_gets_the_password_when_it_asks_and_resolves_the_target_itself() {
    let mut lab = Lab::upstream(Scheme::Https, 8531).through(lab::proxy(Some("wsus:secret-word"), lab::tls_upstream()));
    lab.log_in("secret-word");
    let opened = [
        "path name 10.87.0.3:8080 literal",
        "path connect 10.87.0.3:8080 connected",
        "path tunnel up.contoso.com:8531 407",
        "path tunnel up.contoso.com:8531 with credentials 200",
        "path handshake everything: completed",
    ];
    // Without the stores it is open whose chain that is.
    let around = [
        "direct-comparison name up.contoso.com:8531 addresses",
        "direct-comparison connect 10.87.0.10:8531 refused",
        "tls-matrix handshake everything 1.2: completed",
    ];
    let evidence = check(&lab, &[&opened, &SYNC[..], &around].concat());
    let json = serde_json::to_string(&evidence).unwrap();
    assert!(evidence.proxy_password_at_hand);
    assert!(!json.contains("secret-word") && !json.contains("d3N1czpzZWNyZXQtd29yZA=="));
}

#[test]
fn a_rejected_password_is_tried_exactly_once() {
    let mut lab = Lab::upstream(Scheme::Https, 8531).through(lab::proxy(Some("wsus:other"), lab::tls_upstream()));
    lab.log_in("secret-word");
    check(
        &lab,
        &[
            "path name 10.87.0.3:8080 literal",
            "path connect 10.87.0.3:8080 connected",
            "path tunnel up.contoso.com:8531 407",
            "path tunnel up.contoso.com:8531 with credentials 407",
            "direct-comparison name up.contoso.com:8531 addresses",
            "direct-comparison connect 10.87.0.10:8531 refused",
        ],
    );
}

#[test]
fn no_password_is_sent_that_the_server_would_not_send() {
    let story = [
        "path name 10.87.0.3:8080 literal",
        "path connect 10.87.0.3:8080 connected",
        "path tunnel up.contoso.com:8531 407",
        "direct-comparison name up.contoso.com:8531 addresses",
        "direct-comparison connect 10.87.0.10:8531 refused",
    ];
    let with = |change: fn(&mut Lab)| {
        let mut lab =
            Lab::upstream(Scheme::Https, 8531).through(lab::proxy(Some("wsus:secret-word"), lab::tls_upstream()));
        lab.log_in("secret-word");
        change(&mut lab);
        check(&lab, &story);
    };
    with(|lab| lab.network.proxy_password = None);
    with(|lab| lab.subject.step0.anonymous_proxy_access = Some(true));
    with(|lab| lab.subject.step0.has_proxy_password = None);
    with(|lab| lab.subject.host.proxy = None);
    with(|lab| {
        lab.subject.host.proxy = Some(ProxyFacts { allow_basic: Some(false), ..lab.subject.host.proxy.take().unwrap() })
    });
}

#[test]
fn in_clear_text_the_proxy_asks_at_the_first_call() {
    let mut lab =
        Lab::upstream(Scheme::Http, 8530).through(lab::proxy(Some("CONTOSO\\wsus:secret-word"), lab::upstream()));
    lab.log_in("secret-word");
    lab.subject.host.proxy.as_mut().unwrap().domain = Some("CONTOSO".to_owned());
    let opened = [
        "path name 10.87.0.3:8080 literal",
        "path connect 10.87.0.3:8080 connected",
        "path GetAuthConfig not soap: the HTTP status is 407",
    ];
    check(&lab, &[&opened, &SYNC[..]].concat());
}

#[test]
fn a_refused_port_leads_to_the_other_ports() {
    let lab = Lab::upstream(Scheme::Http, 80).at(8530, lab::upstream());
    check(
        &lab,
        &[
            "path name up.contoso.com:80 addresses",
            "path connect 10.87.0.10:80 refused",
            "scheme-matrix connect 10.87.0.10:80 refused",
            "scheme-matrix handshake everything: not-tls",
            "scheme-matrix GET http:8530 200",
            "scheme-matrix connect 10.87.0.10:8531 refused",
        ],
    );
}

#[test]
fn http_at_a_port_that_expects_tls_is_seen_from_both_sides() {
    let lab = Lab::upstream(Scheme::Http, 8531).at(8531, lab::tls_upstream());
    let evidence = lab.examine().unwrap();
    let story = story(&evidence);
    assert!(story[2].starts_with("path GetAuthConfig no answer: "), "{story:#?}");
    assert_eq!(story[3], "path sync stopped at GetAuthConfig, 0 of 0");
    assert_eq!(story[4..6], ["scheme-matrix handshake everything: completed", "scheme-matrix GET https:8531 200"]);
    assert!(story[6].starts_with("scheme-matrix GET http:8531 no answer: "), "{story:#?}");
    assert_eq!(story[7..], ["scheme-matrix connect 10.87.0.10:8530 refused"]);
}

#[test]
fn tls_at_a_port_that_speaks_http_is_seen_from_both_sides() {
    let lab = Lab::upstream(Scheme::Https, 8530).at(8530, lab::upstream());
    check(
        &lab,
        &[
            "path name up.contoso.com:8530 addresses",
            "path connect 10.87.0.10:8530 connected",
            "path handshake everything: not-tls",
            "tls-matrix handshake everything 1.0: not-tls",
            "tls-matrix handshake everything 1.1: not-tls",
            "tls-matrix handshake everything 1.2: not-tls",
            "tls-matrix handshake everything 1.3: not-tls",
            "scheme-matrix handshake everything: not-tls",
            "scheme-matrix GET http:8530 200",
            "scheme-matrix connect 10.87.0.10:8531 refused",
        ],
    );
}

#[test]
fn a_server_that_knows_only_tls_1_0_is_found_by_asking_for_each_version() {
    let mut lab = Lab::upstream(Scheme::Https, 8531).at(8531, lab::tls_1_0_upstream());
    lab.offer_only_tls_1_2();
    let story = story(&lab.examine().unwrap());
    let expected = [
        "path handshake subject 1.2: version-not-offered",
        "tls-matrix handshake everything 1.0: completed",
        "tls-matrix handshake everything 1.1: version-not-offered",
        "tls-matrix handshake everything 1.2: version-not-offered",
        "tls-matrix handshake everything 1.3: alert 70",
    ];
    assert_eq!(story[2..7], expected, "{story:#?}");
}

#[test]
fn a_former_endpoint_is_compared_with_the_current_one() {
    let mut lab = Lab::microsoft_update("fe2.update.microsoft.com", "198.18.1.2").impatient(400);
    lab.listen("198.18.1.2", 443, scripted_peer::listener(vec![Act::Silence]));
    lab.name("sws.update.microsoft.com", 443, "198.18.1.1");
    lab.listen("198.18.1.1", 443, lab::tls_upstream());
    let story = story(&lab.examine().unwrap());
    assert_eq!(story[2], "path handshake everything: timed-out");
    let expected = [
        "current-endpoint name sws.update.microsoft.com:443 addresses",
        "current-endpoint connect 198.18.1.1:443 connected",
        "current-endpoint handshake everything: completed",
        "current-endpoint GetAuthConfig answered",
    ];
    assert_eq!(story[story.len() - 4..], expected, "{story:#?}");
}

#[test]
fn a_name_that_does_not_resolve_ends_the_walk() {
    let mut lab = Lab::upstream(Scheme::Http, 8530);
    lab.network.connect_to.clear();
    check(&lab, &["path name up.contoso.com:8530 other"]);
}

#[test]
fn a_stopped_service_is_seen_by_its_status() {
    let stopped = scripted_peer::each(|stream, _| {
        let page = "<h2>Service Unavailable</h2>";
        scripted_peer::answer_requests(stream, |_| {
            Some(scripted_peer::answer("503 Service Unavailable", "text/html", page))
        });
    });
    let lab = Lab::upstream(Scheme::Http, 8530).at(8530, stopped);
    check(
        &lab,
        &[
            "path name up.contoso.com:8530 addresses",
            "path connect 10.87.0.10:8530 connected",
            "path GetAuthConfig not soap: the HTTP status is 503",
            "path sync stopped at GetAuthConfig, 0 of 0",
            "scheme-matrix handshake everything: not-tls",
            "scheme-matrix GET http:8530 503",
            "scheme-matrix connect 10.87.0.10:8531 refused",
            "client-page GET http:8530 503",
        ],
    );
}

#[test]
fn an_answer_that_is_cut_and_one_that_never_comes_are_told_apart() {
    let cut = Act::Send(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 999\r\n\r\n<soap".to_vec());
    let first_call = |acts: Vec<Act>| {
        let lab = Lab::upstream(Scheme::Http, 8530).at(8530, scripted_peer::listener(acts)).impatient(1500);
        story(&lab.examine().unwrap())[2].clone()
    };
    assert_eq!(first_call(vec![Act::ReadRequest, cut.clone()]), "path GetAuthConfig no answer: closed");
    assert_eq!(first_call(vec![Act::Read, cut, Act::Reset]), "path GetAuthConfig no answer: reset");
    let silent = Lab::upstream(Scheme::Http, 8530).at(8530, scripted_peer::listener(vec![Act::Silence])).impatient(500);
    assert_eq!(story(&silent.examine().unwrap())[2], "path GetAuthConfig no answer: timed-out");
}

#[test]
fn an_answer_that_is_cut_within_tls_is_seen_below_it() {
    let lab = Lab::upstream(Scheme::Https, 8531).at(8531, lab::cutting_tls_upstream());
    assert_eq!(story(&lab.examine().unwrap())[3], "path GetAuthConfig no answer: closed");
}

#[test]
fn an_upstream_that_does_not_come_back_stops_it_where_it_stood() {
    let once = scripted_peer::each(|stream, number| {
        if number == 0 {
            lab::answer_and_close(stream);
        }
    });
    let lab = Lab::upstream(Scheme::Http, 8530).at(8530, once);
    let story = story(&lab.examine().unwrap());
    assert_eq!(story[2], "path GetAuthConfig answered");
    assert!(story[3].starts_with("path GetAuthorizationCookie no answer: "), "{story:#?}");
    assert_eq!(story[4..], ["path sync stopped at GetAuthorizationCookie, 0 of 0"]);
}

#[test]
fn a_step_0_that_names_no_path_is_not_acted_upon() {
    let mut lab = Lab::upstream(Scheme::Http, 8530);
    lab.subject.step0.use_proxy = None;
    check(&lab, &[]);
}

#[test]
fn a_dial_outside_the_plan_is_an_error_of_the_lab() {
    let mut lab = Lab::upstream(Scheme::Http, 8530);
    lab.subject.step0.upstream_wsus_server_name = Some("203.0.113.9".to_owned());
    assert!(matches!(lab.examine(), Err(ExamineError::OutsideThePlan(at)) if at.to_string() == "203.0.113.9:8530"));
}

#[test]
fn without_a_plan_names_can_be_dialled_elsewhere() {
    let real = lab::upstream();
    let mut lab = Lab::upstream(Scheme::Http, 8530);
    lab.network = Network { connect_to: [(("up.contoso.com".to_owned(), 8530), real)].into(), ..Network::default() };
    let evidence = lab.examine().unwrap();
    let Seen::Connect(connect) = &evidence.observations[1].seen else { panic!() };
    assert_eq!((connect.address, &connect.ended), (real, &ConnectEnd::Connected));
    let Some(Seen::Sync(sync)) = evidence.observations.last().map(|last| &last.seen) else { panic!() };
    assert!(sync.sampled && sync.stopped_at.is_none());
}

#[test]
fn evidence_survives_a_trip_through_json() {
    let lab = Lab::upstream(Scheme::Https, 8531).at(8531, lab::tls_upstream());
    let evidence = lab.examine().unwrap();
    let json = serde_json::to_string(&evidence).unwrap();
    assert_eq!(serde_json::from_str::<Evidence>(&json).unwrap(), evidence);
}

fn check(lab: &Lab, expected: &[&str]) -> Evidence {
    let evidence = lab.examine().unwrap();
    assert_eq!(story(&evidence), expected);
    evidence
}

impl Lab {
    fn log_in(&mut self, password: &str) {
        self.network.proxy_password = Some(Password::new(password));
        self.subject.step0.anonymous_proxy_access = Some(false);
        self.subject.step0.has_proxy_password = Some(true);
        self.subject.host.proxy = Some(ProxyFacts { user: Some("wsus".to_owned()), ..ProxyFacts::default() });
    }
}
