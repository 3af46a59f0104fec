//! Whole synchronizations with an upstream that answers from a script.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod upstream;

use time::Duration;

use super::*;
use crate::evidence::{DeploymentsSeen, Reaction, ReactionSeen};
use crate::path::{Route, Scheme, Source};
use upstream::{ONE, TWO, Upstream};

#[test]
fn a_whole_synchronization_asks_for_everything_that_was_announced() {
    let mut upstream = Upstream::default();
    let seen = synchronize(&mut upstream, Depth::Whole);
    assert_eq!((seen.stopped_at, seen.announced, seen.received), (None, 2, 2));
    assert_eq!(seen.config.unwrap().protocol_version.as_deref(), Some("1.20"));
    assert!(seen.missing.is_empty() && seen.unreadable.is_empty() && !seen.sampled);
    let expected = [
        "GetAuthConfig",
        "GetAuthorizationCookie",
        "GetCookie",
        "GetConfigData",
        "GetRevisionIdList",
        "GetUpdateData",
        "GetRevisionIdList",
        "GetUpdateData",
    ];
    assert_eq!(upstream.operations(), expected);
    assert!(upstream.kept.iter().all(|call| call.outcome == CallOutcome::Answered));
    assert_eq!(upstream.asked[1].path, "/DssAuthWebService/DssAuthWebService.asmx");
    assert_eq!(upstream.asked[2].path, "/ServerSyncWebService/ServerSyncWebService.asmx");
}

#[test]
fn a_sample_asks_only_for_what_is_newer() {
    let mut upstream = Upstream::default();
    let seen = synchronize(&mut upstream, Depth::Sample);
    assert!(seen.sampled && seen.stopped_at.is_none());
    assert!(!upstream.asked[4].body.contains("<Anchor>"));
    assert!(upstream.asked[6].body.contains("<Anchor>7,x</Anchor><GetConfig>false</GetConfig>"));
}

#[test]
fn a_fault_stops_it_and_is_told() {
    let fault = "<soap:Fault><faultcode>soap:Client</faultcode><faultstring>Fault occurred</faultstring><detail>\
        <ErrorCode>IncompatibleProtocolVersion</ErrorCode></detail></soap:Fault>";
    let mut upstream =
        Upstream { instead: Some((Operation::GetCookie, 500, "text/xml", fault)), ..Upstream::default() };
    let seen = synchronize(&mut upstream, Depth::Whole);
    assert_eq!(seen.stopped_at.as_deref(), Some("GetCookie"));
    let CallOutcome::Fault(fault) = &upstream.kept.last().unwrap().outcome else { panic!() };
    assert_eq!(fault.error_code.as_deref(), Some("IncompatibleProtocolVersion"));
}

#[test]
fn what_is_no_soap_is_asked_for_once_more_in_a_smaller_request() {
    let mut upstream = Upstream { updates: vec![ONE, TWO], most_asked: 1, ..Upstream::default() };
    let seen = synchronize(&mut upstream, Depth::Whole);
    assert_eq!(seen.stopped_at.as_deref(), Some("GetUpdateData"));
    let smaller = seen.smaller_request.unwrap();
    assert!(smaller.answered && smaller.bytes < smaller.refused_bytes, "{smaller:?}");
    assert_eq!(upstream.asked.len(), upstream.kept.len() + 1);

    // A cookie that is refused meanwhile tells nothing of sizes.
    let faults = vec![(Operation::GetUpdateData, "InvalidCookie")];
    let mut upstream =
        Upstream { updates: vec![ONE, TWO], most_asked: 1, faults, faults_after: 2, ..Upstream::default() };
    assert!(!synchronize(&mut upstream, Depth::Whole).smaller_request.unwrap().answered);

    // A single revision cannot be asked for in less.
    let mut upstream = Upstream { most_asked: 0, ..Upstream::default() };
    let seen = synchronize(&mut upstream, Depth::Whole);
    assert_eq!((seen.stopped_at.as_deref(), seen.smaller_request), (Some("GetUpdateData"), None));
}

#[test]
fn a_refused_cookie_begins_the_protocol_again() {
    let mut upstream = Upstream { faults: vec![(Operation::GetUpdateData, "InvalidCookie")], ..Upstream::default() };
    let seen = synchronize(&mut upstream, Depth::Whole);
    assert_eq!((seen.stopped_at, seen.announced, seen.received), (None, 2, 2));
    let reaction = |operation: &str, error_code: &str, reaction| ReactionSeen {
        operation: operation.to_owned(),
        error_code: error_code.to_owned(),
        reaction,
    };
    assert_eq!(seen.reactions, [reaction("GetUpdateData", "InvalidCookie", Reaction::BeganAgain)]);
    let faulty = upstream.kept.iter().position(|call| call.outcome != CallOutcome::Answered).unwrap();
    assert_eq!(upstream.operations()[faulty + 1], "GetAuthConfig");

    let refusing = vec![(Operation::GetCookie, "InvalidAuthorizationCookie"); 9];
    let mut upstream = Upstream { faults: refusing, ..Upstream::default() };
    let seen = synchronize(&mut upstream, Depth::Whole);
    assert_eq!(seen.stopped_at.as_deref(), Some("GetCookie"));
    let reactions: Vec<Reaction> = seen.reactions.iter().map(|seen| seen.reaction).collect();
    assert_eq!(reactions, [Reaction::BeganAgain, Reaction::BeganAgain, Reaction::Stopped]);
}

#[test]
fn a_changed_server_is_asked_for_everything_with_the_same_cookie() {
    let changed = (Operation::GetRevisionIdList, "ServerChanged");
    let mut upstream = Upstream { faults: vec![changed], ..Upstream::default() };
    let seen = synchronize(&mut upstream, Depth::Sample);
    assert_eq!((seen.stopped_at, seen.reactions[0].reaction), (None, Reaction::ResetAnchors));
    let authorizations = upstream.operations().iter().filter(|name| **name == "GetCookie").count();
    assert_eq!((authorizations, upstream.operations()[5]), (1, "GetConfigData"));

    let mut upstream = Upstream { faults: vec![changed; 2], ..Upstream::default() };
    let seen = synchronize(&mut upstream, Depth::Whole);
    assert_eq!(seen.stopped_at.as_deref(), Some("GetRevisionIdList"));
    assert_eq!(seen.reactions[1].reaction, Reaction::Stopped);
}

#[test]
fn a_busy_server_is_left_alone() {
    let mut upstream = Upstream { faults: vec![(Operation::GetConfigData, "ServerBusy")], ..Upstream::default() };
    let seen = synchronize(&mut upstream, Depth::Whole);
    assert_eq!(seen.stopped_at.as_deref(), Some("GetConfigData"));
    assert_eq!(seen.reactions[0].reaction, Reaction::Stopped);
}

#[test]
fn a_cookie_is_used_until_it_expires() {
    let mut upstream = Upstream { tick: Duration::minutes(30), ..Upstream::default() };
    let seen = synchronize(&mut upstream, Depth::Whole);
    assert_eq!((seen.stopped_at, seen.expired_cookies, seen.received), (None, 1, 2));
    assert_eq!(upstream.operations().iter().filter(|name| **name == "GetCookie").count(), 2);

    let mut upstream = Upstream { lasts: Duration::ZERO, ..Upstream::default() };
    let seen = synchronize(&mut upstream, Depth::Whole);
    assert_eq!((seen.stopped_at.as_deref(), seen.expired_cookies), (Some("GetCookie"), 1));
    assert_eq!(seen.cookie_expires.as_deref(), Some("2026-10-04T18:00:00Z"));
}

#[test]
fn metadata_of_another_revision_and_files_without_a_url_are_told() {
    let blob = "&lt;u&gt;&lt;UpdateIdentity UpdateID='x' RevisionNumber='1'/&gt;&lt;Files&gt;&lt;File Digest='AQ=='/&gt;\
        &lt;File Digest='Ag=='/&gt;&lt;/Files&gt;&lt;/u&gt;";
    let mut upstream = Upstream { blob, ..Upstream::default() };
    let seen = synchronize(&mut upstream, Depth::Whole);
    let of = |what: &str| [TWO, ONE].map(|id| format!("{id}/1: {what}"));
    assert_eq!(seen.misnamed, of("its metadata is that of x/1"));
    assert_eq!(seen.without_url, of("Ag=="));
    assert!(seen.unreadable.is_empty());
}

#[test]
fn keys_are_asked_for_only_where_files_are_encrypted() {
    let blob = "&lt;u&gt;&lt;SecuredFragment&gt;FileDecryption&lt;/SecuredFragment&gt;&lt;/u&gt;";
    let mut upstream = Upstream { blob, ..Upstream::default() };
    let seen = synchronize(&mut upstream, Depth::Whole);
    assert_eq!((seen.stopped_at, seen.without_keys), (None, vec![format!("{TWO}/1")]));
    assert_eq!(upstream.operations()[8..], ["GetUpdateDecryptionData", "GetUpdateDecryptionData"]);
    assert!(upstream.kept[8..].iter().all(|call| call.exchange.body.is_empty()));
}

#[test]
fn only_a_replica_asks_for_deployments() {
    let mut upstream = Upstream::default();
    let replica = |depth| Client { is_replica: true, ..client(depth) };
    let seen = run(&replica(Depth::Whole), &mut upstream).unwrap().seen;
    let unannounced = vec!["33333333-3333-3333-3333-333333333333/1".to_owned()];
    assert_eq!(seen.deployments, Some(DeploymentsSeen { groups: 1, deployments: 2, unannounced }));
    assert!(upstream.asked[8].body.contains("</cookie><syncAnchor>7,x</syncAnchor></GetDeployments>"));

    let mut upstream = Upstream::default();
    let seen = run(&replica(Depth::Sample), &mut upstream).unwrap().seen;
    assert!(seen.deployments.unwrap().unannounced.is_empty());
    assert!(upstream.asked[8].body.contains("<deploymentAnchor>7,x</deploymentAnchor><syncAnchor>7,x</syncAnchor>"));
}

#[test]
fn an_answer_that_is_not_soap_stops_it() {
    let check = |status: u16, content_type: &'static str, body: &'static str, reason: &str| {
        let mut upstream =
            Upstream { instead: Some((Operation::GetAuthConfig, status, content_type, body)), ..Upstream::default() };
        assert_eq!(synchronize(&mut upstream, Depth::Whole).stopped_at.as_deref(), Some("GetAuthConfig"));
        assert_eq!(upstream.kept[0].outcome, CallOutcome::NotSoap(reason.to_owned()));
    };
    check(503, "text/html", "", "the HTTP status is 503");
    check(200, "text/html; charset=utf-8", "", "the content type is \"text/html; charset=utf-8\", not text/xml");
    check(200, "text/xml", "<PingResponse/>", "it is a PingResponse, not a GetAuthConfigResponse");
}

#[test]
fn a_service_on_another_server_is_told_and_not_asked() {
    let body = "<GetAuthConfigResponse><GetAuthConfigResult><AuthInfo><AuthPlugInInfo><PlugInID>DssTargeting</PlugInID>\
        <ServiceUrl>http://evil.test/Dss.asmx</ServiceUrl></AuthPlugInInfo></AuthInfo></GetAuthConfigResult>\
        </GetAuthConfigResponse>";
    let mut upstream =
        Upstream { instead: Some((Operation::GetAuthConfig, 200, "text/xml", body)), ..Upstream::default() };
    synchronize(&mut upstream, Depth::Whole);
    let reason = "its ServiceUrl leads to another server: http://evil.test/Dss.asmx";
    assert_eq!(upstream.kept.last().unwrap().outcome, CallOutcome::NotSoap(reason.to_owned()));
    assert_eq!(upstream.operations(), ["GetAuthConfig"]);
}

#[test]
fn what_a_cut_answer_left_out_is_asked_for_again() {
    let mut upstream = Upstream { updates: vec![ONE, TWO], at_once: 1, ..Upstream::default() };
    let seen = synchronize(&mut upstream, Depth::Whole);
    assert_eq!((seen.announced, seen.received, seen.missing.len()), (3, 3, 0));
    assert_eq!(upstream.operations().iter().filter(|name| **name == "GetUpdateData").count(), 3);
}

#[test]
fn what_never_comes_is_missing() {
    let mut upstream = Upstream { updates: vec![ONE, TWO], withheld: Some(TWO), ..Upstream::default() };
    let seen = synchronize(&mut upstream, Depth::Whole);
    assert_eq!((seen.announced, seen.received), (3, 2));
    assert_eq!(seen.missing, [format!("{TWO}/1")]);
    assert_eq!(seen.stopped_at, None);
}

#[test]
fn no_request_asks_for_more_than_the_upstream_allows() {
    let mut upstream = Upstream { updates: vec![ONE, TWO], most: 1, ..Upstream::default() };
    synchronize(&mut upstream, Depth::Whole);
    let requests = upstream.asked.iter().filter(|message| message.operation == Operation::GetUpdateData);
    assert!(requests.clone().all(|message| message.body.matches("<UpdateIdentity>").count() == 1));
    assert_eq!(requests.count(), 3);
}

#[test]
fn metadata_that_cannot_be_read_is_told() {
    let mut upstream = Upstream { blob: "&lt;u&gt;", ..Upstream::default() };
    let seen = synchronize(&mut upstream, Depth::Whole);
    let reason = "XmlUpdateBlob is not well-formed XML: it ends in the middle of an element";
    assert_eq!(seen.unreadable, [format!("{TWO}/1: {reason}"), format!("{ONE}/1: {reason}")]);
}

#[test]
fn the_subject_s_own_version_is_sent_where_it_is_one() {
    let sent = |protocol_version: Option<&str>| {
        let mut upstream = Upstream::default();
        let protocol_version = protocol_version.map(str::to_owned);
        run(&Client { protocol_version, ..client(Depth::Whole) }, &mut upstream).unwrap();
        let cookie = &upstream.asked[2].body;
        let (_, rest) = cookie.split_once("<protocolVersion>").unwrap();
        (rest.split('<').next().unwrap().to_owned(), upstream.asked[4].body.contains("Get63LanguageOnly"))
    };
    assert_eq!(sent(None), ("1.20".to_owned(), true));
    assert_eq!(sent(Some("1.8")), ("1.8".to_owned(), true));
    assert_eq!(sent(Some("1.1")), ("1.1".to_owned(), false));
    assert_eq!(sent(Some("10.0.20348.1")), ("1.20".to_owned(), true));
}

fn synchronize(upstream: &mut Upstream, depth: Depth) -> SyncSeen {
    run(&client(depth), upstream).unwrap().seen
}

fn client(depth: Depth) -> Client {
    let path = SyncPath {
        source: Source::Upstream,
        scheme: Scheme::Http,
        host: "up".to_owned(),
        port: 8530,
        base: String::new(),
        route: Route::Direct,
    };
    Client { path, protocol_version: None, depth, is_replica: false }
}
