//! Fetches files along one way, over one connection as long as it is kept, as BITS does: HEAD, then GET in parts, each only
//! if the file has not changed since.

use std::ops::Range;
use std::time::Instant;

use super::super::examiner::{Examiner, elapsed_ms};
use super::super::open::{Keep, open};
use super::super::way::Way;
use crate::evidence::{ContentEnd, ContentSeen, ExchangeSeen, PartsEnd, Purpose, Seen, ending, refused_method};
use crate::network::ExamineError;
use crate::probe::http::{Answer, Connection, Request};
use crate::sync::{WantedFile, hex};

/// More of a page that stands in the place of a file is not read.
const MOST_OF_A_PAGE: usize = 64 * 1024;

pub(super) struct Fetching<'e, 'a> {
    examiner: &'e mut Examiner<'a>,
    way: Way,
    purpose: Purpose,
    connection: Option<Connection>,
}

/// One request for a file.
struct Ask<'f> {
    method: &'static str,
    path: &'f str,
    size: u64,
    part: Option<Range<u64>>,
    /// `Last-Modified` of the file when HEAD was answered.
    unmodified_since: Option<&'f str>,
}

/// What came of a part.
enum Came {
    Part,
    Whole,
    Wrong(String),
    Ended(ContentEnd),
}

impl<'e, 'a> Fetching<'e, 'a> {
    pub(super) fn new(examiner: &'e mut Examiner<'a>, way: Way, purpose: Purpose) -> Fetching<'e, 'a> {
        Fetching { examiner, way, purpose, connection: None }
    }

    /// Fetches a file and keeps what became of it.
    pub(super) fn fetch(&mut self, file: &WantedFile) -> Result<ContentSeen, ExamineError> {
        let started = Instant::now();
        let mut seen = ContentSeen {
            path: file.path(),
            digest: hex(&file.digest),
            size: file.size,
            is_licence: file.is_licence,
            head: None,
            gets: Vec::new(),
            parts: PartsEnd::NotAsked,
            received: 0,
            ended: ContentEnd::NotReached,
        };
        self.look(file, &mut seen)?;
        self.examiner.note(self.way.target(self.purpose), elapsed_ms(started), Seen::Content(seen.clone()));
        Ok(seen)
    }

    /// Takes leave of the peer.
    pub(super) fn end(self) -> Way {
        if let Some(connection) = self.connection {
            connection.close();
        }
        self.way
    }

    fn look(&mut self, file: &WantedFile, seen: &mut ContentSeen) -> Result<(), ExamineError> {
        let path = seen.path.clone();
        let ask = Ask { method: "HEAD", path: &path, size: file.size, part: None, unmodified_since: None };
        let Some((head, _)) = self.exchange(&ask)? else { return Ok(()) };
        let (ended, method_refused) = (ending(&head), refused_method(&head).is_some());
        let field = |name| head.answer.as_ref().and_then(|head| head.header(name)).filter(|_| !method_refused);
        let length: Option<u64> = field("Content-Length").and_then(|length| length.trim().parse().ok());
        // Some devices answer HEAD with the length of the body that it does not have.
        let length = length.filter(|length| 0 < *length || file.size == 0);
        let last_modified = field("Last-Modified").map(str::to_owned);
        seen.head = Some(head);
        match ended {
            Some(ended) if !method_refused => seen.ended = ended,
            _ if length.is_some_and(|length| file.size < length) => seen.ended = ContentEnd::TooLarge,
            _ => self.get(file, length.unwrap_or(file.size), last_modified.as_deref(), seen)?,
        }
        Ok(())
    }

    /// The parts of a file of that length.
    fn get(
        &mut self,
        file: &WantedFile,
        length: u64,
        unmodified_since: Option<&str>,
        seen: &mut ContentSeen,
    ) -> Result<(), ExamineError> {
        let path = seen.path.clone();
        let mut body = Vec::new();
        for part in halves(length) {
            let part = Some(part);
            let ask = Ask { method: "GET", path: &path, size: file.size, part: part.clone(), unmodified_since };
            let Some((get, bytes)) = self.exchange(&ask)? else { return Ok(()) };
            let came = came(&get, part, length, bytes.len() as u64);
            seen.gets.push(get);
            seen.received += bytes.len() as u64;
            match came {
                Came::Part => {
                    body.extend(bytes);
                    seen.parts = PartsEnd::Came;
                }
                Came::Whole => {
                    body = bytes;
                    seen.parts = PartsEnd::WholeInstead;
                    break;
                }
                Came::Wrong(what) => {
                    seen.parts = PartsEnd::Wrong(what);
                    seen.ended = ContentEnd::NotCompared;
                    return Ok(());
                }
                Came::Ended(ended) => {
                    seen.ended = ended;
                    return Ok(());
                }
            }
        }
        seen.ended = if file.size < body.len() as u64 { ContentEnd::TooLarge } else { compared(&body, file) };
        Ok(())
    }

    /// One exchange, over a new connection where the last cannot carry it; `None` where none came about.
    fn exchange(&mut self, ask: &Ask<'_>) -> Result<Option<(ExchangeSeen, Vec<u8>)>, ExamineError> {
        if !self.connection.as_mut().is_some_and(Connection::is_reusable) {
            if let Some(connection) = self.connection.take() {
                connection.close();
            }
            self.connection = open(self.examiner, &mut self.way, self.purpose, Keep::OnlyFailures)?.ok();
        }
        let Some(connection) = &mut self.connection else { return Ok(None) };
        let credentials = self.examiner.login.accepted().filter(|_| self.way.is_forwarded());
        let mut request = ask.request(&self.way);
        if let Some(credentials) = &credentials {
            request = credentials.sign(request);
        }
        let most = usize::try_from(ask.size).unwrap_or(usize::MAX).max(MOST_OF_A_PAGE);
        let mut answer = connection.exchange(&request, self.examiner.answer(), most);
        // The bytes of a file must stay what they are; only a page that stands in its place can repeat a request.
        if let Some(credentials) = credentials.filter(|_| !is_file(&answer)) {
            credentials.redact(&mut answer);
        }
        // Its bytes tell a reader nothing.
        let shown = if is_file(&answer) { String::new() } else { answer.shown_body() };
        let Answer { head, body, ended } = answer;
        let (method, target) = (ask.method.to_owned(), ask.path.to_owned());
        let seen = ExchangeSeen { method, scheme: self.way.path.scheme, target, answer: head, body: shown, ended };
        Ok(Some((seen, body)))
    }
}

impl Ask<'_> {
    fn request(&self, way: &Way) -> Request {
        let mut request = Request::file(self.method, way.request_target(self.path), way.host_field());
        if let Some(since) = self.unmodified_since {
            request = request.with("If-Unmodified-Since", since);
        }
        if let Some(part) = &self.part {
            request = request.with("Range", format!("bytes={}-{}", part.start, part.end - 1));
        }
        request.with(way.connection_field(), "Keep-Alive")
    }
}

/// Two parts, so that both the beginning and what follows it are asked for; none of nothing.
fn halves(length: u64) -> impl Iterator<Item = Range<u64>> {
    let middle = length / 2;
    [0..middle, middle..length].into_iter().filter(|part| !part.is_empty())
}

fn came(get: &ExchangeSeen, part: Option<Range<u64>>, length: u64, received: u64) -> Came {
    if let Some(ended) = ending(get) {
        return Came::Ended(ended);
    }
    let Some(head) = get.answer.as_ref().filter(|head| head.status == 206) else { return Came::Whole };
    let part = part.unwrap_or(0..length);
    let asked = format!("bytes {}-{}", part.start, part.end.saturating_sub(1));
    let expected = format!("{asked}/{length}");
    let told = head.header("Content-Range").unwrap_or("no Content-Range").trim();
    // RFC 9110, 14.4: the asterisk stands for a length that is not known.
    if told != expected && told != format!("{asked}/*") {
        return Came::Wrong(format!("{told} for {expected}"));
    }
    if received != part.end - part.start {
        return Came::Wrong(format!("{received} bytes for {expected}"));
    }
    Came::Part
}

fn is_file(answer: &Answer) -> bool {
    answer.head.as_ref().is_some_and(|head| matches!(head.status, 200 | 206))
}

fn compared(body: &[u8], file: &WantedFile) -> ContentEnd {
    let digest = openssl::sha::sha1(body);
    match digest == file.digest {
        true => ContentEnd::Matches,
        false => ContentEnd::Differs(hex(&digest)),
    }
}

#[cfg(test)]
mod tests {
    use super::halves;

    #[test]
    fn a_file_is_asked_for_in_two_parts_as_far_as_it_has_them() {
        let of = |length| halves(length).collect::<Vec<_>>();
        assert_eq!(of(5), [0..2, 2..5]);
        assert_eq!((of(1), of(0)), (std::iter::once(0..1).collect(), vec![]));
    }
}
