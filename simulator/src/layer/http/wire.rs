//! The byte seam around hyper: looks at the first bytes, and sends what hyper would spell otherwise as Windows spells it.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};

use crate::layer::http::kernel_page;
use crate::layer::http::response::NO_BODY;

/// No honest request has more left to say once it was answered.
const MOST_UNREAD: usize = 8 * 1024 * 1024;
/// HTTP.SYS takes a longer word for no verb.
const LONGEST_VERB: usize = 255;

/// Field names that hyper cannot spell, each as long as it is right.
const SPELLINGS: [(&[u8], &[u8]); 3] = [
    (b"\r\nX-Aspnet-Version:", b"\r\nX-AspNet-Version:"),
    (b"\r\nEtag:", b"\r\nETag:"),
    (b"\r\nWww-Authenticate:", b"\r\nWWW-Authenticate:"),
];

/// What a connection begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FirstWord {
    /// Something like a method.
    Verb,
    /// Bytes that cannot be one.
    Garbage,
    /// The peer closed, or waited for too long, before there was a word.
    Nothing,
}

/// A byte stream as hyper sees it.
#[derive(Debug)]
pub(crate) struct Wire<S> {
    stream: S,
    ahead: BytesMut,
    /// A head that has been taken from hyper and not yet sent.
    head: BytesMut,
    /// How many bytes of the present answer's body hyper still has to give; at nought the next thing is a head.
    body: usize,
    /// Whether an answer has gone out that closes the connection.
    spoke_last: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(crate) fn new(stream: S) -> Wire<S> {
        Wire { stream, ahead: BytesMut::new(), head: BytesMut::new(), body: 0, spoke_last: false }
    }

    /// Looks at the first word without taking it.
    pub(crate) async fn first_word(&mut self, patience: Duration) -> FirstWord {
        tokio::time::timeout(patience, self.word()).await.unwrap_or(FirstWord::Nothing)
    }

    /// Sends these bytes and nothing more.
    pub(crate) async fn say_last(mut self, bytes: &[u8], patience: Duration) {
        self.head.extend_from_slice(bytes);
        self.spoke_last = true;
        self.linger(patience).await;
    }

    /// After an answer that closes the connection, takes what the peer still sends: closing with bytes unread would send RST,
    /// at which Windows throws away an answer that it has not yet read.
    pub(crate) async fn linger(mut self, patience: Duration) {
        if self.spoke_last {
            // Whatever goes wrong here, the answer was given as well as can be.
            let _ = tokio::time::timeout(patience, self.take_the_rest()).await;
        }
    }

    async fn take_the_rest(&mut self) -> io::Result<()> {
        self.shutdown().await?;
        let mut unread = [0; 16 * 1024];
        for _ in 0..MOST_UNREAD / unread.len() {
            if self.stream.read(&mut unread).await? == 0 {
                break;
            }
        }
        Ok(())
    }

    async fn word(&mut self) -> FirstWord {
        loop {
            let text = self.ahead.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(self.ahead.len());
            let rest = &self.ahead[text..];
            match rest.iter().position(|&byte| !is_token(byte)) {
                Some(end) if end > 0 && rest[end] == b' ' => return FirstWord::Verb,
                Some(_) => return FirstWord::Garbage,
                None if self.ahead.len() > LONGEST_VERB => return FirstWord::Garbage,
                None => {}
            }
            if !matches!(self.stream.read_buf(&mut self.ahead).await, Ok(1..)) {
                return FirstWord::Nothing;
            }
        }
    }

    /// Sends what is left of a head.
    fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.head.is_empty() {
            let sent = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.head))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.head.advance(sent);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.ahead.is_empty() {
            return Pin::new(&mut self.stream).poll_read(cx, buffer);
        }
        let taken = self.ahead.len().min(buffer.remaining());
        buffer.put_slice(&self.ahead[..taken]);
        self.ahead.advance(taken);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_head(cx))?;
        if self.body > 0 {
            let part = &bytes[..bytes.len().min(self.body)];
            let sent = ready!(Pin::new(&mut self.stream).poll_write(cx, part))?;
            self.body -= sent;
            return Poll::Ready(Ok(sent));
        }
        let head = Head::first_of(bytes);
        let (body, rest) = (head.body, &bytes[head.length..]);
        let with_it = &rest[..rest.len().min(body)];
        // The beginning of the body goes with its head, for one record and one segment less.
        let spelled = head.as_windows();
        self.spoke_last |= find(&spelled, b"\r\nConnection: close\r\n").is_some();
        self.head.extend_from_slice(&spelled);
        self.head.extend_from_slice(with_it);
        self.body = body - with_it.len();
        match self.poll_head(cx) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Ready(Ok(())) | Poll::Pending => Poll::Ready(Ok(head.length + with_it.len())),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_head(cx))?;
        if self.body == 0 {
            return self.poll_write(cx, &beginning(pieces));
        }
        let mut length = 0;
        let fits = |piece: &IoSlice<'_>| {
            length += piece.len();
            length <= self.body
        };
        let whole = pieces.iter().copied().take_while(fits).count();
        if whole == 0 {
            return self.poll_write(cx, pieces.first().map_or(&[], |piece| &piece[..]));
        }
        let sent = ready!(Pin::new(&mut self.stream).poll_write_vectored(cx, &pieces[..whole]))?;
        self.body -= sent;
        Poll::Ready(Ok(sent))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_head(cx))?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_head(cx))?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A head, which hyper writes as one piece, and what goes with it of the body behind it.
fn beginning(pieces: &[IoSlice<'_>]) -> Vec<u8> {
    /// A record of TLS and some segments hold as much.
    const WITH_IT: usize = 16 * 1024;
    let mut pieces = pieces.iter().skip_while(|piece| piece.is_empty());
    let mut bytes = pieces.next().map(|head| head.to_vec()).unwrap_or_default();
    for piece in pieces {
        let room = WITH_IT.saturating_sub(bytes.len());
        bytes.extend_from_slice(&piece[..piece.len().min(room)]);
    }
    bytes
}

/// The head of an answer, as hyper spells it.
struct Head<'a> {
    bytes: &'a [u8],
    length: usize,
    /// How long a body follows.
    body: usize,
}

impl<'a> Head<'a> {
    /// hyper writes a head at once and never in pieces; were it otherwise, all would be taken for a head.
    fn first_of(bytes: &'a [u8]) -> Head<'a> {
        let length = find(bytes, b"\r\n\r\n").map_or(bytes.len(), |end| end + 4);
        let head = Head { bytes: &bytes[..length], length, body: 0 };
        let body = if head.value(NO_BODY).is_some() { None } else { head.value("Content-Length") };
        let body = body.and_then(|length| std::str::from_utf8(length).ok()?.parse().ok()).unwrap_or(0);
        Head { body, ..head }
    }

    /// The head as Windows spells it.
    fn as_windows(&self) -> Vec<u8> {
        if let Some(page) = self.page_in_its_place() {
            return page.bytes();
        }
        let mut head = self.bytes.to_vec();
        self.say_1_1(&mut head);
        for (wrong, right) in SPELLINGS {
            if let Some(at) = find(&head, wrong) {
                head[at..at + right.len()].copy_from_slice(right);
            }
        }
        if let Some(at) = find(&head, format!("\r\n{NO_BODY}: \r\n").as_bytes()) {
            head.drain(at..at + NO_BODY.len() + 4);
        }
        head
    }

    /// HTTP.SYS answers HTTP/1.0 with its own version, as RFC 9110, 6.2 wants it, and says that it closes; hyper says 1.0.
    fn say_1_1(&self, head: &mut Vec<u8>) {
        const OLD: &[u8] = b"HTTP/1.0";
        if !head.starts_with(OLD) {
            return;
        }
        head[OLD.len() - 1] = b'1';
        if self.value("Connection").is_none() && head.ends_with(b"\r\n\r\n") {
            head.truncate(head.len() - 2);
            head.extend_from_slice(b"Connection: close\r\n\r\n");
        }
    }

    /// hyper refuses what is no request by itself, and says no server's name; every answer of a site has one.
    fn page_in_its_place(&self) -> Option<kernel_page::KernelPage> {
        if self.value("Server").is_some() {
            return None;
        }
        match self.bytes.get(9..12)? {
            b"431" | b"414" => Some(kernel_page::TOO_LONG),
            [b'4', ..] => Some(kernel_page::BADLY_FORMED),
            _ => None,
        }
    }

    fn value(&self, field: &str) -> Option<&'a [u8]> {
        let lines = self.bytes.split(|&byte| byte == b'\n').skip(1);
        let mut fields = lines.filter_map(|line| line.split_at_checked(field.len() + 2));
        let value = fields
            .find(|(name, _)| name.ends_with(b": ") && name[..field.len()].eq_ignore_ascii_case(field.as_bytes()));
        value.map(|(_, value)| value.strip_suffix(b"\r").unwrap_or(value))
    }
}

/// All that is looked for begins with the end of a line: comparing there alone costs a fraction of comparing everywhere.
fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = wanted.first()?;
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|byte| byte == first)?;
        if bytes[at..].starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// RFC 9110, 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_goes_out_as_windows_spells_it() {
        check(
            "HTTP/1.1 200 OK\r\nServer: a\r\nX-Aspnet-Version: 4\r\nEtag: b\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1",
            "HTTP/1.1 200 OK\r\nServer: a\r\nX-AspNet-Version: 4\r\nETag: b\r\nContent-Length: 3\r\n\r\n",
            3,
        );
    }

    #[test]
    fn an_answer_to_head_has_a_length_and_no_body() {
        check(
            "HTTP/1.1 200 OK\r\nServer: a\r\nContent-Length: 3\r\nX-No-Body: \r\n\r\n",
            "HTTP/1.1 200 OK\r\nServer: a\r\nContent-Length: 3\r\n\r\n",
            0,
        );
    }

    #[test]
    fn an_answer_to_http_1_0_says_1_1_and_that_it_closes() {
        check(
            "HTTP/1.0 200 OK\r\nServer: a\r\nContent-Length: 3\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nServer: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\n",
            3,
        );
        check(
            "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
            0,
        );
    }

    #[test]
    fn an_interim_answer_passes_as_it_is() {
        check("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", 0);
    }

    #[test]
    fn an_answer_of_hypers_own_becomes_one_of_http_sys() {
        let head =
            Head::first_of(b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n\r\n").as_windows();
        let head = String::from_utf8_lossy(&head).into_owned();
        assert!(head.starts_with("HTTP/1.1 400 Bad Request\r\n") && head.contains("Request Too Long"), "{head}");
    }

    fn check(from_hyper: &str, expected: &str, body: usize) {
        let head = Head::first_of(from_hyper.as_bytes());
        assert_eq!(String::from_utf8_lossy(&head.as_windows()), expected);
        assert_eq!(head.body, body);
    }

    #[tokio::test]
    async fn pieces_of_a_body_go_out_behind_their_head() {
        let head = b"HTTP/1.1 200 OK\r\nServer: a\r\nEtag: b\r\nContent-Length: 50000\r\n\r\n";
        let pieces = [vec![b'x'; 9_000], Vec::new(), vec![b'y'; 40_000], vec![b'z'; 1_000]];
        let next = b"HTTP/1.1 200 OK\r\nServer: a\r\nContent-Length: 0\r\n\r\n";
        let given = [&head[..], &pieces[0], &pieces[1], &pieces[2], &pieces[3], next];
        let expected = given.concat();
        let expected = String::from_utf8_lossy(&expected).replace("Etag", "ETag");
        let mut wire = Wire::new(tokio::io::join(tokio::io::empty(), Vec::new()));
        let mut sent = 0;
        while sent < expected.len() {
            let mut before = sent;
            let rest = given.iter().filter_map(|piece| {
                let skipped = piece.len().min(before);
                before -= skipped;
                Some(&piece[skipped..]).filter(|rest| !rest.is_empty())
            });
            let rest: Vec<IoSlice<'_>> = rest.map(IoSlice::new).collect();
            sent += std::future::poll_fn(|cx| Pin::new(&mut wire).poll_write_vectored(cx, &rest)).await.unwrap_or(0);
        }
        assert!(wire.stream.writer() == expected.as_bytes());
    }
}
