//! `content/differs`: the bytes of a file are not those that the metadata describes.

use crate::evidence::{ContentEnd, ContentSeen, Evidence};
use crate::path::Route;
use crate::rule::{Action, Appearance, Outcome, Provenance, Rule};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "content/differs",
    title: "Files of the upstream are not those that the metadata describes",
    explanation: "The metadata of an update gives the SHA-1 of each of its files, and a file is found under that digest. What came \
        has another one, or another length: a file that was damaged or cut on the upstream's disk, that a scanner cleaned or \
        replaced, or that a cache on the way keeps in a wrong state. BITS takes whatever comes; then WSUS compares the digest, \
        throws the file away and reports event 364 for it, again and again. The synchronization itself succeeds. One damaged \
        file is the disk's or a scanner's work; if all differ, something between the two servers rewrites them.",
    modes: &["F-57"],
    guide: "6",
    citation: "[MS-WSUSSS] 2.1, 3.2.4.4; field notes, F-57",
    appearances: &[
        Appearance::log("ContentSyncAgent firing Event: FileVerificationFailed", Provenance::Seen),
        Appearance::event("Event 364: Content file download failed.", Provenance::Seen),
    ],
    first_check: "the SHA-1 of the file on the upstream's own disk (certutil -hashfile <file> SHA1): its name without the extension \
        must be that digest",
    remedy: &[
        Action::cmd("certutil -hashfile \"<WsusContent>\\<last two digits>\\<digest>.<extension>\" SHA1")
            .before("run it on the upstream for the file named above; the digest must be the file's own name"),
        Action::cmd("cd /d \"%ProgramFiles%\\Update Services\\Tools\" && wsusutil reset").before(
            "run it on the upstream if its own file is wrong; it compares every file with the catalogue, fetches what is wrong \
             anew, and may take hours",
        ),
        Action::person(
            "If the upstream's file is right, exempt its /Content from scanning and caching on every device between the two, and \
             the folder WsusContent from the virus scanners of both.",
        ),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(files) = evidence.files() else { return Outcome::DoesNotApply };
    let differs = |seen: &ContentSeen| matches!(seen.ended, ContentEnd::Differs(_) | ContentEnd::TooLarge);
    let Some((first, count, rests_on)) = files.first(differs) else {
        let matches = files.sights.iter().any(|sight| sight.seen.ended == ContentEnd::Matches);
        return match matches {
            true => Outcome::ruled_out("the files that came have the digests of the metadata"),
            false => Outcome::DoesNotApply,
        };
    };
    let (host, port, path) = (safe(&first.observation.host), first.observation.port, safe(&first.seen.path));
    let (received, size) = (first.seen.received, first.seen.size);
    let what = match &first.seen.ended {
        ContentEnd::TooLarge => format!("it has more than the {size} bytes of the metadata"),
        _ if received != size => format!("{received} bytes came, and the metadata says {size}"),
        ContentEnd::Differs(digest) => format!("all {size} bytes came, and their digest is {}", safe(digest)),
        _ => "its digest is another".to_owned(),
    };
    let by_proxy = if first.observation.route == Route::Direct { "" } else { "; it came through the proxy" };
    let sentence =
        format!("{count} fetched from {host}:{port} are not what the metadata says, as {path}: {what}{by_proxy}");
    files.finding(sentence, rests_on).into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::RULE;
    use crate::evidence::ContentEnd;
    use crate::testing::*;

    #[test]
    fn a_file_with_another_digest_is_named() {
        let evidence = http_upstream().fetching_file(|file| file.ended = ContentEnd::Differs("AB".to_owned()));
        let expected = "blocks Content: 1 of 1 files fetched from up.contoso.com:8530 are not what the metadata says, as \
            /Content/00/00.cab: all 9 bytes came, and their digest is AB";
        check(&RULE, evidence, expected);
        let short = http_upstream().fetching_file(|file| {
            file.ended = ContentEnd::Differs("AB".to_owned());
            file.received = 4;
        });
        check(
            &RULE,
            short,
            "blocks Content: 1 of 1 files fetched from up.contoso.com:8530 are not what the metadata \
            says, as /Content/00/00.cab: 4 bytes came, and the metadata says 9",
        );
    }

    #[test]
    fn where_the_server_takes_files_from_is_part_of_the_question() {
        let differs = || https_upstream().fetching_file(|file| file.ended = ContentEnd::TooLarge);
        check(&RULE, differs().host(|host| host.content = None), "warns: 1 of 1 files");
        let elsewhere = differs().host(|host| host.content.as_mut().unwrap().get_content_from_mu = Some(true));
        check(&RULE, elsewhere, "does not apply");
    }

    #[test]
    fn a_good_file_is_ruled_out_and_none_is_no_question() {
        check(&RULE, http_upstream().fetching_file(|_| {}), "ruled out");
        check(&RULE, http_upstream().fetching_file(|file| file.ended = ContentEnd::Absent), "does not apply");
        check(&RULE, http_upstream(), "does not apply");
        check(&RULE, microsoft_update(), "does not apply");
    }
}
