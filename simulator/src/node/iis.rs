//! The manners of IIS: which path is what, the static files, the pages of its own, the fields it adds to every answer.

use std::sync::Arc;

use hyper::Method;
use time::OffsetDateTime;

use crate::catalogue::Catalogue;
use crate::fault::Fault;
use crate::layer::content::ContentSeam;
use crate::layer::http::{Answer, Asked, Reply, Site};
use crate::running::lab::{Lab, Place};
use crate::seam::Seams;
use crate::soap::{CallObserver, ServiceSettings, SoapSeam, State, WebAnswer, WebRequest, WebServices};
use crate::world::RequestLimits;

mod cabinet;
mod condition;
mod file;
mod page;
mod path;
mod range;

/// Value of the field `Server` since Windows Server 2016.
pub(super) const OF_TODAY: &str = "Microsoft-IIS/10.0";

/// The web site of a WSUS server: its services, its files, and IIS around them.
#[derive(Debug)]
pub(super) struct Iis {
    /// Value of the field `Server`.
    server: &'static str,
    services: WebServices,
    catalogue: Arc<dyn Catalogue>,
    content: Seams<dyn ContentSeam>,
    /// Whether the answers of web services are compressed for whoever asks for it.
    compresses: bool,
    limits: RequestLimits,
}

/// What all listeners of one server have in common: a cookie got over one of them is good on the others.
#[derive(Debug)]
pub(super) struct Server {
    settings: ServiceSettings,
    catalogue: Arc<dyn Catalogue>,
    state: Arc<State>,
    observer: Option<Arc<dyn CallObserver>>,
    compresses: bool,
}

impl Server {
    /// A server that has just been set up.
    pub(super) fn new(settings: ServiceSettings, catalogue: Arc<dyn Catalogue>) -> Server {
        let state = Arc::new(State::new(settings.server_id));
        Server { settings, catalogue, state, observer: None, compresses: false }
    }

    /// The same server, with or without the dynamic compression of IIS.
    pub(super) fn compressing(self, compresses: bool) -> Server {
        Server { compresses, ..self }
    }

    /// The same server, which tells somebody of every call.
    pub(super) fn observed_by(self, observer: Arc<dyn CallObserver>) -> Server {
        Server { observer: Some(observer), ..self }
    }
}

impl Iis {
    /// The web site behind one listener. `adjust` places settings that act at the seams of the protocol.
    pub(super) fn new(
        lab: &Lab,
        place: &Place<'_>,
        behind: &Server,
        faults: &[Fault],
        adjust: impl FnOnce(&mut Seams<dyn SoapSeam>),
    ) -> Iis {
        let mut soap: Seams<dyn SoapSeam> = lab.seams(place);
        let mut content: Seams<dyn ContentSeam> = lab.seams(place);
        for fault in faults.iter().filter(|fault| fault.is_on(place.listener)) {
            if let Some(kind) = &fault.soap {
                let (name, at_seam) = kind.at_seam();
                soap.place(name, fault.when.clone(), at_seam);
            }
            if let Some(kind) = &fault.content {
                let (name, at_seam) = kind.at_seam();
                content.place(name, fault.when.clone(), at_seam);
            }
        }
        adjust(&mut soap);
        let Server { settings, catalogue, state, observer, compresses } = behind;
        let services = WebServices::sharing(settings.clone(), Arc::clone(catalogue), soap, Arc::clone(state))
            .observed_by(observer.clone());
        let (server, catalogue) = (server_of(&settings.version), Arc::clone(catalogue));
        let (compresses, limits) = (*compresses, RequestLimits::default());
        Iis { server, services, catalogue, content, compresses, limits }
    }

    /// The same with these limits.
    pub(super) fn limited_to(self, limits: RequestLimits) -> Iis {
        Iis { limits, ..self }
    }

    /// What stands at a path that is no web service.
    pub(super) fn answer_other(&self, asked: &Asked, path: &str) -> Answer {
        match asked.method {
            Method::GET | Method::HEAD => self.resource(asked, path),
            Method::OPTIONS => page::options(self.server),
            Method::POST if path::is_directory(path) || path::names_file(path) => page::method_not_allowed(self.server),
            Method::POST => page::not_found(self.server),
            _ => page::method_not_allowed(self.server),
        }
    }

    fn resource(&self, asked: &Asked, path: &str) -> Answer {
        if path::is_directory(path) {
            return page::forbidden(self.server);
        }
        if path == "/selfupdate/iuident.cab" {
            return file::answer(self.server, cabinet::iuident(), self.catalogue.changed(), asked);
        }
        match path.strip_prefix("/content/") {
            Some(rest) => file::content(self.server, &*self.catalogue, &self.content, asked, rest),
            None => page::not_found(self.server),
        }
    }

    fn web_service(&self, asked: &Asked) -> Option<Answer> {
        let request = WebRequest {
            method: asked.method.as_str(),
            path: &asked.decoded_path,
            query: asked.query.as_deref(),
            headers: &asked.headers,
            body: asked.body.as_deref(),
            url: asked.url.clone(),
            connection: asked.connection,
            now: OffsetDateTime::now_utc(),
        };
        let answer = self.services.answer(&request).map(|answer| self.dress(answer))?;
        Some(if self.compresses && !answer.is_coded() && accepts_gzip(asked) { answer.gzipped() } else { answer })
    }

    /// IIS writes its name before the fields of ASP.NET.
    fn dress(&self, answer: WebAnswer) -> Answer {
        let mut headers = answer.headers;
        let at = headers.iter().position(|(name, _)| name.starts_with("X-")).unwrap_or(headers.len());
        headers.insert(at, ("Server", self.server.to_owned()));
        Answer { status: answer.status, headers, body: answer.body, closes: answer.closes }
    }
}

impl Site for Iis {
    /// Request filtering first, and client certificates after it.
    fn before_body(&self, length: u64) -> Option<Answer> {
        if self.limits.max_allowed_content_length < length {
            return Some(Answer { closes: true, ..page::not_found(self.server) });
        }
        let read_ahead = self.limits.upload_read_ahead_size?;
        (read_ahead < length).then(|| page::entity_too_large(self.server))
    }

    fn largest_body(&self) -> usize {
        self.limits.largest_body()
    }

    fn answer(&self, asked: &Asked) -> Reply {
        let answer = self.web_service(asked);
        Reply::Answer(answer.unwrap_or_else(|| self.answer_other(asked, &plain_path(asked))))
    }
}

fn accepts_gzip(asked: &Asked) -> bool {
    let fields = asked.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("accept-encoding"));
    fields.flat_map(|(_, codings)| codings.split(',')).any(|coding| {
        let (coding, weight) = coding.split_once(';').unwrap_or((coding, ""));
        // RFC 9110, 12.4.2: a weight of nothing refuses.
        let refused = weight.trim().strip_prefix("q=").is_some_and(|weight| weight.parse() == Ok(0.0));
        coding.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

/// The path of a request as IIS compares it: decoded, in lower case, doubled slashes as one.
pub(super) fn plain_path(asked: &Asked) -> String {
    path::plain(&asked.decoded_path)
}

/// What IIS says where there is nothing.
pub(super) fn not_found() -> Answer {
    page::not_found(OF_TODAY)
}

/// IIS belongs to its Windows, and WSUS has carried the version of Windows since 2012.
fn server_of(wsus_version: &str) -> &'static str {
    match wsus_version {
        version if version.starts_with("3.") => "Microsoft-IIS/7.5",
        version if version.starts_with("2.") => "Microsoft-IIS/6.0",
        version if version.starts_with("6.2") => "Microsoft-IIS/8.0",
        version if version.starts_with("6.3") => "Microsoft-IIS/8.5",
        _ => OF_TODAY,
    }
}
