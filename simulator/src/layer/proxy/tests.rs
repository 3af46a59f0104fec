//! The proxy on real sockets, against a client and an origin that are nothing but bytes.

#![allow(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use socket2::{Domain, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::*;
use crate::journal::Journal;
use crate::layer::tcp::TcpSeam;
use crate::layer::visit::At;
use crate::world::{BasicAuth, ProxyAuth};

const SECOND: Duration = Duration::from_secs(1);

/// A proxy that runs, in a world in which `wsus01:8530` is an origin that answers `origin_answer` to anything.
struct Lab {
    proxy: TcpStream,
    journal: Journal,
    /// Bound and not listening, so that the kernel refuses in its name.
    _refusing: Socket,
}

impl Lab {
    async fn with(settings: Proxy, origin_answer: &'static [u8]) -> Lab {
        let refusing = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        refusing.bind(&"127.0.0.1:0".parse::<SocketAddr>().unwrap().into()).unwrap();
        let closed = refusing.local_addr().unwrap().as_socket().unwrap();
        let plan = AddressPlan {
            tcp: [("10.87.0.10:8530".parse().unwrap(), origin(origin_answer).await)].into(),
            closed: [("10.87.0.10".parse().unwrap(), closed)].into(),
            names: [("wsus01".to_owned(), "10.87.0.10".parse().unwrap())].into(),
            ..AddressPlan::default()
        };
        let journal = Journal::new();
        let mut seams: Seams<dyn ProxySeam> = Seams::new(journal.clone(), "proxy", "proxy");
        for fault in settings.faults.iter().filter_map(|fault| fault.proxy.as_ref()) {
            let (name, act) = fault.at_seam();
            seams.place(name, None, act);
        }
        let proxy = ExplicitProxy::new(&settings, Arc::new(plan), seams);
        let at = At { node: "proxy".into(), listener: "proxy".into(), journal: journal.clone() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (stream, peer) = listener.accept().await.unwrap();
            let no_faults: Seams<dyn TcpSeam> = Seams::new(at.journal.clone(), "proxy", "proxy");
            let visit = Visit::new(&at, 1, peer, Arc::new(no_faults).unfolding(1));
            if let Served::ToItsEnd(ended) = proxy.serve(stream, &visit).await {
                visit.write(Event::Ended(ended));
            }
        });
        Lab { proxy: TcpStream::connect(address).await.unwrap(), journal, _refusing: refusing }
    }

    async fn healthy() -> Lab {
        Lab::with(Proxy::default(), b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-hop: 1\r\nConnection: x-HOP\r\n\r\nok")
            .await
    }

    async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.proxy.write_all(bytes.as_ref()).await.unwrap();
    }

    /// One answer with its body, as its Content-Length says.
    async fn answer(&mut self) -> String {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            bytes.push(timeout(SECOND * 5, self.proxy.read_u8()).await.unwrap().unwrap());
        }
        let head = String::from_utf8(bytes).unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        timeout(SECOND * 5, self.proxy.read_exact(&mut body)).await.unwrap().unwrap();
        head + &String::from_utf8(body).unwrap()
    }

    /// All that still comes until the proxy closes.
    async fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        timeout(SECOND * 5, self.proxy.read_to_end(&mut bytes)).await.unwrap().unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn events(&self) -> Vec<String> {
        self.journal.entries().iter().map(|entry| format!("{:?}", entry.event)).collect()
    }
}

/// An origin that reads a head, answers and closes; the request's head comes back in front of the answer's body for a look.
async fn origin(answer: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer).await;
            });
        }
    });
    address
}

fn with_auth() -> Proxy {
    let account = BasicAuth { user: "wsus".to_owned(), password: "right".to_owned() };
    Proxy { auth: Some(ProxyAuth::Basic(account)), ..Proxy::default() }
}

fn connect(target: &str) -> String {
    format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n")
}

fn connect_as(account: &str) -> String {
    let credentials = STANDARD.encode(account);
    format!("CONNECT wsus01:8530 HTTP/1.1\r\nProxy-Authorization: Basic {credentials}\r\n\r\n")
}

#[tokio::test]
async fn connect_opens_a_tunnel_that_carries_bytes_as_they_are() {
    let mut lab = Lab::with(Proxy::default(), b"\x16\x03 not HTTP").await;
    lab.send(connect("WSUS01:8530")).await;
    assert_eq!(lab.answer().await, "HTTP/1.1 200 Connection established\r\n\r\n");
    lab.send(b"\x16\x03\x01").await;
    assert_eq!(lab.rest().await, "\x16\x03 not HTTP");
    let events = lab.events();
    assert_eq!(
        events[..3],
        [
            "Request { method: \"CONNECT\", host: \"wsus01:8530\", target: \"wsus01:8530\", operation: None }",
            "Forwarded { target: \"wsus01:8530\" }",
            "Response { status: 200 }",
        ],
    );
}

#[tokio::test]
async fn bytes_sent_before_the_tunnel_stands_are_not_lost() {
    let mut lab = Lab::healthy().await;
    lab.send(connect("10.87.0.10:8530") + "GET / HTTP/1.1\r\n\r\n").await;
    assert_eq!(lab.answer().await, "HTTP/1.1 200 Connection established\r\n\r\n");
    assert!(lab.rest().await.starts_with("HTTP/1.1 200 OK\r\n"));
}

#[tokio::test]
async fn absolute_form_is_forwarded_again_and_again_on_one_connection() {
    let mut lab = Lab::healthy().await;
    for _ in 0..3 {
        lab.send("POST http://wsus01:8530/x HTTP/1.1\r\nHost: wsus01:8530\r\nContent-Length: 4\r\n\r\nbody").await;
        assert_eq!(
            lab.answer().await,
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nVia: 1.1 proxy.corp.example (squid/5.7 wsuslab)\r\n\
             Connection: keep-alive\r\n\r\nok",
        );
    }
}

#[tokio::test]
async fn an_origin_may_ask_for_the_body_first() {
    let answers = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    let mut lab = Lab::with(Proxy::default(), answers).await;
    let request = "POST http://wsus01:8530/ HTTP/1.1\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n";
    lab.send(request).await;
    assert!(lab.answer().await.starts_with("HTTP/1.1 100 Continue\r\n"));
    lab.send("4\r\nbody\r\n0\r\n\r\n").await;
    assert!(lab.answer().await.starts_with("HTTP/1.1 200 OK\r\n"));
}

#[tokio::test]
async fn an_answer_that_ends_with_its_connection_ends_the_clients_too() {
    let mut lab = Lab::with(Proxy::default(), b"HTTP/1.0 200 OK\r\n\r\nall of it").await;
    lab.send("GET http://wsus01:8530/ HTTP/1.1\r\n\r\n").await;
    let answer = lab.rest().await;
    assert!(answer.contains("\r\nConnection: close\r\n") && answer.ends_with("\r\n\r\nall of it"), "{answer}");
}

#[tokio::test]
async fn a_request_without_credentials_is_asked_for_them_and_may_try_again() {
    let mut lab = Lab::with(with_auth(), b"hello").await;
    lab.send(connect("wsus01:8530")).await;
    let answer = lab.answer().await;
    assert!(answer.starts_with("HTTP/1.1 407 Proxy Authentication Required\r\n"), "{answer}");
    assert!(answer.contains("\r\nProxy-Authenticate: Basic realm=\"proxy.corp.example\"\r\n"), "{answer}");
    assert!(answer.contains("\r\nX-Squid-Error: ERR_CACHE_ACCESS_DENIED 0\r\n"), "{answer}");
    assert!(answer.contains("\r\nConnection: keep-alive\r\n"), "{answer}");

    lab.send(connect_as("wsus:wrong")).await;
    assert!(lab.answer().await.starts_with("HTTP/1.1 407 "));
    lab.send(connect_as("CORP\\wsus:right")).await;
    assert!(lab.answer().await.starts_with("HTTP/1.1 200 "));
    lab.send("x").await;
    assert_eq!(lab.rest().await, "hello");

    let events = lab.events().join("\n");
    let secrets = ["right", "wrong", &STANDARD.encode("CORP\\wsus:right")];
    assert!(!secrets.iter().any(|secret| events.contains(secret)), "{events}");
}

#[tokio::test]
async fn a_refused_request_is_read_to_its_end() {
    let mut lab = Lab::with(with_auth(), b"").await;
    for _ in 0..2 {
        lab.send("POST http://wsus01:8530/x HTTP/1.1\r\nContent-Length: 5\r\n\r\nGET /").await;
        assert!(lab.answer().await.starts_with("HTTP/1.1 407 "));
    }
    lab.send("POST http://wsus01:8530/x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n").await;
    assert!(lab.rest().await.contains("\r\nConnection: close\r\n"));
}

/// Asks by CONNECT and by GET, and compares status and X-Squid-Error.
async fn check_refusal(settings: &Proxy, target: &str, status: &str, error: &str) -> String {
    let mut answer = String::new();
    for request in [connect(target), format!("GET http://{target}/ HTTP/1.1\r\n\r\n")] {
        let mut lab = Lab::with(settings.clone(), b"").await;
        lab.send(request).await;
        answer = lab.answer().await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{answer}");
        assert!(answer.contains(&format!("\r\nX-Squid-Error: {error}\r\n")), "{answer}");
        assert!(answer.contains("\r\nServer: squid/5.7 (wsuslab)\r\n"), "{answer}");
        assert!(!lab.events().iter().any(|event| event.starts_with("Forwarded")));
    }
    answer
}

#[tokio::test]
async fn it_is_no_open_relay() {
    for target in ["www.example.org:443", "127.0.0.1:22", "[::1]:80", "localhost:80"] {
        let answer = check_refusal(&Proxy::default(), target, "403 Forbidden", "ERR_ACCESS_DENIED 0").await;
        assert!(answer.contains("no open relay"), "{answer}");
    }
}

#[tokio::test]
async fn a_host_outside_is_reached_when_it_is_allowed_by_name() {
    let outside = origin(b"HTTP/1.1 204 No Content\r\n\r\n").await;
    let settings = Proxy { allow_outside: vec!["LocalHost".to_owned()], ..Proxy::default() };
    let mut lab = Lab::with(settings, b"").await;
    lab.send(format!("GET http://localhost:{}/ HTTP/1.1\r\n\r\n", outside.port())).await;
    assert!(lab.answer().await.starts_with("HTTP/1.1 204 No Content\r\n"));
}

#[tokio::test]
async fn a_denied_host_is_forbidden() {
    let settings = Proxy { deny: vec!["WSUS01".to_owned()], ..Proxy::default() };
    check_refusal(&settings, "wsus01:8530", "403 Forbidden", "ERR_ACCESS_DENIED 0").await;
}

#[tokio::test]
async fn a_name_that_the_proxy_cannot_resolve_is_its_own_failure() {
    let settings = Proxy { cannot_resolve: vec!["wsus01".to_owned()], ..Proxy::default() };
    check_refusal(&settings, "wsus01:8530", "503 Service Unavailable", "ERR_DNS_FAIL 0").await;
}

#[tokio::test]
async fn a_closed_port_is_a_failed_connection() {
    check_refusal(&Proxy::default(), "wsus01:8531", "503 Service Unavailable", "ERR_CONNECT_FAIL 111").await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_port_that_does_not_answer_is_given_up_soon() {
    let unanswered = crate::platform::unanswered_listener("127.0.0.1:0".parse().unwrap()).unwrap();
    let plan = AddressPlan {
        tcp: [("10.87.0.10:443".parse().unwrap(), unanswered.address())].into(),
        ..AddressPlan::default()
    };
    let reach = Reach::new(&Proxy::default(), Arc::new(plan));
    let met = timeout(SECOND * 10, reach.open(&Authority { host: "10.87.0.10".to_owned(), port: 443 })).await;
    assert!(matches!(met.unwrap().unwrap_err(), reach::NoWay::Unanswered));
}

#[tokio::test]
async fn an_origin_that_fails_is_named_in_the_answer() {
    for (answer, status, error) in [
        (&b""[..], "502 Bad Gateway", "ERR_ZERO_SIZE_OBJECT 0"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "502 Bad Gateway", "ERR_INVALID_RESP 0"),
    ] {
        let mut lab = Lab::with(Proxy::default(), answer).await;
        lab.send("GET http://wsus01:8530/ HTTP/1.1\r\n\r\n").await;
        let answer = lab.answer().await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{answer}");
        assert!(answer.contains(&format!("\r\nX-Squid-Error: {error}\r\n")), "{answer}");
    }
}

#[tokio::test]
async fn an_answer_that_is_cut_stays_cut() {
    let mut lab = Lab::with(Proxy::default(), b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort").await;
    lab.send("GET http://wsus01:8530/ HTTP/1.1\r\n\r\n").await;
    assert!(lab.rest().await.ends_with("\r\n\r\nshort"));
}

#[tokio::test]
async fn what_is_meant_for_a_web_server_is_refused() {
    let mut lab = Lab::healthy().await;
    lab.send("GET /selfupdate HTTP/1.1\r\nHost: proxy.corp.example\r\n\r\n").await;
    let answer = lab.answer().await;
    assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
    assert!(answer.contains("\r\nX-Squid-Error: ERR_INVALID_URL 0\r\n"), "{answer}");
    lab.send("GET https://wsus01:8531/ HTTP/1.1\r\n\r\n").await;
    assert!(lab.answer().await.starts_with("HTTP/1.1 501 Not Implemented\r\n"));
}

#[tokio::test]
async fn bytes_that_are_not_http_get_a_page_and_the_end() {
    for garbage in [&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..], b"\x05\x01\x00", b"GET / HTTP/9.9\r\n\r\n"] {
        let mut lab = Lab::healthy().await;
        lab.send(garbage).await;
        let answer = lab.rest().await;
        assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
        assert!(answer.contains("\r\nX-Squid-Error: ERR_INVALID_REQ 0\r\n"), "{answer}");
    }
}

#[tokio::test]
async fn the_fault_closes_and_signs() {
    let fault = crate::fault::proxy::ProxyFault::CloseWithoutAnswer {};
    let fault = crate::fault::Fault { proxy: Some(fault), ..crate::fault::Fault::default() };
    let mut lab = Lab::with(Proxy { faults: vec![fault], ..Proxy::default() }, b"").await;
    lab.send(connect("wsus01:8530")).await;
    assert_eq!(lab.rest().await, "");
    assert!(lab.journal.signed());
}
