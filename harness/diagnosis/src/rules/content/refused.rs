//! `content/refused`: the upstream refuses its files, as where TLS is required of them.

use crate::evidence::{ContentEnd, ContentSeen, Evidence, Head, ProxyVoice};
use crate::path::Route;
use crate::rule::{Action, Appearance, Outcome, Provenance, Rule};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "content/refused",
    title: "The upstream refuses its files",
    explanation: "Files are fetched over plain HTTP and without an account. IIS answers 403 for all of them where \"Require SSL\" is \
        set on the directory Content (403.4 in its log), which it must never be: of the directories of WSUS only \
        ApiRemoting30, ClientWebService, DssAuthWebService, ServerSyncWebService and SimpleAuthWebService may require it. 401 \
        means that anonymous access to Content is off or that its account cannot read the folder on the disk; 500 and above \
        mean that IIS itself fails at it. The synchronization uses other directories and succeeds.",
    modes: &["F-45", "F-57"],
    guide: "6",
    citation: "[MS-WSUSSS] 2.1; field notes, F-45 and F-57",
    appearances: &[
        Appearance::event("Event 364: Content file download failed.", Provenance::Seen),
        Appearance::hresult("0x80190193", Provenance::Recalled),
    ],
    first_check: "the status and sub-status of the request in the log of IIS on the upstream (403.4, 401.3)",
    remedy: &[
        Action::windows_powershell(
            "Set-WebConfigurationProperty -PSPath MACHINE/WEBROOT/APPHOST -Location 'WSUS Administration/Content' -Filter \
             /system.webServer/security/access -Name sslFlags -Value None",
        )
        .before("run it on the upstream; the sub-status in its log is 403.4"),
        Action::person(
            "On the upstream, where the status is 401: allow anonymous access to Content in IIS Manager, and reading of the \
             folder WsusContent to NETWORK SERVICE and to the built-in group Users.",
        ),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(files) = evidence.files() else { return Outcome::DoesNotApply };
    let refused = |seen: &ContentSeen| matches!(seen.ended, ContentEnd::Refused(_)) && seen.refuses_head().is_none();
    let Some((first, count, rests_on)) = files.first(refused) else {
        return Outcome::ruled_out("no file is refused");
    };
    let (host, port, path) = (safe(&first.observation.host), first.observation.port, safe(&first.seen.path));
    let exchange = first.seen.gets.last().or(first.seen.head.as_ref());
    let Some(head) = exchange.and_then(|exchange| exchange.answer.as_ref()) else { return Outcome::DoesNotApply };
    let author = author(head, &first.observation.route);
    let sentence = format!("{host}:{port} answers the request for {count} with {}, as {path}{author}", head.status);
    files.finding(sentence, rests_on).into()
}

/// In clear a proxy may answer in the upstream's place.
fn author(head: &Head, route: &Route) -> String {
    let server = head.header("Server").unwrap_or("");
    match route {
        Route::Through { host, port } if head.status == 407 || head.proxy_voice() == ProxyVoice::Own => {
            format!("; it is the proxy {}:{port} that says so", safe(host))
        }
        Route::Through { host, port } if !server.starts_with("Microsoft-") => {
            format!("; whether the upstream or the proxy {}:{port} says so, their logs tell", safe(host))
        }
        _ if server.is_empty() => String::new(),
        _ => format!(" (answered by {})", safe(server)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::RULE;
    use crate::evidence::{ContentEnd, ContentSeen};
    use crate::testing::*;

    fn forbid(server: &'static [(&'static str, &'static str)]) -> impl Fn(&mut ContentSeen) {
        move |file| {
            file.gets.clear();
            file.head.as_mut().unwrap().answer = Some(head(403, server));
            file.ended = ContentEnd::Refused(403);
        }
    }

    #[test]
    fn a_closed_folder_is_the_cause() {
        let iis = forbid(&[("Server", "Microsoft-IIS/10.0")]);
        let expected = "blocks Content: up.contoso.com:8530 answers the request for 1 of 1 files with 403, as \
            /Content/00/00.cab (answered by Microsoft-IIS/10.0)";
        check(&RULE, http_upstream().fetching_file(&iis), expected);
        check(&RULE, http_upstream_through_proxy().fetching_file(&iis), expected);
    }

    #[test]
    fn a_proxy_may_say_so_as_well() {
        let says = |headers, what: &str| {
            let expected = format!(
                "blocks Content: up.contoso.com:8530 answers the request for 1 of 1 files with 403, as \
                 /Content/00/00.cab; {what}"
            );
            check(&RULE, http_upstream_through_proxy().fetching_file(forbid(headers)), &expected);
        };
        says(&[("X-Squid-Error", "ERR_ACCESS_DENIED 0")], "it is the proxy proxy.contoso.com:8080 that says so");
        says(&[("Server", "nginx")], "whether the upstream or the proxy proxy.contoso.com:8080 says so");
    }

    #[test]
    fn a_file_that_is_given_or_missing_is_ruled_out() {
        check(&RULE, http_upstream().fetching_file(|file| file.ended = ContentEnd::Absent), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
