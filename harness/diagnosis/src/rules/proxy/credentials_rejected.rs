//! `proxy/credentials-rejected`: the proxy says 407 again to the account and password that WSUS has.

use crate::evidence::{Attempt, Challenge, Evidence};
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step};
use crate::words::{list, safe};

pub(crate) const RULE: Rule = Rule {
    code: "proxy/credentials-rejected",
    title: "The proxy does not accept the account or password that WSUS has",
    explanation: "WSUS answers the proxy's 407 with its stored account and gets 407 again: the password was changed or has \
        expired, the account is locked or may not use the proxy, or the domain is missing. The exception is the same as \
        for no credentials at all; what tells them apart is a second round on the wire, or failed logons in the directory. \
        The examiner makes exactly one attempt with the password it is given, because accounts lock; without the password, \
        and for schemes other than Basic, it leaves the question open and does not guess.",
    modes: &["F-09"],
    guide: "3",
    citation: "RFC 9110, 11.7.2 and 15.5.8; guide, section 3",
    appearances: &[
        Appearance::exception("The remote server returned an error: (407) Proxy Authentication Required.", Provenance::Derived),
        Appearance::hresult("0x8024401B", Provenance::Seen),
        Appearance::event("Event 4625 (a logon failed) or 4740 (an account was locked) on a domain controller", Provenance::Recalled),
    ],
    first_check: "the proxy's log, or the directory's failed logons, for the account that WSUS uses at the proxy",
    remedy: &[
        Action::person(
            "In the WSUS console open Options > Update Source and Proxy Server > Proxy Server and enter the account's current \
             password (and its domain).",
        )
        .before("the account is not locked: every further attempt counts"),
        Action::person("Better: use an account whose password does not expire unnoticed, or let the proxy pass this server by address."),
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
    match challenge.attempt {
        Attempt::Accepted => Outcome::ruled_out("the proxy accepted the account and password"),
        Attempt::Rejected(index) => {
            let sentence = format!("the proxy rejects the account{}", account(evidence));
            Finding::blocks(Step::Proxy, sentence).resting_on([challenge.index, index]).into()
        }
        Attempt::NotMade | Attempt::Unanswered => without_an_answer(evidence, &challenge),
    }
}

fn without_an_answer(evidence: &Evidence, challenge: &Challenge<'_>) -> Outcome {
    let (step0, proxy) = (&evidence.subject.step0, evidence.subject.host.proxy.as_ref());
    if step0.anonymous_proxy_access == Some(true) || step0.has_proxy_password == Some(false) {
        return Outcome::ruled_out("WSUS sends no credentials");
    }
    let schemes = challenge.head.proxy_schemes();
    let basic = schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case("Basic"));
    let basic_refused = proxy.is_some_and(|proxy| proxy.allow_basic == Some(false));
    if basic && schemes.len() == 1 && basic_refused {
        return Outcome::ruled_out("the proxy offers Basic only, and WSUS may not use it, so nothing is sent");
    }
    let user_known = proxy.is_some_and(|proxy| proxy.user.as_ref().is_some_and(|user| !user.is_empty()));
    let want = match (challenge.attempt, basic && !basic_refused) {
        (Attempt::Unanswered, _) => "an answer of the proxy to the account and password".to_owned(),
        (_, false) => {
            let schemes = list(schemes.into_iter().map(safe));
            format!("an attempt with the account; the proxy offers {schemes}, and the examiner can only try Basic")
        }
        (_, true) if !evidence.proxy_password_at_hand => "the password that WSUS uses at the proxy".to_owned(),
        (_, true) if !user_known => "the account that WSUS uses at the proxy".to_owned(),
        (_, true) => "an attempt with the account and password".to_owned(),
    };
    Outcome::cannot_tell(
        Step::Proxy,
        want,
        "the proxy's log for this server's requests: it names the account and why it was refused \
         (or repeat the examination with the password in a file)",
    )
}

fn account(evidence: &Evidence) -> String {
    let Some(proxy) = &evidence.subject.host.proxy else { return String::new() };
    match (&proxy.domain, &proxy.user) {
        (Some(domain), Some(user)) if !domain.is_empty() => format!(" {}\\{}", safe(domain), safe(user)),
        (_, Some(user)) => format!(" {}", safe(user)),
        (_, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::Evidence;
    use crate::path::Scheme;
    use crate::testing::*;

    const BASIC: &[(&str, &str)] = &[("Proxy-Authenticate", "Basic realm=\"x\"")];

    fn challenged() -> Evidence {
        through_proxy().credentials().stopped_by(tunnel(407, BASIC))
    }

    #[test]
    fn a_second_407_is_the_cause() {
        let evidence = challenged().then(authenticated(tunnel(407, BASIC)));
        check(&RULE, evidence, "blocks Proxy: the proxy rejects the account wsus");
    }

    #[test]
    fn a_second_407_over_plain_http_is_the_cause() {
        let refused = not_soap("GetAuthConfig", Scheme::Http, head(407, BASIC));
        let mut evidence = http_upstream_through_proxy().credentials().stopped_by(refused.clone());
        evidence.observations.pop();
        check(&RULE, evidence.then(refused), "blocks Proxy");
    }

    #[test]
    fn without_the_password_it_is_neither_excluded_nor_proven() {
        check(&RULE, challenged(), "cannot tell Proxy: the password that WSUS uses");
        let mut unnamed = challenged().host(|host| host.proxy = None);
        unnamed.proxy_password_at_hand = true;
        check(&RULE, unnamed, "cannot tell Proxy: the account that WSUS uses");
        let ntlm = through_proxy().credentials().stopped_by(tunnel(407, &[("Proxy-Authenticate", "NTLM")]));
        check(&RULE, ntlm, "cannot tell Proxy: an attempt with the account; the proxy offers NTLM");
    }

    #[test]
    fn an_accepted_password_is_ruled_out_whatever_comes_after() {
        check(&RULE, challenged().then(authenticated(tunnel(503, &[]))), "ruled out");
    }

    #[test]
    fn credentials_that_are_not_sent_cannot_be_rejected() {
        let anonymous = challenged().step0(|step0| step0.anonymous_proxy_access = Some(true));
        check(&RULE, anonymous, "ruled out");
        let no_basic = challenged().allow_basic(Some(false));
        check(&RULE, no_basic, "ruled out");
        check(&RULE, through_proxy(), "ruled out");
        check(&RULE, microsoft_update(), "does not apply");
    }
}
