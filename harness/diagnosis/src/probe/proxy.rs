//! What a proxy is asked for: a tunnel, with or without credentials.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::http::{Answer, Connection, Request};
use crate::evidence::{Ended, Head, TunnelSeen};
use crate::secret::Password;

/// The most of a refusal's body that is read.
const MOST: usize = 64 * 1024;

/// Shorter passwords are words that any page may contain; see [`Credentials::redact`].
const WORTH_HIDING: usize = 4;

/// User and password in the one form in which they go over the wire (RFC 7617). Has no `Debug`.
#[derive(Clone)]
pub(crate) struct Credentials {
    token: String,
    password: Password,
}

impl Credentials {
    /// `DOMAIN\user` where a domain is known.
    pub(crate) fn new(domain: Option<&str>, user: &str, password: &Password) -> Credentials {
        let user = match domain {
            Some(domain) if !domain.is_empty() => format!("{domain}\\{user}"),
            _ => user.to_owned(),
        };
        let token = STANDARD.encode(format!("{user}:{}", password.reveal()));
        Credentials { token, password: password.clone() }
    }

    /// Adds them to a request.
    pub(crate) fn sign(&self, request: Request) -> Request {
        request.with("Proxy-Authorization", format!("Basic {}", self.token))
    }

    /// Takes them out of what a peer said: some error pages repeat the request.
    pub(crate) fn redact(&self, answer: &mut Answer) {
        if let Some(head) = &mut answer.head {
            head.reason = self.without(&head.reason);
            for (_, value) in &mut head.headers {
                *value = self.without(value);
            }
        }
        if let Ended::NotTheProtocol(text) = &mut answer.ended {
            *text = self.without(text);
        }
        if let Ok(text) = std::str::from_utf8(&answer.body)
            && let hidden = self.without(text)
            && hidden != text
        {
            answer.body = hidden.into_bytes();
        }
    }

    fn without(&self, text: &str) -> String {
        let text = text.replace(&self.token, "(redacted)");
        let password = self.password.reveal();
        if password.len() < WORTH_HIDING { text } else { text.replace(password, "(redacted)") }
    }
}

/// Asks for a tunnel to `target`. The connection can be used for it, or for another request, as the answer allows.
pub(crate) fn tunnel(
    connection: &mut Connection,
    target: &str,
    credentials: Option<&Credentials>,
    limit: Duration,
) -> TunnelSeen {
    let request = Request::connect(target).with("Proxy-Connection", "Keep-Alive");
    let request = match credentials {
        Some(credentials) => credentials.sign(request),
        None => request,
    };
    let mut answer = connection.exchange(&request, limit, MOST);
    if let Some(credentials) = credentials {
        credentials.redact(&mut answer);
    }
    let body = answer.shown_body();
    TunnelSeen {
        target: target.to_owned(),
        authenticated: credentials.is_some(),
        answer: answer.head,
        body,
        ended: answer.ended,
    }
}

/// Whether the proxy offers Basic among its schemes.
pub(crate) fn offers_basic(head: &Head) -> bool {
    head.proxy_schemes().iter().any(|scheme| scheme.eq_ignore_ascii_case("Basic"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use std::net::TcpStream;
    use std::time::Instant;

    use super::*;
    use crate::network::stream::Stream;
    use crate::network::watched::Watched;
    use crate::scripted_peer::{self, Act};

    #[test]
    fn a_tunnel_is_open_as_soon_as_the_head_says_so() {
        let seen = ask(vec![
            Act::ReadRequest,
            Act::Send(b"HTTP/1.1 200 Connection established\r\n\r\n".to_vec()),
            Act::Silence,
        ]);
        assert_eq!((seen.answer.unwrap().status, seen.ended, seen.authenticated), (200, Ended::Complete, false));
    }

    #[test]
    fn a_refusal_is_kept_with_its_page() {
        for status in ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway"] {
            let seen =
                ask(vec![Act::ReadRequest, Act::Send(scripted_peer::answer(status, "text/html", "<h1>no</h1>"))]);
            let head = seen.answer.unwrap();
            assert_eq!(format!("{} {}", head.status, head.reason), status);
            assert_eq!(seen.body, "<h1>no</h1>");
        }
    }

    #[test]
    fn a_proxy_that_says_nothing_is_told_from_one_that_leaves() {
        let mut silent = open(scripted_peer::listener(vec![Act::ReadRequest, Act::Silence]));
        assert_eq!(tunnel(&mut silent, "up:443", None, Duration::from_millis(200)).ended, Ended::TimedOut);
        assert_eq!(ask(vec![Act::ReadRequest]).ended, Ended::Closed);
        assert_eq!(ask(vec![Act::Read, Act::Reset]).ended, Ended::Reset);
    }

    #[test]
    fn credentials_go_over_the_wire_once_and_into_no_evidence() {
        let address = scripted_peer::each(|mut stream, _| {
            let request = scripted_peer::read_request(&mut stream).unwrap();
            let page = format!("{request} secret-word");
            let _ = std::io::Write::write_all(&mut stream, &scripted_peer::answer("407 x", "text/html", &page));
        });
        let credentials = Credentials::new(Some("CONTOSO"), "wsus", &Password::new("secret-word\n"));
        let mut connection = open(address);
        let seen = tunnel(&mut connection, "up:443", Some(&credentials), Duration::from_secs(10));
        assert!(seen.authenticated);
        assert!(seen.body.contains("Proxy-Authorization: Basic (redacted)"), "{}", seen.body);
        assert!(!seen.body.contains("secret-word"));
        assert_eq!(STANDARD.decode(&credentials.token).unwrap(), b"CONTOSO\\wsus:secret-word");
    }

    fn ask(acts: Vec<Act>) -> TunnelSeen {
        tunnel(&mut open(scripted_peer::listener(acts)), "up:443", None, Duration::from_secs(10))
    }

    fn open(address: std::net::SocketAddr) -> Connection {
        let stream = TcpStream::connect(address).unwrap();
        Connection::new(Stream::Plain(Watched::new(stream, Instant::now())))
    }
}
