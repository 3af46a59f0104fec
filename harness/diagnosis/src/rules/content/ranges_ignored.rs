//! `content/ranges-ignored`: who asks for a part of a file gets the whole, and BITS gives up.

use crate::evidence::{ContentEnd, ContentSeen, Evidence, PartsEnd, Purpose};
use crate::path::Route;
use crate::rule::{Action, Appearance, Outcome, Provenance, Rule};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "content/ranges-ignored",
    title: "Parts of files cannot be had: BITS gives up",
    explanation: "WSUS leaves the download of files to BITS, which asks for one part after the other (Range) and insists on getting \
        that part (206). A whole file (200) in its place ends the job with 0x80200013, and every file fails with event 364, \
        while the synchronization succeeds and a browser loads the same file without complaint. IIS always gives parts of \
        static files, so that what takes the field out of the request stands on the way: a proxy or a firewall that wants to \
        scan whole files. Where the same request without the proxy is answered with the part, it is the proxy.",
    modes: &["F-57"],
    guide: "6",
    citation: "RFC 9110, 14; Microsoft KB 922330; field notes, F-57",
    appearances: &[
        Appearance::log(
            "ContentSyncAgent.JobError Download error: … failed in download: (-2145386477) The server does not support the \
             necessary HTTP protocol. Background Intelligent Transfer Service (BITS) requires that the server support the \
             Range protocol header.",
            Provenance::Seen,
        ),
        Appearance::hresult("0x80200013", Provenance::Seen),
        Appearance::event("Event 364: Content file download failed.", Provenance::Seen),
    ],
    first_check: "curl.exe -r 0-99 -D - -o NUL http://{host}:<port>/Content/…: 206 Partial Content is right, 200 OK is the fault; \
        repeat it on the upstream itself",
    remedy: &[
        Action::person(
            "On the proxy or firewall between the two servers: let Range requests to the upstream's /Content pass (on \
             SonicWALL \"Enable HTTP Byte-Range request with Gateway AV\"), or exempt the upstream from scanning.",
        ),
        Action::person(
            "Where that cannot be had, let BITS fetch whole files: set BitsDownloadPriorityForeground to 1 in the table \
             tbConfigurationC of SUSDB and restart the WSUS service. Downloads then compete with all other traffic.",
        ),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(files) = evidence.files() else { return Outcome::DoesNotApply };
    let Some((first, count, mut rests_on)) = files.first(ignored) else {
        let came = files.sights.iter().any(|sight| sight.seen.parts == PartsEnd::Came);
        return if came { Outcome::ruled_out("files come in parts (206)") } else { Outcome::DoesNotApply };
    };
    let (host, port, path) = (safe(&first.observation.host), first.observation.port, safe(&first.seen.path));
    let how = match &first.seen.parts {
        PartsEnd::Wrong(what) => format!("another part came ({})", safe(what)),
        _ => "the whole file came (200)".to_owned(),
    };
    let who = match (&first.observation.route, evidence.content(Purpose::ContentWithoutProxy).last()) {
        (Route::Direct, _) => "the upstream, or a device on the way, ignores the field Range".to_owned(),
        (Route::Through { host, port }, Some(direct)) if direct.seen.parts == PartsEnd::Came => {
            rests_on.push(direct.index);
            format!("without the proxy the part came: {}:{port} loses the field Range", safe(host))
        }
        (Route::Through { .. }, Some(direct)) if ignored(direct.seen) => {
            rests_on.push(direct.index);
            "it is the same without the proxy".to_owned()
        }
        (Route::Through { host, port }, _) => {
            format!("it came through {}:{port}, and the same could not be tried without the proxy", safe(host))
        }
    };
    let sentence = format!("{count} at {host}:{port} cannot be had in parts, as {path}: {how}; {who}");
    files.finding(sentence, rests_on).into()
}

/// A whole file in place of a part. Something else that came whole, as the page of another site, tells nothing of parts.
fn ignored(seen: &ContentSeen) -> bool {
    match seen.parts {
        PartsEnd::WholeInstead => seen.ended == ContentEnd::Matches,
        PartsEnd::Wrong(_) => true,
        PartsEnd::NotAsked | PartsEnd::Came => false,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{ContentEnd, Evidence, PartsEnd, Purpose};
    use crate::testing::*;

    fn whole(evidence: Evidence) -> Evidence {
        evidence.fetching_file(|file| file.parts = PartsEnd::WholeInstead)
    }

    #[test]
    fn a_whole_file_in_the_place_of_a_part_is_the_cause() {
        let expected = "blocks Content: 1 of 1 files at up.contoso.com:8530 cannot be had in parts, as /Content/00/00.cab: \
            the whole file came (200); the upstream, or a device on the way, ignores the field Range";
        check(&RULE, whole(http_upstream()), expected);
        let wrong = http_upstream().fetching_file(|file| file.parts = PartsEnd::Wrong("no Content-Range".to_owned()));
        check(
            &RULE,
            wrong,
            "blocks Content: 1 of 1 files at up.contoso.com:8530 cannot be had in parts, as \
            /Content/00/00.cab: another part came (no Content-Range)",
        );
    }

    #[test]
    fn the_same_without_the_proxy_tells_whose_fault_it_is() {
        let through = || whole(http_upstream_through_proxy());
        let says = |evidence: Evidence, who: &str| {
            let expected = format!(
                "blocks Content: 1 of 1 files at up.contoso.com:8530 cannot be had in parts, as /Content/00/00.cab: the \
                 whole file came (200); {who}"
            );
            check(&RULE, evidence, &expected);
        };
        says(through(), "it came through proxy.contoso.com:8080, and the same could not be tried");
        let direct = |parts| file(|file| file.parts = parts);
        let compared = |parts| through().and(Purpose::ContentWithoutProxy, UPSTREAM, 8530, direct(parts));
        says(compared(PartsEnd::Came), "without the proxy the part came: proxy.contoso.com:8080 loses the field Range");
        says(compared(PartsEnd::WholeInstead), "it is the same without the proxy");
    }

    #[test]
    fn a_page_in_the_place_of_a_file_tells_nothing_of_parts() {
        let page = http_upstream().fetching_file(|file| {
            file.parts = PartsEnd::WholeInstead;
            file.ended = ContentEnd::Differs("AB".to_owned());
        });
        check(&RULE, page, "does not apply");
    }

    #[test]
    fn parts_that_came_are_ruled_out_and_without_a_file_there_is_no_question() {
        check(&RULE, http_upstream().fetching_file(|_| {}), "ruled out: files come in parts (206)");
        let absent = http_upstream().fetching_file(|file| {
            file.parts = PartsEnd::NotAsked;
            file.ended = ContentEnd::Absent;
        });
        check(&RULE, absent, "does not apply");
        check(&RULE, microsoft_update(), "does not apply");
    }
}
