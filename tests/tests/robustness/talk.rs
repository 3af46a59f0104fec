//! The coarsest client there is: says bytes, closes its side, and listens until the other side has closed too.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use openssl::ssl::{ShutdownResult, SslConnector, SslMethod, SslStream, SslVerifyMode};
use simulator::running::Listener;

use super::DEADLINE;

/// More than any answer of the lab to garbage has.
const LARGEST_ANSWER: usize = 1 << 20;

/// A connection whose own side can be closed.
pub(crate) trait Stream: Read + Write {
    fn close_own_side(&mut self);
}

impl Stream for TcpStream {
    fn close_own_side(&mut self) {
        // A peer that has reset already is no news.
        let _ = TcpStream::shutdown(self, Shutdown::Write);
    }
}

impl Stream for SslStream<TcpStream> {
    fn close_own_side(&mut self) {
        if !matches!(self.shutdown(), Ok(ShutdownResult::Received)) {
            let _ = self.get_ref().shutdown(Shutdown::Write);
        }
    }
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect_timeout(&address, DEADLINE).unwrap_or_else(|error| panic!("{address}: {error}"));
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.set_write_timeout(Some(DEADLINE)).unwrap();
    stream
}

/// TLS to a listener with the name in its URL; any certificate will do.
pub(crate) fn connect_tls(listener: &Listener) -> Box<dyn Stream> {
    let host = listener.url.split("://").nth(1).unwrap().split([':', '/']).next().unwrap();
    let mut connector = SslConnector::builder(SslMethod::tls_client()).unwrap();
    connector.set_verify(SslVerifyMode::NONE);
    Box::new(connector.build().connect(host, connect(listener.address)).unwrap())
}

/// Says all and listens to the end. What it hears may be nothing; that it ends is the point.
pub(crate) fn converse(mut stream: Box<dyn Stream>, bytes: &[u8], what: &str) -> String {
    say(&mut stream, bytes, what);
    stream.close_own_side();
    listen(&mut stream, what)
}

/// Says byte by byte, with a pause after each.
pub(crate) fn drip(stream: &mut Box<dyn Stream>, bytes: &[u8]) -> String {
    for byte in bytes {
        say(stream, &[*byte], "one byte");
        std::thread::sleep(Duration::from_micros(500));
    }
    stream.close_own_side();
    listen(stream, "one byte at a time")
}

fn say(stream: &mut Box<dyn Stream>, bytes: &[u8], what: &str) {
    match stream.write_all(bytes) {
        // Whoever has heard enough may hang up in the middle of our sentence.
        Err(error) => assert!(!timed_out(error.kind()), "{what}: it neither reads nor closes"),
        Ok(()) => {
            let _ = stream.flush();
        }
    }
}

fn listen(stream: &mut Box<dyn Stream>, what: &str) -> String {
    let mut heard = Vec::new();
    let mut buffer = [0; 16 << 10];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => heard.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                assert!(!timed_out(error.kind()), "{what}: no end within {DEADLINE:?}, heard {} bytes", heard.len());
                break;
            }
        }
        assert!(heard.len() <= LARGEST_ANSWER, "{what}: an endless answer");
    }
    String::from_utf8_lossy(&heard).into_owned()
}

fn timed_out(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
