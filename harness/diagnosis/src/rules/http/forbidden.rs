//! `http/forbidden`: the upstream refuses the request with 403, as it does where TLS is required.

use crate::evidence::{Evidence, Purpose, Refusal};
use crate::path::Scheme;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step, remedies};

pub(crate) const RULE: Rule = Rule {
    code: "http/forbidden",
    title: "The upstream answers 403 to the web service",
    explanation: "IIS refuses the directory of the web service. Where \"Require SSL\" is set on it and the downstream server comes \
        over plain HTTP, that is 403.4; where only some addresses are allowed, 403.6; where client certificates are wanted, \
        403.7. The number behind the point stands in the log of IIS alone, the answer is a plain 403 for all of them; so the \
        same path is tried over TLS, and an answer there gives 403.4 away. A proxy that forbids a tunnel also says 403, in \
        parentheses and before the upstream is reached. A 403 in a browser to a folder says nothing, most of them are \
        closed on a healthy server.",
    modes: &["F-46", "F-52"],
    guide: "6",
    citation: "RFC 9110, 15.5.4; field notes, F-46, F-52 and correction 6",
    appearances: &[
        Appearance::exception("The request failed with HTTP status 403: Forbidden.", Provenance::Recalled),
        Appearance::hresult("0x80244018", Provenance::Derived),
    ],
    first_check: "the sub-status of the request in the log of IIS on the upstream (403.4, 403.6, 403.7)",
    remedy: &[
        remedies::SET_UPSTREAM.before("the sub-status is 403.4, or HTTPS answers on the port beside"),
        Action::person(
            "On the upstream, in IIS Manager: 403.6 means IP Address and Domain Restrictions of the site, 403.7 means SSL \
             Settings > Client certificates (they must be ignored). Require SSL belongs to ApiRemoting30, ClientWebService, \
             DssAuthWebService, ServerSyncWebService and SimpleAuthWebService, and to no other directory.",
        ),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(refusal) = evidence.refusal() else { return Outcome::DoesNotApply };
    if refusal.head.status != 403 {
        return Outcome::ruled_out("the upstream did not answer 403");
    }
    if evidence.refused_for_its_size().is_some() {
        return Outcome::ruled_out("a smaller request of the same kind is answered");
    }
    let decided_by = "the proxy's log for {host}:{port}, and the log of IIS on the upstream";
    if let Some(outcome) = refusal.not_of_the_target(decided_by) {
        return outcome;
    }
    let (said, signature) = (refusal.sentence(), refusal.signature());
    match answer_over_tls(evidence, &refusal) {
        Some((index, port)) => {
            let sentence = format!("{said}, and over TLS on port {port} it answers: SSL is required there{signature}");
            Finding::blocks(Step::Request, sentence).resting_on([refusal.call.index, index]).into()
        }
        None => {
            let page = evidence.client_page();
            let though =
                page.as_ref().map_or("", |_| ", though its page for clients opens: this directory alone is closed");
            let sentence = format!("{said}{though}; the log of IIS on the upstream tells why{signature}");
            let proof = [refusal.call.index].into_iter().chain(page.map(|page| page.index));
            Finding::blocks(Step::Request, sentence).resting_on(proof).into()
        }
    }
}

/// Where the same host answers for the same service over TLS though it forbids it in clear.
fn answer_over_tls(evidence: &Evidence, refusal: &Refusal<'_>) -> Option<(usize, u16)> {
    if refusal.path.scheme != Scheme::Http {
        return None;
    }
    let mut answers = evidence.exchanges(Purpose::SchemeMatrix);
    let secure = answers.find(|exchange| {
        let answered = exchange.seen.answer.as_ref().is_some_and(|head| matches!(head.status, 200 | 500));
        exchange.seen.scheme == Scheme::Https && answered
    });
    secure.map(|exchange| (exchange.index, exchange.observation.port))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Evidence, Purpose, Seen};
    use crate::path::Scheme;
    use crate::testing::*;

    const IIS: &[(&str, &str)] = &[("Server", "Microsoft-IIS/10.0")];

    fn forbidden(evidence: Evidence, scheme: Scheme) -> Evidence {
        evidence.stopped_by(not_soap("GetAuthConfig", scheme, head(403, IIS)))
    }

    fn cell(evidence: Evidence, status: u16) -> Evidence {
        let seen = Seen::Exchange(exchange(Scheme::Https, Some(head(status, &[]))));
        evidence.and(Purpose::SchemeMatrix, UPSTREAM, 8531, seen)
    }

    #[test]
    fn an_answer_over_tls_gives_away_that_ssl_is_required() {
        let expected = "blocks Request: up.contoso.com:8530 answers GetAuthConfig with 403 Whatever, and over TLS on port 8531 it answers: SSL is required there";
        check(&RULE, cell(forbidden(http_upstream(), Scheme::Http), 200), expected);
        check(&RULE, cell(forbidden(http_upstream_through_proxy(), Scheme::Http), 200), "blocks Request");
    }

    #[test]
    fn without_it_the_reason_stays_with_iis() {
        let expected = "blocks Request: up.contoso.com:8530 answers GetAuthConfig with 403 Whatever; the log of IIS on the upstream tells why";
        check(&RULE, forbidden(http_upstream(), Scheme::Http), expected);
        check(&RULE, cell(forbidden(http_upstream(), Scheme::Http), 403), expected);
        check(&RULE, forbidden(https_upstream(), Scheme::Https), "blocks Request: up.contoso.com:8531");
    }

    #[test]
    fn a_page_for_clients_that_opens_narrows_it_down() {
        let page = Seen::Exchange(exchange(Scheme::Http, Some(head(200, &[]))));
        let evidence = forbidden(http_upstream(), Scheme::Http).and(Purpose::ClientPage, UPSTREAM, 8530, page);
        let expected = "blocks Request: up.contoso.com:8530 answers GetAuthConfig with 403 Whatever, though its page for clients opens: this directory alone is closed; the log";
        check(&RULE, evidence, expected);
    }

    #[test]
    fn a_proxys_403_and_a_healthy_upstream_are_not() {
        let unsigned = not_soap("GetAuthConfig", Scheme::Http, head(403, &[]));
        check(&RULE, http_upstream_through_proxy().stopped_by(unsigned), "cannot tell Request");
        check(&RULE, through_proxy().stopped_by(tunnel(403, &[])), "does not apply");
        check(&RULE, https_upstream(), "does not apply");
        check(&RULE, http_upstream().stopped_by(not_soap("GetAuthConfig", Scheme::Http, head(404, &[]))), "ruled out");
    }
}
