//! `http/html-instead-of-soap`: a page for people comes where the web service should answer.

use crate::evidence::{Evidence, Refusal};
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step, remedies};

pub(crate) const RULE: Rule = Rule {
    code: "http/html-instead-of-soap",
    title: "The upstream answers with a web page instead of SOAP",
    explanation: "With status 500 the page is the error page of ASP.NET: the application behind the web service does not start, for \
        a broken web.config (a mimeMap that stands there twice, say) or a component that is missing; the reason stands in \
        the Application log of the upstream. With status 200 it is not the web service at all: the name or port leads to \
        another web site, or a portal wants to be clicked through. WSUS reports both in the same words, that the content \
        type is text/html. An error of WSUS itself comes as a SOAP fault and not as a page.",
    modes: &["F-49", "F-30"],
    guide: "6",
    citation: "field notes, F-30 and F-49",
    appearances: &[
        Appearance::exception(
            "Client found response content type of 'text/html; charset=utf-8', but expected 'text/xml'.",
            Provenance::Recalled,
        ),
        Appearance::exception("The request failed with the error message: -- <html>…", Provenance::Recalled),
    ],
    first_check: "open {url}/ServerSyncWebService/ServerSyncWebService.asmx in a browser on the upstream itself",
    remedy: &[
        Action::person(
            "Status 500: look for ASP.NET (event 1309) in the Application log of the upstream, mend the web.config that it \
             names, and start WsusPool again.",
        ),
        Action::person(
            "Status 200: compare what this server resolves {host} to with the upstream's own address, and the port with that \
             of the site WSUS Administration.",
        ),
        remedies::SET_UPSTREAM,
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(refusal) = evidence.refusal() else { return Outcome::DoesNotApply };
    if !is_page(&refusal) {
        return Outcome::ruled_out("no web page came with a status of success or of an error of the application");
    }
    let decided_by = "the proxy's log for {host}:{port}, or the page itself";
    if let Some(outcome) = refusal.not_of_the_target(decided_by) {
        return outcome;
    }
    if evidence.answered_when_smaller().is_some() {
        let want = "why a smaller request was answered after the page";
        return Outcome::cannot_tell(Step::Request, want, "the page itself, and the upstream's event log at that time");
    }
    let what = match refusal.head.status {
        500 => "its application fails before the web service is reached",
        _ => "it is not the web service that answers there",
    };
    let sentence = format!("{} and a web page: {what}{}", refusal.sentence(), refusal.signature());
    Finding::blocks(Step::Request, sentence).resting_on([refusal.call.index]).into()
}

/// Other statuses say more than their page does.
fn is_page(refusal: &Refusal<'_>) -> bool {
    matches!(refusal.head.status, 200 | 500)
        && matches!(refusal.media_type().as_str(), "text/html" | "application/xhtml+xml")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::Evidence;
    use crate::path::Scheme;
    use crate::testing::*;

    const HTML: (&str, &str) = ("Content-Type", "text/html; charset=utf-8");

    fn page(evidence: Evidence, status: u16, headers: &[(&str, &str)]) -> Evidence {
        evidence.stopped_by(not_soap("GetAuthConfig", Scheme::Http, head(status, headers)))
    }

    #[test]
    fn a_page_with_200_is_not_the_web_service() {
        let expected = "blocks Request: up.contoso.com:8530 answers GetAuthConfig with 200 OK and a web page: it is not the web service that answers there";
        check(&RULE, page(http_upstream(), 200, &[HTML]), expected);
    }

    #[test]
    fn a_page_with_500_is_an_application_that_fails() {
        let expected = "blocks Request: up.contoso.com:8530 answers GetAuthConfig with 500 Whatever and a web page: its application fails before the web service is reached (answered by Microsoft-IIS/10.0)";
        check(&RULE, page(http_upstream(), 500, &[HTML, ("Server", "Microsoft-IIS/10.0")]), expected);
    }

    #[test]
    fn a_page_of_a_proxy_and_other_statuses_are_not() {
        check(&RULE, page(http_upstream_through_proxy(), 200, &[HTML]), "cannot tell Request");
        check(&RULE, page(http_upstream(), 404, &[HTML]), "ruled out");
        check(&RULE, page(http_upstream(), 200, &[("Content-Type", "text/xml")]), "ruled out");
        check(&RULE, page(microsoft_update(), 200, &[HTML]), "does not apply");
        check(&RULE, http_upstream(), "does not apply");
    }
}
