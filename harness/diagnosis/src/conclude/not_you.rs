//! What is on Microsoft's side: its own service answers that it cannot, and every step before that works.

use crate::chain::Trust;
use crate::evidence::{CallOutcome, Ended, Evidence};
use crate::words::safe;

/// The endpoint that Microsoft documents today. What an older one says is no outage.
const CURRENT: &str = "sws.update.microsoft.com";

/// What a service says of itself; a 500 may be for what was asked.
const OF_ITSELF: [u16; 3] = [502, 503, 504];

pub(super) const FIRST_CHECK: &str =
    "the same synchronization an hour later, and whether others report an outage of Microsoft Update";

/// What Microsoft Update answered. The chain is Microsoft's own, so that nobody else can have written the answer.
pub(super) fn sentence(evidence: &Evidence) -> Option<String> {
    let path = evidence.microsoft_path().filter(|path| path.host == CURRENT)?;
    let (_, chain) = evidence.chain_verdict()?;
    let microsofts = chain.ends_at_one_of(evidence.subject.host.microsoft_roots.as_deref()?);
    if !chain.is_clean() || chain.trust != Trust::Trusted || !microsofts {
        return None;
    }
    if evidence.answered_when_smaller().is_some() {
        return None;
    }
    let call = evidence.last_call().filter(|call| matches!(call.seen.outcome, CallOutcome::NotSoap(_)))?.seen;
    let head = call.exchange.answer.as_ref().filter(|head| OF_ITSELF.contains(&head.status))?;
    if call.exchange.ended != Ended::Complete {
        return None;
    }
    let (host, operation, reason) = (safe(&path.host), safe(&call.operation), safe(&head.reason));
    Some(format!(
        "{host} answers {operation} with {} {reason} within TLS that is Microsoft's own; every step before it works, so that \
         the cause is on Microsoft's side",
        head.status
    ))
}

#[cfg(test)]
mod tests {
    use crate::conclude;
    use crate::evidence::{Evidence, SmallerRequest};
    use crate::path::Scheme;
    use crate::testing::*;

    fn refused(evidence: Evidence, status: u16) -> Evidence {
        evidence.stopped_by(not_soap("GetAuthConfig", Scheme::Https, head(status, &[])))
    }

    #[track_caller]
    fn concludes(evidence: &Evidence, expected: &str) {
        let diagnosis = conclude(evidence);
        assert_eq!(diagnosis.cause, expected, "{diagnosis:#?}");
    }

    #[test]
    fn a_503_of_microsoft_update_itself_is_none_of_yours() {
        concludes(&refused(microsoft_update(), 503), "not-you");
        concludes(&refused(through_proxy(), 504), "not-you");
    }

    #[test]
    fn a_service_that_answers_less_is_not_out_of_order() {
        let evidence = refused(microsoft_update(), 503).synchronized(|sync| {
            sync.smaller_request = Some(SmallerRequest { refused_bytes: 14_000, bytes: 900, answered: true });
        });
        concludes(&evidence, "undetermined");
    }

    #[test]
    fn what_may_be_anothers_is_not_microsofts() {
        let unknown = microsoft_update().host(|host| host.microsoft_roots = None);
        assert_ne!(conclude(&refused(unknown, 503)).cause, "not-you");
        concludes(&refused(microsoft_update(), 500), "undetermined");
        concludes(&microsoft_update().stopped_by(no_answer("GetAuthConfig", Scheme::Https)), "undetermined");
        concludes(&refused(https_upstream(), 503), "http/service-unavailable");
    }
}
