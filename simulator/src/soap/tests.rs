//! The services as a client meets them: texts in, texts out. What is expected is written out, not computed.

use std::sync::Arc;

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::*;
use crate::catalogue::BuiltIn;
use crate::journal::Journal;

mod authorization;
mod bad_input;
mod change;
mod client;
mod decoding;
mod deployments;
mod description;
mod drivers;
mod framework;
mod pages;
mod reporting;
mod revision_id_list;
mod seam;
mod sequence;
mod update_data;
mod validation;

const SYNC: &str = "/ServerSyncWebService/ServerSyncWebService.asmx";
const AUTH: &str = "/DssAuthWebService/DssAuthWebService.asmx";
const REPORTING: &str = "/ReportingWebService/ReportingWebService.asmx";
const CLIENT: &str = "/ClientWebService/client.asmx";
const SIMPLE_AUTH: &str = "/SimpleAuthWebService/SimpleAuth.asmx";
const SD: &str = "http://www.microsoft.com/SoftwareDistribution";
const NOW: OffsetDateTime = datetime!(2026-01-02 03:04:05.678 UTC);

/// A server and its clock.
struct Lab {
    services: WebServices,
    now: OffsetDateTime,
}

impl Lab {
    fn wsus() -> Lab {
        Lab::of(ServiceSettings::wsus("upstream", "10.0.20348.2227", "1.20"))
    }

    fn microsoft_update() -> Lab {
        Lab::of(ServiceSettings::microsoft_update(None))
    }

    fn both() -> [Lab; 2] {
        [Lab::wsus(), Lab::microsoft_update()]
    }

    fn of(settings: ServiceSettings) -> Lab {
        Lab::with(settings, Arc::new(BuiltIn::new()))
    }

    fn with(settings: ServiceSettings, catalogue: Arc<dyn Catalogue>) -> Lab {
        let seams = Seams::new(Journal::new(), "upstream", "http");
        Lab { services: WebServices::new(settings, catalogue, seams), now: NOW }
    }

    fn later(self, by: Duration) -> Lab {
        Lab { now: self.now + by, ..self }
    }

    /// Any request at all; `headers` as `Name: value`.
    fn send(&self, method: &str, target: &str, headers: &[&str], body: &[u8]) -> Option<WebAnswer> {
        let fields = headers.iter().map(|field| field.split_once(": ").unwrap());
        let headers: Vec<_> = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let url = format!("http://wsus01.corp.example:8530{target}");
        self.services.answer(&WebRequest {
            method,
            path,
            query,
            headers: &headers,
            body: Some(body),
            url,
            connection: 1,
            now: self.now,
        })
    }

    /// A call as a downstream server makes it, with the members of the wrapper element.
    fn call(&self, operation: &str, members: &str) -> Answer {
        let (path, namespace) = place(operation);
        let operation = operation.trim_start_matches("client/");
        let action = format!("SOAPAction: \"{namespace}/{operation}\"");
        let body = envelope(&format!("<{operation} xmlns=\"{namespace}\">{members}</{operation}>"));
        let headers = ["Content-Type: text/xml; charset=utf-8", &action, "Host: wsus01.corp.example:8530"];
        Answer::of(self.send("POST", path, &headers, body.as_bytes()).unwrap())
    }

    /// The `authCookies` that this server gives.
    fn authorization(&self) -> String {
        let members = format!("<accountName>dss01.corp.example</accountName><accountGuid>{DSS}</accountGuid>");
        let data = self.call("GetAuthorizationCookie", &members).one("CookieData");
        format!(
            "<authCookies><AuthorizationCookie><PlugInId>DssTargeting</PlugInId><CookieData>{data}</CookieData>\
             </AuthorizationCookie></authCookies>"
        )
    }

    /// The `cookie` that this server gives.
    fn cookie(&self) -> String {
        let authorization = self.authorization();
        let members = format!("{authorization}<protocolVersion>1.20</protocolVersion>");
        format!("<cookie>{}</cookie>", self.call("GetCookie", &members).one("GetCookieResult"))
    }
}

const DSS: &str = "3f1c7e52-0b6d-4d7a-9b6e-0c1d2e3f4a5b";

/// Path and namespace of an operation; those of agents that have a name of the others begin with `client/`.
fn place(operation: &str) -> (&'static str, String) {
    match operation {
        "GetAuthorizationCookie" => (AUTH, format!("{SD}/Server/DssAuthWebService")),
        "Ping" => (SYNC, format!("{SD}/Server/IMonitorable")),
        "GetRollupConfiguration"
        | "RollupDownstreamServers"
        | "RollupComputers"
        | "GetOutOfSyncComputers"
        | "RollupComputerStatus" => (REPORTING, SD.to_owned()),
        "client/GetAuthorizationCookie" => (SIMPLE_AUTH, format!("{SD}/Server/SimpleAuthWebService")),
        "client/GetConfig" | "client/GetCookie" | "RegisterComputer" | "SyncUpdates" => {
            (CLIENT, format!("{SD}/Server/ClientWebService"))
        }
        _ => (SYNC, SD.to_owned()),
    }
}

fn envelope(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope \
         xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>{inside}</soap:Body></soap:Envelope>"
    )
}

/// An answer as a client reads it.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    text: String,
    operation: Option<String>,
}

impl Answer {
    fn of(answer: WebAnswer) -> Answer {
        let text = String::from_utf8(answer.body.to_bytes().to_vec()).unwrap();
        Answer { status: answer.status, headers: answer.headers, text, operation: answer.operation }
    }

    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(field, _)| *field == name).map_or("", |(_, value)| value)
    }

    /// What stands inside each element of this name.
    fn all(&self, name: &str) -> Vec<String> {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        let pieces = self.text.split(&open).skip(1);
        pieces.map(|piece| piece.split_once(&close).unwrap().0.to_owned()).collect()
    }

    /// What stands inside the only element of this name.
    fn one(&self, name: &str) -> String {
        let mut found = self.all(name);
        assert_eq!(found.len(), 1, "{name} in {}", self.text);
        found.remove(0)
    }

    /// `ErrorCode` and `Message` of a fault; the status and the beginning of the text where it is none.
    fn fault(&self) -> String {
        match (self.status, self.all("ErrorCode").first()) {
            (500, Some(code)) => format!("{code}({})", self.one("Message")),
            _ => format!("{} {}", self.status, self.text.get(..300).unwrap_or(&self.text)),
        }
    }
}

fn identity(id: &str, revision: i32) -> String {
    format!("<UpdateIdentity><UpdateID>{id}</UpdateID><RevisionNumber>{revision}</RevisionNumber></UpdateIdentity>")
}
