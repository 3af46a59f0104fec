//! `content/licence-missing`: the text of a licence is not there, and without it nobody can approve its update.

use crate::evidence::{ContentEnd, ContentSeen, Evidence};
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "content/licence-missing",
    title: "The upstream does not have the text of a licence",
    explanation: "Some updates come with a licence (EULA), which an administrator must accept before the update can be approved. Its text \
        is a small file beside those of the update, .txt in WsusContent, and WSUS fetches it with the metadata and not only \
        after an approval, so that LazySync is no reason for a 404. Where it is missing the licence cannot be shown nor \
        accepted, Configuration Manager's own synchronization stops at the update, and clients say 0x80240033. The \
        synchronization of WSUS itself succeeds.",
    modes: &["F-57"],
    guide: "6",
    citation: "[MS-WSUSSS] 3.1.1 (EULAs Table); field notes, F-57",
    appearances: &[
        Appearance::hresult("0x80240033", Provenance::Seen),
        Appearance::exception(
            "The Microsoft Software License Terms have not been completely downloaded and cannot be accepted.",
            Provenance::Seen,
        ),
        Appearance::event("Event 364: Content file download failed.", Provenance::Seen),
    ],
    first_check: "whether the file named above stands in WsusContent on the upstream",
    remedy: &[
        Action::cmd("cd /d \"%ProgramFiles%\\Update Services\\Tools\" && wsusutil reset").before(
            "run it on the upstream; it compares every file with the catalogue, fetches what is missing and may take hours",
        ),
        Action::person("Where nobody needs the update: decline it on the upstream."),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(files) = evidence.files() else { return Outcome::DoesNotApply };
    let is_missing = |seen: &ContentSeen| seen.is_licence && seen.ended == ContentEnd::Absent;
    let Some((first, _, rests_on)) = files.first(is_missing) else {
        let any = files.sights.iter().any(|sight| sight.seen.is_licence);
        return if any { Outcome::ruled_out("the text of a licence is there") } else { Outcome::DoesNotApply };
    };
    let (host, port, path) = (safe(&first.observation.host), first.observation.port, safe(&first.seen.path));
    let sentence = format!("{host}:{port} does not have the text of a licence, {path} (404)");
    Finding::warns(sentence).resting_on(rests_on).into()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{ContentEnd, ContentSeen};
    use crate::testing::*;

    fn licence(ended: ContentEnd) -> impl FnOnce(&mut ContentSeen) {
        move |file| {
            file.is_licence = true;
            file.ended = ended;
        }
    }

    #[test]
    fn a_missing_licence_is_a_warning() {
        let evidence = http_upstream().fetching_file(licence(ContentEnd::Absent));
        let expected = "warns: up.contoso.com:8530 does not have the text of a licence, /Content/00/00.cab (404)";
        check(&RULE, evidence, expected);
    }

    #[test]
    fn one_that_is_there_is_ruled_out_and_other_files_are_another_question() {
        check(&RULE, http_upstream().fetching_file(licence(ContentEnd::Matches)), "ruled out");
        check(&RULE, http_upstream().fetching_file(|file| file.ended = ContentEnd::Absent), "does not apply");
        check(&RULE, https_upstream(), "does not apply");
    }
}
