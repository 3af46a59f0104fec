//! `http/method-not-allowed`: something serves files where the web service should take calls.

use crate::evidence::Evidence;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step};

pub(crate) const RULE: Rule = Rule {
    code: "http/method-not-allowed",
    title: "The upstream answers 405: nothing there runs the web service",
    explanation: "A call is a POST, and whoever answers it with 405 knows GET alone: a server of files. On an upstream that is IIS \
        without ASP.NET or without HTTP Activation, which an update of WSUS can ask for afterwards: the .asmx is then a file \
        like any other. Elsewhere it is another web site that happens to answer there. A web service that is there and does \
        not want us says 401 or 403, and one that is not there 404.",
    modes: &["F-51", "X-4"],
    guide: "6",
    citation: "RFC 9110, 15.5.6; field notes, F-51 and X-4",
    appearances: &[Appearance::exception(
        "The request failed with HTTP status 405: Method Not Allowed.",
        Provenance::Derived,
    )],
    first_check: "Get-WindowsFeature NET-WCF-HTTP-Activation45, Web-Asp-Net45, on the upstream",
    remedy: &[
        Action::windows_powershell("Install-WindowsFeature NET-WCF-HTTP-Activation45, Web-Asp-Net45")
            .before("run it on the upstream, where one of the two is missing"),
        Action::cmd("cd /d \"%ProgramFiles%\\Update Services\\Tools\" && wsusutil postinstall /servicing")
            .before("run it on the upstream afterwards, and start the WSUS service again")
            .not_on("this server"),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(refusal) = evidence.refusal() else { return Outcome::DoesNotApply };
    if refusal.head.status != 405 {
        return Outcome::ruled_out("the upstream did not answer 405");
    }
    let decided_by = "the proxy's log for {host}:{port}, and the log of IIS on the upstream";
    if let Some(outcome) = refusal.not_of_the_target(decided_by) {
        return outcome;
    }
    if evidence.service_answered_before() {
        return Outcome::cannot_tell(
            Step::Request,
            "why the web service, which answered other calls, says 405 to this one",
            "the log of IIS on the upstream at that second; no line there means that something in front of it answered",
        );
    }
    let knows = refusal
        .head
        .header("Allow")
        .map_or(String::new(), |allow| format!(", and allows {}", crate::words::safe(allow)));
    let sentence = format!("{}{knows}: nothing there runs the web service{}", refusal.sentence(), refusal.signature());
    Finding::blocks(Step::Request, sentence).resting_on([refusal.call.index]).into()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::Evidence;
    use crate::path::Scheme;
    use crate::testing::*;

    fn refused(evidence: Evidence, headers: &[(&str, &str)]) -> Evidence {
        evidence.stopped_by(not_soap("GetAuthConfig", Scheme::Http, head(405, headers)))
    }

    #[test]
    fn a_405_is_the_cause() {
        let expected = "blocks Request: up.contoso.com:8530 answers GetAuthConfig with 405 Whatever, and allows GET, HEAD: nothing there runs the web service (answered by Microsoft-IIS/10.0)";
        let headers = [("Allow", "GET, HEAD"), ("Server", "Microsoft-IIS/10.0")];
        check(&RULE, refused(http_upstream(), &headers), expected);
    }

    #[test]
    fn a_proxys_405_stays_open_and_other_answers_are_not() {
        check(&RULE, refused(http_upstream_through_proxy(), &[]), "cannot tell Request");
        check(&RULE, refused(http_upstream_through_proxy(), &[("X-Squid-Error", "ERR_X 0")]), "ruled out");
        check(&RULE, http_upstream().stopped_by(not_soap("GetAuthConfig", Scheme::Http, head(404, &[]))), "ruled out");
        check(&RULE, refused(microsoft_update(), &[]), "does not apply");
        check(&RULE, http_upstream(), "does not apply");
    }
}
