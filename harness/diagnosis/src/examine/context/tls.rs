//! One listener as other clients meet it: one version alone, one suite after the other, another name. Context for the
//! judgement of a handshake that failed, and of what may stand behind one that did not.

use super::super::examiner::Examiner;
use super::super::open::{Keep, Stop, open};
use super::super::way::Way;
use crate::evidence::{HandshakeSeen, Offer, Profile, Purpose, TlsEnd};
use crate::network::ExamineError;
use crate::path::Source;
use crate::probe::tls;
use crate::subject::TlsVersion;
use crate::suites::{self, OF_1_3, of_windows};

/// A name that no WSUS server and no update service has (RFC 2606, 3).
const ANOTHER_NAME: &str = "www.example.com";

/// The most suites that one listener is asked for.
const MOST_SUITES: usize = 14;

/// Each version alone; then, where one of the subject's own is accepted, why its offer was not; where nothing was said at
/// all, whether another name would get an answer.
pub(super) fn after_a_failure(examiner: &mut Examiner<'_>, way: &Way) -> Result<(), ExamineError> {
    let mut answers = Vec::new();
    for version in TlsVersion::ALL {
        let offer = tls::offer(&way.path.host, Profile::Everything, &[version]);
        match try_out(examiner, way, offer, Purpose::TlsMatrix)? {
            Some(seen) => answers.push((version, seen)),
            // The next version would meet the same closed door.
            None => return Ok(()),
        }
    }
    let completed = |version: TlsVersion| {
        answers.iter().any(|(offered, seen)| *offered == version && seen.ended == TlsEnd::Completed)
    };
    let ours = way.offer.versions.iter().copied().filter(|version| completed(*version)).max();
    match ours {
        Some(version) => why_not_ours(examiner, way, version),
        None if answers.iter().all(|(_, seen)| is_about_the_name(seen)) => other_names(examiner, way),
        None => Ok(()),
    }
}

/// Not a byte of TLS, or the alert unrecognized_name (RFC 6066, 3).
fn is_about_the_name(seen: &HandshakeSeen) -> bool {
    match seen.ended {
        TlsEnd::Reset | TlsEnd::Closed | TlsEnd::TimedOut => seen.bytes_received == 0,
        TlsEnd::Alert(code) => code == 112,
        _ => false,
    }
}

/// The same offer once more, as it may fail now and then; its versions with all suites; then which suites are accepted.
fn why_not_ours(examiner: &mut Examiner<'_>, way: &Way, version: TlsVersion) -> Result<(), ExamineError> {
    let again = try_out(examiner, way, way.offer.clone(), Purpose::Again)?;
    if again.is_none_or(|seen| seen.ended == TlsEnd::Completed) {
        return Ok(());
    }
    if 1 < way.offer.versions.len() {
        let offer = tls::offer(&way.path.host, Profile::Everything, &way.offer.versions);
        try_out(examiner, way, offer, Purpose::TlsMatrix)?;
    }
    accepted_suites(examiner, way, version)
}

/// Offers all suites, then all but the one that was taken, and so on: what is taken is what the listener accepts.
fn accepted_suites(examiner: &mut Examiner<'_>, way: &Way, version: TlsVersion) -> Result<(), ExamineError> {
    let of_its_own = |name: &&str| suites::is_of_1_3(name) == (version == TlsVersion::Tls13);
    let all = OF_1_3.into_iter().chain(of_windows()).filter(of_its_own);
    let mut suites: Vec<String> = all.map(str::to_owned).collect();
    for _ in 0..MOST_SUITES {
        let offer = tls::offer(&way.path.host, Profile::Everything, &[version]);
        let offer = Offer { suites: suites.clone(), ..offer };
        match try_out(examiner, way, offer, Purpose::TlsMatrix)?.and_then(|seen| seen.suite) {
            Some(taken) if suites.contains(&taken) => suites.retain(|suite| *suite != taken),
            _ => break,
        }
        if suites.is_empty() {
            break;
        }
    }
    Ok(())
}

/// The same address by another name, and by none.
fn other_names(examiner: &mut Examiner<'_>, way: &Way) -> Result<(), ExamineError> {
    for server_name in [Some(ANOTHER_NAME.to_owned()), None] {
        let offer = tls::offer(&way.path.host, Profile::Everything, &TlsVersion::ALL);
        if offer.server_name != server_name {
            try_out(examiner, way, Offer { server_name, ..offer }, Purpose::NameMatrix)?;
        }
    }
    Ok(())
}

/// What a handshake that completed does not show: whether an older version would have done, and how the import fares.
pub(super) fn after_a_success(examiner: &mut Examiner<'_>, way: &Way) -> Result<(), ExamineError> {
    if way.offer.versions.contains(&TlsVersion::Tls13) && examiner.negotiated_1_3() {
        let offer = tls::offer(&way.path.host, Profile::Everything, &[TlsVersion::Tls12]);
        try_out(examiner, way, offer, Purpose::TlsMatrix)?;
    }
    let facts = examiner.subject.host.tls.as_ref();
    let weak = facts.is_some_and(|facts| facts.sch_use_strong_crypto == Some(false));
    if weak && way.path.source == Source::MicrosoftUpdate {
        let allowed = facts.and_then(|facts| facts.protocols.as_deref()).unwrap_or(&TlsVersion::ALL);
        let versions: Vec<TlsVersion> =
            allowed.iter().copied().filter(|version| *version == TlsVersion::Tls10).collect();
        try_out(examiner, way, tls::offer(&way.path.host, Profile::Import, &versions), Purpose::ImportPath)?;
    }
    Ok(())
}

/// One more handshake; `None` where the way did not even lead that far.
fn try_out(
    examiner: &mut Examiner<'_>,
    way: &Way,
    offer: Offer,
    purpose: Purpose,
) -> Result<Option<HandshakeSeen>, ExamineError> {
    match open(examiner, &mut way.clone().with(offer), purpose, Keep::Handshakes)? {
        Ok(connection) => connection.close(),
        Err(Stop::Handshake) => {}
        Err(_) => return Ok(None),
    }
    Ok(examiner.last_handshake().cloned())
}
