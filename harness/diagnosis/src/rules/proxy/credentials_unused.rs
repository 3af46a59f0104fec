//! `proxy/credentials-unused`: the proxy asks for credentials; WSUS has some stored and never sends them.

use crate::evidence::Evidence;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step, remedies};

pub(crate) const RULE: Rule = Rule {
    code: "proxy/credentials-unused",
    title: "The proxy asks for credentials; WSUS has them stored and does not use them",
    explanation: "HasProxyPassword is true, so everybody believes that WSUS authenticates; but AnonymousProxyAccess is true as \
        well, and then the stored account is never sent. On the wire it is the same as having none: one CONNECT without \
        Proxy-Authorization, one 407. Changing the password does not help, and no account is locked. The tick in the \
        console, to use user credentials, is what is missing.",
    modes: &["F-08"],
    guide: "3",
    citation: "field notes, correction 11; AllowProxyCredentialsOverNonSsl and AnonymousProxyAccess in the WSUS API",
    appearances: &[
        Appearance::exception(
            "The remote server returned an error: (407) Proxy Authentication Required.",
            Provenance::Derived,
        ),
        Appearance::hresult("0x8024401B", Provenance::Seen),
    ],
    first_check: remedies::READ_PROXY_SETTINGS,
    remedy: &[
        Action::person(
            "In the WSUS console open Options > Update Source and Proxy Server > Proxy Server and choose to use user \
             credentials to connect to the proxy server.",
        ),
        Action::windows_powershell(
            "$config = (Get-WsusServer).GetConfiguration(); $config.AnonymousProxyAccess = $false; $config.Save()",
        )
        .before("all WSUS consoles are closed, and the stored account is still the right one"),
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
    let step0 = &evidence.subject.step0;
    match (step0.anonymous_proxy_access, step0.has_proxy_password) {
        (Some(false), _) => Outcome::ruled_out("WSUS is told to use its credentials"),
        (_, Some(false)) => Outcome::ruled_out("no proxy password is stored"),
        (Some(true), Some(true)) => Finding::blocks(
            Step::Proxy,
            "the proxy asks for credentials; WSUS has a password stored, but AnonymousProxyAccess is true and it is never sent",
        )
        .resting_on([challenge.index])
        .into(),
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
    use crate::testing::*;

    fn challenged() -> Evidence {
        through_proxy().stopped_by(tunnel(407, &[("Proxy-Authenticate", "NTLM")]))
    }

    #[test]
    fn a_stored_password_under_anonymous_access_is_the_cause() {
        let evidence = challenged().step0(|step0| step0.has_proxy_password = Some(true));
        check(&RULE, evidence, "blocks Proxy: the proxy asks for credentials; WSUS has a password stored");
    }

    #[test]
    fn without_the_configuration_it_stays_open() {
        check(
            &RULE,
            challenged().step0(|step0| step0.has_proxy_password = None),
            "cannot tell Proxy: HasProxyPassword",
        );
        let evidence = challenged().credentials().step0(|step0| step0.anonymous_proxy_access = None);
        check(&RULE, evidence, "cannot tell Proxy: AnonymousProxyAccess");
    }

    #[test]
    fn credentials_that_are_used_or_absent_are_other_causes() {
        check(&RULE, challenged().credentials(), "ruled out");
        check(&RULE, challenged(), "ruled out");
        check(&RULE, through_proxy(), "ruled out");
        check(&RULE, https_upstream(), "does not apply");
    }
}
