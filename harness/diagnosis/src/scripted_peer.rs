//! Tiny peers on loopback for the tests of the probes: threads that play a script and are gone.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

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

/// A listener that plays one script after the other, connection by connection; the last one again and again.
pub(crate) fn listener_of(scripts: Vec<Vec<Act>>) -> SocketAddr {
    each(move |stream, number| play(stream, &scripts[number.min(scripts.len() - 1)]))
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

/// An address where nobody listens.
pub(crate) fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Reads one request; its head and body as text.
pub(crate) fn read_request(stream: &mut impl Read) -> Option<String> {
    let head = read_until(stream, "\r\n\r\n")?;
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some(head + &String::from_utf8(body).ok()?)
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
