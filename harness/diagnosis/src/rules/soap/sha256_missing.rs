//! `soap/sha256-missing`: the metadata gives only the SHA-1 of files.

use super::metadata_incomplete::counted;
use crate::evidence::Evidence;
use crate::path::Source;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "soap/sha256-missing",
    title: "The upstream's metadata lacks the SHA-256 of files",
    explanation: "A WSUS of Windows Server 2012 or later, and clients of Windows 8 or later, take a file only if both its SHA-1 and its \
        SHA-256 are those of the metadata. The second stands in the element AdditionalDigest of each file. Microsoft has \
        published it since 2012; an upstream whose metadata lacks it has that metadata from before, or from a tool that \
        publishes updates of its own and leaves it out. The update is imported, and its files are never accepted.",
    modes: &["F-57"],
    guide: "6",
    citation: "[MS-WSUSSS] appendix B, notes 23 and 78; field notes, F-57",
    appearances: &[
        Appearance::log("ContentSyncAgent firing Event: FileVerificationFailed", Provenance::Derived),
        Appearance::event("Event 364: Content file download failed.", Provenance::Derived),
    ],
    first_check: "who published an update named above: Microsoft, or a tool in the organisation",
    remedy: &[
        Action::person(
            "Updates of the organisation's own: publish them again with a version of the tool that writes SHA-256, and expire \
             the old ones.",
        ),
        Action::person(
            "Microsoft's updates: let the upstream synchronize with its source, so that it gets their newest revisions; decline \
             what is left, it is older than 2012.",
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
    let Some(first) = sync.seen.without_sha256.first() else {
        return Outcome::ruled_out("every file of the metadata has a SHA-256");
    };
    let count = counted(sync.seen.without_sha256.len());
    let sentence = format!(
        "{count} files of the metadata have no SHA-256, as {}; a server of 2012 or later does not accept them",
        safe(first)
    );
    Finding::warns(sentence).resting_on([sync.index]).into()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::path::Scheme;
    use crate::testing::*;

    #[test]
    fn a_file_without_a_sha_256_is_a_warning() {
        let evidence = https_upstream().synchronized(|sync| sync.without_sha256 = vec!["a/1: AQ==".to_owned()]);
        check(&RULE, evidence, "warns: 1 files of the metadata have no SHA-256, as a/1: AQ==; a server of 2012");
    }

    #[test]
    fn with_one_it_is_ruled_out_and_a_stop_is_another_question() {
        check(&RULE, http_upstream(), "ruled out");
        check(&RULE, http_upstream().stopped_by(no_answer("GetUpdateData", Scheme::Http)), "does not apply");
        check(&RULE, microsoft_update(), "does not apply");
    }
}
