//! Answers: the head as it came, the body by Content-Length, in chunks or until the connection closes (RFC 9112, 6.3).

use std::io::{ErrorKind, Read};

use httparse::Status;

use super::Answer;
use crate::evidence::{Ended, Head};
use crate::network::stream::Stream;
use crate::network::watched::End;

/// No server needs more.
const MOST_OF_A_HEAD: usize = 64 * 1024;
const MOST_FIELDS: usize = 256;

/// The beginning of bytes that are not HTTP, for evidence.
const SHOWN: usize = 64;

/// Reads answers from a stream; what came too early stays in the buffer.
pub(super) struct Reader<'a> {
    pub(super) stream: &'a mut Stream,
    pub(super) buffer: &'a mut Vec<u8>,
}

/// How the end of a body is known.
enum Framing {
    None,
    Length(u64),
    Chunked,
    UntilClose,
}

impl Reader<'_> {
    /// The final answer, and whether the connection can carry another exchange.
    pub(super) fn read(&mut self, method: &str, most: usize) -> (Answer, bool) {
        let (head, version) = match self.final_head() {
            Ok(found) => found,
            Err(ended) => return (Answer { head: None, body: Vec::new(), ended }, false),
        };
        let framing = Framing::of(&head, method);
        let persistent = is_persistent(&head, version) && !matches!(framing, Framing::UntilClose);
        let mut body = Vec::new();
        let ended = self.body(framing, &mut body, most).err().unwrap_or(Ended::Complete);
        let reusable = persistent && ended == Ended::Complete;
        (Answer { head: Some(head), body, ended }, reusable)
    }

    /// Waits, as long as the stream's patience lasts, for a final answer instead of `100 Continue`. A stream that ended
    /// has answered too.
    pub(super) fn wait_for_head(&mut self) -> bool {
        loop {
            match parse(self.buffer) {
                Ok(Some((_, head, _))) => return !(100..200).contains(&head.status),
                Err(_) => return true,
                Ok(None) => {}
            }
            match self.fill() {
                Ok(()) => {}
                Err(Pause::LostPatience) => return false,
                Err(Pause::Ended(_)) => return true,
            }
        }
    }

    /// The head of the first answer that is not an interim one.
    fn final_head(&mut self) -> Result<(Head, u8), Ended> {
        loop {
            let parsed = parse(self.buffer).map_err(|()| self.not_http())?;
            let Some((length, head, version)) = parsed else {
                if MOST_OF_A_HEAD < self.buffer.len() {
                    return Err(Ended::TooLarge);
                }
                self.fill_or_end()?;
                continue;
            };
            self.buffer.drain(..length);
            if !(100..200).contains(&head.status) {
                return Ok((head, version));
            }
        }
    }

    fn not_http(&self) -> Ended {
        Ended::NotTheProtocol(String::from_utf8_lossy(&self.buffer[..self.buffer.len().min(SHOWN)]).into_owned())
    }

    fn body(&mut self, framing: Framing, body: &mut Vec<u8>, most: usize) -> Result<(), Ended> {
        match framing {
            Framing::None => Ok(()),
            Framing::Length(length) => self.take(length, body, most),
            Framing::Chunked => self.chunks(body, most),
            Framing::UntilClose => self.until_close(body, most),
        }
    }

    fn take(&mut self, length: u64, body: &mut Vec<u8>, most: usize) -> Result<(), Ended> {
        let mut left = length;
        while 0 < left {
            if self.buffer.is_empty() {
                self.fill_or_end()?;
            }
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(self.buffer.len());
            if most < body.len() + count {
                return Err(Ended::TooLarge);
            }
            body.extend(self.buffer.drain(..count));
            left -= count as u64;
        }
        Ok(())
    }

    fn chunks(&mut self, body: &mut Vec<u8>, most: usize) -> Result<(), Ended> {
        loop {
            let size = self.chunk_size()?;
            if size == 0 {
                // Trailer fields end with an empty line.
                while !self.line()?.is_empty() {}
                return Ok(());
            }
            self.take(size, body, most)?;
            if !self.line()?.is_empty() {
                return Err(self.not_http());
            }
        }
    }

    fn chunk_size(&mut self) -> Result<u64, Ended> {
        loop {
            match httparse::parse_chunk_size(self.buffer) {
                Ok(Status::Complete((length, size))) => {
                    self.buffer.drain(..length);
                    return Ok(size);
                }
                Ok(Status::Partial) if self.buffer.len() < MOST_OF_A_HEAD => self.fill_or_end()?,
                _ => return Err(self.not_http()),
            }
        }
    }

    fn line(&mut self) -> Result<Vec<u8>, Ended> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
                line.truncate(line.trim_ascii_end().len());
                return Ok(line);
            }
            if MOST_OF_A_HEAD < self.buffer.len() {
                return Err(Ended::TooLarge);
            }
            self.fill_or_end()?;
        }
    }

    fn until_close(&mut self, body: &mut Vec<u8>, most: usize) -> Result<(), Ended> {
        loop {
            body.append(self.buffer);
            if most < body.len() {
                return Err(Ended::TooLarge);
            }
            match self.fill_or_end() {
                Ok(()) => {}
                Err(Ended::Closed) => return Ok(()),
                Err(ended) => return Err(ended),
            }
        }
    }

    fn fill_or_end(&mut self) -> Result<(), Ended> {
        self.fill().map_err(|pause| match pause {
            Pause::Ended(ended) => ended,
            // Only a reader without patience loses it, and that one does not come here.
            Pause::LostPatience => Ended::TimedOut,
        })
    }

    fn fill(&mut self) -> Result<(), Pause> {
        let mut piece = [0; 16 * 1024];
        loop {
            return match self.stream.read(&mut piece) {
                Ok(0) => Err(Pause::Ended(self.end().unwrap_or(End::Fin).into())),
                Ok(count) => {
                    self.buffer.extend_from_slice(&piece[..count]);
                    Ok(())
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == ErrorKind::WouldBlock => Err(Pause::LostPatience),
                Err(error) => Err(Pause::Ended(self.end().map_or(Ended::Other(error.to_string()), Ended::from))),
            };
        }
    }

    /// What TCP saw is plainer than what the TLS library makes of it.
    fn end(&self) -> Option<End> {
        self.stream.watched().seen().end.clone()
    }
}

/// Why no more bytes came.
enum Pause {
    Ended(Ended),
    LostPatience,
}

impl Framing {
    fn of(head: &Head, method: &str) -> Framing {
        let tunnel = method == "CONNECT" && (200..300).contains(&head.status);
        if tunnel || method == "HEAD" || matches!(head.status, 204 | 304) {
            return Framing::None;
        }
        if let Some(coding) = head.header("Transfer-Encoding") {
            // A coding whose end is not chunked is ended by the connection.
            let chunked = coding.rsplit(',').next().is_some_and(|last| last.trim().eq_ignore_ascii_case("chunked"));
            return if chunked { Framing::Chunked } else { Framing::UntilClose };
        }
        match head.header("Content-Length").map(|length| length.trim().parse()) {
            Some(Ok(length)) => Framing::Length(length),
            _ => Framing::UntilClose,
        }
    }
}

fn is_persistent(head: &Head, version: u8) -> bool {
    let says = |option: &str| {
        let values = ["Connection", "Proxy-Connection"].into_iter().filter_map(|name| head.header(name));
        values.flat_map(|value| value.split(',')).any(|word| word.trim().eq_ignore_ascii_case(option))
    };
    !says("close") && (1 <= version || says("keep-alive"))
}

/// Length, head and minor version; `None` while it is not whole.
fn parse(bytes: &[u8]) -> Result<Option<(usize, Head, u8)>, ()> {
    let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
    let mut response = httparse::Response::new(&mut fields);
    let mut config = httparse::ParserConfig::default();
    config.allow_obsolete_multiline_headers_in_responses(true);
    config.allow_multiple_spaces_in_response_status_delimiters(true);
    // One field with a control byte in it must not hide the status and the readable fields.
    config.ignore_invalid_headers_in_responses(true);
    let length = match config.parse_response(&mut response, bytes) {
        Ok(Status::Complete(length)) => length,
        Ok(Status::Partial) => return Ok(None),
        Err(_) => return Err(()),
    };
    let headers = response.headers.iter();
    let head = Head {
        status: response.code.unwrap_or(0),
        reason: response.reason.unwrap_or("").to_owned(),
        headers: headers
            .map(|field| (field.name.to_owned(), String::from_utf8_lossy(field.value).into_owned()))
            .collect(),
    };
    Ok(Some((length, head, response.version.unwrap_or(0))))
}
