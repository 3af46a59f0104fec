//! A request in absolute-form, sent on to its origin, and the answer sent back.
//!
//! Each request takes a connection of its own to the origin; the client's connection is kept.

use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, split};

use super::ForwardAct;
use super::body::{BodyEnd, Framing, pass_on, within};
use super::head::{Fields, NoHead, Patience, RequestHead, ResponseHead, Version, may_be_response, read_head};
use super::page::{Page, via};
use super::target::Authority;

/// Somewhat more than the 100 s that Windows itself waits for an answer, so that the proxy is never the first to give up;
/// less than the two minutes after which an idle connection is closed, so that the client is told.
const ANSWER: Patience = Patience { to_begin: Duration::from_secs(110), to_end: Duration::from_secs(30) };
const IDLE: Duration = Duration::from_secs(120);

/// A request on its way.
#[derive(Debug)]
pub(super) struct Forwarding<'a> {
    pub(super) request: &'a RequestHead,
    pub(super) origin: &'a Authority,
    pub(super) path: &'a str,
    /// The port that the origin's scheme implies, and that Host therefore does not name.
    pub(super) default_port: u16,
    pub(super) framing: Framing,
    /// The proxy's name, for Via.
    pub(super) proxy: &'a str,
    /// What a fault makes of its head.
    pub(super) act: ForwardAct,
}

/// What became of it.
#[derive(Debug)]
pub(super) enum Forwarded {
    /// An answer with this status went back; and why the client's connection cannot be kept, if so.
    Answered { status: u16, close: Option<&'static str> },
    /// No answer came; the client gets this page instead. Whether its whole body was read.
    Failed { page: Page, body_read: bool },
    /// The client's connection failed.
    ClientGone,
}

impl Forwarding<'_> {
    /// Sends the request and the answer. `early` is what the client has sent behind its head.
    pub(super) async fn run(
        &self,
        client: &mut (impl AsyncRead + AsyncWrite + Unpin),
        early: &mut BytesMut,
        origin: impl AsyncRead + AsyncWrite + Unpin,
    ) -> Forwarded {
        let (mut client_reader, mut client_writer) = split(client);
        let (mut origin_reader, mut origin_writer) = split(origin);
        let upload = async {
            if within(IDLE, origin_writer.write_all(&self.head())).await.is_err() {
                return BodyEnd::Unwritten;
            }
            pass_on(&mut client_reader, early, &mut origin_writer, self.framing, IDLE).await
        };
        let download = self.answer(&mut origin_reader, &mut client_writer);
        let (mut upload, mut download) = (std::pin::pin!(upload), std::pin::pin!(download));
        let mut uploaded = None;
        let answered = loop {
            // An origin may answer before it has read everything, and must then be heard.
            tokio::select! {
                end = &mut upload, if uploaded.is_none() => match end {
                    BodyEnd::Cut | BodyEnd::Malformed | BodyEnd::Unread => return Forwarded::ClientGone,
                    end => uploaded = Some(end),
                },
                answered = &mut download => break answered,
            }
        };
        let body_read = matches!(uploaded, Some(BodyEnd::Complete));
        match answered {
            Forwarded::Answered { status, close: None } if !body_read => {
                Forwarded::Answered { status, close: Some("the origin answered before it had read the request") }
            }
            Forwarded::Failed { page, .. } => Forwarded::Failed { page, body_read },
            answered => answered,
        }
    }

    /// The head for the origin: origin-form, Host as the target says, and nothing that was meant for the proxy.
    fn head(&self) -> Vec<u8> {
        let RequestHead { method, version, .. } = self.request;
        // An HTTP/1.0 client could not read chunks, so that the origin must not believe it is talking to HTTP/1.1.
        let mut head = format!("{method} {} {}\r\n", self.path, version.text()).into_bytes();
        let mut fields = end_to_end(&self.request.fields);
        fields.retain(|name| !name.eq_ignore_ascii_case("Host"));
        if let ForwardAct::Without(lost) = self.act {
            fields.retain(|name| !name.eq_ignore_ascii_case(lost));
        }
        let mut host = self.origin.to_string();
        if self.origin.port == self.default_port {
            host.truncate(host.rfind(':').unwrap_or(host.len()));
        }
        fields.push_first("Host", host);
        fields.push("Via", via(self.proxy));
        fields.push("Connection", "close");
        fields.write_to(&mut head);
        head
    }

    /// Reads answers until the final one and passes them on.
    async fn answer(&self, origin: &mut (impl AsyncRead + Unpin), client: &mut (impl AsyncWrite + Unpin)) -> Forwarded {
        let mut buffer = BytesMut::new();
        loop {
            let head = match read_head(origin, &mut buffer, may_be_response, ANSWER).await {
                Ok(head) => head,
                Err(none) => return Forwarded::Failed { page: page_for(none), body_read: false },
            };
            let Some(head) = ResponseHead::parse(&head) else {
                return Forwarded::Failed { page: Page::not_an_answer(), body_read: false };
            };
            let interim = (100..200).contains(&head.status);
            if interim && self.request.version == Version::Http10 {
                continue;
            }
            let framing = Framing::of_response(&head, &self.request.method);
            let keep = framing != Framing::UntilClose && self.request.keeps_alive();
            if within(IDLE, client.write_all(&self.head_for_client(&head, interim, keep))).await.is_err() {
                return Forwarded::ClientGone;
            }
            if !interim {
                let end = pass_on(origin, &mut buffer, client, framing, IDLE).await;
                return answered(head.status, end, keep);
            }
        }
    }

    fn head_for_client(&self, head: &ResponseHead, interim: bool, keep: bool) -> Vec<u8> {
        let mut bytes = format!("HTTP/1.1 {} {}\r\n", head.status, head.reason).into_bytes();
        let mut fields = end_to_end(&head.fields);
        fields.push("Via", via(self.proxy));
        if !interim {
            fields.push("Connection", if keep { "keep-alive" } else { "close" });
        }
        fields.write_to(&mut bytes);
        bytes
    }
}

fn answered(status: u16, end: BodyEnd, keep: bool) -> Forwarded {
    let close = match end {
        BodyEnd::Complete if keep => None,
        BodyEnd::Complete => Some("the answer was sent, and the connection is not to be kept"),
        BodyEnd::Cut => Some("the origin closed in the middle of its answer"),
        BodyEnd::Malformed => Some("the origin's chunks are malformed"),
        BodyEnd::Unread => Some("the origin's connection failed in the middle of its answer"),
        BodyEnd::Unwritten => return Forwarded::ClientGone,
    };
    Forwarded::Answered { status, close }
}

fn page_for(none: NoHead) -> Page {
    match none {
        NoHead::Closed | NoHead::Cut => Page::no_answer(),
        NoHead::NotHttp | NoHead::TooLarge => Page::not_an_answer(),
        NoHead::Silent | NoHead::TooSlow => Page::answer_too_late(),
        NoHead::Failed(kind) => Page::answer_unread(kind),
    }
}

/// The fields that are for the other end, without those of this connection (RFC 9110, 7.6.1).
///
/// Transfer-Encoding and Trailer stay, because bodies are passed on as they are framed.
fn end_to_end(fields: &Fields) -> Fields {
    const OF_THE_CONNECTION: [&str; 8] = [
        "Connection",
        "Keep-Alive",
        "Proxy-Connection",
        "Proxy-Authenticate",
        "Proxy-Authentication-Info",
        "Proxy-Authorization",
        "TE",
        "Upgrade",
    ];
    let named: Vec<_> = fields.tokens("Connection").collect();
    let mut kept = fields.clone();
    kept.retain(|name| {
        let framing = ["Transfer-Encoding", "Trailer", "Content-Length", "Host"];
        let is_one_of = |list: &[&str]| list.iter().any(|one| one.eq_ignore_ascii_case(name));
        let named = named.iter().any(|one| one.eq_ignore_ascii_case(name)) && !is_one_of(&framing);
        !named && !is_one_of(&OF_THE_CONNECTION)
    });
    kept
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

    use super::super::target::Asked;
    use super::*;

    fn head_for_origin(request: &str) -> String {
        let request = RequestHead::parse(request.as_bytes()).unwrap();
        let Asked::Forward { origin, path } = Asked::of(&request.method, &request.target) else { panic!("no origin") };
        let (framing, act) = (Framing::Empty, ForwardAct::Proceed);
        let forwarding = Forwarding {
            request: &request,
            origin: &origin,
            path: &path,
            default_port: 80,
            framing,
            proxy: "proxy",
            act,
        };
        String::from_utf8(forwarding.head()).unwrap()
    }

    #[test]
    fn the_origin_gets_what_was_meant_for_it() {
        let request = "POST http://wsus01:8530/a?b HTTP/1.1\r\nHost: other\r\nSOAPAction: \"x\"\r\nProxy-Authorization: Basic eA==\r\n\
                       Proxy-Connection: Keep-Alive\r\nConnection: X-Hop, Content-Length\r\nX-Hop: 1\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(
            head_for_origin(request),
            "POST /a?b HTTP/1.1\r\nHost: wsus01:8530\r\nSOAPAction: \"x\"\r\nContent-Length: 0\r\n\
             Via: 1.1 proxy (squid/5.7 wsuslab)\r\nConnection: close\r\n\r\n",
        );
    }

    #[test]
    fn port_80_is_not_named_and_http_1_0_stays() {
        assert_eq!(
            head_for_origin("GET http://a/ HTTP/1.0\r\n\r\n"),
            "GET / HTTP/1.0\r\nHost: a\r\nVia: 1.1 proxy (squid/5.7 wsuslab)\r\nConnection: close\r\n\r\n",
        );
    }
}
