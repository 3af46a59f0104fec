//! A few files of the upstream, as its downstream server would fetch them (BITS: HEAD, then GET): only after a whole
//! synchronization, small ones, and never from Microsoft's network.

use std::time::Instant;

use super::examiner::{Examiner, elapsed_ms};
use super::open::{Keep, open};
use super::walk::{Walked, resolve};
use super::way::Way;
use crate::evidence::{ContentEnd, ContentSeen, ExchangeSeen, Purpose, Seen, ending};
use crate::network::ExamineError;
use crate::path::{Scheme, Source, SyncPath};
use crate::probe::http::{Answer, Connection, Request};
use crate::subject::Step0;
use crate::sync::{WantedFile, hex};

/// More of a page that stands in the place of a file is not read.
const MOST_OF_A_PAGE: usize = 64 * 1024;

/// Fetches the files that the walk found worth a look.
pub(super) fn fetch(examiner: &mut Examiner<'_>, path: &SyncPath, walked: &Walked) -> Result<(), ExamineError> {
    let (Some(way), Some(port)) = (&walked.way, content_port(path)) else { return Ok(()) };
    if path.source != Source::Upstream || walked.stop.is_some() || walked.files.is_empty() {
        return Ok(());
    }
    examiner.hurry();
    let Some(mut way) = way_to_content(examiner, way, port)? else { return Ok(()) };
    let mut connection = None;
    for file in &walked.files {
        connection = fetch_one(examiner, &mut way, connection, file)?;
    }
    if let Some(connection) = connection {
        connection.close();
    }
    Ok(())
}

/// [MS-WSUSSS] 2.1: beside HTTPS on port N stands HTTP on N - 1, and 80 beside 443. Files are never served over HTTPS. Plain
/// HTTP serves both, whatever the specification says.
fn content_port(path: &SyncPath) -> Option<u16> {
    match (path.scheme, path.port) {
        (Scheme::Http, port) => Some(port),
        (Scheme::Https, 443) => Some(80),
        (Scheme::Https, port) => port.checked_sub(1).filter(|port| 0 < *port),
    }
}

/// The same way, but for HTTP, which may need another proxy.
fn way_to_content(examiner: &mut Examiner<'_>, way: &Way, port: u16) -> Result<Option<Way>, ExamineError> {
    let step0 = Step0 {
        upstream_wsus_server_use_ssl: Some(false),
        upstream_wsus_server_port_number: Some(port),
        ..examiner.subject.step0.clone()
    };
    match SyncPath::of(&step0) {
        Ok(path) if path.route == way.path.route => Ok(Some(way.to(examiner.network, port, Scheme::Http))),
        Ok(path) => resolve(examiner, &path, Purpose::Content),
        Err(_) => Ok(None),
    }
}

/// Answers with the connection, where it can carry more.
fn fetch_one(
    examiner: &mut Examiner<'_>,
    way: &mut Way,
    connection: Option<Connection>,
    file: &WantedFile,
) -> Result<Option<Connection>, ExamineError> {
    let started = Instant::now();
    let mut seen = ContentSeen {
        path: file.path(),
        digest: hex(&file.digest),
        size: file.size,
        head: None,
        get: None,
        received: 0,
        ended: ContentEnd::NotReached,
    };
    let Some(mut connection) = reusable(examiner, way, connection)? else {
        examiner.note(way.target(Purpose::Content), elapsed_ms(started), Seen::Content(seen));
        return Ok(None);
    };
    let (head, _) = exchange(examiner, way, &mut connection, "HEAD", (&seen.path, file.size));
    let refused = ending(&head);
    seen.head = Some(head);
    let mut connection = if refused.is_none() { reusable(examiner, way, Some(connection))? } else { Some(connection) };
    match (refused, &mut connection) {
        (Some(ended), _) => seen.ended = ended,
        (None, None) => {}
        (None, Some(connection)) => {
            let (get, body) = exchange(examiner, way, connection, "GET", (&seen.path, file.size));
            seen.received = body.len() as u64;
            seen.ended = match ending(&get) {
                Some(ended) => ended,
                None if file.size < seen.received => ContentEnd::TooLarge,
                None => compared(&body, file),
            };
            seen.get = Some(get);
        }
    }
    examiner.note(way.target(Purpose::Content), elapsed_ms(started), Seen::Content(seen));
    Ok(connection)
}

/// The connection if it can carry another exchange, or else a new one.
fn reusable(
    examiner: &mut Examiner<'_>,
    way: &mut Way,
    connection: Option<Connection>,
) -> Result<Option<Connection>, ExamineError> {
    if let Some(mut connection) = connection {
        if connection.is_reusable() {
            return Ok(Some(connection));
        }
        connection.close();
    }
    Ok(open(examiner, way, Purpose::Content, Keep::OnlyFailures)?.ok())
}

fn exchange(
    examiner: &Examiner<'_>,
    way: &Way,
    connection: &mut Connection,
    method: &'static str,
    (local, size): (&str, u64),
) -> (ExchangeSeen, Vec<u8>) {
    let mut request = Request::file(method, way.request_target(local), way.host_field());
    request = request.with(way.connection_field(), "Keep-Alive");
    let credentials = examiner.login.accepted().filter(|_| way.is_forwarded());
    if let Some(credentials) = &credentials {
        request = credentials.sign(request);
    }
    let most = usize::try_from(size).unwrap_or(usize::MAX).max(MOST_OF_A_PAGE);
    let mut answer = connection.exchange(&request, examiner.answer(), most);
    // The bytes of a file must stay what they are; only a page that stands in its place can repeat a request.
    if let Some(credentials) = credentials.filter(|_| !is_file(&answer)) {
        credentials.redact(&mut answer);
    }
    // Its bytes tell a reader nothing.
    let shown = if is_file(&answer) { String::new() } else { answer.shown_body() };
    let Answer { head, body, ended } = answer;
    let (method, target) = (method.to_owned(), local.to_owned());
    (ExchangeSeen { method, scheme: way.path.scheme, target, answer: head, body: shown, ended }, body)
}

fn is_file(answer: &Answer) -> bool {
    answer.head.as_ref().is_some_and(|head| head.status == 200)
}

fn compared(body: &[u8], file: &WantedFile) -> ContentEnd {
    let digest = openssl::sha::sha1(body);
    match digest == file.digest {
        true => ContentEnd::Matches,
        false => ContentEnd::Differs(hex(&digest)),
    }
}
