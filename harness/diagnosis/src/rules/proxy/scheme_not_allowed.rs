//! `proxy/scheme-not-allowed`: the proxy takes Basic only, and WSUS may not use Basic.

use crate::evidence::Evidence;
use crate::rule::{Action, Appearance, Effect, Finding, Outcome, Provenance, Rule, Step, remedies};

pub(crate) const RULE: Rule = Rule {
    code: "proxy/scheme-not-allowed",
    title: "The proxy takes Basic authentication only, and WSUS may not use it",
    explanation: "Basic sends the password as good as in clear, so WSUS uses it only where \"Allow basic authentication\" \
        (AllowProxyCredentialsOverNonSsl) is ticked. Where it is not, and the proxy offers nothing else, WSUS keeps its \
        password to itself and fails: one CONNECT, one 407 that names only Basic, no Proxy-Authorization, although \
        credentials are stored and enabled. A wrong password shows a second 407 instead, and locks accounts; this does not.",
    modes: &["F-10"],
    guide: "3",
    citation: "RFC 7617; AllowProxyCredentialsOverNonSsl in the WSUS API; guide, section 3",
    appearances: &[
        Appearance::exception("The remote server returned an error: (407) Proxy Authentication Required.", Provenance::Derived),
        Appearance::hresult("0x8024043C", Provenance::Recalled),
    ],
    first_check: "(Get-WsusServer).GetConfiguration().AllowProxyCredentialsOverNonSsl",
    remedy: &[
        Action::person("Let the proxy offer Negotiate or NTLM to this server; WSUS uses them without further settings."),
        Action::person(
            "Or tick Allow basic authentication under Options > Update Source and Proxy Server > Proxy Server: on a trusted \
             network or over an encrypted channel only.",
        )
        .that(Effect::SendsPasswordInClearText),
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
    let schemes = challenge.head.proxy_schemes();
    if !matches!(schemes.as_slice(), [only] if only.eq_ignore_ascii_case("Basic")) {
        return Outcome::ruled_out("the proxy does not offer Basic alone");
    }
    let step0 = &evidence.subject.step0;
    if step0.anonymous_proxy_access == Some(true) || step0.has_proxy_password == Some(false) {
        return Outcome::ruled_out("WSUS has no credentials in use, so the scheme does not matter yet");
    }
    let allow_basic = evidence.subject.host.proxy.as_ref().and_then(|proxy| proxy.allow_basic);
    let configured = step0.anonymous_proxy_access.is_some() && step0.has_proxy_password.is_some();
    match (allow_basic, configured) {
        (Some(true), _) => Outcome::ruled_out("WSUS may use Basic"),
        (Some(false), true) => Finding::blocks(
            Step::Proxy,
            "the proxy offers Basic authentication only, and WSUS is not allowed to use it, so it sends no credentials",
        )
        .resting_on([challenge.index])
        .into(),
        (Some(false), false) => Outcome::cannot_tell(
            Step::Proxy,
            "AnonymousProxyAccess and HasProxyPassword in the output of Step 0",
            remedies::READ_PROXY_SETTINGS,
        ),
        (None, _) => Outcome::cannot_tell(
            Step::Proxy,
            "whether WSUS may use Basic (AllowProxyCredentialsOverNonSsl)",
            RULE.first_check,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::Evidence;
    use crate::testing::*;

    fn offered(schemes: &str, allow_basic: Option<bool>) -> Evidence {
        let evidence = through_proxy().credentials().stopped_by(tunnel(407, &[("Proxy-Authenticate", schemes)]));
        evidence.allow_basic(allow_basic)
    }

    #[test]
    fn basic_alone_where_it_is_not_allowed_is_the_cause() {
        check(
            &RULE,
            offered("Basic realm=\"x\"", Some(false)),
            "blocks Proxy: the proxy offers Basic authentication only",
        );
    }

    #[test]
    fn without_the_setting_it_stays_open() {
        check(&RULE, offered("Basic realm=\"x\"", None), "cannot tell Proxy: whether WSUS may use Basic");
    }

    #[test]
    fn another_scheme_or_a_permission_rules_it_out() {
        check(&RULE, offered("Negotiate, Basic realm=\"x\"", Some(false)), "ruled out");
        check(&RULE, offered("Basic realm=\"x\"", Some(true)), "ruled out");
        let unused = offered("Basic realm=\"x\"", Some(false)).step0(|step0| step0.has_proxy_password = Some(false));
        check(&RULE, unused, "ruled out");
        check(&RULE, through_proxy(), "ruled out");
        check(&RULE, microsoft_update(), "does not apply");
    }
}
