//! The web services of a WSUS server or of Microsoft Update ([MS-WSUSSS], server side): one request in, one answer out.
//! No socket, no task and no clock: the HTTP layer hands over what it read and sends what it is given.

use std::sync::Arc;

use time::OffsetDateTime;

use crate::body::Body;
use crate::catalogue::{Catalogue, Guid};
use crate::seam::Seams;

pub mod anchor;
mod answer;
mod draft;
mod envelope;
pub mod fault;
pub mod message;
mod observer;
pub mod operation;
mod page;
mod read;
mod route;
mod seal;
pub mod seam;
pub mod state;
mod write;
mod wsdl;

pub use observer::CallObserver;
pub use seam::SoapSeam;
pub use state::State;

use route::{Action, Endpoint};

/// One request, as the HTTP layer read it.
#[derive(Clone, Debug)]
pub struct WebRequest<'a> {
    /// Method, as received.
    pub method: &'a str,
    /// Path, percent-decoded, as received.
    pub path: &'a str,
    /// What stands behind the question mark.
    pub query: Option<&'a str>,
    /// Header fields in their order, names as received.
    pub headers: &'a [(String, String)],
    /// The whole body; `None` where it is more than the server reads.
    pub body: Option<&'a [u8]>,
    /// Absolute URL as the server saw it; faults name it as their actor, the WSDL as its address.
    pub url: String,
    /// Number of the connection, for the journal.
    pub connection: u64,
    /// The server's clock.
    pub now: OffsetDateTime,
}

/// What the HTTP layer shall send. It adds `Server`, `Date`, `Content-Length` and the keep-alive fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAnswer {
    /// Status code.
    pub status: u16,
    /// `Content-Type`, `Cache-Control`, `X-AspNet-Version`, `X-Powered-By`, in the order in which IIS writes them.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Body,
    /// Operation of the protocol, where the request was one.
    pub operation: Option<String>,
    /// Whether the server closes the connection after it.
    pub closes: bool,
}

/// Which implementation answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personality {
    /// A WSUS server: ASP.NET web services.
    Asmx,
    /// Microsoft Update: Windows Communication Foundation.
    Wcf,
}

/// Legitimate properties of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceSettings {
    /// Which implementation answers.
    pub personality: Personality,
    /// `ProtocolVersion` in GetConfigData; left out without, as WSUS 2.0 does.
    pub protocol_version: Option<String>,
    /// The server's own id; cookies of another server are refused.
    pub server_id: Guid,
    /// Component version of WSUS, as `10.0.20348.2227`: header versions and the fields of GetConfigData follow it.
    pub version: String,
    /// A path in front of the services that is tolerated, as `/v6`.
    pub base: Option<String>,
    /// When the server was last configured: `LastChange` and the configuration anchor.
    pub configured: OffsetDateTime,
    /// `LazySync` in GetConfigData.
    pub lazy_sync: bool,
    /// Bytes of metadata near which an answer of GetUpdateData ends; what is left out must be asked for again.
    pub max_xml_per_request: u32,
    /// Whether downstream servers may report their computers, too.
    pub detailed_rollup: bool,
}

impl ServiceSettings {
    /// A WSUS server of this component version. The protocol version `"none"` is left out of GetConfigData.
    pub fn wsus(node: &str, version: &str, protocol_version: &str) -> ServiceSettings {
        ServiceSettings {
            personality: Personality::Asmx,
            protocol_version: (protocol_version != "none").then(|| protocol_version.to_owned()),
            server_id: Guid::named(&format!("server/{node}")),
            version: version.to_owned(),
            base: None,
            configured: CONFIGURED,
            lazy_sync: true,
            max_xml_per_request: MAX_XML_PER_REQUEST,
            detailed_rollup: true,
        }
    }

    /// Microsoft Update. `base` is `Some("/v6")` for `fe2`.
    pub fn microsoft_update(base: Option<&str>) -> ServiceSettings {
        ServiceSettings {
            personality: Personality::Wcf,
            protocol_version: Some("1.21".to_owned()),
            server_id: Guid::named("server/microsoft-update"),
            version: "10.0.20348.0".to_owned(),
            base: base.map(str::to_owned),
            configured: CONFIGURED,
            lazy_sync: true,
            max_xml_per_request: MAX_XML_PER_REQUEST,
            detailed_rollup: true,
        }
    }
}

/// What real servers were seen to have.
const MAX_XML_PER_REQUEST: u32 = 2_000_000;

/// When every server of the lab was configured; fixed, so that answers are the same from run to run.
const CONFIGURED: OffsetDateTime = time::macros::datetime!(2025-03-11 09:26:53.589 UTC);

/// The web services of one server.
#[derive(Debug)]
pub struct WebServices {
    settings: ServiceSettings,
    catalogue: Arc<dyn Catalogue>,
    seams: Seams<dyn SoapSeam>,
    state: Arc<State>,
    observer: Option<Arc<dyn CallObserver>>,
}

impl WebServices {
    /// Services of a server that has no other listener.
    pub fn new(settings: ServiceSettings, catalogue: Arc<dyn Catalogue>, seams: Seams<dyn SoapSeam>) -> WebServices {
        let state = Arc::new(State::new(settings.server_id));
        WebServices::sharing(settings, catalogue, seams, state)
    }

    /// Services behind one of several listeners of a server: a cookie that one gives is good at all of them.
    pub fn sharing(
        settings: ServiceSettings,
        catalogue: Arc<dyn Catalogue>,
        seams: Seams<dyn SoapSeam>,
        state: Arc<State>,
    ) -> WebServices {
        WebServices { settings, catalogue, seams, state, observer: None }
    }

    /// The same services, which tell somebody of every call.
    #[must_use]
    pub fn observed_by(self, observer: Option<Arc<dyn CallObserver>>) -> WebServices {
        WebServices { observer, ..self }
    }

    /// What the server keeps from one request to the next.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Answers a request; `None` when the path is no web service.
    pub fn answer(&self, request: &WebRequest<'_>) -> Option<WebAnswer> {
        let endpoint = Endpoint::of(request.path, &self.settings)?;
        Some(match request.method {
            "POST" => self.answer_post(request, endpoint),
            "GET" => self.answer_get(request, endpoint),
            _ => self.answer_other(),
        })
    }

    /// The operation that a request asks for, judged without looking at its body.
    pub fn operation(&self, request: &WebRequest<'_>) -> Option<String> {
        let endpoint = Endpoint::of(request.path, &self.settings)?;
        let version = route::version(request.header("Content-Type"))?;
        match Action::of(request, endpoint, version, &self.settings) {
            Action::Known(operation) if request.method == "POST" => Some(operation.label().to_owned()),
            _ => None,
        }
    }
}

impl WebRequest<'_> {
    /// The value of the first header field of this name.
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl ServiceSettings {
    /// Whether the server is of Windows Server 2012 or later: WSUS 6.2 and up.
    fn since_2012(&self) -> bool {
        (6, 2) <= self.component()
    }

    /// The first two numbers of the component version.
    fn component(&self) -> (u32, u32) {
        let mut numbers = self.version.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;
