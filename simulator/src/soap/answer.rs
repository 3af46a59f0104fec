//! The way of a request through the services: framework first, then the application, then the seam, then the encoder.

use std::sync::Arc;

use super::envelope::{Circumstances, FrameworkFault, Style, Version};
use super::fault::SoapFault;
use super::message::{Operation, Request, Response};
use super::operation::Server;
use super::read::{Document, Element, Namespace, Order, Reading, Unreadable, characters, is_taken_by_wcf, parse};
use super::route::{self, Action, Endpoint};
use super::seam::{Exchange, SoapAct};
use super::{Personality, ServiceSettings, WebAnswer, WebRequest, WebServices, page};
use crate::body::Body;
use crate::catalogue::Guid;
use crate::pack::xpress;
use crate::seam::Moment;

/// ASP.NET takes the body in hand before the web service has a say, and blames whoever extends it.
const TOO_LARGE: &str = "There was an exception running the extensions specified in the config file. ---> Maximum request \
                         length exceeded.";

/// What ends a request before the application sees it.
enum Refusal {
    /// A status without a message.
    Status(u16, &'static str),
    /// A fault in the framework's words.
    Fault(FrameworkFault),
}

impl WebServices {
    /// A call.
    pub(super) fn answer_post(&self, request: &WebRequest<'_>, endpoint: Endpoint) -> WebAnswer {
        let personality = self.personality(endpoint);
        let Some(version) = version(request, personality) else {
            return self.plain(415, "text/html; charset=utf-8", Vec::new());
        };
        let style = Style { personality, version, is_public: self.settings.personality == Personality::Wcf };
        let answer = match read(request, endpoint, style, &self.settings) {
            Ok((style, call)) => self.perform(request, endpoint, style, &call),
            Err(Refusal::Status(status, content_type)) => self.plain(status, content_type, Vec::new()),
            Err(Refusal::Fault(fault)) => self.plain(500, version.content_type(), style.framework_fault(&fault)),
        };
        // Seen of real servers there alone: whoever was told of a fault must dial anew.
        let closes = endpoint == Endpoint::Client && answer.status == 500;
        WebAnswer { closes, ..answer }
    }

    /// A look at the service with a browser.
    pub(super) fn answer_get(&self, request: &WebRequest<'_>, endpoint: Endpoint) -> WebAnswer {
        let (content_type, text) = page::of(request, endpoint, self.personality(endpoint), &self.settings);
        self.plain(200, content_type, text.into_bytes())
    }

    /// PUT, OPTIONS, HEAD and whatever else.
    pub(super) fn answer_other(&self) -> WebAnswer {
        self.plain(405, "text/html; charset=utf-8", page::METHOD_NOT_ALLOWED.as_bytes().to_vec())
    }

    fn perform(&self, request: &WebRequest<'_>, endpoint: Endpoint, style: Style, call: &Request) -> WebAnswer {
        if let Some(observer) = &self.observer {
            observer.begins(call, request.now);
        }
        // An operation asks several times and must see one state.
        let catalogue = self.catalogue.snapshot().unwrap_or_else(|| Arc::clone(&self.catalogue));
        let server = Server {
            settings: &self.settings,
            catalogue: &catalogue,
            state: &self.state,
            now: request.now,
            url: &request.url,
            service: endpoint.title(),
        };
        let honest = server.perform(call);
        let operation = call.operation();
        let act = self.seams.ask(moment(request, operation), |seam| {
            seam.before_encoding(&Exchange { request: call, outcome: &honest })
        });
        let outcome = match act {
            SoapAct::Proceed => honest,
            SoapAct::Answer(outcome) => *outcome,
        };
        if let (Some(observer), Ok(_)) = (&self.observer, &outcome) {
            observer.answered(call, request.now);
        }
        let answer = self.encode(request, style, &outcome);
        WebAnswer { operation: Some(operation.label().to_owned()), ..answer }
    }

    fn encode(&self, request: &WebRequest<'_>, style: Style, outcome: &Result<Response, SoapFault>) -> WebAnswer {
        let content_type = style.version.content_type();
        match outcome {
            Ok(response) => {
                let freshness = match style.personality {
                    Personality::Asmx => "private, max-age=0",
                    Personality::Wcf => "private",
                };
                let body = style.response(response);
                if wants_xpress(request) {
                    return self.compressed(freshness, content_type, body);
                }
                self.framed(200, freshness, content_type, body)
            }
            Err(fault) => {
                let method = request.header("SOAPAction").unwrap_or_default();
                let id = Guid::random(self.state.seal.random_bytes());
                let body = style.fault(fault, &Circumstances { actor: &request.url, method, id });
                self.plain(500, content_type, body)
            }
        }
    }

    fn plain(&self, status: u16, content_type: &'static str, body: impl Into<Body>) -> WebAnswer {
        self.framed(status, "private", content_type, body)
    }

    fn framed(&self, status: u16, freshness: &str, content_type: &str, body: impl Into<Body>) -> WebAnswer {
        let runtime = if self.settings.since_2012() { "4.0.30319" } else { "2.0.50727" };
        let headers = vec![
            ("Cache-Control", freshness.to_owned()),
            ("Content-Type", content_type.to_owned()),
            ("X-AspNet-Version", runtime.to_owned()),
            ("X-Powered-By", "ASP.NET".to_owned()),
        ];
        WebAnswer { status, headers, body: body.into(), operation: None, closes: false }
    }

    /// Faults are never compressed.
    fn compressed(&self, freshness: &str, content_type: &str, body: Body) -> WebAnswer {
        let mut answer = self.framed(200, freshness, content_type, xpress::of_body(body));
        answer.headers.insert(2, ("Content-Encoding", "xpress".to_owned()));
        answer
    }

    /// The services of Windows Update agents have been WCF on WSUS servers too, since 2012.
    fn personality(&self, endpoint: Endpoint) -> Personality {
        match endpoint {
            Endpoint::Client | Endpoint::SimpleAuth => Personality::Wcf,
            Endpoint::ServerSync | Endpoint::DssAuth | Endpoint::Reporting => self.settings.personality,
        }
    }
}

/// The bindings of WCF here know SOAP 1.1 and Unicode only.
fn version(request: &WebRequest<'_>, personality: Personality) -> Option<Version> {
    let content_type = request.header("Content-Type")?;
    let version = route::version(Some(content_type))?;
    let is_bound = match personality {
        Personality::Asmx => true,
        Personality::Wcf => version == Version::Soap11 && is_taken_by_wcf(content_type),
    };
    is_bound.then_some(version)
}

/// A downstream server adds the word to its `Accept-Encoding`; no other coding is offered.
fn wants_xpress(request: &WebRequest<'_>) -> bool {
    let codings = request.header("Accept-Encoding").unwrap_or_default();
    codings.split(',').any(|coding| coding.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("xpress"))
}

/// The host without its port.
fn moment<'a>(request: &'a WebRequest<'_>, operation: Operation) -> Moment<'a> {
    let host = request.header("Host").map(|host| match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    });
    let (connection, path) = (request.connection, Some(request.path));
    Moment { connection, host, operation: Some(operation.label()), path }
}

/// From bytes to a typed request and the style of its answer. The action is judged before the body is looked at.
fn read(
    request: &WebRequest<'_>,
    endpoint: Endpoint,
    style: Style,
    settings: &ServiceSettings,
) -> Result<(Style, Request), Refusal> {
    if request.body.is_none() && style.personality == Personality::Wcf {
        return Err(Refusal::Status(if settings.since_2012() { 413 } else { 400 }, "text/html; charset=utf-8"));
    }
    let action = Action::of(request, endpoint, style.version, settings);
    if let Some(fault) = unsupported(action, style) {
        return Err(Refusal::Fault(fault));
    }
    let body = request.body.ok_or_else(|| Refusal::Fault(FrameworkFault::Server(TOO_LARGE.to_owned())))?;
    let malformed = || Refusal::Status(400, "text/xml; charset=utf-8");
    let content_type = request.header("Content-Type").unwrap_or_default();
    let text = characters(body, content_type, style.personality).map_err(|_| malformed())?;
    let document = parse(&text).map_err(|_| malformed())?;
    let style = answered_in(style, action, &document);
    let wrapper = wrapper(&document, style)?;
    let operation = operation(action, endpoint, wrapper, settings)?;
    let reading = Reading { order: order(style.personality), namespace: operation.namespace() };
    let own = wrapper.filter(|wrapper| wrapper.name == operation.name() && wrapper.namespace == reading.namespace);
    if let (Personality::Wcf, Some(why)) = (style.personality, undeserializable(&document, wrapper, operation)) {
        return Err(Refusal::Fault(style.unreadable(&why)));
    }
    let call = Request::read(operation, reading, own).map_err(|unreadable| match unreadable {
        Unreadable::Malformed => malformed(),
        Unreadable::Scalar { at, why } => Refusal::Fault(style.bad_scalar(&text, at, &why)),
    })?;
    Ok((style, call))
}

/// Why WCF makes no arguments of a body: it insists on the wrapper of the action's operation and on the depth of its quota,
/// where ASP.NET takes what is not there as absent.
fn undeserializable(document: &Document<'_>, wrapper: Option<&Element<'_>>, operation: Operation) -> Option<String> {
    let (name, namespace) = (operation.name(), operation.namespace());
    let Some(found) = wrapper else {
        return Some(
            "The OperationFormatter could not deserialize any information from the Message because the Message is \
             empty (IsEmpty = true)."
                .to_owned(),
        );
    };
    let error = format!("Error in deserializing body of request message for operation '{name}'.");
    if found.name != name || found.namespace != namespace {
        return Some(format!(
            "{error} OperationFormatter encountered an invalid Message body. Expected to find node type 'Element' with \
             name '{name}' and namespace '{}'. Found node type 'Element' with name '{}' and namespace '{}'",
            namespace.uri(),
            found.name,
            found.namespace.uri()
        ));
    }
    document.is_too_deep.then(|| {
        format!(
            "{error} The maximum read depth (32) has been exceeded because XML data being read has more levels of \
             nesting than is allowed by the quota. This quota may be increased by changing the MaxDepth property on the \
             XmlDictionaryReaderQuotas object used when creating the XML reader."
        )
    })
}

/// A request without an action may be of either version of SOAP, and is answered in its own.
fn answered_in(style: Style, action: Action<'_>, document: &Document<'_>) -> Style {
    if action == Action::Missing && document.root.namespace == Namespace::Soap12 {
        return Style { version: Version::Soap12, ..style };
    }
    style
}

fn operation(
    action: Action<'_>,
    endpoint: Endpoint,
    wrapper: Option<&Element<'_>>,
    settings: &ServiceSettings,
) -> Result<Operation, Refusal> {
    if let Action::Known(operation) = action {
        return Ok(operation);
    }
    let is_this = |operation: &Operation| {
        wrapper.is_some_and(|wrapper| wrapper.name == operation.name() && wrapper.namespace == operation.namespace())
    };
    let mut offered = endpoint.offered(settings);
    offered.find(is_this).ok_or_else(|| Refusal::Fault(unrouted(wrapper)))
}

fn order(personality: Personality) -> Order {
    match personality {
        Personality::Asmx => Order::Free,
        Personality::Wcf => Order::Schema,
    }
}

/// Without an action ASP.NET goes by the body; WCF has no operation for an empty one.
fn unsupported(action: Action<'_>, style: Style) -> Option<FrameworkFault> {
    let action = match (action, style.personality) {
        (Action::Known(_), _) | (Action::Missing, Personality::Asmx) => return None,
        (Action::Missing, Personality::Wcf) => "",
        (Action::Unknown(action), _) => action,
    };
    Some(match style.personality {
        Personality::Asmx => {
            FrameworkFault::Client(format!("Server did not recognize the value of HTTP Header SOAPAction: {action}."))
        }
        Personality::Wcf => FrameworkFault::ActionNotSupported(format!(
            "The message with Action '{action}' cannot be processed at the receiver, due to a ContractFilter mismatch \
             at the EndpointDispatcher."
        )),
    })
}

fn unrouted(wrapper: Option<&Element<'_>>) -> FrameworkFault {
    let name = wrapper.map_or("", |wrapper| wrapper.name);
    FrameworkFault::Client(format!("Unable to handle request. The request element <{name}> was not recognized."))
}

/// The first element inside the body; every member is absent where there is none.
fn wrapper<'d, 'x>(document: &'d Document<'x>, style: Style) -> Result<Option<&'d Element<'x>>, Refusal> {
    let envelope = &document.root;
    let unreadable = |why: &str| Refusal::Fault(style.unreadable(&format!("Request format is invalid: {why}")));
    if envelope.name != "Envelope" {
        return Err(unreadable("Missing required soap:Envelope element."));
    }
    let expected = style.version.namespace();
    if envelope.namespace != expected {
        let (given, expected) = (&document.namespace, expected.uri());
        let reason =
            format!("Possible SOAP version mismatch: Envelope namespace {given} was unexpected. Expecting {expected}.");
        return Err(Refusal::Fault(FrameworkFault::VersionMismatch(reason)));
    }
    let mut inside = envelope.children.iter().filter(|child| child.namespace == expected);
    let body = inside.find(|child| child.name == "Body");
    let body = body.ok_or_else(|| unreadable("Missing required soap:Body element."))?;
    Ok(body.children.first())
}

impl Style {
    fn unreadable(self, why: &str) -> FrameworkFault {
        match self.personality {
            Personality::Asmx => FrameworkFault::Client(format!("Server was unable to read request. ---> {why}")),
            Personality::Wcf => FrameworkFault::DeserializationFailed(format!(
                "The formatter threw an exception while trying to deserialize the message: {why}"
            )),
        }
    }

    fn bad_scalar(self, text: &str, at: usize, why: &str) -> FrameworkFault {
        let before = text.get(..at).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        // The reader already stands behind the bracket of the next tag.
        let column = before.chars().rev().take_while(|character| *character != '\n').count() + 2;
        self.unreadable(&format!("There is an error in XML document ({line}, {column}). ---> {why}"))
    }
}
