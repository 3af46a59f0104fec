//! Opens a connection: TCP to the first hop, a tunnel where a proxy stands before an HTTPS target, TLS.

use std::time::Instant;

use super::examiner::{Examiner, elapsed_ms};
use super::way::Way;
use crate::evidence::{Ended, Purpose, Seen, TunnelSeen};
use crate::network::ExamineError;
use crate::network::stream::Stream;
use crate::network::watched::Watched;
use crate::path::{Route, Scheme};
use crate::probe::http::{Connection, authority};
use crate::probe::proxy::Credentials;
use crate::probe::{proxy, tcp, tls};

/// No more addresses of one name are tried.
const MOST_ADDRESSES: usize = 6;

/// The step at which a walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Name,
    Connect,
    /// The proxy does not let us through.
    Proxy,
    Handshake,
    FirstCall,
    LaterCall,
}

/// Which steps of an opening are worth keeping. Failures always are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    Everything,
    Handshakes,
    OnlyFailures,
}

/// Opens a connection along `way`.
pub(super) fn open(
    examiner: &mut Examiner<'_>,
    way: &mut Way,
    purpose: Purpose,
    keep: Keep,
) -> Result<Result<Connection, Stop>, ExamineError> {
    let Some(stream) = connect(examiner, way, purpose, keep)? else { return Ok(Err(Stop::Connect)) };
    if way.path.scheme == Scheme::Http {
        return Ok(Ok(Connection::new(Stream::Plain(stream))));
    }
    let stream = match way.path.route {
        Route::Direct => stream,
        Route::Through { .. } => match tunnel(examiner, way, purpose, keep, stream)? {
            Ok(stream) => stream,
            Err(stop) => return Ok(Err(stop)),
        },
    };
    Ok(shake(examiner, way, purpose, keep, stream)?.ok_or(Stop::Handshake))
}

/// Dials one address after the other until one connects.
fn connect(
    examiner: &mut Examiner<'_>,
    way: &mut Way,
    purpose: Purpose,
    keep: Keep,
) -> Result<Option<Watched>, ExamineError> {
    for address in way.addresses.clone().into_iter().take(MOST_ADDRESSES) {
        let started = Instant::now();
        let (seen, stream) = tcp::connect(examiner.network, address, examiner.connect())?;
        if stream.is_none() || keep == Keep::Everything {
            examiner.note(way.hop(purpose), elapsed_ms(started), Seen::Connect(seen));
        }
        if stream.is_some() {
            way.addresses = vec![address];
            return Ok(stream);
        }
    }
    Ok(None)
}

/// Asks the proxy for a tunnel: without credentials unless it has taken them before, then once with them if it asks.
fn tunnel(
    examiner: &mut Examiner<'_>,
    way: &mut Way,
    purpose: Purpose,
    keep: Keep,
    stream: Watched,
) -> Result<Result<Watched, Stop>, ExamineError> {
    let known = examiner.login.accepted();
    let mut connection = Connection::new(Stream::Plain(stream));
    let first = ask(examiner, way, purpose, keep, &mut connection, known.as_ref());
    let Some(credentials) = first.answer.as_ref().and_then(|head| examiner.login.spend(head)) else {
        return Ok(through(connection, &first).ok_or(Stop::Proxy));
    };
    if !connection.is_reusable() {
        let Some(stream) = connect(examiner, way, purpose, keep)? else { return Ok(Err(Stop::Connect)) };
        connection = Connection::new(Stream::Plain(stream));
    }
    let second = ask(examiner, way, purpose, keep, &mut connection, Some(&credentials));
    examiner.login.settle(credentials, second.answer.as_ref());
    Ok(through(connection, &second).ok_or(Stop::Proxy))
}

fn ask(
    examiner: &mut Examiner<'_>,
    way: &Way,
    purpose: Purpose,
    keep: Keep,
    connection: &mut Connection,
    credentials: Option<&Credentials>,
) -> TunnelSeen {
    let started = Instant::now();
    let target = authority(&way.path.host, way.path.port, None);
    let seen = proxy::tunnel(connection, &target, credentials, examiner.answer());
    if !is_open(&seen) || keep == Keep::Everything {
        examiner.note(way.target(purpose), elapsed_ms(started), Seen::Tunnel(seen.clone()));
    }
    seen
}

fn is_open(tunnel: &TunnelSeen) -> bool {
    tunnel.ended == Ended::Complete && tunnel.answer.as_ref().is_some_and(|head| (200..300).contains(&head.status))
}

fn through(connection: Connection, tunnel: &TunnelSeen) -> Option<Watched> {
    if is_open(tunnel) { connection.into_watched() } else { None }
}

fn shake(
    examiner: &mut Examiner<'_>,
    way: &Way,
    purpose: Purpose,
    keep: Keep,
    stream: Watched,
) -> Result<Option<Connection>, ExamineError> {
    let started = Instant::now();
    let (seen, stream) = tls::shake(stream, &way.offer, examiner.handshake())?;
    if stream.is_none() || keep != Keep::OnlyFailures {
        examiner.note(way.target(purpose), elapsed_ms(started), Seen::Handshake(seen));
    }
    Ok(stream.map(|stream| Connection::new(Stream::Tls(stream))))
}
