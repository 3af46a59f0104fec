//! A TCP stream that never waits beyond its deadline and remembers what came: how many bytes, the first of them raw, the
//! first that were sent, and how the stream ended. Below TLS it sees what the TLS library would not tell.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::evidence::Ended;

/// Enough for what comes behind a long chain: before TLS 1.3 the key exchange and the request for a certificate follow it in
/// clear, and OpenSSL takes no more of certificates than 100 KiB.
const KEPT: usize = 128 * 1024;

/// The stream.
#[derive(Debug)]
pub(crate) struct Watched {
    stream: TcpStream,
    deadline: Instant,
    patience: Patience,
    /// Bytes that were read too early and come first.
    unread: Vec<u8>,
    seen: Traffic,
}

/// What came since [`Watched::begin`].
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    /// Bytes received.
    pub(crate) received: u64,
    /// The first of them.
    pub(crate) first: Vec<u8>,
    /// The first bytes that were sent.
    pub(crate) sent: Vec<u8>,
    /// How the stream ended, where it did.
    pub(crate) end: Option<End>,
}

/// How a stream ended, below HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Fin,
    Reset,
    TimedOut,
    /// TLS above it read a fatal alert.
    Alert(u8),
    Other(String),
}

/// How long one read waits within the deadline. A read that only lost patience says `WouldBlock`, and the stream lives on.
#[derive(Clone, Copy, Debug)]
enum Patience {
    UntilDeadline,
    Until(Instant),
    None,
}

impl Watched {
    pub(crate) fn new(stream: TcpStream, deadline: Instant) -> Watched {
        let seen = Traffic::default();
        Watched { stream, deadline, patience: Patience::UntilDeadline, unread: Vec::new(), seen }
    }

    /// Starts a new wait: everything until the next call must be over in `limit`, however many reads it takes.
    pub(crate) fn begin(&mut self, limit: Duration) {
        self.deadline = Instant::now() + limit;
        self.seen = Traffic::default();
    }

    /// What came since [`Watched::begin`].
    pub(crate) fn seen(&self) -> &Traffic {
        &self.seen
    }

    /// Hands bytes back, to be read again.
    pub(crate) fn unread(&mut self, bytes: Vec<u8>) {
        self.unread = bytes;
    }

    /// The next reads wait for `limit` at most.
    pub(crate) fn be_patient_for(&mut self, limit: Duration) {
        self.patience = Patience::Until(Instant::now() + limit);
    }

    /// The next reads take only what is there already.
    pub(crate) fn be_impatient(&mut self) {
        self.patience = Patience::None;
    }

    /// The next reads wait until the deadline.
    pub(crate) fn be_patient(&mut self) {
        self.patience = Patience::UntilDeadline;
    }

    /// TLS read a fatal alert. That says more than what TCP made of it before.
    pub(super) fn alerted(&mut self, code: u8) {
        self.seen.end = Some(End::Alert(code));
    }

    fn left(&mut self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(self.timed_out()) } else { Ok(left) }
    }

    fn timed_out(&mut self) -> io::Error {
        self.end(End::TimedOut);
        // Not `WouldBlock`, which the TLS library would take for an invitation to try again.
        ErrorKind::TimedOut.into()
    }

    /// Only the first end counts: what follows it are echoes.
    fn end(&mut self, end: End) {
        self.seen.end.get_or_insert(end);
    }

    fn read_socket(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let until_deadline = self.left()?;
        match self.patience {
            Patience::UntilDeadline => {
                self.stream.set_read_timeout(Some(until_deadline))?;
                self.stream.read(buffer)
            }
            Patience::Until(moment) => {
                let left = moment.saturating_duration_since(Instant::now()).min(until_deadline);
                if left.is_zero() {
                    return Err(ErrorKind::WouldBlock.into());
                }
                self.stream.set_read_timeout(Some(left))?;
                self.stream.read(buffer)
            }
            Patience::None => {
                self.stream.set_nonblocking(true)?;
                let result = self.stream.read(buffer);
                self.stream.set_nonblocking(false)?;
                result
            }
        }
    }

    fn note(&mut self, result: io::Result<usize>, bytes: &[u8]) -> io::Result<usize> {
        match result {
            Ok(0) if !bytes.is_empty() => self.end(End::Fin),
            Ok(count) => {
                self.seen.received += count as u64;
                let room = KEPT - self.seen.first.len();
                self.seen.first.extend_from_slice(&bytes[..count.min(room)]);
            }
            Err(error) => return Err(self.note_error(error)),
        }
        result
    }

    fn note_error(&mut self, error: io::Error) -> io::Error {
        match error.kind() {
            ErrorKind::Interrupted => {}
            ErrorKind::WouldBlock | ErrorKind::TimedOut => match self.patience {
                Patience::UntilDeadline => return self.timed_out(),
                _ => return ErrorKind::WouldBlock.into(),
            },
            ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => self.end(End::Reset),
            // The peer had closed or reset before we wrote; which of the two, a read will tell.
            ErrorKind::BrokenPipe => {}
            _ => self.end(End::Other(error.to_string())),
        }
        error
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = if self.unread.is_empty() {
            self.read_socket(buffer)
        } else {
            let count = self.unread.len().min(buffer.len());
            buffer[..count].copy_from_slice(&self.unread[..count]);
            self.unread.drain(..count);
            Ok(count)
        };
        self.note(result, buffer)
    }
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.left()?;
        self.stream.set_write_timeout(Some(left))?;
        match self.stream.write(bytes) {
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Err(self.timed_out()),
            Err(error) => Err(self.note_error(error)),
            Ok(count) => {
                let room = KEPT - self.seen.sent.len();
                self.seen.sent.extend_from_slice(&bytes[..count.min(room)]);
                Ok(count)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl From<End> for Ended {
    fn from(end: End) -> Ended {
        match end {
            End::Fin => Ended::Closed,
            End::Reset => Ended::Reset,
            End::TimedOut => Ended::TimedOut,
            End::Alert(code) => Ended::Alert(code),
            End::Other(text) => Ended::Other(text),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;
    use crate::scripted_peer::{self, Act};

    fn check(acts: &[Act], received: &[u8], end: End) {
        let stream = TcpStream::connect(scripted_peer::listener(acts.to_vec())).unwrap();
        let mut watched = Watched::new(stream, Instant::now());
        let limit = if end == End::TimedOut { 100 } else { 10_000 };
        watched.begin(Duration::from_millis(limit));
        watched.write_all(b"hello").unwrap();
        let mut bytes = Vec::new();
        let _ = watched.read_to_end(&mut bytes);
        assert_eq!(bytes, received);
        assert_eq!(watched.seen().received, received.len() as u64);
        assert_eq!(watched.seen().sent, b"hello");
        assert_eq!(watched.seen().end, Some(end));
    }

    #[test]
    fn fin_is_told_from_reset_and_from_silence() {
        check(&[Act::ReadUntil("hello"), Act::Send(b"abc".to_vec())], b"abc", End::Fin);
        check(&[Act::Send(b"abc".to_vec()), Act::Reset], b"abc", End::Reset);
        check(&[Act::Send(b"abc".to_vec()), Act::Silence], b"abc", End::TimedOut);
    }

    #[test]
    fn a_drip_of_bytes_does_not_move_the_deadline() {
        let acts = (0..20).flat_map(|_| [Act::Send(b"x".to_vec()), Act::Pause(20)]).collect();
        let stream = TcpStream::connect(scripted_peer::listener(acts)).unwrap();
        let mut watched = Watched::new(stream, Instant::now());
        watched.begin(Duration::from_millis(110));
        let _ = watched.read_to_end(&mut Vec::new());
        assert_eq!(watched.seen().end, Some(End::TimedOut));
        assert!(watched.seen().received < 20);
    }

    #[test]
    fn lost_patience_is_not_an_end() {
        let acts = vec![Act::Pause(60), Act::Send(b"abc".to_vec())];
        let stream = TcpStream::connect(scripted_peer::listener(acts)).unwrap();
        let mut watched = Watched::new(stream, Instant::now());
        watched.begin(Duration::from_secs(5));
        watched.be_impatient();
        assert_eq!(watched.read(&mut [0; 8]).unwrap_err().kind(), ErrorKind::WouldBlock);
        watched.be_patient_for(Duration::from_millis(5));
        assert_eq!(watched.read(&mut [0; 8]).unwrap_err().kind(), ErrorKind::WouldBlock);
        assert_eq!(watched.seen().end, None);
        watched.be_patient();
        assert_eq!(watched.read(&mut [0; 8]).unwrap(), 3);
    }
}
