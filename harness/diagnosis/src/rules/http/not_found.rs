//! `http/not-found`: the web service is not where it is asked for.

use crate::evidence::{Evidence, Purpose, Refusal};
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step, remedies};

pub(crate) const RULE: Rule = Rule {
    code: "http/not-found",
    title: "The upstream answers 404: the web service is not there",
    explanation: "Something answers HTTP at the upstream's port, and does not know the web service of WSUS. Mostly it is another web \
        site (the Default Web Site on port 80, while WSUS has its own on 8530), a role that was removed or installed by \
        half, or a site that was moved with wsusutil usecustomwebsite. Where IIS may not run ASP.NET the same 404 comes with \
        404.2 or 404.3 in the log of IIS. The other usual ports are tried, and named where the service answers there. That \
        the page for clients (ClientWebService/client.asmx) opens proves nothing: it is another directory.",
    modes: &["F-51"],
    guide: "6",
    citation: "RFC 9110, 15.5.5; field notes, F-51",
    appearances: &[
        Appearance::exception("The request failed with HTTP status 404: Not Found.", Provenance::Recalled),
        Appearance::hresult("0x80244019", Provenance::Derived),
    ],
    first_check: "Get-WebApplication -Site 'WSUS Administration', on the upstream",
    remedy: &[
        remedies::SET_UPSTREAM,
        Action::windows_powershell("Get-WebApplication -Site 'WSUS Administration' | Select-Object path, applicationPool")
            .before("run it on the upstream: ServerSyncWebService and DssAuthWebService must be among them"),
        Action::cmd("cd /d \"%ProgramFiles%\\Update Services\\Tools\" && wsusutil postinstall")
            .before(
                "run it on the upstream, where the directories are missing, with the CONTENT_DIR and SQL_INSTANCE_NAME that it has",
            )
            .not_on("this server"),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(refusal) = evidence.refusal() else { return Outcome::DoesNotApply };
    if refusal.head.status != 404 {
        return Outcome::ruled_out("the upstream did not answer 404");
    }
    if evidence.refused_for_its_size().is_some() {
        return Outcome::ruled_out("a smaller request of the same kind is answered");
    }
    let decided_by = "the proxy's log for {host}:{port}, and the log of IIS on the upstream";
    if let Some(outcome) = refusal.not_of_the_target(decided_by) {
        return outcome;
    }
    if evidence.service_answered_before() {
        return Outcome::cannot_tell(
            Step::Request,
            "why the web service, which answered other calls, says 404 to this one",
            "the sub-status in the log of IIS on the upstream at that second (404.5 to 404.19 are request filtering); no line there \
             means that something in front of it answered",
        );
    }
    let elsewhere = elsewhere(evidence, &refusal);
    let where_it_is =
        elsewhere.as_ref().map_or(String::new(), |(_, place)| format!(", and the service answers at {place}"));
    let page = evidence.client_page();
    let though = page.as_ref().map_or("", |_| ", though the page for clients opens: this directory alone is missing");
    let (said, signature) = (refusal.sentence(), refusal.signature());
    let sentence = format!("{said}: the web service is not there{where_it_is}{though}{signature}");
    let seen = elsewhere.map(|(index, _)| index).into_iter().chain(page.map(|page| page.index));
    let proof = [refusal.call.index].into_iter().chain(seen);
    Finding::blocks(Step::Request, sentence).resting_on(proof).into()
}

/// Another port or scheme of the same host at which the service answers.
fn elsewhere(evidence: &Evidence, refusal: &Refusal<'_>) -> Option<(usize, String)> {
    let mut answers = evidence.exchanges(Purpose::SchemeMatrix);
    let here = (refusal.path.scheme, refusal.path.port);
    let other = answers.find(|exchange| {
        let there = (exchange.seen.scheme, exchange.observation.port);
        there != here && exchange.seen.answer.as_ref().is_some_and(|head| head.status == 200)
    })?;
    Some((other.index, format!("{}, port {}", other.seen.scheme, other.observation.port)))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Evidence, Purpose, Seen};
    use crate::path::Scheme;
    use crate::testing::*;

    fn missing(evidence: Evidence, headers: &[(&str, &str)]) -> Evidence {
        evidence.stopped_by(not_soap("GetAuthConfig", Scheme::Http, head(404, headers)))
    }

    #[test]
    fn a_404_is_the_cause() {
        let expected = "blocks Request: up.contoso.com:8530 answers GetAuthConfig with 404 Whatever: the web service is not there (answered by Microsoft-IIS/10.0)";
        check(&RULE, missing(http_upstream(), &[("Server", "Microsoft-IIS/10.0")]), expected);
    }

    #[test]
    fn a_port_where_the_service_answers_is_named() {
        let cell = Seen::Exchange(exchange(Scheme::Https, Some(head(200, &[]))));
        let evidence = missing(http_upstream(), &[]).and(Purpose::SchemeMatrix, UPSTREAM, 8531, cell);
        let expected = "blocks Request: up.contoso.com:8530 answers GetAuthConfig with 404 Whatever: the web service is not there, and the service answers at https, port 8531";
        check(&RULE, evidence, expected);
    }

    #[test]
    fn a_page_for_clients_that_opens_says_that_the_site_is_right() {
        let page = Seen::Exchange(exchange(Scheme::Http, Some(head(200, &[]))));
        let evidence = missing(http_upstream(), &[]).and(Purpose::ClientPage, UPSTREAM, 8530, page);
        let expected = "blocks Request: up.contoso.com:8530 answers GetAuthConfig with 404 Whatever: the web service is not there, though the page for clients opens: this directory alone is missing";
        check(&RULE, evidence, expected);
    }

    #[test]
    fn a_404_to_one_call_of_a_service_that_answered_stays_open() {
        let refused = not_soap("GetUpdateData", Scheme::Http, head(404, &[]));
        check(&RULE, http_upstream().stopped_by(refused), "cannot tell Request");
        let elsewhere = not_soap("GetAuthorizationCookie", Scheme::Http, head(404, &[]));
        check(&RULE, http_upstream().stopped_by(elsewhere), "blocks Request");
    }

    #[test]
    fn a_proxys_404_stays_open_and_other_answers_are_not() {
        check(&RULE, missing(http_upstream_through_proxy(), &[]), "cannot tell Request");
        check(&RULE, missing(http_upstream_through_proxy(), &[("X-Squid-Error", "ERR_X 0")]), "ruled out");
        check(&RULE, http_upstream().stopped_by(not_soap("GetAuthConfig", Scheme::Http, head(403, &[]))), "ruled out");
        check(&RULE, missing(microsoft_update(), &[]), "does not apply");
        check(&RULE, http_upstream(), "does not apply");
    }
}
