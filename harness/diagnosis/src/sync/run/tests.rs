//! A courier that answers from a script.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::evidence::{ExchangeSeen, Head};
use crate::path::{Route, Scheme, Source};
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
    run(&client(depth), upstream).unwrap()
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
    Client { path, protocol_version: None, depth }
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
                "<Expiration>2026-10-04T20:33:26Z</Expiration><EncryptedData>AQ==</EncryptedData>".to_owned()
            }
            Operation::GetConfigData => format!(
                "<MaxNumberOfUpdatesPerRequest>{}</MaxNumberOfUpdatesPerRequest><ProtocolVersion>1.20</ProtocolVersion>",
                self.most
            ),
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
                format!("<updates>{}</updates><fileUrls />", given.map(|id| self.update(id)).collect::<String>())
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
        let (status, content_type, body) = match self.instead {
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
            body: String::new(),
            ended: Ended::Complete,
        };
        let body = format!("<s:Envelope xmlns:s=\"s\"><s:Body>{body}</s:Body></s:Envelope>").into_bytes();
        Ok(Carried { exchange, body, elapsed_ms: 0 })
    }

    fn keep(&mut self, call: CallSeen, _elapsed_ms: u64) {
        self.kept.push(call);
    }
}

fn identity(id: &str) -> String {
    format!("<UpdateIdentity><UpdateID>{id}</UpdateID><RevisionNumber>1</RevisionNumber></UpdateIdentity>")
}
