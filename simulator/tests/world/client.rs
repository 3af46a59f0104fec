//! A small client that nobody's simulator shares: blocking sockets and OpenSSL, with a deadline on each wait.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use openssl::ssl::{Ssl, SslContext, SslMethod, SslStream, SslVerifyMode, SslVersion};
use openssl::x509::X509;
use simulator::fault::Fault;
use simulator::journal::Event;
use simulator::world::{MicrosoftUpdate, Node, Upstream};
use simulator::{Running, StartOptions, World};

pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
pub(crate) const UPSTREAM: &str = "wsus01.corp.example";
pub(crate) const SYNC: &str = "/ServerSyncWebService/ServerSyncWebService.asmx";

pub(crate) async fn start(world: &World) -> Running {
    world.start(StartOptions::default()).await.unwrap()
}

pub(crate) fn upstream(faults: Vec<Fault>) -> World {
    world("upstream", Node::Upstream(Upstream { faults, ..Upstream::default() }))
}

pub(crate) fn microsoft_update(node: MicrosoftUpdate) -> World {
    world("microsoft-update", Node::MicrosoftUpdate(node))
}

pub(crate) fn world(name: &str, node: Node) -> World {
    World { nodes: [(name.to_owned(), node)].into() }
}

/// Runs blocking code beside the world.
pub(crate) async fn beside<T: Send + 'static>(client: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(client).await.unwrap()
}

pub(crate) fn dial(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect_timeout(&address, PATIENCE).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// All that comes until the end, and how it ended.
pub(crate) fn read_all(stream: &mut impl Read) -> (String, Result<(), ErrorKind>) {
    let mut bytes = Vec::new();
    let ended = stream.read_to_end(&mut bytes).map(|_| ()).map_err(|error| error.kind());
    (String::from_utf8_lossy(&bytes).into_owned(), ended)
}

/// What a client offers.
#[derive(Clone, Copy)]
pub(crate) struct Offer {
    pub(crate) from: SslVersion,
    pub(crate) to: SslVersion,
}

pub(crate) const MODERN: Offer = Offer { from: SslVersion::TLS1_2, to: SslVersion::TLS1_3 };
pub(crate) const ONLY_1_2: Offer = Offer { from: SslVersion::TLS1_2, to: SslVersion::TLS1_2 };
pub(crate) const ONLY_1_0: Offer = Offer { from: SslVersion::TLS1, to: SslVersion::TLS1 };

/// Completes a handshake with whatever chain comes; `Err` is OpenSSL's reason.
pub(crate) fn handshake(address: SocketAddr, host: &str, offer: Offer) -> Result<SslStream<TcpStream>, String> {
    connect(address, host, offer, None)
}

/// Completes a handshake and verifies the chain against a root; `Err` is OpenSSL's reason.
pub(crate) fn verified(address: SocketAddr, host: &str, root: &[u8]) -> Result<SslStream<TcpStream>, String> {
    connect(address, host, MODERN, Some(root))
}

/// As [`handshake`], in a tunnel of a proxy.
pub(crate) fn shake_through(
    proxy: SocketAddr,
    host: &str,
    port: u16,
    offer: Offer,
) -> Result<SslStream<TcpStream>, String> {
    let mut stream = dial(proxy);
    write!(stream, "CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n").unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    assert!(head.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&head));
    shake(stream, host, offer, None)
}

fn connect(address: SocketAddr, host: &str, offer: Offer, root: Option<&[u8]>) -> Result<SslStream<TcpStream>, String> {
    shake(dial(address), host, offer, root)
}

fn shake(stream: TcpStream, host: &str, offer: Offer, root: Option<&[u8]>) -> Result<SslStream<TcpStream>, String> {
    let mut context = SslContext::builder(SslMethod::tls_client()).unwrap();
    context.set_security_level(0);
    context.set_min_proto_version(Some(offer.from)).unwrap();
    context.set_max_proto_version(Some(offer.to)).unwrap();
    context.set_cipher_list("DEFAULT:@SECLEVEL=0").unwrap();
    context.set_verify(if root.is_some() { SslVerifyMode::PEER } else { SslVerifyMode::NONE });
    if let Some(root) = root {
        context.cert_store_mut().add_cert(X509::from_der(root).unwrap()).unwrap();
    }
    let mut ssl = Ssl::new(&context.build()).unwrap();
    ssl.set_hostname(host).unwrap();
    ssl.param_mut().set_host(host).unwrap();
    ssl.connect(stream).map_err(|error| error.to_string())
}

/// A request that asks for the connection to be closed after it.
pub(crate) fn get(host: &str, path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
}

/// One call of the protocol, without its meaning.
pub(crate) fn call(host: &str, operation: &str) -> String {
    let space = "http://www.microsoft.com/SoftwareDistribution";
    let body = format!(
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>\
         <{operation} xmlns=\"{space}\"/></soap:Body></soap:Envelope>"
    );
    format!(
        "POST {SYNC} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/xml; charset=utf-8\r\nSOAPAction: \"{space}/{operation}\"\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Sends a request and reads to the end.
pub(crate) fn ask(stream: &mut (impl Read + Write), request: &str) -> String {
    stream.write_all(request.as_bytes()).unwrap();
    read_all(stream).0
}

pub(crate) fn signatures(running: &Running) -> Vec<String> {
    let entries = running.journal.entries().into_iter();
    entries.filter_map(|entry| if let Event::Signed { fault, .. } = entry.event { Some(fault) } else { None }).collect()
}
