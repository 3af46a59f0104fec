//! `content/missing`: an upstream that says it has every file does not have one.

use crate::evidence::{ContentEnd, ContentSeen, Evidence};
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "content/missing",
    title: "The upstream does not have files that it should have",
    explanation: "A server that fetches files only for what was approved (LazySync) answers 404 for the others, and its downstream \
        server asks it to fetch them (DownloadFiles) and comes back later; nothing follows from a 404 there. An upstream that \
        says that it has all files (LazySync false) and answers 404 has lost some: its WsusContent was moved or restored, or a \
        package of metadata was imported before the files were copied. It will try to fetch them again, so that the downstream \
        server waits; on an isolated upstream it waits for ever.",
    modes: &["F-57", "F-66"],
    guide: "6",
    citation: "[MS-WSUSSS] 3.1.4.4, 3.1.4.11, 3.2.4.4; field notes, F-57 and F-66",
    appearances: &[
        Appearance::event("Event 364: Content file download failed.", Provenance::Seen),
        Appearance::hresult("0x80190194", Provenance::Recalled),
    ],
    first_check: "whether the file named above stands in WsusContent on the upstream",
    remedy: &[
        Action::cmd("cd /d \"%ProgramFiles%\\Update Services\\Tools\" && wsusutil reset").before(
            "run it on the upstream; it compares every file with the catalogue, fetches what is missing and may take hours",
        ),
        Action::person(
            "On an isolated upstream: copy WsusContent of the exporting server first, import its metadata second, then run \
             wsusutil reset.",
        ),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(files) = evidence.files() else { return Outcome::DoesNotApply };
    let Some((first, count, rests_on)) = files.first(is_missing) else {
        return Outcome::ruled_out("no file that was asked for is missing");
    };
    if files.config.lazy_sync {
        return Outcome::ruled_out("a file is missing, and the upstream has only those of approved updates (LazySync)");
    }
    let (host, port, path) = (safe(&first.observation.host), first.observation.port, safe(&first.seen.path));
    let sentence = format!(
        "{host}:{port} does not have {count}, as {path} (404), although it says that it has every file (LazySync false)"
    );
    Finding::warns(sentence).resting_on(rests_on).into()
}

/// Licences are another question.
fn is_missing(seen: &ContentSeen) -> bool {
    seen.ended == ContentEnd::Absent && !seen.is_licence
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::RULE;
    use crate::evidence::{ContentEnd, Evidence};
    use crate::testing::*;

    fn absent(lazy: bool) -> Evidence {
        let evidence = https_upstream().synchronized(move |sync| sync.config.as_mut().unwrap().lazy_sync = lazy);
        evidence.fetching_file(|file| file.ended = ContentEnd::Absent)
    }

    #[test]
    fn a_missing_file_of_an_upstream_that_has_all_is_a_warning() {
        let expected = "warns: up.contoso.com:8530 does not have 1 of 1 files, as /Content/00/00.cab (404), although";
        check(&RULE, absent(false), expected);
    }

    #[test]
    fn one_of_an_upstream_that_has_some_is_none() {
        check(&RULE, absent(true), "ruled out: a file is missing, and the upstream has only those of approved updates");
        check(&RULE, http_upstream().fetching_file(|_| {}), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
