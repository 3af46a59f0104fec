//! `soap/replica-approval-unknown`: the upstream approves updates that it does not announce.

use super::metadata_incomplete::counted;
use crate::evidence::Evidence;
use crate::path::Source;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "soap/replica-approval-unknown",
    title: "The upstream approves updates that it does not announce",
    explanation: "A replica takes over the approvals of its upstream (GetDeployments) after it has taken over the updates. An approval of an \
        update that no list announced cannot be entered: the synchronization ends with LocalUpdateMissingForApproval. Once \
        that may be chance, an update that came between the two calls, and the next synchronization mends it. Where the whole \
        list was asked for and the approval is still of nothing, the upstream's tables do not agree: updates were deleted from \
        its database by hand, or a restore was not whole. An autonomous server takes over no approvals and does not notice.",
    modes: &["F-56"],
    guide: "6",
    citation: "[MS-WSUSSS] 3.1.4.10, 3.2.4.3; field notes, F-56 and 1.11",
    appearances: &[Appearance::event("SynchronizationError LocalUpdateMissingForApproval", Provenance::Seen)],
    first_check: "one more synchronization of this server; if the error comes again, the approvals of the update named above on \
        the upstream",
    remedy: &[
        Action::windows_powershell("(Get-WsusServer).GetSubscription().StartSynchronization()")
            .before("it is the first time that the error is seen"),
        Action::person(
            "On the upstream: let it synchronize with its own source, so that the update comes back, and then decline it if \
             nobody wants it; run the cleanup wizard and not scripts against SUSDB.",
        ),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    if evidence.path().is_none_or(|path| path.source != Source::Upstream) {
        return Outcome::DoesNotApply;
    }
    let Some(sync) = evidence.sync().filter(|sync| sync.seen.stopped_at.is_none()) else {
        return Outcome::DoesNotApply;
    };
    let Some(deployments) = &sync.seen.deployments else { return Outcome::DoesNotApply };
    let Some(first) = deployments.unannounced.first() else {
        return Outcome::ruled_out("every approval is of an update that was announced");
    };
    let count = counted(deployments.unannounced.len());
    let sentence = format!(
        "{count} of {} approvals are of updates that were not announced, as {}",
        deployments.deployments,
        safe(first)
    );
    Finding::warns(sentence).resting_on([sync.index]).into()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{DeploymentsSeen, Evidence};
    use crate::testing::*;

    fn approving(unannounced: &[&str]) -> Evidence {
        https_upstream().synchronized(|sync| {
            let unannounced = unannounced.iter().map(|id| (*id).to_owned()).collect();
            sync.deployments = Some(DeploymentsSeen { groups: 2, deployments: 7, unannounced });
        })
    }

    #[test]
    fn an_approval_of_nothing_is_a_warning() {
        check(&RULE, approving(&["a/1"]), "warns: 1 of 7 approvals are of updates that were not announced, as a/1");
    }

    #[test]
    fn approvals_of_what_is_there_are_ruled_out_and_only_a_replica_is_asked() {
        check(&RULE, approving(&[]), "ruled out");
        check(&RULE, https_upstream(), "does not apply");
        check(&RULE, microsoft_update(), "does not apply");
    }
}
