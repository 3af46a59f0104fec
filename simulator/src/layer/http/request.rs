//! One request, from its head to its answer.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body as _, Incoming};
use hyper::header::HOST;
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, Version};

use crate::body::Body;
use crate::journal::Event;
use crate::layer::http::kernel_page::{self, KernelPage};
use crate::layer::http::path::decoded;
use crate::layer::http::sending::Sending;
use crate::layer::http::{AnswerAct, HeadAct, Place, Reply, Site};
use crate::layer::visit::Visit;
use crate::seam::Moment;

/// A request that was read whole.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Method, as received.
    pub(crate) method: Method,
    /// Path, as received.
    pub(crate) path: String,
    /// Path without percent-encoding.
    pub(crate) decoded_path: String,
    /// What stands behind the question mark.
    pub(crate) query: Option<String>,
    /// Header fields in their order.
    pub(crate) headers: Vec<(String, String)>,
    /// The whole body; `None` where it was too large.
    pub(crate) body: Option<Bytes>,
    /// Absolute URL as the server saw it.
    pub(crate) url: String,
    /// Host as the client named it, without the port, in lower case.
    pub(crate) host: String,
    /// Operation of the protocol, as far as the head tells it.
    pub(crate) operation: Option<String>,
    /// Number of the connection.
    pub(crate) connection: u64,
}

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("closed without an answer")]
pub(crate) struct Closed;

/// Answers one request, or closes.
pub(crate) async fn answer(
    request: Request<Incoming>,
    visit: Arc<Visit>,
    site: Arc<dyn Site>,
    place: Arc<Place>,
) -> Result<Response<Sending>, Closed> {
    let (head, body) = request.into_parts();
    let to_head = head.method == Method::HEAD;
    let reply = respond(head, body, &visit, &*site, &place).await;
    let Reply::Answer(answer) = reply else { return Err(Closed) };
    let length = length(&answer.body).await?;
    visit.write(Event::Response { status: answer.status });
    Ok(answer.into_response(length, to_head))
}

/// Counting what is made while it is sent takes as long as making it: other connections need not wait for that.
async fn length(body: &Body) -> Result<u64, Closed> {
    match body {
        Body::Whole(_) | Body::Pieces(_) => Ok(body.length()),
        Body::Streamed(stream) => {
            let stream = Arc::clone(stream);
            tokio::task::spawn_blocking(move || stream.length()).await.map_err(|_| Closed)
        }
    }
}

async fn respond(head: Parts, body: Incoming, visit: &Visit, site: &dyn Site, place: &Place) -> Reply {
    let Some(authority) = authority(&head) else { return kernel(kernel_page::INVALID_HOSTNAME) };
    let mut asked = Asked::of(&head, &authority, place, visit.connection);
    visit.tcp.learn_host(&asked.host);
    visit.tcp.learn_request(asked.moment());
    visit.write(asked.event(&authority));

    let occasion = place.seams.occasion(asked.moment());
    if let HeadAct::Answer(page) = occasion.ask(|fault| fault.on_head()) {
        return kernel(page);
    }
    if let Some(answer) = body.size_hint().exact().and_then(|length| site.before_body(length)) {
        return Reply::Answer(answer);
    }
    match read(body, site.largest_body(), place.body_within).await {
        Ok(body) => asked.body = Some(body),
        Err(Unread::TooLarge) => {}
        Err(Unread::Broken) => return Reply::Close,
    }
    instead(occasion.ask(|fault| fault.before_answer())).unwrap_or_else(|| match site.answer(&asked) {
        Reply::Answer(honest) => {
            instead(occasion.ask(|fault| fault.on_answer(&honest))).unwrap_or(Reply::Answer(honest))
        }
        Reply::Close => Reply::Close,
    })
}

/// What a fault says in place of an honest answer.
fn instead(act: AnswerAct) -> Option<Reply> {
    match act {
        AnswerAct::Proceed => None,
        AnswerAct::Answer(answer) => Some(Reply::Answer(*answer)),
        AnswerAct::Close => Some(Reply::Close),
    }
}

fn kernel(page: KernelPage) -> Reply {
    Reply::Answer(page.answer())
}

/// Whom the request is for. HTTP/1.1 must name it exactly once, HTTP/1.0 need not.
fn authority(head: &Parts) -> Option<String> {
    if let Some(authority) = head.uri.authority() {
        return Some(authority.to_string());
    }
    let mut hosts = head.headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => {
            let host = host.to_str().ok()?;
            (!host.contains(['/', '\\', '@', ' '])).then(|| host.to_owned())
        }
        (None, _) if head.version <= Version::HTTP_10 => Some(String::new()),
        _ => None,
    }
}

impl Asked {
    fn of(head: &Parts, authority: &str, place: &Place, connection: u64) -> Asked {
        let path = head.uri.path().to_owned();
        let scheme = if place.secure { "https" } else { "http" };
        let headers = head.headers.iter();
        let headers: Vec<_> = headers
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        Asked {
            method: head.method.clone(),
            query: head.uri.query().map(str::to_owned),
            operation: operation(&headers),
            headers,
            body: None,
            url: format!("{scheme}://{}{path}", if authority.is_empty() { "localhost" } else { authority }),
            host: without_port(authority).to_ascii_lowercase(),
            decoded_path: decoded(&path),
            path,
            connection,
        }
    }

    /// What a seam shall know of it.
    pub(crate) fn moment(&self) -> Moment<'_> {
        Moment {
            connection: self.connection,
            host: Some(&self.host),
            operation: self.operation.as_deref(),
            path: Some(&self.decoded_path),
        }
    }

    fn event(&self, authority: &str) -> Event {
        let query = self.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        Event::Request {
            method: self.method.to_string(),
            host: authority.to_owned(),
            target: format!("{}{query}", self.path),
            operation: self.operation.clone(),
        }
    }
}

/// The operation, by the last part of `SOAPAction` (SOAP 1.1) or of the action in `Content-Type` (SOAP 1.2).
fn operation(headers: &[(String, String)]) -> Option<String> {
    let field = |wanted: &str| headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let action =
        field("soapaction").or_else(|| field("content-type")?.split_once("action=").map(|(_, action)| action))?;
    let action = action.trim().trim_matches('"').split(['"', ';']).next()?;
    let operation = action.rsplit('/').next()?;
    (!operation.is_empty()).then(|| operation.to_owned())
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Why there is no body.
enum Unread {
    TooLarge,
    Broken,
}

async fn read(body: Incoming, largest: usize, within: Duration) -> Result<Bytes, Unread> {
    let read = tokio::time::timeout(within, Limited::new(body, largest).collect()).await;
    match read {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(Unread::TooLarge),
        Ok(Err(_)) | Err(_) => Err(Unread::Broken),
    }
}
