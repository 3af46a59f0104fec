//! An explicit proxy's side of a conversation: CONNECT and absolute-form, as squid answers them; and TLS, where it inspects.

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, sink};
use tokio::net::TcpStream;

use crate::journal::Event;
use crate::layer::visit::Visit;
use crate::plan::AddressPlan;
use crate::seam::{Act, Moment, Occasion, Seams, Standing};
use crate::world::Proxy;
use body::{BodyEnd, Framing, pass_on, within};
use forward::{Forwarded, Forwarding};
use gate::Gate;
use head::{NoHead, Patience, RequestHead, may_be_request, read_head};
use inspect::{Caught, Inspection};
use page::Page;
use reach::Reach;
use target::{Asked, Authority};

mod body;
mod forward;
mod gate;
mod head;
mod inspect;
mod page;
mod reach;
mod target;
mod tunnel;

/// Squid's default between requests is two minutes.
const REQUEST: Patience = Patience { to_begin: Duration::from_secs(120), to_end: Duration::from_secs(30) };
/// For sending an answer to a client that does not read.
const SEND: Duration = Duration::from_secs(30);
/// For the rest of what a client sends although it has had its answer: closing at once would destroy the answer by RST.
const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: u64 = 1024 * 1024;

pub(crate) use inspect::Plan as InspectionPlan;

/// Where faults of a proxy act.
pub(crate) trait ProxySeam: Send + Sync {
    /// A request was read and nothing has been answered. `when.host` is the host it asks for.
    fn before_answer(&self) -> ProxyAct {
        ProxyAct::Proceed
    }

    /// A request that the proxy can read is about to be sent on; `has` tells whether it has a field of that name.
    fn on_forward(&self, has: &dyn Fn(&str) -> bool) -> ForwardAct {
        let _ = has;
        ForwardAct::Proceed
    }

    /// What it takes for itself; `None` where it does not act always.
    fn standing(&self) -> Option<Standing> {
        None
    }
}

/// What a fault makes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProxyAct {
    /// An honest answer.
    Proceed,
    /// The connection is closed without one.
    Close,
}

/// What a fault makes of a request that is sent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ForwardAct {
    /// It goes as it came.
    Proceed,
    /// It goes without the fields of this name.
    Without(&'static str),
}

impl Act for ForwardAct {
    fn proceed() -> Self {
        ForwardAct::Proceed
    }

    fn proceeds(&self) -> bool {
        *self == ForwardAct::Proceed
    }
}

impl Act for ProxyAct {
    fn proceed() -> Self {
        ProxyAct::Proceed
    }

    fn proceeds(&self) -> bool {
        *self == ProxyAct::Proceed
    }
}

/// A proxy: its settings and its faults.
#[derive(Debug)]
pub(crate) struct ExplicitProxy {
    name: String,
    gate: Gate,
    reach: Reach,
    inspection: Option<Inspection>,
    seams: Arc<Seams<dyn ProxySeam>>,
}

/// How far a conversation in HTTP went.
pub(crate) enum Served<'a, S> {
    /// To its end; in words, how that came.
    ToItsEnd(String),
    /// To a tunnel that the proxy does not carry unread.
    Inspected(Caught<'a, S>),
}

impl ExplicitProxy {
    /// A proxy with these settings in the world of this plan.
    pub(crate) fn new(settings: &Proxy, plan: Arc<AddressPlan>, seams: Seams<dyn ProxySeam>) -> ExplicitProxy {
        ExplicitProxy {
            name: settings.name.clone(),
            gate: Gate::new(settings.auth.as_ref(), &settings.name),
            reach: Reach::new(settings, plan),
            inspection: None,
            seams: Arc::new(seams),
        }
    }

    /// The same proxy, which inspects TLS.
    pub(crate) fn inspecting(self, inspection: Inspection) -> ExplicitProxy {
        ExplicitProxy { inspection: Some(inspection), ..self }
    }

    /// Holds the conversation on a connection, as far as it is in clear.
    pub(crate) async fn serve<S>(&self, stream: S, visit: &Visit) -> Served<'_, S>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut exchange = Exchange { proxy: self, stream, buffer: BytesMut::new(), visit };
        loop {
            match exchange.next().await {
                Next::Request => {}
                Next::Close(why) => {
                    exchange.close().await;
                    return Served::ToItsEnd(why);
                }
                Next::Inspect { target, opened } => {
                    let Exchange { stream, buffer, .. } = exchange;
                    return Served::Inspected(Caught { proxy: self, stream, early: buffer, target, opened });
                }
            }
        }
    }
}

/// What comes after an answer.
enum Next {
    /// Another request on the same connection.
    Request,
    /// The end, and why.
    Close(String),
    /// A tunnel was granted, and what comes on it is for the proxy itself.
    Inspect { target: Authority, opened: TcpStream },
}

/// A connection of a client.
struct Exchange<'a, S> {
    proxy: &'a ExplicitProxy,
    stream: S,
    /// What was read and not yet used.
    buffer: BytesMut,
    visit: &'a Visit,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Exchange<'_, S> {
    async fn next(&mut self) -> Next {
        let (request, framing) = match self.request().await {
            Ok(request) => request,
            Err(none) => return self.without_request(none).await,
        };
        let asked = Asked::of(&request.method, &request.target);
        self.write_request(&request, &asked);
        let connection = self.visit.connection;
        let moment = Moment { connection, host: asked.target().map(|target| &*target.host), ..Moment::default() };
        let occasion = self.proxy.seams.occasion(moment);
        match occasion.ask(|fault| fault.before_answer()) {
            ProxyAct::Proceed => {}
            ProxyAct::Close => return Next::Close("the proxy closed without an answer".to_owned()),
        }
        self.answer(&request, framing, asked, &occasion).await
    }

    /// The head of the next request, and how the end of its body is known.
    async fn request(&mut self) -> Result<(RequestHead, Framing), NoHead> {
        let head = read_head(&mut self.stream, &mut self.buffer, may_be_request, REQUEST).await?;
        let request = RequestHead::parse(&head).ok_or(NoHead::NotHttp)?;
        let framing = Framing::of_request(&request).ok_or(NoHead::NotHttp)?;
        Ok((request, framing))
    }

    async fn answer(
        &mut self,
        request: &RequestHead,
        framing: Framing,
        asked: Asked,
        occasion: &Occasion<dyn ProxySeam>,
    ) -> Next {
        if let (false, Some(challenge)) = (self.proxy.gate.admits(&request.fields), self.proxy.gate.challenge()) {
            return self.send(&Page::authentication_required(challenge), request, framing).await;
        }
        match asked {
            Asked::Tunnel(target) => self.tunnel(request, framing, &target).await,
            Asked::Forward { origin, path } => {
                let act = occasion.ask(|fault| fault.on_forward(&|name| request.fields.has(name)));
                self.forward(Forwarding {
                    request,
                    origin: &origin,
                    path: &path,
                    default_port: 80,
                    framing,
                    proxy: &self.proxy.name,
                    act,
                })
                .await
            }
            Asked::OtherScheme => self.send(&Page::other_scheme(), request, framing).await,
            Asked::Origin => self.send(&Page::origin_form(), request, framing).await,
            Asked::Malformed => self.send(&Page::malformed_target(), request, framing).await,
        }
    }

    async fn tunnel(&mut self, request: &RequestHead, framing: Framing, target: &Authority) -> Next {
        let mut opened = match self.proxy.reach.open(target).await {
            Ok(opened) => opened,
            Err(no_way) => return self.send(&Page::no_way(&no_way, &target.host), request, framing).await,
        };
        self.visit.write(Event::Forwarded { target: target.to_string() });
        self.visit.write(Event::Response { status: 200 });
        let established = b"HTTP/1.1 200 Connection established\r\n\r\n";
        let sent = within(SEND, self.stream.write_all(established)).await;
        if self.proxy.inspection.as_ref().is_some_and(|inspection| inspection.concerns(&target.host)) {
            return match sent {
                Ok(()) => Next::Inspect { target: target.clone(), opened },
                Err(error) => Next::Close(format!("the tunnel failed as it was opened: {}", error.kind())),
            };
        }
        // Some clients send their ClientHello without waiting for the answer.
        let passed = within(SEND, opened.write_all(&self.buffer.split())).await;
        match sent.and(passed) {
            Ok(()) => Next::Close(tunnel::carry(&mut self.stream, &mut opened).await),
            Err(error) => Next::Close(format!("the tunnel failed as it was opened: {}", error.kind())),
        }
    }

    async fn forward(&mut self, forwarding: Forwarding<'_>) -> Next {
        let Forwarding { request, origin, framing, .. } = forwarding;
        let opened = match self.proxy.reach.open(origin).await {
            Ok(opened) => opened,
            Err(no_way) => return self.send(&Page::no_way(&no_way, &origin.host), request, framing).await,
        };
        self.pass(&forwarding, opened).await
    }

    /// Sends a request on by a connection that is open, and the answer back.
    async fn pass(&mut self, forwarding: &Forwarding<'_>, opened: impl AsyncRead + AsyncWrite + Unpin) -> Next {
        self.visit.write(Event::Forwarded { target: forwarding.origin.to_string() });
        match forwarding.run(&mut self.stream, &mut self.buffer, opened).await {
            Forwarded::Answered { status, close } => {
                self.visit.write(Event::Response { status });
                close.map_or(Next::Request, |why| Next::Close(why.to_owned()))
            }
            Forwarded::Failed { page, body_read } => {
                let unread = if body_read { Framing::Empty } else { Framing::UntilClose };
                self.send(&page, forwarding.request, unread).await
            }
            Forwarded::ClientGone => Next::Close("the client's connection failed".to_owned()),
        }
    }

    /// What a client gets that sent no request.
    async fn without_request(&mut self, none: NoHead) -> Next {
        let page = match none {
            NoHead::Closed => return Next::Close("the client closed".to_owned()),
            NoHead::Cut => return Next::Close("the client closed in the middle of a request".to_owned()),
            NoHead::Silent => return Next::Close("the client was silent for too long".to_owned()),
            NoHead::Failed(kind) => return Next::Close(format!("the client's connection failed: {kind}")),
            NoHead::NotHttp => Page::not_http(),
            NoHead::TooLarge => Page::head_too_large(),
            NoHead::TooSlow => Page::too_slow(),
        };
        self.visit.write(Event::Response { status: page.status });
        let bytes = page.bytes(&self.proxy.name, "", false, false);
        // Whether it arrives is the client's affair: the connection ends in any case.
        let _ = within(SEND, self.stream.write_all(&bytes)).await;
        Next::Close(format!("what the client sent is no request: {none:?}"))
    }

    /// Sends a page of the proxy, and reads over what is unread of the body of the request that it answers.
    async fn send(&mut self, page: &Page, request: &RequestHead, unread: Framing) -> Next {
        let readable = match unread {
            Framing::Empty => true,
            // Who waits for "100 Continue" may take this answer for a reason not to send the body at all.
            Framing::Length(length) => length <= LINGER_BYTES && !request.expects_continue(),
            Framing::Chunked | Framing::UntilClose => false,
        };
        let keep = readable && request.keeps_alive();
        self.visit.write(Event::Response { status: page.status });
        let bytes = page.bytes(&self.proxy.name, &request.target, keep, request.method == "HEAD");
        if let Err(error) = within(SEND, self.stream.write_all(&bytes)).await {
            return Next::Close(format!("the answer could not be sent: {}", error.kind()));
        }
        if !keep {
            return Next::Close(format!("the proxy closed after its answer {}", page.status));
        }
        match pass_on(&mut self.stream, &mut self.buffer, &mut sink(), unread, SEND).await {
            BodyEnd::Complete => Next::Request,
            _ => Next::Close("the rest of the request did not arrive".to_owned()),
        }
    }

    /// Closes in an order that lets the client read what was sent.
    async fn close(mut self) {
        // A client that is gone already needs no goodbye.
        let _ = within(LINGER, self.stream.shutdown()).await;
        let mut rest = self.stream.take(LINGER_BYTES);
        let _ = within(LINGER, tokio::io::copy(&mut rest, &mut sink())).await;
    }

    fn write_request(&self, request: &RequestHead, asked: &Asked) {
        let (host, target) = match asked {
            Asked::Tunnel(target) => (target.to_string(), target.to_string()),
            Asked::Forward { origin, path } => (origin.to_string(), path.clone()),
            Asked::Origin => (String::new(), request.target.clone()),
            // Not as it stands: it may hold a password.
            Asked::OtherScheme | Asked::Malformed => (String::new(), "(no target of a proxy)".to_owned()),
        };
        self.visit.write(Event::Request { method: request.method.clone(), host, target, operation: None });
    }
}

#[cfg(test)]
mod tests;
