//! A lab of scripted peers behind an address plan, and the subject set in it.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::cell::Cell;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::ssl::{SslAcceptor, SslVersion};

use crate::deadlines::Deadlines;
use crate::evidence::Evidence;
use crate::network::{ExamineError, Network, Plan};
use crate::path::Scheme;
use crate::scripted_peer::{self, answer, answer_requests};
use crate::subject::{Step0, Subject, TlsFacts, TlsVersion};

const UPSTREAM: &str = "10.87.0.10";
const PROXY: &str = "10.87.0.3";

pub(super) struct Lab {
    pub(super) subject: Subject,
    pub(super) network: Network,
    /// Long, so that a busy machine does not make one pass.
    deadlines: Deadlines,
}

impl Lab {
    /// A downstream server of `up.contoso.com`. Every port that nothing is put at refuses.
    pub(super) fn upstream(scheme: Scheme, port: u16) -> Lab {
        let step0 = Step0 {
            sync_from_microsoft_update: Some(false),
            upstream_wsus_server_name: Some("up.contoso.com".to_owned()),
            upstream_wsus_server_port_number: Some(port),
            upstream_wsus_server_use_ssl: Some(scheme == Scheme::Https),
            use_proxy: Some(false),
            ..Step0::default()
        };
        let mut lab = Lab::of(step0);
        lab.name("up.contoso.com", port, UPSTREAM);
        lab
    }

    pub(super) fn microsoft_update(host: &str, address: &str) -> Lab {
        let step0 = Step0 {
            sync_from_microsoft_update: Some(true),
            mu_url: Some(format!("https://{host}")),
            use_proxy: Some(false),
            ..Step0::default()
        };
        let mut lab = Lab::of(step0);
        lab.name(host, 443, address);
        lab
    }

    fn of(step0: Step0) -> Lab {
        let network = Network { plan: Some(Plan::default()), ..Network::default() };
        let deadlines = Deadlines { dns_ms: 10_000, connect_ms: 10_000, handshake_ms: 10_000, answer_ms: 10_000 };
        Lab { subject: Subject { step0, ..Subject::default() }, network, deadlines }
    }

    /// Puts a peer at a port of the upstream.
    pub(super) fn at(mut self, port: u16, real: SocketAddr) -> Lab {
        self.listen(UPSTREAM, port, real);
        self
    }

    /// Puts a proxy before everything.
    pub(super) fn through(mut self, real: SocketAddr) -> Lab {
        self.listen(PROXY, 8080, real);
        let step0 = &mut self.subject.step0;
        (step0.use_proxy, step0.proxy_name, step0.proxy_server_port) = (Some(true), Some(PROXY.to_owned()), Some(8080));
        self
    }

    /// Puts a peer at a lab address.
    pub(super) fn listen(&mut self, address: &str, port: u16, real: SocketAddr) {
        let lab = SocketAddr::new(address.parse().unwrap(), port);
        self.plan().tcp.insert(lab, real);
        self.plan().closed.entry(lab.ip()).or_insert_with(scripted_peer::nobody);
    }

    /// Gives a name to a lab address.
    pub(super) fn name(&mut self, host: &str, port: u16, address: &str) {
        let address = SocketAddr::new(address.parse().unwrap(), port);
        self.plan().closed.entry(address.ip()).or_insert_with(scripted_peer::nobody);
        self.network.connect_to.insert((host.to_owned(), port), address);
    }

    pub(super) fn offer_only_tls_1_2(&mut self) {
        self.subject.host.tls = Some(TlsFacts { protocols: Some(vec![TlsVersion::Tls12]), ..TlsFacts::default() });
    }

    /// For peers that are silent.
    pub(super) fn impatient(mut self, milliseconds: u64) -> Lab {
        self.deadlines = self.deadlines.at_most(Duration::from_millis(milliseconds));
        self
    }

    pub(super) fn examine(&self) -> Result<Evidence, ExamineError> {
        crate::examine(&self.subject, &self.network, self.deadlines)
    }

    fn plan(&mut self) -> &mut Plan {
        self.network.plan.get_or_insert_default()
    }
}

/// An upstream with one category and one update.
pub(super) fn upstream() -> SocketAddr {
    scripted_peer::each(|stream, _| answer_requests(stream, |request| Some(reply(request))))
}

pub(super) fn closing_upstream() -> SocketAddr {
    scripted_peer::each(|stream, _| answer_and_close(stream))
}

pub(super) fn answer_and_close(stream: TcpStream) {
    let answered = Cell::new(false);
    answer_requests(stream, |request| {
        let reply = String::from_utf8(reply(request)).unwrap();
        let closing = reply.replacen("\r\n", "\r\nConnection: close\r\n", 1).into_bytes();
        (!answered.replace(true)).then_some(closing)
    });
}

pub(super) fn tls_upstream() -> SocketAddr {
    over_tls(scripted_peer::acceptor(|_| {}))
}

/// Ends TCP in the middle of an answer, and TLS not at all.
pub(super) fn cutting_tls_upstream() -> SocketAddr {
    let acceptor = scripted_peer::acceptor(|_| {});
    scripted_peer::each(move |stream, _| {
        let Ok(mut stream) = acceptor.accept(stream) else { return };
        let _ = scripted_peer::read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 999\r\n\r\n<soap");
    })
}

pub(super) fn tls_1_0_upstream() -> SocketAddr {
    over_tls(scripted_peer::acceptor(|context| context.set_max_proto_version(Some(SslVersion::TLS1)).unwrap()))
}

fn over_tls(acceptor: SslAcceptor) -> SocketAddr {
    answering_over_tls(acceptor, reply)
}

/// A TLS upstream that answers as told.
pub(super) fn tls_upstream_with(reply: fn(&str) -> Vec<u8>) -> SocketAddr {
    answering_over_tls(scripted_peer::acceptor(|_| {}), reply)
}

fn answering_over_tls(acceptor: SslAcceptor, reply: fn(&str) -> Vec<u8>) -> SocketAddr {
    scripted_peer::each(move |stream, _| {
        if let Ok(stream) = acceptor.accept(stream) {
            answer_requests(stream, |request| Some(reply(request)));
        }
    })
}

/// A proxy before one target, which asks for `user:password` where there is one.
pub(super) fn proxy(login: Option<&'static str>, target: SocketAddr) -> SocketAddr {
    scripted_peer::each(move |mut stream, _| {
        let token = login.map(|login| format!("Proxy-Authorization: Basic {}\r\n", STANDARD.encode(login)));
        while let Some(head) = scripted_peer::read_head(&mut stream) {
            if token.as_ref().is_some_and(|token| !head.contains(token)) {
                let _ = scripted_peer::read_body(&mut stream, head);
                let challenge = "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"lab\"";
                let _ = stream.write_all(&answer(challenge, "text/html", "who are you?"));
                continue;
            }
            let mut onward = TcpStream::connect(target).unwrap();
            if head.starts_with("CONNECT ") {
                let _ = stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
            } else {
                assert!(head.starts_with("POST http://up.contoso.com:8530/"), "{head}");
                onward.write_all(head.as_bytes()).unwrap();
            }
            return join(stream, onward);
        }
    })
}

fn join(client: TcpStream, server: TcpStream) {
    let (mut from_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let up = thread::spawn(move || pour(&mut from_client, &mut to_server));
    pour(&mut { server }, &mut { client });
    let _ = up.join();
}

fn pour(from: &mut TcpStream, to: &mut TcpStream) {
    let mut piece = [0; 4096];
    while let Ok(count) = from.read(&mut piece) {
        if count == 0 || to.write_all(&piece[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Write);
}

/// What an upstream with one category and one update answers.
pub(super) fn reply(request: &str) -> Vec<u8> {
    if !request.starts_with("POST ") {
        let status = if request.starts_with("GET ") { "200 OK" } else { "400 Bad Request" };
        return answer(status, "text/html", "<h1>ServerSyncWebService</h1>");
    }
    let operation =
        request.lines().find_map(|line| line.strip_prefix("SOAPAction: ")?.trim_matches('"').rsplit('/').next());
    let operation = operation.unwrap();
    let result = match operation {
        "GetAuthConfig" => {
            "<AuthInfo><AuthPlugInInfo><PlugInID>DssTargeting</PlugInID><ServiceUrl>DssAuthWebService/DssAuthWebService.asmx\
             </ServiceUrl></AuthPlugInInfo></AuthInfo>"
        }
        "GetAuthorizationCookie" => "<PlugInId>DssTargeting</PlugInId><CookieData>AQ==</CookieData>",
        "GetCookie" => "<Expiration>9999-12-31T23:59:59Z</Expiration><EncryptedData>AQ==</EncryptedData>",
        "GetConfigData" => "<ProtocolVersion>1.20</ProtocolVersion>",
        "GetRevisionIdList" => {
            let id = if request.contains("<GetConfig>true</GetConfig>") { 1 } else { 2 };
            return soap(
                operation,
                &format!("<NewRevisions><UpdateIdentity>{}</UpdateIdentity></NewRevisions>", identity(id)),
            );
        }
        _ => {
            let id = if request.contains(&identity(1)) { 1 } else { 2 };
            let update = format!("<Id>{}</Id><XmlUpdateBlob>&lt;u/&gt;</XmlUpdateBlob>", identity(id));
            return soap(
                operation,
                &format!("<updates><ServerSyncUpdateData>{update}</ServerSyncUpdateData></updates>"),
            );
        }
    };
    soap(operation, result)
}

fn identity(id: u8) -> String {
    format!("<UpdateID>00000000-0000-0000-0000-00000000000{id}</UpdateID><RevisionNumber>1</RevisionNumber>")
}

fn soap(operation: &str, result: &str) -> Vec<u8> {
    let response =
        format!("<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>");
    answer(
        "200 OK",
        "text/xml; charset=utf-8",
        &format!("<s:Envelope xmlns:s=\"s\"><s:Body>{response}</s:Body></s:Envelope>"),
    )
}
