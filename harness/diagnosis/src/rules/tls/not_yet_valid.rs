//! `tls/not-yet-valid`: a certificate of the chain becomes valid only later, by any clock.

use crate::chain::{Blame, Status};
use crate::evidence::Evidence;
use crate::rule::{Action, Appearance, Audience, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::list;

pub(crate) const RULE: Rule = Rule {
    code: "tls/not-yet-valid",
    title: "A certificate of the source is not valid yet",
    explanation: "The beginning of validity of the leaf, or of a certificate above it, lies in the future (NotTimeValid, \
        0x800B0101: Windows has one status for too early and too late). Mostly the clock of whoever issued it was ahead, or a \
        certificate was installed before its day. Far more often it is this server's clock that is behind, and then many \
        certificates are not yet valid at once; so the clocks of the examiner and of the source are asked, and only where they \
        agree with this server is the certificate accused. The exception is that of every rejected certificate.",
    modes: &["F-35"],
    guide: "5",
    citation: "RFC 5280, 4.1.2.5; guide, section 5",
    appearances: &[
        Appearance::exception(remedies::TRUST_FAILURE, Provenance::Derived),
        Appearance::hresult("0x800B0101", Provenance::Recalled),
        Appearance::hresult("0x80072F8F", Provenance::Seen),
    ],
    first_check: "Get-Date on this server and on the source, then the validity of the certificate that is named above",
    remedy: &[
        Action::cmd("w32tm /query /status").before("both clocks are looked at before any certificate"),
        Action::person(
            "On the source: select a certificate that is valid today in the HTTPS binding of the WSUS site, and correct the \
             clock of the authority that issued the other one.",
        )
        .only_for(Audience::Downstream),
        remedies::BYPASS_INSPECTION,
        remedies::REQUEST_AS_DOTNET,
        remedies::REQUEST_AS_SERVICE,
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some((index, verdict)) = evidence.chain_verdict() else { return Outcome::DoesNotApply };
    if evidence.subject_now().is_none() {
        return Outcome::DoesNotApply;
    }
    let early: Vec<_> = verdict.having(Status::NotYetValid).collect();
    if early.is_empty() {
        return Outcome::ruled_out("every certificate of the chain has begun to be valid by this server's clock");
    }
    match evidence.clocks().map(|clocks| clocks.blame) {
        Some(Blame::Clock) => return Outcome::ruled_out("it is so by this server's clock alone, which is wrong"),
        Some(Blame::Open) => {
            let decided_by = "(Get-Date).ToUniversalTime() on this server, beside a clock that is known to be right";
            return Outcome::cannot_tell(Step::Certificate, "a third clock", decided_by);
        }
        _ => {}
    }
    let which = early.iter().map(|problem| verdict.accused(problem));
    Finding::blocks(Step::Certificate, list(which)).resting_on([index]).into()
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::datetime;

    use super::RULE;
    use crate::testing::pki::Wanted;
    use crate::testing::*;

    #[test]
    fn a_certificate_from_the_future_is_named_with_its_date() {
        let leaf = Wanted::leaf(UPSTREAM).from(datetime!(2026-07-01 00:00 UTC));
        check(
            &RULE,
            https_upstream().instead(handshake(pki::chain_of(leaf))),
            "blocks Certificate: the leaf certificate (CN=up.contoso.com) is not valid before 2026-07-01 00:00:00 UTC",
        );
    }

    #[test]
    fn a_clock_that_is_behind_is_another_cause() {
        let behind = https_upstream().host(|host| host.now = Some(NOW - Duration::days(400)));
        check(&RULE, behind, "ruled out: it is so by this server's clock alone");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
