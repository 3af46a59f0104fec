//! A courier that answers from a script.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use time::format_description::well_known::Rfc3339;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::*;
use crate::evidence::{DeploymentsSeen, Ended, ExchangeSeen, Head, Reaction, ReactionSeen};
use crate::path::{Route, Scheme, Source};
use crate::sync::Carried;
use crate::sync::operation::NAMESPACE;

const ONE: &str = "11111111-1111-1111-1111-111111111111";
const TWO: &str = "22222222-2222-2222-2222-222222222222";

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

/// A tiny upstream: one category, and the updates given.
struct Upstream {
    updates: Vec<&'static str>,
    /// How many updates one answer holds.
    at_once: usize,
    withheld: Option<&'static str>,
    most: u32,
    blob: &'static str,
    /// Status, type and SOAP body for one operation.
    instead: Option<(Operation, u16, &'static str, &'static str)>,
    /// The next call of the operation is answered with this ErrorCode; each once, in order.
    faults: Vec<(Operation, &'static str)>,
    /// How much time passes with every call.
    tick: Duration,
    /// How long a cookie lasts.
    lasts: Duration,
    now: OffsetDateTime,
    asked: Vec<Message>,
    kept: Vec<CallSeen>,
}

impl Default for Upstream {
    fn default() -> Upstream {
        let (asked, kept) = (Vec::new(), Vec::new());
        Upstream {
            updates: vec![ONE],
            at_once: 100,
            withheld: None,
            most: 100,
            blob: "&lt;u/&gt;",
            instead: None,
            faults: Vec::new(),
            tick: Duration::ZERO,
            lasts: Duration::hours(2),
            now: datetime!(2026-10-04 18:00 UTC),
            asked,
            kept,
        }
    }
}

impl Upstream {
    fn operations(&self) -> Vec<&str> {
        self.kept.iter().map(|call| call.operation.as_str()).collect()
    }

    fn result(&self, message: &Message) -> String {
        match message.operation {
            Operation::GetAuthConfig => "<AuthInfo><AuthPlugInInfo><PlugInID>DssTargeting</PlugInID><ServiceUrl>\
                 DssAuthWebService/DssAuthWebService.asmx</ServiceUrl></AuthPlugInInfo></AuthInfo>"
                .to_owned(),
            Operation::GetAuthorizationCookie => {
                "<PlugInId>DssTargeting</PlugInId><CookieData>AQ==</CookieData>".to_owned()
            }
            Operation::GetCookie => {
                let expiration = (self.now + self.lasts).format(&Rfc3339).unwrap();
                format!("<Expiration>{expiration}</Expiration><EncryptedData>AQ==</EncryptedData>")
            }
            Operation::GetConfigData => format!(
                "<MaxNumberOfUpdatesPerRequest>{}</MaxNumberOfUpdatesPerRequest><ProtocolVersion>1.20</ProtocolVersion>\
                 <MaxUpdatesPerRequestInGetUpdateDecryptionData>1</MaxUpdatesPerRequestInGetUpdateDecryptionData>",
                self.most
            ),
            Operation::GetUpdateDecryptionData => {
                let asked = [ONE, TWO].into_iter().filter(|id| message.body.contains(id));
                let key = |id: &str| {
                    let file =
                        "<ServerSyncFileDecryption><DecryptionKey>SECRET==</DecryptionKey></ServerSyncFileDecryption>";
                    let id = identity(id).replace("UpdateIdentity", "UpdateId");
                    let keys = format!("<FileDecryptionData>{file}</FileDecryptionData>");
                    format!("<ServerSyncUpdateFileDecryption>{id}{keys}</ServerSyncUpdateFileDecryption>")
                };
                let keys: String = asked.filter(|id| *id != TWO).map(key).collect();
                format!("<UpdateFileDecryptionData>{keys}</UpdateFileDecryptionData>")
            }
            Operation::GetDeployments => {
                let deployment = |id: &str| {
                    format!(
                        "<ServerSyncDeployment><UpdateId>{id}</UpdateId><RevisionNumber>1</RevisionNumber></ServerSyncDeployment>"
                    )
                };
                let deployments = [ONE, "33333333-3333-3333-3333-333333333333"].map(deployment).concat();
                format!("<Groups><ServerSyncTargetGroup /></Groups><Deployments>{deployments}</Deployments>")
            }
            Operation::GetRevisionIdList => {
                let config = message.body.contains("<GetConfig>true</GetConfig>");
                let ids: Vec<&str> = if config { vec![TWO] } else { self.updates.clone() };
                format!(
                    "<Anchor>7,x</Anchor><NewRevisions>{}</NewRevisions>",
                    ids.iter().map(|id| identity(id)).collect::<String>()
                )
            }
            Operation::GetUpdateData => {
                let config = self.operations().iter().filter(|name| **name == "GetRevisionIdList").count() == 1;
                let asked = [ONE, TWO].into_iter().filter(|id| message.body.contains(id));
                let given = asked.filter(|id| config || self.withheld != Some(*id)).take(self.at_once);
                let url = "<ServerSyncUrlData><FileDigest>AQ==</FileDigest></ServerSyncUrlData>";
                let updates: String = given.map(|id| self.update(id)).collect();
                format!("<updates>{updates}</updates><fileUrls>{url}</fileUrls>")
            }
        }
    }

    fn update(&self, id: &str) -> String {
        let identity = identity(id).replace("UpdateIdentity", "Id");
        format!("<ServerSyncUpdateData>{identity}<XmlUpdateBlob>{}</XmlUpdateBlob></ServerSyncUpdateData>", self.blob)
    }
}

impl Courier for Upstream {
    fn carry(&mut self, message: &Message) -> Result<Carried, ExamineError> {
        self.asked.push(message.clone());
        let operation = message.operation;
        self.now += self.tick;
        let fault = self.faults.iter().position(|(at, _)| *at == operation).map(|index| self.faults.remove(index).1);
        let (status, content_type, body) = match self.instead {
            _ if fault.is_some() => (500, "text/xml", soap_fault(fault.unwrap_or_default())),
            Some((at, status, content_type, body)) if at == operation => (status, content_type, body.to_owned()),
            _ => {
                let result = self.result(message);
                let body = format!(
                    "<{operation}Response xmlns=\"{NAMESPACE}\"><{operation}Result>{result}</{operation}Result></{operation}Response>"
                );
                (200, "text/xml; charset=utf-8", body)
            }
        };
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        let exchange = ExchangeSeen {
            method: "POST".to_owned(),
            scheme: Scheme::Http,
            target: message.path.clone(),
            answer: Some(Head { status, reason: String::new(), headers }),
            body: body.clone(),
            ended: Ended::Complete,
        };
        let body = format!("<s:Envelope xmlns:s=\"s\"><s:Body>{body}</s:Body></s:Envelope>").into_bytes();
        Ok(Carried { exchange, body: Ok(body), elapsed_ms: 0 })
    }

    fn now(&self) -> OffsetDateTime {
        self.now
    }

    fn keep(&mut self, call: CallSeen, _elapsed_ms: u64) {
        self.kept.push(call);
    }
}

fn identity(id: &str) -> String {
    format!("<UpdateIdentity><UpdateID>{id}</UpdateID><RevisionNumber>1</RevisionNumber></UpdateIdentity>")
}

fn soap_fault(error_code: &str) -> String {
    format!("<s:Fault><faultcode>s:Client</faultcode><detail><ErrorCode>{error_code}</ErrorCode></detail></s:Fault>")
}
