//! Bodies of HTTP/1 messages, passed on byte by byte as they were framed.

use std::io;
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use super::head::{Fields, RequestHead, ResponseHead};

/// Large enough that a body does not wait for system calls.
const BUFFER: usize = 64 * 1024;

/// How the end of a body is known (RFC 9112, 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    Empty,
    Length(u64),
    Chunked,
    UntilClose,
}

impl Framing {
    /// Of a request; `None` where two lengths contradict each other, as in smuggled requests.
    pub(super) fn of_request(head: &RequestHead) -> Option<Framing> {
        match (coded(&head.fields), length(&head.fields)) {
            (Some(true), Ok(None)) => Some(Framing::Chunked),
            (None, Ok(None)) => Some(Framing::Empty),
            (None, Ok(Some(length))) => Some(Framing::Length(length)),
            _ => None,
        }
    }

    /// Of the response to a request with this method.
    pub(super) fn of_response(head: &ResponseHead, method: &str) -> Framing {
        if method == "HEAD" || head.status < 200 || matches!(head.status, 204 | 304) {
            return Framing::Empty;
        }
        match (coded(&head.fields), length(&head.fields)) {
            (Some(true), _) => Framing::Chunked,
            (None, Ok(Some(length))) => Framing::Length(length),
            _ => Framing::UntilClose,
        }
    }
}

/// Whether the body is chunked; `None` without Transfer-Encoding.
fn coded(fields: &Fields) -> Option<bool> {
    fields.tokens("Transfer-Encoding").last().map(|coding| coding.eq_ignore_ascii_case("chunked"))
}

fn length(fields: &Fields) -> Result<Option<u64>, ()> {
    let mut lengths = fields.tokens("Content-Length").map(|text| match text.parse() {
        Ok(length) if text.bytes().all(|byte| byte.is_ascii_digit()) => Ok(length),
        _ => Err(()),
    });
    let Some(first) = lengths.next() else { return Ok(None) };
    let first = first?;
    lengths.all(|length| length == Ok(first)).then_some(Some(first)).ok_or(())
}

/// How a body came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyEnd {
    /// As its framing says.
    Complete,
    /// The sender closed before that.
    Cut,
    /// Its chunks are none.
    Malformed,
    /// The sender stopped sending, or its connection failed.
    Unread,
    /// The receiver stopped reading, or its connection failed.
    Unwritten,
}

/// Passes a body on. What follows it stays in the buffer; `idle` bounds each single wait.
pub(super) async fn pass_on(
    reader: &mut (impl AsyncRead + Unpin),
    buffer: &mut BytesMut,
    writer: &mut (impl AsyncWrite + Unpin),
    framing: Framing,
    idle: Duration,
) -> BodyEnd {
    let mut rest = Rest::of(framing);
    loop {
        let Some(ours) = rest.take(buffer) else { return BodyEnd::Malformed };
        if within(idle, writer.write_all(&buffer[..ours])).await.is_err() {
            return BodyEnd::Unwritten;
        }
        buffer.advance(ours);
        if rest.done() {
            return match within(idle, writer.flush()).await {
                Ok(()) => BodyEnd::Complete,
                Err(_) => BodyEnd::Unwritten,
            };
        }
        buffer.reserve(BUFFER);
        match within(idle, reader.read_buf(buffer)).await {
            Ok(0) if framing == Framing::UntilClose => return BodyEnd::Complete,
            Ok(0) => return BodyEnd::Cut,
            Ok(_) => {}
            Err(_) => return BodyEnd::Unread,
        }
    }
}

/// An operation with a deadline, which is an error of the kind `TimedOut`.
pub(super) async fn within<T>(deadline: Duration, operation: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout(deadline, operation).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// What of a body is still to come.
#[derive(Debug)]
enum Rest {
    Bytes(u64),
    Chunks(Chunk),
    Endless,
}

/// Where in the chunked coding (RFC 9112, 7.1) we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chunk {
    /// In the size, with its value and whether it has a digit.
    Size(u64, bool),
    /// Behind the size, up to the end of the line.
    Extension(u64),
    /// In the data, with so much of it to come.
    Data(u64),
    /// In the line end behind the data.
    DataEnd,
    /// In a line of the trailer, and whether it is empty so far.
    Trailer(bool),
    Done,
}

impl Rest {
    fn of(framing: Framing) -> Rest {
        match framing {
            Framing::Empty => Rest::Bytes(0),
            Framing::Length(length) => Rest::Bytes(length),
            Framing::Chunked => Rest::Chunks(Chunk::Size(0, false)),
            Framing::UntilClose => Rest::Endless,
        }
    }

    fn done(&self) -> bool {
        matches!(self, Rest::Bytes(0) | Rest::Chunks(Chunk::Done))
    }

    /// How many of these bytes belong to the body; `None` where chunks are malformed.
    fn take(&mut self, bytes: &[u8]) -> Option<usize> {
        match self {
            Rest::Endless => Some(bytes.len()),
            Rest::Bytes(left) => {
                let ours = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                *left -= ours as u64;
                Some(ours)
            }
            Rest::Chunks(chunk) => {
                let mut at = 0;
                while at < bytes.len() && *chunk != Chunk::Done {
                    at += chunk.step(&bytes[at..])?;
                }
                Some(at)
            }
        }
    }
}

impl Chunk {
    /// Takes at least one of these bytes, of which there is at least one, and says how many.
    fn step(&mut self, bytes: &[u8]) -> Option<usize> {
        let byte = bytes[0];
        let (next, taken) = match *self {
            Chunk::Size(size, _) if byte.is_ascii_hexdigit() => {
                let digit = u64::from(char::from(byte).to_digit(16)?);
                (Chunk::Size(size.checked_mul(16)?.checked_add(digit)?, true), 1)
            }
            Chunk::Size(_, false) => return None,
            Chunk::Size(size, true) | Chunk::Extension(size) => (Chunk::after_size_line(size, byte), 1),
            Chunk::Data(left) => {
                let taken = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                let left = left - taken as u64;
                (if left == 0 { Chunk::DataEnd } else { Chunk::Data(left) }, taken)
            }
            Chunk::DataEnd => match byte {
                b'\r' => (Chunk::DataEnd, 1),
                b'\n' => (Chunk::Size(0, false), 1),
                _ => return None,
            },
            Chunk::Trailer(empty) => match byte {
                b'\n' => (if empty { Chunk::Done } else { Chunk::Trailer(true) }, 1),
                b'\r' => (Chunk::Trailer(empty), 1),
                _ => (Chunk::Trailer(false), 1),
            },
            Chunk::Done => (Chunk::Done, 0),
        };
        *self = next;
        Some(taken)
    }

    fn after_size_line(size: u64, byte: u8) -> Chunk {
        match (byte, size) {
            (b'\n', 0) => Chunk::Trailer(true),
            (b'\n', size) => Chunk::Data(size),
            _ => Chunk::Extension(size),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

    use super::*;

    /// Passes on what a peer sends before it closes, in one piece and byte by byte, and tells both the end and the rest.
    async fn check(sent: &[u8], framing: Framing, passed: &[u8], end: &str, left: &[u8]) {
        for piece in [sent.len().max(1), 1] {
            let (mut written, mut buffer) = (Vec::new(), BytesMut::new());
            let mut reader = tokio_pieces(sent, piece);
            let ended = pass_on(&mut reader, &mut buffer, &mut written, framing, Duration::from_secs(1)).await;
            assert_eq!(written, passed, "in pieces of {piece}");
            assert_eq!(format!("{ended:?}"), end);
            let mut rest = buffer.to_vec();
            reader.read_to_end(&mut rest).await.unwrap();
            assert_eq!(rest, left);
        }
    }

    fn tokio_pieces(sent: &[u8], piece: usize) -> impl AsyncRead + Unpin + use<> {
        let (mut near, far) = tokio::io::duplex(piece);
        let sent = sent.to_vec();
        tokio::spawn(async move { near.write_all(&sent).await });
        far
    }

    #[tokio::test]
    async fn a_body_ends_where_its_framing_says() {
        check(b"bodyrest", Framing::Length(4), b"body", "Complete", b"rest").await;
        check(b"rest", Framing::Empty, b"", "Complete", b"rest").await;
        check(b"all of it", Framing::UntilClose, b"all of it", "Complete", b"").await;
        let chunks = b"4;x=y\r\nbody\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nT: v\r\n\r\n";
        check(&[&chunks[..], b"rest"].concat(), Framing::Chunked, chunks, "Complete", b"rest").await;
        check(b"0\r\n\r\nrest", Framing::Chunked, b"0\r\n\r\n", "Complete", b"rest").await;
    }

    #[tokio::test]
    async fn a_body_that_stops_early_is_cut() {
        check(b"bo", Framing::Length(4), b"bo", "Cut", b"").await;
        check(b"4\r\nbo", Framing::Chunked, b"4\r\nbo", "Cut", b"").await;
    }

    #[tokio::test]
    async fn chunks_out_of_shape_are_malformed() {
        let mut reader = &b"zz\r\n"[..];
        let mut written = Vec::new();
        let second = Duration::from_secs(1);
        let end = pass_on(&mut reader, &mut BytesMut::new(), &mut written, Framing::Chunked, second).await;
        assert!(matches!(end, BodyEnd::Malformed), "{end:?}");
    }

    #[test]
    fn lengths_that_contradict_each_other_are_refused() {
        let framing = |fields: &str| {
            let head = format!("POST http://a/ HTTP/1.1\r\n{fields}\r\n");
            Framing::of_request(&RequestHead::parse(head.as_bytes()).unwrap())
        };
        assert_eq!(framing(""), Some(Framing::Empty));
        assert_eq!(framing("Content-Length: 3\r\n"), Some(Framing::Length(3)));
        assert_eq!(framing("Content-Length: 3, 3\r\n"), Some(Framing::Length(3)));
        assert_eq!(framing("Transfer-Encoding: chunked\r\n"), Some(Framing::Chunked));
        assert_eq!(framing("Content-Length: 3\r\nContent-Length: 4\r\n"), None);
        assert_eq!(framing("Content-Length: +3\r\n"), None);
        assert_eq!(framing("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), None);
        assert_eq!(framing("Transfer-Encoding: gzip\r\n"), None);
    }

    #[test]
    fn some_answers_have_no_body_whatever_they_say() {
        let head = |status: u16| {
            let head = format!("HTTP/1.1 {status} X\r\nContent-Length: 3\r\n\r\n");
            ResponseHead::parse(head.as_bytes()).unwrap()
        };
        assert_eq!(Framing::of_response(&head(200), "GET"), Framing::Length(3));
        assert_eq!(Framing::of_response(&head(200), "HEAD"), Framing::Empty);
        assert_eq!(Framing::of_response(&head(304), "GET"), Framing::Empty);
        assert_eq!(Framing::of_response(&head(204), "GET"), Framing::Empty);
    }
}
