//! `server/sha2-unaware`: a WSUS 3.0 SP2 without the update that teaches it SHA-2 does not take Microsoft Update for Microsoft's.

use crate::chain::Trust;
use crate::evidence::Evidence;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "server/sha2-unaware",
    title: "WSUS 3.0 SP2 lacks the update for SHA-2",
    explanation: "WSUS itself checks that the chain of Microsoft Update ends in a root of Microsoft. WSUS 3.0 SP2 (versions 3.2, on \
        Windows Server 2008 and 2008 R2) knows only those of SHA-1 until KB4484071 is installed, and since July 2019 \
        Microsoft signs with SHA-2. The chain is good, the stores are right, a browser and a test with HttpWebRequest \
        succeed, and the log still says 800B0109. That is what tells it from a missing root: there the chain does not end at \
        a trusted root. WSUS 6.2 (Windows Server 2012) and later never had the gap. Read the updates \
        off Programs and Features > View installed updates, not from Get-HotFix, which leaves those of WSUS 3.0 out.",
    modes: &["X-10"],
    guide: "5",
    citation: "KB4484071, KB4535405; field note X-10",
    appearances: &[
        Appearance::log(
            "The given certificate chain has not Microsoft Root CA signed root (800B0109)",
            Provenance::Seen,
        ),
        Appearance::exception(remedies::TRUST_FAILURE, Provenance::Recalled),
    ],
    first_check: "Programs and Features > View installed updates (not Get-HotFix, which leaves it out): is KB4484071 there?",
    remedy: &[
        Action::person(
            "Install a monthly rollup of March 2019 or later (KB4489878 for 2008 R2, KB4489880 for 2008), then KB4484071. \
             Begin at the top of the hierarchy, and synchronize each server before the next.",
        ),
        Action::person("Better: move WSUS to a supported version of Windows Server; 3.0 SP2 gets no further updates."),
    ],
    check,
};

/// The update that brings SHA-2 to WSUS 3.0 SP2.
const UPDATE: &str = "KB4484071";

fn check(evidence: &Evidence) -> Outcome {
    let (Some(_), Some((index, chain))) = (evidence.microsoft_path(), evidence.chain_verdict()) else {
        return Outcome::DoesNotApply;
    };
    let host = &evidence.subject.host;
    let Some(version) = host.wsus_version.as_deref() else { return Outcome::DoesNotApply };
    if !version.starts_with("3.") {
        return Outcome::ruled_out("WSUS has known SHA-2 since Windows Server 2012");
    }
    if !matches!(chain.trust, Trust::Trusted) {
        return Outcome::ruled_out("the chain does not end at a root that this server trusts");
    }
    match &host.updates {
        Some(updates) if updates.iter().any(|update| update == UPDATE) => {
            Outcome::ruled_out(format!("{UPDATE} is installed"))
        }
        Some(_) => {
            let version = safe(version);
            let sentence =
                format!("this is WSUS {version} without {UPDATE}: it does not know Microsoft's roots of SHA-2");
            Finding::blocks(Step::Certificate, sentence).resting_on([index]).into()
        }
        None => Outcome::cannot_tell(
            Step::Certificate,
            format!("whether {UPDATE} is installed, without which WSUS 3.0 SP2 refuses Microsoft Update's chain"),
            RULE.first_check,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::Evidence;
    use crate::testing::*;

    fn wsus(version: &str, updates: Option<&[&str]>) -> Evidence {
        microsoft_update().host(|host| {
            host.wsus_version = Some(version.to_owned());
            host.updates = updates.map(|updates| updates.iter().map(|update| (*update).to_owned()).collect());
        })
    }

    #[test]
    fn the_old_wsus_without_the_update_is_the_cause() {
        let expected = "blocks Certificate: this is WSUS 3.2.7600.226 without KB4484071";
        check(&RULE, wsus("3.2.7600.226", Some(&["KB2734608"])), expected);
    }

    #[test]
    fn without_the_list_of_updates_it_cannot_tell() {
        check(&RULE, wsus("3.2.7600.283", None), "cannot tell Certificate: whether KB4484071 is installed");
    }

    #[test]
    fn the_update_or_a_later_wsus_rules_it_out() {
        check(&RULE, wsus("3.2.7600.226", Some(&["KB4484071"])), "ruled out: KB4484071 is installed");
        check(&RULE, wsus("6.2.9200.16384", None), "ruled out");
        let untrusted = wsus("3.2.7600.226", Some(&[])).stores(|stores| stores.root = Some(Vec::new()));
        check(&RULE, untrusted, "ruled out: the chain does not end");
    }

    #[test]
    fn an_unknown_version_and_an_upstream_do_not_raise_the_question() {
        check(&RULE, microsoft_update().host(|host| host.wsus_version = None), "does not apply");
        check(&RULE, https_upstream(), "does not apply");
    }
}
