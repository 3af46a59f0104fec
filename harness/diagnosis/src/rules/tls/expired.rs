//! `tls/expired`: a certificate of the chain has expired by this server's clock.

use super::incomplete_chain::TRUST_FAILURE;
use crate::chain::{Blame, Status};
use crate::evidence::Evidence;
use crate::rule::{Action, Appearance, Audience, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::{list, moment};

pub(crate) const RULE: Rule = Rule {
    code: "tls/expired",
    title: "A certificate of the source has expired",
    explanation: "The end of validity of the leaf, or of a certificate above it, lies before this server's present (NotTimeValid, \
        0x800B0101). It is this server's clock that counts, so that clock is compared with the examiner's: a real expiry is \
        seen by both and mostly touches one certificate; a wrong clock makes many certificates wrong at once, and a \
        certificate that is not yet valid has not expired. Without the server's clock the question stays open.",
    modes: &["F-34"],
    guide: "5",
    citation: "RFC 5280, 4.1.2.5; guide, section 5",
    appearances: &[
        Appearance::exception(TRUST_FAILURE, Provenance::Derived),
        Appearance::hresult("0x800B0101", Provenance::Recalled),
        Appearance::hresult("0x80072F8F", Provenance::Seen),
        Appearance::hresult("0x80072F05", Provenance::Derived),
    ],
    first_check: "Get-Date on this server, then the validity of the certificate that the upstream presents",
    remedy: &[
        Action::cmd("w32tm /query /status")
            .before("the clock is looked at first: an hour of skew is cheaper to mend than a certificate"),
        Action::person(
            "Renew the certificate that is named above. The source's own goes with its private key into Local Computer > Personal \
             of the source and into the HTTPS binding of the WSUS site; an intermediate into Intermediate Certification Authorities \
             of the source, in place of the old one, before the binding is made again; only a self-signed root, from the authority \
             itself, into Trusted Root of this server and all others.",
        )
        .only_for(Audience::Downstream),
        Action::person(
            "Look at the same host from another network. If its certificate has expired there too, it is Microsoft's to renew: wait, \
             and look at Microsoft's service health. If not, find what presents it here.",
        )
        .only_for(Audience::TopServer),
        remedies::REQUEST_AS_DOTNET,
        remedies::REQUEST_AS_SERVICE,
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some((index, verdict)) = evidence.chain_verdict() else { return Outcome::DoesNotApply };
    if verdict.links.is_empty() {
        return Outcome::ruled_out("the leaf certificate cannot be read at all");
    }
    let ends = verdict.links.iter().map(|link| link.certificate.not_after).min();
    if evidence.subject_now().is_none() {
        let ends = ends
            .map_or_else(String::new, |ends| format!("; the first certificate of the chain ends on {}", moment(ends)));
        let want = format!("this server's clock (the examiner's reads {}){ends}", moment(evidence.taken_at));
        return Outcome::cannot_tell(Step::Certificate, want, "(Get-Date).ToUniversalTime() on this server");
    }
    let expired: Vec<_> = verdict.having(Status::Expired).collect();
    if expired.is_empty() {
        let early = verdict.having(Status::NotYetValid).next().is_some();
        return Outcome::ruled_out(if early {
            "the chain is not yet valid by this server's clock; nothing in it has expired"
        } else {
            "nothing in the chain has expired by this server's clock"
        });
    }
    match evidence.clocks().map(|clocks| clocks.blame) {
        Some(Blame::Clock) => return Outcome::ruled_out("it is so by this server's clock alone, which is wrong"),
        Some(Blame::Open) => {
            let decided_by = "(Get-Date).ToUniversalTime() on this server, beside a clock that is known to be right";
            return Outcome::cannot_tell(Step::Certificate, "a third clock", decided_by);
        }
        _ => {}
    }
    let which = expired.iter().map(|problem| verdict.accused(problem));
    Finding::blocks(Step::Certificate, list(which)).resting_on([index]).into()
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::datetime;

    use super::RULE;
    use crate::evidence::Evidence;
    use crate::testing::pki::Wanted;
    use crate::testing::*;

    fn expired_leaf() -> Evidence {
        let leaf = Wanted::leaf(UPSTREAM).until(datetime!(2026-05-31 00:00 UTC));
        https_upstream().instead(handshake(pki::chain_of(leaf)))
    }

    #[test]
    fn an_expired_leaf_is_named_with_its_date() {
        check(
            &RULE,
            expired_leaf(),
            "blocks Certificate: the leaf certificate (CN=up.contoso.com) expired on 2026-05-31 00:00:00 UTC",
        );
    }

    #[test]
    fn an_expired_intermediate_is_named_as_such() {
        let old = Wanted::authority("Old CA").until(datetime!(2026-05-01 00:00 UTC)).issued_by(pki::root());
        let leaf = Wanted::leaf(UPSTREAM).issued_by(&old);
        let evidence = https_upstream().instead(handshake(vec![leaf.der, old.der]));
        check(&RULE, evidence, "blocks Certificate: the intermediate certificate (CN=Old CA) expired on 2026-05-01");
    }

    #[test]
    fn a_clock_that_runs_ahead_is_another_cause() {
        let ahead = https_upstream().host(|host| host.now = Some(NOW + Duration::days(400)));
        check(&RULE, ahead, "ruled out: it is so by this server's clock alone");
    }

    #[test]
    fn without_the_servers_clock_it_stays_open() {
        check(
            &RULE,
            expired_leaf().host(|host| host.now = None),
            "cannot tell Certificate: this server's clock (the examiner's reads 2026-06-01",
        );
    }

    #[test]
    fn a_certificate_that_is_not_yet_valid_has_not_expired() {
        let leaf = Wanted::leaf(UPSTREAM).from(datetime!(2026-07-01 00:00 UTC));
        check(&RULE, https_upstream().instead(handshake(pki::chain_of(leaf))), "ruled out: the chain is not yet valid");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
