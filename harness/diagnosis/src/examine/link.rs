//! Carries the messages of a synchronization: over one connection as long as the upstream keeps it, over a new one after
//! that. What a new connection meets on its way is evidence only where it fails.

use std::time::Instant;

use time::OffsetDateTime;

use super::examiner::{Examiner, elapsed_ms};
use super::open::{Keep, open};
use super::way::Way;
use crate::evidence::{CallOutcome, CallSeen, Ended, ExchangeSeen, Purpose, Seen};
use crate::network::ExamineError;
use crate::probe::http::{Answer, Connection, Request};
use crate::probe::proxy::Credentials;
use crate::sync::{Carried, Courier, Message};

/// Real answers reach a few megabytes, and one piece of metadata 47; a stream without end is cut here.
const MOST: usize = 96 * 1024 * 1024;

/// What compression leaves out is mostly the repetition of names; nine tenths at most, in real answers.
const MOST_DECODED: usize = 4 * MOST;

/// The link.
pub(super) struct Link<'e, 'a> {
    pub(super) examiner: &'e mut Examiner<'a>,
    pub(super) way: Way,
    pub(super) purpose: Purpose,
    pub(super) connection: Option<Connection>,
    /// Whether the proxy asked for credentials and took none.
    pub(super) refused_by_proxy: bool,
}

impl Link<'_, '_> {
    /// Takes leave of the upstream.
    pub(super) fn close(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.close();
        }
    }

    fn send(&mut self, message: &Message, credentials: Option<&Credentials>) -> Result<Carried, ExamineError> {
        if !self.connection.as_mut().is_some_and(Connection::is_reusable) {
            self.close();
            self.connection = open(self.examiner, &mut self.way, self.purpose, Keep::OnlyFailures)?.ok();
        }
        let started = Instant::now();
        let limit = self.examiner.answer();
        let answer = match &mut self.connection {
            Some(connection) => {
                let request = request(&self.way, message, connection.is_fresh(), credentials);
                connection.exchange(&request, limit, MOST)
            }
            None => unreached(),
        };
        Ok(carried(&self.way, message, answer, credentials, elapsed_ms(started)))
    }
}

impl Courier for Link<'_, '_> {
    fn carry(&mut self, message: &Message) -> Result<Carried, ExamineError> {
        let known = self.examiner.login.accepted().filter(|_| self.way.is_forwarded());
        let first = self.send(message, known.as_ref())?;
        if !self.way.is_forwarded() || !asks_for_credentials(&first) {
            return Ok(first);
        }
        let Some(credentials) = first.exchange.answer.as_ref().and_then(|head| self.examiner.login.spend(head)) else {
            self.refused_by_proxy = true;
            return Ok(first);
        };
        let outcome = CallOutcome::NotSoap("the HTTP status is 407".to_owned());
        let operation = message.operation.name().to_owned();
        self.keep(CallSeen { operation, exchange: first.exchange, outcome }, first.elapsed_ms);
        let second = self.send(message, Some(&credentials))?;
        self.examiner.login.settle(credentials, second.exchange.answer.as_ref());
        self.refused_by_proxy = asks_for_credentials(&second);
        Ok(second)
    }

    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }

    fn keep(&mut self, call: CallSeen, elapsed_ms: u64) {
        self.examiner.note(self.way.target(self.purpose), elapsed_ms, Seen::Call(call));
    }
}

fn asks_for_credentials(carried: &Carried) -> bool {
    carried.exchange.answer.as_ref().is_some_and(|head| head.status == 407)
}

fn request(way: &Way, message: &Message, fresh: bool, credentials: Option<&Credentials>) -> Request {
    let target = way.request_target(&message.path);
    let body = message.body.clone().into_bytes();
    let mut request = Request::soap(target, way.host_field(), &message.operation.action(), body);
    if let Some(credentials) = credentials {
        request = credentials.sign(request);
    }
    if fresh { request.with(way.connection_field(), "Keep-Alive") } else { request }
}

/// A new connection was needed and did not come about; why, stands in the observation before.
fn unreached() -> Answer {
    Answer { head: None, body: Vec::new(), ended: Ended::Other("no connection could be opened".to_owned()) }
}

fn carried(
    way: &Way,
    message: &Message,
    mut answer: Answer,
    credentials: Option<&Credentials>,
    elapsed_ms: u64,
) -> Carried {
    // Before the redaction: what is coded must not hide what has to be redacted.
    let undone = answer.undo_coding(MOST_DECODED).err();
    if let Some(credentials) = credentials {
        credentials.redact(&mut answer);
    }
    let shown = answer.shown_body();
    let exchange = ExchangeSeen {
        method: "POST".to_owned(),
        scheme: way.path.scheme,
        target: message.path.clone(),
        answer: answer.head,
        body: shown,
        ended: answer.ended,
    };
    let body = undone.map_or(Ok(answer.body), Err);
    Carried { exchange, body, elapsed_ms }
}
