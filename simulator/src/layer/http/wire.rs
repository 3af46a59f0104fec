//! The byte seam around hyper: looks at the first bytes, and sends what hyper would spell otherwise as Windows spells it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};

use crate::layer::http::kernel_page;

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
    /// Whether the next bytes from hyper begin an answer: something was read since the last head.
    expects_head: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(crate) fn new(stream: S) -> Wire<S> {
        Wire { stream, ahead: BytesMut::new(), head: BytesMut::new(), expects_head: true }
    }

    /// Looks at the first word without taking it.
    pub(crate) async fn first_word(&mut self, patience: Duration) -> FirstWord {
        tokio::time::timeout(patience, self.word()).await.unwrap_or(FirstWord::Nothing)
    }

    /// Sends these bytes and nothing more.
    pub(crate) async fn say_last(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await?;
        self.stream.shutdown().await?;
        // Closing with bytes unread would send RST, which may overtake the page.
        let mut unread = [0; 4096];
        for _ in 0..256 {
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
        self.expects_head = true;
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
        let head = if self.expects_head { head_of(bytes) } else { None };
        let Some(head) = head else { return Pin::new(&mut self.stream).poll_write(cx, bytes) };
        // An interim answer is followed by another head.
        self.expects_head = head.starts_with(b"HTTP/1.1 1");
        self.head.extend_from_slice(&as_windows(head));
        let body = &bytes[head.len()..];
        // The beginning of the body goes with its head, for one record and one segment less.
        self.head.extend_from_slice(body);
        match self.poll_head(cx) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Ready(Ok(())) | Poll::Pending => Poll::Ready(Ok(bytes.len())),
        }
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

/// The head that begins these bytes; hyper writes a head at once and never in pieces.
fn head_of(bytes: &[u8]) -> Option<&[u8]> {
    let end = find(bytes, b"\r\n\r\n")? + 4;
    bytes.starts_with(b"HTTP/1.").then(|| &bytes[..end])
}

fn as_windows(head: &[u8]) -> Vec<u8> {
    if let Some(page) = page_in_place_of(head) {
        return page.bytes();
    }
    let mut head = head.to_vec();
    for (wrong, right) in SPELLINGS {
        if let Some(at) = find(&head, wrong) {
            head[at..at + right.len()].copy_from_slice(right);
        }
    }
    head
}

/// hyper refuses what is no request by itself, and says no server's name; every answer of a site has one.
fn page_in_place_of(head: &[u8]) -> Option<kernel_page::KernelPage> {
    if find(head, b"\r\nServer: ").is_some() {
        return None;
    }
    match head.get(9..12)? {
        b"431" | b"414" => Some(kernel_page::TOO_LONG),
        [b'4', ..] => Some(kernel_page::BADLY_FORMED),
        _ => None,
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// RFC 9110, 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
