//! Tiny peers on loopback for the tests of the probes: threads that play a script and are gone.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use openssl::asn1::Asn1Time;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::ssl::{SslAcceptor, SslContextBuilder, SslMethod, SslOptions, SslVersion};
use openssl::x509::{X509, X509Name};
use socket2::{Domain, Socket, Type};

/// No scripted peer lives longer.
const BOUND: Duration = Duration::from_secs(5);

/// One thing that a scripted peer does.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Takes one byte.
    Read,
    /// Waits until these bytes have come.
    ReadUntil(&'static str),
    /// Reads the head and the body of one request.
    ReadRequest,
    Send(Vec<u8>),
    /// Milliseconds.
    Pause(u64),
    /// RST.
    Reset,
    /// Neither reads nor writes nor closes, until the other side has gone.
    Silence,
}

/// A listener that plays the same script on every connection, then closes it.
pub(crate) fn listener(acts: Vec<Act>) -> SocketAddr {
    each(move |stream, _| play(stream, &acts))
}

/// A listener that hands each connection, with its number, to `serve` on a thread of its own.
pub(crate) fn each(serve: impl Fn(TcpStream, usize) + Clone + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let Ok(stream) = stream else { return };
            stream.set_read_timeout(Some(BOUND)).unwrap();
            let serve = serve.clone();
            thread::spawn(move || serve(stream, number));
        }
    });
    address
}

/// An address where nobody listens, and that stays bound so that no other test can come to listen there.
pub(crate) fn nobody() -> SocketAddr {
    static BOUND_ONLY: LazyLock<Socket> = LazyLock::new(|| {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
        socket
    });
    BOUND_ONLY.local_addr().unwrap().as_socket().unwrap()
}

/// Reads one request; its head and body as text.
pub(crate) fn read_request(stream: &mut impl Read) -> Option<String> {
    let head = read_head(stream)?;
    read_body(stream, head)
}

/// Reads the head of one request.
pub(crate) fn read_head(stream: &mut impl Read) -> Option<String> {
    read_until(stream, "\r\n\r\n")
}

/// Reads the body that a head announces; both as text.
pub(crate) fn read_body(stream: &mut impl Read, head: String) -> Option<String> {
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some(head + &String::from_utf8(body).ok()?)
}

/// Answers one request after the other, and says `100 Continue` to those that wait for it, until the other side leaves or
/// `answer` has nothing to say.
pub(crate) fn answer_requests(mut stream: impl Read + Write, answer: impl Fn(&str) -> Option<Vec<u8>>) {
    while let Some(first) = read_some(&mut stream) {
        if !first.is_ascii_alphabetic() {
            let _ = stream.write_all(&self::answer("400 Bad Request", "text/html", "Bad Request - Invalid Verb"));
            return;
        }
        let Some(rest) = read_head(&mut stream) else { return };
        let head = char::from(first).to_string() + &rest;
        if head.contains("Expect: 100-continue") {
            let _ = stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n");
        }
        let Some(request) = read_body(&mut stream, head) else { return };
        let Some(bytes) = answer(&request) else { return };
        let _ = stream.write_all(&bytes);
    }
}

/// OpenSSL's own server with a self-signed certificate for `up.contoso.com`, everything allowed, and whatever `adjust` takes
/// away again.
pub(crate) fn acceptor(adjust: impl Fn(&mut SslContextBuilder)) -> SslAcceptor {
    let (key, certificate) = self_signed();
    let mut builder = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server()).unwrap();
    builder.clear_options(SslOptions::NO_TLSV1 | SslOptions::NO_TLSV1_1);
    builder.set_min_proto_version(Some(SslVersion::TLS1)).unwrap();
    builder.set_max_proto_version(None).unwrap();
    builder.set_security_level(0);
    builder.set_cipher_list("ALL:@SECLEVEL=0").unwrap();
    builder.set_private_key(&key).unwrap();
    builder.set_certificate(&certificate).unwrap();
    adjust(&mut builder);
    builder.build()
}

/// An answer with a Content-Length.
pub(crate) fn answer(status: &str, content_type: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into()
}

fn play(mut stream: TcpStream, acts: &[Act]) {
    for act in acts {
        match act {
            Act::Read => drop(read_some(&mut stream)),
            Act::ReadUntil(text) => drop(read_until(&mut stream, text)),
            Act::ReadRequest => drop(read_request(&mut stream)),
            Act::Send(bytes) => drop(stream.write_all(bytes)),
            Act::Pause(milliseconds) => thread::sleep(Duration::from_millis(*milliseconds)),
            Act::Reset => return reset(stream),
            Act::Silence => while read_some(&mut stream).is_some() {},
        }
    }
}

/// A socket that is closed while bytes lie in it unread answers with RST (RFC 9293, 3.6.1); so the client must have sent
/// more than the script has read.
fn reset(stream: TcpStream) {
    let _ = stream.peek(&mut [0]);
}

fn read_some(stream: &mut impl Read) -> Option<u8> {
    let mut byte = [0];
    stream.read_exact(&mut byte).ok()?;
    Some(byte[0])
}

/// Byte by byte, so that nothing behind `end` is taken.
fn read_until(stream: &mut impl Read, end: &str) -> Option<String> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(end.as_bytes()) {
        bytes.push(read_some(stream)?);
    }
    String::from_utf8(bytes).ok()
}

fn self_signed() -> (PKey<Private>, X509) {
    let key =
        PKey::from_ec_key(EcKey::generate(&EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap()).unwrap()).unwrap();
    let mut name = X509Name::builder().unwrap();
    name.append_entry_by_text("CN", "up.contoso.com").unwrap();
    let name = name.build();
    let mut certificate = X509::builder().unwrap();
    certificate.set_version(2).unwrap();
    certificate.set_subject_name(&name).unwrap();
    certificate.set_issuer_name(&name).unwrap();
    certificate.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    certificate.set_not_after(&Asn1Time::days_from_now(1).unwrap()).unwrap();
    certificate.set_pubkey(&key).unwrap();
    certificate.sign(&key, MessageDigest::sha256()).unwrap();
    (key, certificate.build())
}
