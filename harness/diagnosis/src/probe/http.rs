//! HTTP/1.1 (RFC 9112) by hand, over any stream: the examiner must see what a tolerant library would hide or repair.
//! Written as .NET Framework's `HttpWebRequest` writes it, because that is what middleboxes and servers meet.

mod answer;
mod request;

use std::io::{ErrorKind, Write};
use std::time::Duration;

use crate::evidence::{Ended, Head};
use crate::network::stream::Stream;
use crate::network::watched::Watched;
use crate::sync::xpress;
use answer::Reader;

pub(crate) use request::{Request, authority};

/// .NET waits this long for `100 Continue` and then sends the body anyway.
const WAIT_FOR_CONTINUE: Duration = Duration::from_millis(350);

/// The most of a body that evidence keeps.
const SHOWN: usize = 4096;

/// A connection on which one exchange follows the other.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: Stream,
    /// Received and not yet read as part of an answer.
    buffer: Vec<u8>,
    /// How many requests it has carried.
    carried: u32,
    reusable: bool,
}

/// An answer, as far as one came.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) head: Option<Head>,
    pub(crate) body: Vec<u8>,
    pub(crate) ended: Ended,
}

impl Connection {
    pub(crate) fn new(stream: Stream) -> Connection {
        Connection { stream, buffer: Vec::new(), carried: 0, reusable: true }
    }

    /// Whether no request has been sent yet.
    pub(crate) fn is_fresh(&self) -> bool {
        self.carried == 0
    }

    /// Whether another request may be sent: the last answer ended where it said it would, and the peer has not left since.
    pub(crate) fn is_reusable(&mut self) -> bool {
        self.reusable && self.buffer.is_empty() && (self.is_fresh() || self.is_quiet())
    }

    /// Sends a request and reads the answer, all within `limit`. Of a body no more than `most` bytes are read.
    pub(crate) fn exchange(&mut self, request: &Request, limit: Duration, most: usize) -> Answer {
        self.stream.watched_mut().begin(limit);
        self.carried += 1;
        let waiting = request.expects_continue();
        let mut first = request.head();
        if !waiting {
            first.extend_from_slice(request.body());
        }
        // A server may answer and close before it has read everything, so a failed write is no reason not to read.
        let _ = self.stream.write_all(&first).and_then(|()| self.stream.flush());
        let mut reader = Reader { stream: &mut self.stream, buffer: &mut self.buffer };
        let early = waiting && answered_early(&mut reader);
        if waiting && !early {
            let _ = reader.stream.write_all(request.body()).and_then(|()| reader.stream.flush());
        }
        let (answer, reusable) = reader.read(request.method(), most);
        // After a body that was announced and not sent, the two sides may disagree on where the next request begins.
        self.reusable = reusable && !early;
        answer
    }

    /// The stream below, for another protocol over it.
    pub(crate) fn into_watched(self) -> Option<Watched> {
        match self.stream {
            Stream::Plain(mut watched) => {
                watched.unread(self.buffer);
                Some(watched)
            }
            Stream::Tls(_) => None,
        }
    }

    /// Takes leave of the peer.
    pub(crate) fn close(self) {
        self.stream.close();
    }

    /// Whether nothing has come since the last answer, no FIN either.
    fn is_quiet(&mut self) -> bool {
        // The deadline of the last exchange may have passed; nothing is waited for here.
        self.stream.watched_mut().begin(WAIT_FOR_CONTINUE);
        self.stream.watched_mut().be_impatient();
        let read = std::io::Read::read(&mut self.stream, &mut [0]);
        self.stream.watched_mut().be_patient();
        read.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }
}

impl Answer {
    /// Undoes the `Content-Encoding` of a whole body; no more than `most` bytes come of it. Where that cannot be, the body
    /// stays as it is.
    pub(crate) fn undo_coding(&mut self, most: usize) -> Result<(), String> {
        let coding = self.head.as_ref().and_then(|head| head.header("Content-Encoding")).map(str::trim);
        match coding.unwrap_or("") {
            _ if self.ended != Ended::Complete => Ok(()),
            coding if coding.is_empty() || coding.eq_ignore_ascii_case("identity") => Ok(()),
            coding if coding.eq_ignore_ascii_case("xpress") => {
                let decoded = xpress::decode(&self.body, most);
                self.body = decoded.map_err(|reason| format!("the content cannot be decoded as xpress: {reason}"))?;
                Ok(())
            }
            coding => Err(format!("the content is encoded as {coding:?}, which was not asked for")),
        }
    }

    /// The beginning of the body, for evidence.
    pub(crate) fn shown_body(&self) -> String {
        String::from_utf8_lossy(&self.body[..self.body.len().min(SHOWN)]).into_owned()
    }
}

/// Waits a little for the server's word on the body. Whether it has answered for good instead of saying `100 Continue`.
fn answered_early(reader: &mut Reader<'_>) -> bool {
    reader.stream.watched_mut().be_patient_for(WAIT_FOR_CONTINUE);
    let early = reader.wait_for_head();
    reader.stream.watched_mut().be_patient();
    early
}

#[cfg(test)]
mod tests;
