//! `dns/name-not-found`: DNS says that the target's name does not exist, or has no address.

use crate::evidence::{Evidence, NameEnd, Purpose};
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "dns/name-not-found",
    title: "The name of the source does not exist in DNS",
    explanation: "The server asks DNS for the source's name and is told at once that there is no such name, or that it has no \
        address: a typing error, a zone or forwarder that is missing, a record that was removed, or a filter that answers \
        so on purpose. .NET's text is the same for a DNS server that fails or stays silent; only the DNS answer itself tells \
        them apart. Where the server uses a proxy the target's name is resolved by the proxy, and this question does not \
        arise here: the text naming the target although a proxy is configured means that the proxy was not used.",
    modes: &["F-27"],
    guide: "4",
    citation: "RFC 1035, 4.1.1; RFC 2308",
    appearances: &[
        Appearance::exception("The remote name could not be resolved: '<host>'", Provenance::Seen),
        Appearance::hresult("0x80072EE7", Provenance::Derived),
        Appearance::hresult("0x8024402C", Provenance::Seen),
    ],
    first_check: "Resolve-DnsName {host}",
    remedy: &[
        Action::windows_powershell("Resolve-DnsName {host}"),
        Action::windows_powershell("Get-DnsClientServerAddress -AddressFamily IPv4"),
        Action::person(
            "Correct the name in Options > Update Source and Proxy Server, or let the DNS server that this machine asks \
             resolve it (zone, conditional forwarder, filter). If this network reaches the outside only through a proxy, \
             configure the proxy in the WSUS console: then the proxy resolves the name.",
        ),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(path) = evidence.direct_path() else { return Outcome::DoesNotApply };
    let Some(name) = evidence.names(Purpose::Path).last() else { return Outcome::DoesNotApply };
    let (host, index) = (safe(&path.host), name.index);
    let found = |what: &str| Finding::blocks(Step::Name, format!("{host} {what}")).resting_on([index]).into();
    match &name.seen.ended {
        NameEnd::NoSuchName => found("does not exist in DNS"),
        NameEnd::NoAddress => found("exists in DNS but has no address"),
        NameEnd::Addresses(addresses) if addresses.is_empty() => found("exists in DNS but has no address"),
        NameEnd::Addresses(_) => Outcome::ruled_out(format!("{host} resolves")),
        NameEnd::Literal(_) => Outcome::ruled_out("the source is given by its address; no name is looked up"),
        NameEnd::Failure(_) | NameEnd::TimedOut => {
            Outcome::ruled_out("DNS did not say that the name does not exist: it failed to answer")
        }
        NameEnd::Other(what) => Outcome::cannot_tell(
            Step::Name,
            format!("the answer of DNS itself; the system's resolver only said: {}", safe(what)),
            "Resolve-DnsName {host}",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::NameEnd;
    use crate::testing::*;

    #[test]
    fn a_name_that_does_not_exist_is_the_cause() {
        check(
            &RULE,
            microsoft_update().stopped_by(no_name(NameEnd::NoSuchName)),
            "blocks Name: sws.update.microsoft.com does not",
        );
        check(&RULE, https_upstream().stopped_by(no_name(NameEnd::NoAddress)), "blocks Name: up.contoso.com exists");
    }

    #[test]
    fn a_dns_server_that_fails_is_another_cause() {
        check(&RULE, microsoft_update().stopped_by(no_name(NameEnd::Failure(2))), "ruled out");
        check(&RULE, microsoft_update().stopped_by(no_name(NameEnd::TimedOut)), "ruled out");
    }

    #[test]
    fn a_resolver_that_does_not_say_why_leaves_it_open() {
        check(&RULE, microsoft_update().stopped_by(no_name(NameEnd::Other("eh".to_owned()))), "cannot tell Name");
    }

    #[test]
    fn behind_a_proxy_the_target_is_not_looked_up() {
        check(&RULE, through_proxy().stopped_by(no_name(NameEnd::NoSuchName)), "does not apply");
        check(&RULE, microsoft_update(), "ruled out");
    }
}
