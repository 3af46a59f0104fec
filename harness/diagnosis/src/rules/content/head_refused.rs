//! `content/head-refused`: HEAD is refused, with which BITS begins.

use crate::evidence::{ContentSeen, Evidence, Purpose};
use crate::path::Route;
use crate::rule::{Action, Appearance, Outcome, Provenance, Rule};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "content/head-refused",
    title: "HEAD is refused for files: BITS gives up",
    explanation: "BITS begins every download with HEAD, to learn size and date of the file, and only then asks for its parts. Where \
        HEAD is refused, the job fails before the first byte and every file with it, while a browser, which only says GET, \
        loads the same file. IIS answers HEAD for every static file unless somebody forbade it: a list of allowed verbs in \
        Request Filtering, or a firewall that lets only GET and POST pass. The synchronization itself needs POST alone and \
        succeeds.",
    modes: &["F-57"],
    guide: "6",
    citation: "RFC 9110, 9.3.2; Microsoft KB 922330; field notes, F-57",
    appearances: &[
        Appearance::event("Event 364: Content file download failed.", Provenance::Seen),
        Appearance::hresult("0x80200013", Provenance::Recalled),
    ],
    first_check: "curl.exe -I http://{host}:<port>/Content/…: 200 is right; repeat it on the upstream itself",
    remedy: &[
        Action::person(
            "On the upstream, in IIS Manager: Request Filtering > HTTP Verbs of the site and of Content must not leave out \
             HEAD, and a <verbs> list in web.config must not leave it out either.",
        ),
        Action::person("On a proxy or firewall between the two servers: allow the method HEAD to the upstream."),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(files) = evidence.files() else { return Outcome::DoesNotApply };
    let Some((first, count, mut rests_on)) = files.first(|seen: &ContentSeen| seen.refuses_head().is_some()) else {
        let answered = files.sights.iter().any(|sight| sight.seen.head.is_some());
        return if answered { Outcome::ruled_out("HEAD is not refused") } else { Outcome::DoesNotApply };
    };
    let (host, port, path) = (safe(&first.observation.host), first.observation.port, safe(&first.seen.path));
    let status = first.seen.refuses_head().unwrap_or_default();
    let get = first.seen.gets.first().and_then(|get| get.answer.as_ref());
    let get = get.map_or(String::new(), |head| format!(", and GET with {}", head.status));
    let direct = evidence.content(Purpose::ContentWithoutProxy).last();
    let who = match (&first.observation.route, direct) {
        (Route::Through { host, port }, Some(direct)) if direct.seen.refuses_head().is_none() => {
            rests_on.push(direct.index);
            format!("; without the proxy it is not refused, so that {}:{port} does it", safe(host))
        }
        _ => String::new(),
    };
    let sentence = format!("{host}:{port} answers HEAD for {count} with {status}{get}, as {path}{who}");
    files.finding(sentence, rests_on).into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::RULE;
    use crate::evidence::{ContentSeen, Purpose};
    use crate::testing::*;

    fn refuse(file: &mut ContentSeen) {
        file.head.as_mut().unwrap().answer = Some(head(405, &[]));
    }

    #[test]
    fn a_refused_head_is_the_cause_whatever_get_says() {
        let expected = "blocks Content: up.contoso.com:8530 answers HEAD for 1 of 1 files with 405, and GET with 206, as \
            /Content/00/00.cab";
        check(&RULE, http_upstream().fetching_file(refuse), expected);
        let direct = file(|_| {});
        let through = http_upstream_through_proxy().fetching_file(refuse);
        let through = through.and(Purpose::ContentWithoutProxy, UPSTREAM, 8530, direct);
        let expected =
            format!("{expected}; without the proxy it is not refused, so that proxy.contoso.com:8080 does it");
        check(&RULE, through, &expected);
    }

    #[test]
    fn an_answered_head_is_ruled_out() {
        check(&RULE, http_upstream().fetching_file(|_| {}), "ruled out");
        check(&RULE, http_upstream().fetching_file(|file| file.head = None), "does not apply");
        check(&RULE, https_upstream(), "does not apply");
    }
}
