//! `proxy/authentication-required`: the proxy asks for credentials and WSUS has none to give.

use crate::evidence::Evidence;
use crate::rule::{Action, Appearance, Effect, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::{list, safe};

pub(crate) const RULE: Rule = Rule {
    code: "proxy/authentication-required",
    title: "The proxy asks for credentials and WSUS has none",
    explanation: "The proxy answers 407 to the first request, and WSUS is configured to use it anonymously and has no password \
        stored. On the wire there is exactly one CONNECT without a Proxy-Authorization field, and one 407. A wrong password \
        looks the same in the exception, but there the request with credentials is answered 407 again; a stored password \
        that is not used (AnonymousProxyAccess true) looks the same on the wire too, and only the configuration tells. \
        A browser on the same server works because it authenticates as the person.",
    modes: &["F-08"],
    guide: "3",
    citation: "RFC 9110, 15.5.8; guide, section 3",
    appearances: &[
        Appearance::exception("The remote server returned an error: (407) Proxy Authentication Required.", Provenance::Derived),
        Appearance::exception("The request failed with HTTP status 407: Proxy Authentication Required.", Provenance::Seen),
        Appearance::hresult("0x8024401B", Provenance::Seen),
        Appearance::hresult("0x80190197", Provenance::Recalled),
    ],
    first_check: remedies::READ_PROXY_SETTINGS,
    remedy: &[
        Action::person(
            "In the WSUS console open Options > Update Source and Proxy Server > Proxy Server, choose to use user credentials \
             to connect to the proxy server, and enter an account that the proxy knows.",
        ),
        Action::person(
            "If the proxy accepts Basic only, choose to allow basic authentication as well: on a trusted network or over an \
             encrypted channel only.",
        )
        .that(Effect::SendsPasswordInClearText),
        Action::person("Or let the proxy pass this server to the documented Microsoft Update domains without credentials."),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    if evidence.proxied_path().is_none() {
        return Outcome::DoesNotApply;
    }
    let Some(challenge) = evidence.proxy_challenge() else {
        return Outcome::ruled_out("the proxy did not ask for credentials");
    };
    let schemes = challenge.head.proxy_schemes().into_iter().map(safe);
    let asked = format!("the proxy asks for credentials ({})", list(schemes));
    let step0 = &evidence.subject.step0;
    let found =
        |why: &str| Finding::blocks(Step::Proxy, format!("{asked} and {why}")).resting_on([challenge.index]).into();
    match (step0.anonymous_proxy_access, step0.has_proxy_password) {
        (_, Some(true)) => Outcome::ruled_out("a proxy password is stored"),
        (Some(true), Some(false)) => found("WSUS uses it anonymously, with no password stored"),
        (Some(false), Some(false)) => found("WSUS is told to authenticate, but no password is stored"),
        (None, _) => unknown("AnonymousProxyAccess"),
        (_, None) => unknown("HasProxyPassword"),
    }
}

fn unknown(field: &'static str) -> Outcome {
    Outcome::cannot_tell(Step::Proxy, format!("{field} in the output of Step 0"), remedies::READ_PROXY_SETTINGS)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::Evidence;
    use crate::path::Scheme;
    use crate::testing::*;

    fn challenged() -> Evidence {
        through_proxy().stopped_by(tunnel(407, &[("Proxy-Authenticate", "Basic realm=\"x\"")]))
    }

    #[test]
    fn a_challenge_to_a_server_without_a_password_is_the_cause() {
        check(&RULE, challenged(), "blocks Proxy: the proxy asks for credentials (Basic) and WSUS uses it anonymously");
        let told = challenged().step0(|step0| step0.anonymous_proxy_access = Some(false));
        check(&RULE, told, "blocks Proxy: the proxy asks for credentials (Basic) and WSUS is told to authenticate");
    }

    #[test]
    fn a_challenge_to_a_plain_http_request_counts_as_well() {
        let answer = head(407, &[("Proxy-Authenticate", "NTLM")]);
        let evidence = http_upstream_through_proxy().stopped_by(not_soap("GetAuthConfig", Scheme::Http, answer));
        check(&RULE, evidence, "blocks Proxy: the proxy asks for credentials (NTLM)");
    }

    #[test]
    fn without_the_configuration_it_stays_open() {
        let anonymous = challenged().step0(|step0| step0.anonymous_proxy_access = None);
        check(&RULE, anonymous, "cannot tell Proxy: AnonymousProxyAccess");
        let password = challenged().step0(|step0| step0.has_proxy_password = None);
        check(&RULE, password, "cannot tell Proxy: HasProxyPassword");
    }

    #[test]
    fn a_stored_password_is_another_cause_and_no_challenge_none() {
        check(&RULE, challenged().credentials(), "ruled out");
        check(&RULE, through_proxy(), "ruled out");
        check(&RULE, through_proxy().stopped_by(tunnel(403, &[])), "ruled out");
        check(&RULE, microsoft_update(), "does not apply");
    }
}
