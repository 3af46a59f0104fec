//! `server/clock-wrong`: by this server's clock certificates are out of time that are in time by every other clock.

use crate::chain::Blame;
use crate::evidence::Evidence;
use crate::rule::{Action, Appearance, Effect, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::moment;

pub(crate) const RULE: Rule = Rule {
    code: "server/clock-wrong",
    title: "This server's clock is wrong, so that good certificates are out of time",
    explanation: "Certificates are judged by this server's own clock (NotTimeValid, 0x800B0101). If that clock is far off, good \
        certificates have expired or are not yet valid here and nowhere else. Two things tell it from a real expiry: the \
        examiner's clock and the field Date of the source's answers agree with each other and not with this server, and many \
        certificates of the chain are off at once where a real expiry mostly touches one. The exception is that of every \
        rejected certificate. Renewing certificates would change nothing; a domain member that is more than five minutes off \
        also fails Kerberos.",
    modes: &["F-35"],
    guide: "5",
    citation: "RFC 5280, 4.1.2.5; RFC 9110, 6.6.1; field note F-35",
    appearances: &[
        Appearance::exception(remedies::TRUST_FAILURE, Provenance::Derived),
        Appearance::hresult("0x800B0101", Provenance::Recalled),
        Appearance::hresult("0x80072F8F", Provenance::Seen),
    ],
    first_check: "(Get-Date).ToUniversalTime() on this server, beside any clock that is known to be right",
    remedy: &[
        Action::cmd("w32tm /query /status").before("look first from where this server takes its time"),
        Action::cmd("w32tm /resync /rediscover")
            .that(Effect::AffectsOtherApplications)
            .before("the time source is right; a virtual machine may take its time from its host as well"),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    if evidence.presented_chain().is_none() || evidence.subject_now().is_none() {
        return Outcome::DoesNotApply;
    }
    let Some(clocks) = evidence.clocks() else {
        return Outcome::ruled_out("every certificate of the chain is in time by this server's clock");
    };
    let (ours, examiner) = (moment(clocks.ours), moment(clocks.examiner));
    match clocks.blame {
        Blame::Certificates => Outcome::ruled_out("the certificates are out of time by the other clocks as well"),
        Blame::Open => Outcome::cannot_tell(
            Step::Certificate,
            format!("a third clock: this server's reads {ours}, the examiner's {examiner}"),
            "(Get-Date).ToUniversalTime() on this server, beside a clock that is known to be right",
        ),
        Blame::Clock => {
            let source =
                clocks.source.map_or_else(String::new, |time| format!(", that of the source {}", moment(time)));
            let count = clocks.out_of_time;
            let many = if count == 1 { "one certificate is".to_owned() } else { format!("{count} certificates are") };
            let sentence = format!(
                "this server's clock reads {ours} and the examiner's {examiner}{source}; by this server's alone {many} out of time"
            );
            let chain = evidence.presented_chain().map(|chain| chain.index);
            Finding::blocks(Step::Certificate, sentence).resting_on(chain).into()
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use time::Duration;

    use super::RULE;
    use crate::evidence::{Evidence, Seen};
    use crate::testing::pki::Wanted;
    use crate::testing::*;
    use time::macros::datetime;

    fn skewed(days: i64) -> Evidence {
        https_upstream().host(|host| host.now = Some(NOW + Duration::days(days)))
    }

    fn dated(mut evidence: Evidence, date: &str) -> Evidence {
        for observation in &mut evidence.observations {
            if let Seen::Call(call) = &mut observation.seen {
                let head = call.exchange.answer.as_mut().unwrap();
                head.headers.push(("Date".to_owned(), date.to_owned()));
            }
        }
        evidence
    }

    #[test]
    fn a_clock_that_is_far_off_is_the_cause_whether_ahead_or_behind() {
        let ahead = "blocks Certificate: this server's clock reads 2027-07-06 12:00:00 UTC and the examiner's 2026-06-01 \
            12:00:00 UTC; by this server's alone 3 certificates are out of time";
        check(&RULE, skewed(400), ahead);
        check(&RULE, skewed(-400), "blocks Certificate: this server's clock reads 2025-04-27");
    }

    #[test]
    fn where_the_source_agrees_with_this_server_the_examiner_is_wrong() {
        check(
            &RULE,
            dated(skewed(400), "Tue, 06 Jul 2027 12:00:00 GMT"),
            "ruled out: the certificates are out of time",
        );
        check(&RULE, dated(skewed(400), "Mon, 01 Jun 2026 12:00:03 GMT"), "blocks Certificate");
    }

    #[test]
    fn two_clocks_and_one_certificate_leave_it_open() {
        let leaf = Wanted::leaf(UPSTREAM).until(datetime!(2026-06-02 00:00 UTC));
        let evidence = skewed(2).instead(handshake(pki::chain_of(leaf)));
        check(&RULE, evidence.clone(), "cannot tell Certificate: a third clock");
        check(&RULE, dated(evidence, "Mon, 01 Jun 2026 12:00:03 GMT"), "blocks Certificate");
    }

    #[test]
    fn a_real_expiry_and_an_unknown_clock_are_other_matters() {
        let leaf = Wanted::leaf(UPSTREAM).until(datetime!(2026-05-01 00:00 UTC));
        check(&RULE, https_upstream().instead(handshake(pki::chain_of(leaf))), "ruled out");
        check(&RULE, https_upstream().host(|host| host.now = None), "does not apply");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
