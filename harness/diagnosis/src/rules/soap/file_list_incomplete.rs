//! `soap/file-list-incomplete`: the metadata names files that the answer around it does not.

use super::metadata_incomplete::counted;
use crate::evidence::Evidence;
use crate::path::Source;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "soap/file-list-incomplete",
    title: "The upstream does not list files that its metadata names",
    explanation: "Beside the metadata of an update, GetUpdateData gives the digests of its files (FileDigestList) and for each digest \
        where Microsoft Update keeps the file (fileUrls). A downstream server enters files by these two lists, and reads the \
        metadata itself only for clients. A file that they leave out is never fetched: the update is imported, can be \
        approved, and waits for its files for ever. The upstream's own catalogue has lost rows of its table of files, as \
        after a restore or an import that was broken off.",
    modes: &["F-57", "F-60"],
    guide: "6",
    citation: "[MS-WSUSSS] 3.1.4.6.3.2, 3.1.4.6.3.4; field notes, F-57",
    appearances: &[Appearance::event(
        "Console: The files for this update have not yet been downloaded.",
        Provenance::Recalled,
    )],
    first_check: "the files of an update named above, in the console of the upstream",
    remedy: &[
        Action::cmd("cd /d \"%ProgramFiles%\\Update Services\\Tools\" && wsusutil reset")
            .before("run it on the upstream; it compares files with the catalogue and may take hours")
            .not_on("this server"),
        Action::person(
            "On the upstream: let it synchronize with its own source again, after the products concerned were taken off and \
             put on once, so that their metadata comes anew.",
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
    let told = |list: &[String], what: &str| {
        list.first().map(|first| format!("{} {what}, as {}", counted(list.len()), safe(first)))
    };
    let unlisted = told(&sync.seen.unlisted, "files of the metadata are on no FileDigestList");
    let without_url = told(&sync.seen.without_url, "are without a URL in fileUrls");
    let sentences: Vec<String> = unlisted.into_iter().chain(without_url).collect();
    if sentences.is_empty() {
        return Outcome::ruled_out("every file of the metadata has its digest and its URL in the answer");
    }
    Finding::warns(format!("GetUpdateData leaves out files: {}", sentences.join("; "))).resting_on([sync.index]).into()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::path::Scheme;
    use crate::testing::*;

    #[test]
    fn files_that_the_lists_leave_out_are_a_warning() {
        let one = || vec!["a/1: AQ==".to_owned()];
        let evidence = https_upstream().synchronized(|sync| sync.unlisted = one());
        let expected =
            "warns: GetUpdateData leaves out files: 1 files of the metadata are on no FileDigestList, as a/1: AQ==";
        check(&RULE, evidence, expected);
        let evidence = https_upstream().synchronized(|sync| sync.without_url = one());
        check(&RULE, evidence, "warns: GetUpdateData leaves out files: 1 are without a URL in fileUrls, as a/1: AQ==");
    }

    #[test]
    fn whole_lists_are_ruled_out_and_a_stop_is_another_question() {
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, https_upstream().stopped_by(no_answer("GetUpdateData", Scheme::Https)), "does not apply");
        check(&RULE, microsoft_update(), "does not apply");
    }
}
