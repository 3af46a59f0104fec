//! `http/unauthorized`: the upstream asks its downstream servers to log in, which they cannot.

use crate::evidence::Evidence;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step};
use crate::words::{list, safe};

pub(crate) const RULE: Rule = Rule {
    code: "http/unauthorized",
    title: "The upstream answers 401: its web service wants a login",
    explanation: "The web services between WSUS servers (ServerSyncWebService and DssAuthWebService) are meant for anonymous access; \
        who may synchronize is decided above HTTP. Where somebody has switched anonymous access off, or Windows \
        authentication on, IIS answers 401 with the schemes that it would take. A proxy that wants credentials answers 407 \
        and never 401. The console's own service (ApiRemoting30) does use Windows authentication, so that a 401 there says \
        nothing.",
    modes: &["F-52"],
    guide: "6",
    citation: "RFC 9110, 15.5.2; field notes, F-52",
    appearances: &[
        Appearance::exception("The request failed with HTTP status 401: Unauthorized.", Provenance::Recalled),
        Appearance::event("SynchronizationError DssAuthenticationError", Provenance::Recalled),
        Appearance::hresult("0x80244017", Provenance::Derived),
    ],
    first_check: "Get-WebConfigurationProperty -PSPath 'IIS:\\' -Location 'WSUS Administration/ServerSyncWebService' -Filter \
        system.webServer/security/authentication/anonymousAuthentication -Name enabled, on the upstream",
    remedy: &[Action::person(
        "On the upstream, in IIS Manager: WSUS Administration > ServerSyncWebService and DssAuthWebService > Authentication: \
         enable Anonymous Authentication. Where it was switched off on purpose, agree with those who did; a list of \
         permitted servers in web.config is what Microsoft documents for that.",
    )],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(refusal) = evidence.refusal() else { return Outcome::DoesNotApply };
    if refusal.head.status != 401 {
        return Outcome::ruled_out("the upstream did not answer 401");
    }
    if let Some(outcome) = refusal.not_of_the_target("the proxy's log for {host}:{port}") {
        return outcome;
    }
    let schemes: Vec<String> =
        refusal.head.all("WWW-Authenticate").filter_map(|value| value.split_whitespace().next()).map(safe).collect();
    let offer = if schemes.is_empty() { String::new() } else { format!("; it offers {}", list(schemes)) };
    let sentence = format!("{}{offer}{}", refusal.sentence(), refusal.signature());
    Finding::blocks(Step::Request, sentence).resting_on([refusal.call.index]).into()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::path::Scheme;
    use crate::testing::*;

    #[test]
    fn a_401_is_the_cause_and_its_schemes_are_named() {
        let fields =
            [("WWW-Authenticate", "Negotiate"), ("WWW-Authenticate", "NTLM"), ("Server", "Microsoft-IIS/10.0")];
        let evidence = https_upstream().stopped_by(not_soap("GetAuthConfig", Scheme::Https, head(401, &fields)));
        let expected = "blocks Request: up.contoso.com:8531 answers GetAuthConfig with 401 Whatever; it offers Negotiate and NTLM (answered by Microsoft-IIS/10.0)";
        check(&RULE, evidence, expected);
    }

    #[test]
    fn other_answers_and_other_authors_are_not() {
        let stopped = |evidence: crate::evidence::Evidence, status| {
            evidence.stopped_by(not_soap("GetAuthConfig", Scheme::Http, head(status, &[])))
        };
        check(&RULE, stopped(http_upstream(), 403), "ruled out");
        check(&RULE, stopped(http_upstream_through_proxy(), 401), "cannot tell Request");
        check(&RULE, stopped(microsoft_update(), 401), "does not apply");
        check(&RULE, https_upstream(), "does not apply");
    }
}
