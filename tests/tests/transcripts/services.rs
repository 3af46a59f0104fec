//! The operations that the black box does not speak: each request is answered, and the answer has the shape of the response.

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use simulator::Journal;
use simulator::catalogue::{BuiltIn, Catalogue, Identity, Part};
use simulator::seam::Seams;
use simulator::soap::{ServiceSettings, WebRequest, WebServices};
use time::macros::datetime;

use super::transcript;

const SYNC: &str = "/ServerSyncWebService/ServerSyncWebService.asmx";
const AUTHORIZATION: &str = "/DssAuthWebService/DssAuthWebService.asmx";
const REPORTING: &str = "/ReportingWebService/ReportingWebService.asmx";
const CLIENT: &str = "/ClientWebService/client.asmx";
const SIMPLE: &str = "/SimpleAuthWebService/SimpleAuth.asmx";

#[test]
fn the_other_operations_of_the_server_sync_service_are_answered_in_shape() {
    let server = Server::new();
    let authorization = server.ask(AUTHORIZATION, "get-authorization-cookie", &[]);
    let authorization = inside(&authorization, "CookieData");
    let cookie = server.ask(SYNC, "get-cookie", &[("{authorization-cookie}", authorization)]);
    let cookie = format!("<cookie>{}</cookie>", inside(&cookie, "GetCookieResult"));
    let filled = [("{cookie}", cookie.as_str())];
    for name in ["get-driver-id-list", "get-driver-set-data", "get-related-revisions-for-updates", "ping"] {
        server.check(SYNC, name, &filled);
    }
    server.check(SYNC, "get-deployments", &[filled[0], ("{sync-anchor}", "72,2025-06-01 12:00:00.000")]);
    let (identity, digest) = update_with_a_file();
    let identity = format!(
        "<UpdateIdentity><UpdateID>{}</UpdateID><RevisionNumber>{}</RevisionNumber></UpdateIdentity>",
        identity.id, identity.revision
    );
    server.check(SYNC, "get-update-decryption-data", &[filled[0], ("{identities}", &identity)]);
    server.check(SYNC, "download-files", &[filled[0], ("{digest}", &digest)]);
}

#[test]
fn the_operations_of_a_synchronization_are_answered_in_shape() {
    let server = Server::new();
    server.check(SYNC, "get-auth-config", &[]);
    server.check(AUTHORIZATION, "get-authorization-cookie", &[]);
    let authorization = server.ask(AUTHORIZATION, "get-authorization-cookie", &[]);
    let filled = [("{authorization-cookie}", inside(&authorization, "CookieData"))];
    server.check(SYNC, "get-cookie", &filled);
    let cookie = server.ask(SYNC, "get-cookie", &filled);
    let cookie = format!("<cookie>{}</cookie>", inside(&cookie, "GetCookieResult"));
    server.check(SYNC, "get-revision-id-list", &[("{cookie}", &cookie)]);
    // The sample is of 2006: a server of today says its version and the maxima for drivers and decryption besides.
    let config = shape(&server.ask(SYNC, "get-config-data", &[("{cookie}", &cookie)]));
    let newer: BTreeSet<_> = config.difference(&shape(&transcript("get-config-data.response"))).cloned().collect();
    let names: Vec<_> = newer.iter().filter_map(|path| path.rsplit('/').next()).collect();
    assert_eq!(
        names,
        [
            "MaxNumberOfComputerIdsInRequest",
            "MaxNumberOfDriverSetsPerRequest",
            "MaxNumberOfPnpHardwareIdsInRequest",
            "MaxUpdatesPerRequestInGetUpdateDecryptionData",
            "ProtocolVersion",
        ]
    );
    assert!(shape(&transcript("get-config-data.response")).is_subset(&config));
}

#[test]
fn a_round_of_reports_is_answered_in_shape() {
    let server = Server::new();
    for name in [
        "get-rollup-configuration",
        "rollup-downstream-servers",
        "rollup-computers",
        "rollup-computer-status",
        "get-out-of-sync-computers",
    ] {
        server.check(REPORTING, name, &[]);
    }
}

#[test]
fn an_agent_without_updates_is_answered_in_shape() {
    let server = Server::new();
    let config = server.ask(CLIENT, "client-get-config", &[]);
    server.check(CLIENT, "client-get-config", &[]);
    let last_change = inside(&config, "LastChange");
    server.check(SIMPLE, "client-get-authorization-cookie", &[]);
    let authorization = server.ask(SIMPLE, "client-get-authorization-cookie", &[]);
    let authorization = inside(&authorization, "CookieData");
    let filled = [("{authorization-cookie}", authorization), ("{last-change}", last_change)];
    server.check(CLIENT, "client-get-cookie", &filled);
    let cookie = server.ask(CLIENT, "client-get-cookie", &filled);
    let cookie = format!("<cookie>{}</cookie>", inside(&cookie, "GetCookieResult"));
    server.check(CLIENT, "register-computer", &[("{cookie}", &cookie)]);
    server.check(CLIENT, "sync-updates", &[("{cookie}", &cookie)]);
}

#[test]
fn a_fault_of_the_agents_service_is_byte_for_byte_the_transcript_but_for_its_id() {
    let (status, answer) = Server::new().send(CLIENT, "sync-updates", &[("{cookie}", "")]);
    assert_eq!(status, 500);
    let expected = transcript("client-fault.response");
    assert_eq!(answer.replace(inside(&answer, "ID"), inside(&expected, "ID")), expected.trim_end());
}

/// The services of one server, without a socket.
struct Server(WebServices);

impl Server {
    fn new() -> Server {
        let seams = Seams::new(Journal::new(), "upstream", "http");
        let settings = ServiceSettings::wsus("upstream", "10.0.20348.2227", "1.20");
        Server(WebServices::new(settings, Arc::new(BuiltIn::new()), seams))
    }

    /// Sends a transcript and holds what comes back against the other one.
    fn check(&self, path: &str, name: &str, fill: &[(&str, &str)]) {
        let answer = self.ask(path, name, fill);
        assert_eq!(shape(&answer), shape(&transcript(&format!("{name}.response"))), "{name}: {answer}");
    }

    fn ask(&self, path: &str, name: &str, fill: &[(&str, &str)]) -> String {
        let (status, answer) = self.send(path, name, fill);
        assert_eq!(status, 200, "{name}: {answer}");
        answer
    }

    fn send(&self, path: &str, name: &str, fill: &[(&str, &str)]) -> (u16, String) {
        let body = fill.iter().fold(transcript(&format!("{name}.request")), |body, (from, to)| body.replace(from, to));
        assert!(!body.contains('{'), "a placeholder of {name} is left");
        let headers = [
            ("Content-Type".to_owned(), "text/xml; charset=utf-8".to_owned()),
            ("SOAPAction".to_owned(), format!("\"{}\"", action(&body))),
        ];
        let answer = self.0.answer(&WebRequest {
            method: "POST",
            path,
            query: None,
            headers: &headers,
            body: Some(body.as_bytes()),
            url: format!("http://wsus01.corp.example:8530{path}"),
            connection: 1,
            now: datetime!(2025-06-01 12:00 UTC),
        });
        let answer = answer.unwrap_or_else(|| panic!("{path} is no web service"));
        (answer.status, String::from_utf8(answer.body.to_bytes().to_vec()).unwrap())
    }
}

/// The action of a request: namespace and name of the element that the body begins with.
fn action(body: &str) -> String {
    let wrapper = body.split("<soap:Body>").nth(1).unwrap().trim_start().trim_start_matches('<');
    let name = wrapper.split([' ', '\n', '>', '/']).next().unwrap();
    let namespace = wrapper.split("xmlns=\"").nth(1).unwrap().split('"').next().unwrap();
    format!("{namespace}/{name}")
}

/// Every path of elements in the body of a message, prefixes and repetition left aside.
fn shape(message: &str) -> BTreeSet<String> {
    let mut shape = BTreeSet::new();
    let mut path: Vec<&str> = Vec::new();
    let body = message.split_once("Body").unwrap().1.split_once('>').unwrap().1;
    for tag in body.split('<').skip(1).filter(|tag| !tag.starts_with('!')) {
        let tag = tag.split('>').next().unwrap();
        if tag.starts_with('/') {
            path.pop();
            continue;
        }
        path.push(tag.split([' ', '\n', '/']).next().unwrap());
        shape.insert(path.join("/"));
        if tag.ends_with('/') {
            path.pop();
        }
    }
    shape
}

/// What stands inside the first such element.
fn inside<'a>(text: &'a str, element: &str) -> &'a str {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let rest = text.split(open.as_str()).nth(1).unwrap_or_else(|| panic!("no {element} in {text}"));
    rest.split(close.as_str()).next().unwrap()
}

fn update_with_a_file() -> (Identity, String) {
    let catalogue = BuiltIn::new();
    let mut rows = catalogue.revisions(Part::Updates, None).map(|revision| revision.identity);
    let found = rows.find_map(|identity| Some((identity, catalogue.metadata(identity)?.files.first()?.sha1)));
    let (identity, digest) = found.unwrap();
    (identity, STANDARD.encode(digest.0))
}
