//! The target without the proxy: as far as TCP where the proxy is what failed, as far as TLS where it may be the one that ends
//! TLS, and as far as the first call where that was refused within TLS. The server itself does not go this way, and a network may well let nobody go it.

use time::OffsetDateTime;

use super::super::examiner::Examiner;
use super::super::open::{Keep, Stop, open};
use super::super::walk::{resolve, walk};
use crate::chain::{Circumstances, Trust, judge};
use crate::evidence::Purpose;
use crate::network::ExamineError;
use crate::path::{Scheme, Source, SyncPath};

/// Compares, where that can tell something.
pub(super) fn compare(examiner: &mut Examiner<'_>, path: &SyncPath, stop: Option<Stop>) -> Result<(), ExamineError> {
    let secure = path.scheme == Scheme::Https;
    match stop {
        Some(Stop::Name | Stop::Connect | Stop::Proxy) => look(examiner, path, Scheme::Http),
        Some(Stop::FirstCall) if !secure => look(examiner, path, Scheme::Http),
        Some(Stop::Handshake) => look(examiner, path, Scheme::Https),
        Some(Stop::FirstCall) if path.source == Source::Upstream && examiner.was_refused() => {
            walk(examiner, &path.direct(), Purpose::DirectComparison).map(|_| ())
        }
        _ if secure && may_be_inspected(examiner, path) => look(examiner, path, Scheme::Https),
        _ => Ok(()),
    }
}

/// In clear text an opening ends with TCP. What was to be seen is noted; the connection itself has no further use.
fn look(examiner: &mut Examiner<'_>, path: &SyncPath, scheme: Scheme) -> Result<(), ExamineError> {
    let purpose = Purpose::DirectComparison;
    let direct = SyncPath { scheme, ..path.direct() };
    if let Some(mut way) = resolve(examiner, &direct, purpose)?
        && let Ok(connection) = open(examiner, &mut way, purpose, Keep::Everything)?
    {
        connection.close();
    }
    Ok(())
}

/// Whether the chain that came through the proxy may not be the target's. Microsoft's authorities are known; in front of an
/// upstream only the comparison tells, also where this server trusts what it sees.
fn may_be_inspected(examiner: &Examiner<'_>, path: &SyncPath) -> bool {
    path.source == Source::Upstream || is_in_doubt(examiner, path)
}

/// Whether the chain that came through the proxy is not one that this server takes for the target's.
fn is_in_doubt(examiner: &Examiner<'_>, path: &SyncPath) -> bool {
    let host = &examiner.subject.host;
    let microsoft_roots = host.microsoft_roots.as_deref().unwrap_or_default();
    let skew = host.now.zip(host.now_read_at).map(|(now, read_at)| now - read_at);
    let at = Circumstances {
        stores: host.stores.as_ref(),
        fetched: &[],
        microsoft_roots,
        host: &path.host,
        now: skew.and_then(|skew| OffsetDateTime::now_utc().checked_add(skew)),
    };
    let verdict = judge(&examiner.presented(), &at);
    let foreign = path.source == Source::MicrosoftUpdate && !verdict.ends_at_one_of(microsoft_roots);
    foreign || !verdict.is_clean() || verdict.trust != Trust::Trusted
}
