//! `proxy/name-not-found`: DNS says that the proxy's name does not exist, or has no address.

use crate::evidence::{Evidence, NameEnd, Purpose};
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "proxy/name-not-found",
    title: "The name of the proxy does not exist in DNS",
    explanation: "WSUS is told to use a proxy whose name this network does not know: a typing error, a proxy that was renamed or \
        retired, or a URL or PAC address where a bare name belongs. .NET says so in words of its own, \"the proxy name\", \
        where it says \"the remote name\" for the target. With UseSeparateProxyForSsl the name that counts for HTTPS is \
        SslProxyName, and ProxyName may be right all the while.",
    modes: &["F-14", "F-12"],
    guide: "3",
    citation: "guide, section 3; .NET Framework reference source (net_servererror_proxy name)",
    appearances: &[
        Appearance::exception("The proxy name could not be resolved: '<proxyhost>'", Provenance::Derived),
        Appearance::hresult("0x8024402C", Provenance::Seen),
    ],
    first_check: "Resolve-DnsName {proxy}",
    remedy: &[Action::windows_powershell("Resolve-DnsName {proxy}"), remedies::PROXY_PAGE, remedies::SEPARATE_PROXY],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some((_, proxy, _)) = evidence.proxied_path() else { return Outcome::DoesNotApply };
    let Some(name) = evidence.names(Purpose::Path).last() else { return Outcome::DoesNotApply };
    let (proxy, index) = (safe(&proxy), name.index);
    let found =
        |what: &str| Finding::blocks(Step::Name, format!("the proxy's name {proxy} {what}")).resting_on([index]).into();
    match &name.seen.ended {
        NameEnd::NoSuchName => found("does not exist in DNS"),
        NameEnd::NoAddress => found("exists in DNS but has no address"),
        NameEnd::Addresses(addresses) if addresses.is_empty() => found("exists in DNS but has no address"),
        NameEnd::Addresses(_) => Outcome::ruled_out("the proxy's name resolves"),
        NameEnd::Literal(_) => Outcome::ruled_out("the proxy is given by its address; no name is looked up"),
        NameEnd::Failure(_) | NameEnd::TimedOut => {
            Outcome::ruled_out("DNS did not say that the name does not exist: it failed to answer")
        }
        NameEnd::Other(what) => Outcome::cannot_tell(
            Step::Name,
            format!("the answer of DNS itself; the system's resolver only said: {}", safe(what)),
            "Resolve-DnsName {proxy}",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::NameEnd;
    use crate::testing::*;

    #[test]
    fn a_proxy_that_dns_does_not_know_is_the_cause() {
        let expected = "blocks Name: the proxy's name proxy.contoso.com does not exist";
        check(&RULE, through_proxy().stopped_by(no_name(NameEnd::NoSuchName)), expected);
    }

    #[test]
    fn a_target_that_dns_does_not_know_is_another_cause() {
        check(&RULE, microsoft_update().stopped_by(no_name(NameEnd::NoSuchName)), "does not apply");
        check(&RULE, through_proxy(), "ruled out");
        check(&RULE, through_proxy().stopped_by(no_name(NameEnd::TimedOut)), "ruled out");
    }
}
