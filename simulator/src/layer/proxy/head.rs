//! Heads of HTTP/1 messages as a proxy needs them: read with bounds and deadlines, field names kept as they were spelt.

use std::io::ErrorKind;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;

/// Squid's default for request and reply headers.
const LARGEST_HEAD: usize = 64 * 1024;
/// The longest method in use has 17 letters; what goes on longer without a space is no request.
const LONGEST_METHOD: usize = 32;

/// How long to wait for a head.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// Until its first byte.
    pub(super) to_begin: Duration,
    /// From there to its end.
    pub(super) to_end: Duration,
}

/// Why there is no head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoHead {
    /// The peer closed before it sent anything.
    Closed,
    /// The peer closed in the middle.
    Cut,
    /// Bytes that begin no such head.
    NotHttp,
    /// More than [`LARGEST_HEAD`].
    TooLarge,
    /// Nothing came.
    Silent,
    /// It began and did not end.
    TooSlow,
    /// The connection failed.
    Failed(ErrorKind),
}

/// Whether the first bytes of a message can become the head that is expected.
pub(super) type MayBe = fn(&[u8]) -> bool;

/// Reads up to and including the empty line. What follows it stays in the buffer.
pub(super) async fn read_head(
    reader: &mut (impl AsyncRead + Unpin),
    buffer: &mut BytesMut,
    may_be: MayBe,
    patience: Patience,
) -> Result<Bytes, NoHead> {
    skip_empty_lines(buffer);
    while buffer.is_empty() {
        read_some(reader, buffer, patience.to_begin, NoHead::Silent, NoHead::Closed).await?;
        skip_empty_lines(buffer);
    }
    let rest = async {
        let mut seen = 0;
        loop {
            if !may_be(buffer) {
                return Err(NoHead::NotHttp);
            }
            if let Some(end) = end_of_head(buffer, seen) {
                return Ok(buffer.split_to(end).freeze());
            }
            if buffer.len() > LARGEST_HEAD {
                return Err(NoHead::TooLarge);
            }
            seen = buffer.len();
            read_some(reader, buffer, patience.to_end, NoHead::TooSlow, NoHead::Cut).await?;
        }
    };
    timeout(patience.to_end, rest).await.unwrap_or(Err(NoHead::TooSlow))
}

async fn read_some(
    reader: &mut (impl AsyncRead + Unpin),
    buffer: &mut BytesMut,
    wait: Duration,
    late: NoHead,
    closed: NoHead,
) -> Result<(), NoHead> {
    buffer.reserve(8 * 1024);
    match timeout(wait, reader.read_buf(buffer)).await {
        Err(_) => Err(late),
        Ok(Ok(0)) => Err(closed),
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(NoHead::Failed(error.kind())),
    }
}

/// RFC 9112, 2.2: a server should ignore an empty line before a request.
fn skip_empty_lines(buffer: &mut BytesMut) {
    while let Some(b'\r' | b'\n') = buffer.first() {
        buffer.advance(1);
    }
}

/// Where the body begins, if the empty line is there. `seen` bytes were searched before.
fn end_of_head(buffer: &[u8], seen: usize) -> Option<usize> {
    let from = seen.saturating_sub(3);
    let newlines = buffer.iter().enumerate().skip(from).filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
    newlines.map(|at| (at, &buffer[at + 1..])).find_map(|(at, rest)| match rest {
        [b'\n', ..] => Some(at + 2),
        [b'\r', b'\n', ..] => Some(at + 3),
        _ => None,
    })
}

/// Whether these bytes may begin a request: a method and a blank.
pub(super) fn may_be_request(bytes: &[u8]) -> bool {
    let method = bytes.iter().take(LONGEST_METHOD + 1).take_while(|byte| **byte != b' ');
    let mut length = 0;
    method.inspect(|_| length += 1).all(|byte| is_token(*byte)) && length <= LONGEST_METHOD
}

/// Whether these bytes may begin a response.
pub(super) fn may_be_response(bytes: &[u8]) -> bool {
    let begin = b"HTTP/1.";
    let length = bytes.len().min(begin.len());
    bytes[..length] == begin[..length]
}

/// The head of a request.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RequestHead {
    pub(super) method: String,
    pub(super) target: String,
    pub(super) version: Version,
    pub(super) fields: Fields,
}

/// The head of a response.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ResponseHead {
    pub(super) status: u16,
    /// As the origin spelt it; it may be empty.
    pub(super) reason: String,
    pub(super) version: Version,
    pub(super) fields: Fields,
}

/// Version of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    Http10,
    Http11,
}

/// The fields of a head, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Fields(Vec<Field>);

/// One field: its name as it was spelt, its value as it was sent (ISO 8859-1 or whatever).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) value: Vec<u8>,
}

impl RequestHead {
    /// Parses a head that ends with its empty line.
    pub(super) fn parse(head: &[u8]) -> Option<RequestHead> {
        let mut lines = lines(head);
        let line = std::str::from_utf8(lines.next()?).ok()?;
        let mut parts = line.split(' ');
        let (method, target, version) = (parts.next()?, parts.next()?, parts.next()?);
        let proper = parts.next().is_none()
            && !method.is_empty()
            && method.bytes().all(is_token)
            && !target.is_empty()
            && target.bytes().all(|byte| byte.is_ascii_graphic());
        proper.then_some(RequestHead {
            method: method.to_owned(),
            target: target.to_owned(),
            version: Version::parse(version)?,
            fields: Fields::parse(lines)?,
        })
    }

    /// Whether the client wants to go on with this connection. `Proxy-Connection` is what old clients send.
    pub(super) fn keeps_alive(&self) -> bool {
        let says = |token| ["Connection", "Proxy-Connection"].iter().any(|name| self.fields.lists(name, token));
        match self.version {
            Version::Http11 => !says("close"),
            Version::Http10 => says("keep-alive") && !says("close"),
        }
    }

    /// Whether it holds its body back until it is asked for it.
    pub(super) fn expects_continue(&self) -> bool {
        self.fields.lists("Expect", "100-continue")
    }
}

impl ResponseHead {
    /// Parses a head that ends with its empty line.
    pub(super) fn parse(head: &[u8]) -> Option<ResponseHead> {
        let mut lines = lines(head);
        let line = String::from_utf8_lossy(lines.next()?).into_owned();
        let (version, rest) = line.split_once(' ')?;
        let (status, reason) = rest.split_once(' ').unwrap_or((rest, ""));
        let three_digits = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
        three_digits.then_some(ResponseHead {
            status: status.parse().ok()?,
            reason: reason.to_owned(),
            version: Version::parse(version)?,
            fields: Fields::parse(lines)?,
        })
    }
}

impl Version {
    fn parse(text: &str) -> Option<Version> {
        match text.strip_prefix("HTTP/1.")? {
            "0" => Some(Version::Http10),
            minor if minor.len() == 1 && minor.bytes().all(|byte| byte.is_ascii_digit()) => Some(Version::Http11),
            _ => None,
        }
    }

    /// As it stands on the wire.
    pub(super) fn text(self) -> &'static str {
        match self {
            Version::Http10 => "HTTP/1.0",
            Version::Http11 => "HTTP/1.1",
        }
    }
}

impl Fields {
    fn parse<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Option<Fields> {
        let fields = lines.take_while(|line| !line.is_empty()).map(Field::parse);
        fields.collect::<Option<Vec<_>>>().map(Fields)
    }

    /// All values of a field, in order.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.0.iter().filter(move |field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value.as_slice())
    }

    /// Whether there is a field of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// Whether a list field has this token.
    pub(super) fn lists(&self, name: &str, token: &str) -> bool {
        self.tokens(name).any(|given| given.eq_ignore_ascii_case(token))
    }

    /// The tokens of a list field.
    pub(super) fn tokens<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> {
        self.all(name)
            .flat_map(|value| value.split(|byte| *byte == b','))
            .map(|token| String::from_utf8_lossy(token.trim_ascii()).into_owned())
    }

    /// Keeps the fields whose name satisfies this.
    pub(super) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.0.retain(|field| keep(&field.name));
    }

    /// Appends a field.
    pub(super) fn push(&mut self, name: &str, value: impl Into<Vec<u8>>) {
        self.0.push(Field { name: name.to_owned(), value: value.into() });
    }

    /// Puts a field where clients have Host: first.
    pub(super) fn push_first(&mut self, name: &str, value: impl Into<Vec<u8>>) {
        self.0.insert(0, Field { name: name.to_owned(), value: value.into() });
    }

    /// Appends the fields and the empty line to a head.
    pub(super) fn write_to(&self, head: &mut Vec<u8>) {
        for Field { name, value } in &self.0 {
            head.extend_from_slice(name.as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value);
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(b"\r\n");
    }
}

impl Field {
    fn parse(line: &[u8]) -> Option<Field> {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        // RFC 9112, 5.1: no blank between name and colon; it has been used to smuggle requests. Folded lines begin with one.
        let proper = !name.is_empty() && name.iter().all(|byte| is_token(*byte)) && !value.contains(&b'\0');
        proper.then(|| Field { name: String::from_utf8_lossy(name).into_owned(), value: value.to_vec() })
    }
}

fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    head.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// RFC 9110, 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

    use super::*;

    const SOON: Patience = Patience { to_begin: Duration::from_millis(50), to_end: Duration::from_millis(50) };

    async fn read(bytes: &'static [u8]) -> Result<Bytes, NoHead> {
        let mut reader = bytes;
        read_head(&mut reader, &mut BytesMut::new(), may_be_request, SOON).await
    }

    #[tokio::test]
    async fn a_head_ends_at_its_empty_line_and_the_rest_stays() {
        let (mut reader, mut buffer) = (&b"\r\nGET / HTTP/1.1\r\nA: b\r\n\r\nbody"[..], BytesMut::new());
        let head = read_head(&mut reader, &mut buffer, may_be_request, SOON).await.unwrap();
        assert_eq!(&head[..], b"GET / HTTP/1.1\r\nA: b\r\n\r\n");
        assert_eq!(&buffer[..], b"body");
    }

    #[tokio::test]
    async fn what_is_no_head_says_why() {
        assert_eq!(read(b"").await, Err(NoHead::Closed));
        assert_eq!(read(b"GET / HT").await, Err(NoHead::Cut));
        assert_eq!(read(b"\x16\x03\x01\x02\x00").await, Err(NoHead::NotHttp));
        assert_eq!(read(b"hello\r\n").await, Err(NoHead::NotHttp));
        assert_eq!(read(&[b'A'; 40]).await, Err(NoHead::NotHttp));
    }

    #[tokio::test]
    async fn a_head_without_end_is_bounded_in_size_and_time() {
        let mut endless = tokio::io::repeat(b'a');
        let mut buffer = BytesMut::from(&b"GET /"[..]);
        assert_eq!(read_head(&mut endless, &mut buffer, may_be_request, SOON).await, Err(NoHead::TooLarge));

        let (_peer, mut silent) = tokio::io::duplex(64);
        let mut buffer = BytesMut::new();
        assert_eq!(read_head(&mut silent, &mut buffer, may_be_request, SOON).await, Err(NoHead::Silent));
        let mut buffer = BytesMut::from(&b"GET /"[..]);
        assert_eq!(read_head(&mut silent, &mut buffer, may_be_request, SOON).await, Err(NoHead::TooSlow));
    }

    #[test]
    fn a_request_keeps_the_spelling_of_its_fields() {
        let head = RequestHead::parse(b"GET http://a/ HTTP/1.1\r\nhOST: a\r\nX:  y \r\n\r\n").unwrap();
        assert_eq!((head.method.as_str(), head.target.as_str()), ("GET", "http://a/"));
        let mut written = Vec::new();
        head.fields.write_to(&mut written);
        assert_eq!(written, b"hOST: a\r\nX: y\r\n\r\n");
    }

    #[test]
    fn a_head_out_of_shape_is_refused() {
        for head in [
            "GET / HTTP/2.0\r\n\r\n",
            "GET  / HTTP/1.1\r\n\r\n",
            "GET /\r\n\r\n",
            "GET / HTTP/1.1\r\nName : value\r\n\r\n",
            "GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n",
            "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        ] {
            assert_eq!(RequestHead::parse(head.as_bytes()), None, "{head:?}");
        }
    }

    #[test]
    fn a_response_may_lack_its_reason() {
        let head = ResponseHead::parse(b"HTTP/1.1 503\r\n\r\n").unwrap();
        assert_eq!((head.status, head.reason.as_str()), (503, ""));
        let head = ResponseHead::parse(b"HTTP/1.0 404 Not Found\r\n\r\n").unwrap();
        assert_eq!((head.status, head.reason.as_str(), head.version), (404, "Not Found", Version::Http10));
    }

    #[test]
    fn a_client_of_http_1_0_must_ask_to_stay() {
        let keeps = |head: &str| RequestHead::parse(head.as_bytes()).unwrap().keeps_alive();
        assert!(keeps("CONNECT a:443 HTTP/1.1\r\n\r\n"));
        assert!(!keeps("CONNECT a:443 HTTP/1.1\r\nConnection: Close\r\n\r\n"));
        assert!(!keeps("CONNECT a:443 HTTP/1.0\r\n\r\n"));
        assert!(keeps("CONNECT a:443 HTTP/1.0\r\nProxy-Connection: Keep-Alive\r\n\r\n"));
    }
}
