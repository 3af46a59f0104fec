//! A connection: bytes in, bytes out, counted; what was looked at ahead is read again.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::layer::tcp::TcpAct;
use crate::layer::visit::Visit;

/// First byte of a TLS record that holds an alert.
const TLS_ALERT: u8 = 21;

/// A connection that a node has accepted.
#[derive(Debug)]
pub(crate) struct Conn {
    /// `None` once a fault has ended it.
    stream: Option<TcpStream>,
    visit: Arc<Visit>,
    ahead: BytesMut,
    sent: u64,
    stalled: bool,
    greeted: bool,
    resets_in_place_of_an_alert: bool,
}

impl Conn {
    pub(crate) fn new(stream: TcpStream, visit: Arc<Visit>) -> Conn {
        Conn {
            stream: Some(stream),
            visit,
            ahead: BytesMut::new(),
            sent: 0,
            stalled: false,
            greeted: false,
            resets_in_place_of_an_alert: false,
        }
    }

    /// What all layers share of this connection.
    pub(crate) fn visit(&self) -> &Arc<Visit> {
        &self.visit
    }

    /// Bytes sent so far.
    pub(crate) fn sent(&self) -> u64 {
        self.sent
    }

    /// Looks at what comes first, without taking it, until `enough` has an answer. `None` if the peer ends before that,
    /// sends more than `limit` bytes, or takes too long.
    pub(crate) async fn look_ahead<T>(
        &mut self,
        limit: usize,
        patience: Duration,
        mut enough: impl FnMut(&[u8]) -> Option<T>,
    ) -> io::Result<Option<T>> {
        let looked = async {
            loop {
                if let Some(answer) = enough(&self.ahead) {
                    return Ok(Some(answer));
                }
                if self.ahead.len() >= limit || self.read_more().await? == 0 {
                    return Ok(None);
                }
            }
        };
        tokio::time::timeout(patience, looked).await.unwrap_or(Ok(None))
    }

    /// Gives back bytes that were read and not used: they are read again.
    pub(crate) fn put_back(&mut self, mut bytes: BytesMut) {
        bytes.unsplit(std::mem::take(&mut self.ahead));
        self.ahead = bytes;
    }

    /// Whether anything at all has come from the peer.
    pub(crate) fn heard(&self) -> bool {
        !self.ahead.is_empty()
    }

    /// Whether an alert that would be the first thing sent becomes RST, as some servers refuse a handshake.
    pub(crate) fn reset_in_place_of_an_alert(&mut self, resets: bool) {
        self.resets_in_place_of_an_alert = resets;
    }

    /// Ends the connection with RST.
    pub(crate) fn reset(&mut self) {
        if let Some(stream) = self.stream.take() {
            // Without the option the peer sees FIN, which is the next best thing.
            let _ = socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO));
        }
    }

    async fn read_more(&mut self) -> io::Result<usize> {
        let mut ahead = std::mem::take(&mut self.ahead);
        let mut chunk = [0; 4096];
        let read = Fresh(self).read(&mut chunk).await;
        if let Ok(read) = read {
            ahead.extend_from_slice(&chunk[..read]);
        }
        self.ahead = ahead;
        read
    }

    /// What a fault says before anything is read or written; asked once.
    fn greet(&mut self) -> io::Result<()> {
        if self.greeted {
            return Ok(());
        }
        self.greeted = true;
        let act = self.visit.tcp.ask(|fault| fault.on_accept());
        self.obey(act)
    }

    fn obey(&mut self, act: TcpAct) -> io::Result<()> {
        match act {
            TcpAct::Proceed => {}
            TcpAct::Reset => self.reset(),
            TcpAct::Close => drop(self.stream.take()),
            TcpAct::Stall => self.stalled = true,
        }
        self.open().map(|_| ())
    }

    /// How many bytes may be sent now, of which this one is the first.
    fn poll_allowed(&mut self, first: Option<&u8>) -> Poll<io::Result<usize>> {
        self.greet()?;
        self.open()?;
        let sent = self.sent;
        if self.resets_in_place_of_an_alert && sent == 0 && first == Some(&TLS_ALERT) {
            self.reset();
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        if !self.stalled {
            let act = self.visit.tcp.ask(|fault| fault.before_write(sent));
            self.obey(act)?;
        }
        if self.stalled {
            // Nothing wakes this task again but the peer's bytes or the end of its patience, and that is meant.
            return Poll::Pending;
        }
        let allowed = self.visit.tcp.least(|fault| fault.allowance(sent)).max(1);
        Poll::Ready(Ok(usize::try_from(allowed).unwrap_or(usize::MAX)))
    }

    fn count(&mut self, written: usize) -> usize {
        self.sent += written as u64;
        self.visit.stir();
        written
    }

    fn open(&mut self) -> io::Result<&mut TcpStream> {
        self.stream.as_mut().ok_or_else(|| io::ErrorKind::ConnectionReset.into())
    }

    fn poll_fresh(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.greet()?;
        let before = buffer.filled().len();
        ready!(Pin::new(self.open()?).poll_read(cx, buffer))?;
        if buffer.filled().len() > before {
            self.visit.stir();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Conn {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.ahead.is_empty() {
            return self.poll_fresh(cx, buffer);
        }
        let taken = self.ahead.len().min(buffer.remaining());
        buffer.put_slice(&self.ahead[..taken]);
        self.ahead.advance(taken);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Conn {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let allowed = ready!(self.poll_allowed(bytes.first()))?.min(bytes.len());
        let written = ready!(Pin::new(self.open()?).poll_write(cx, &bytes[..allowed]))?;
        Poll::Ready(Ok(self.count(written)))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let first = pieces.iter().find(|piece| !piece.is_empty()).map_or(&[][..], |piece| &piece[..]);
        let allowed = ready!(self.poll_allowed(first.first()))?;
        let written = match pieces.iter().map(|piece| piece.len()).sum::<usize>() <= allowed {
            true => ready!(Pin::new(self.open()?).poll_write_vectored(cx, pieces))?,
            false => ready!(Pin::new(self.open()?).poll_write(cx, &first[..allowed.min(first.len())]))?,
        };
        Poll::Ready(Ok(self.count(written)))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.stalled {
            return Poll::Pending;
        }
        Pin::new(self.open()?).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.stalled {
            return Poll::Pending;
        }
        Pin::new(self.open()?).poll_shutdown(cx)
    }
}

/// Reads from the socket past what was looked at ahead.
struct Fresh<'a>(&'a mut Conn);

impl AsyncRead for Fresh<'_> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.0.poll_fresh(cx, buffer)
    }
}
