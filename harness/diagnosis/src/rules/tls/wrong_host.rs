//! `tls/wrong-host`: the certificate is for other names than the one that WSUS uses.

use super::incomplete_chain::TRUST_FAILURE;
use crate::chain::NameVerdict;
use crate::evidence::Evidence;
use crate::rule::{Action, Appearance, Audience, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::{list, safe};

pub(crate) const RULE: Rule = Rule {
    code: "tls/wrong-host",
    title: "The certificate is for another name than the one WSUS uses",
    explanation: "The name that this server uses for its source must stand in the certificate (CERT_E_CN_NO_MATCH, 0x800B010F). \
        Mostly the upstream was entered by its short name or address while the certificate is for the full name. If the \
        certificate has a subject alternative name, that alone counts; if it has none Windows falls back to the common name, \
        where browsers and OpenSSL refuse, so a probe of theirs may accuse a certificate that WSUS accepts. The chain itself \
        may be perfectly good, and the exception is that of every certificate fault.",
    modes: &["F-40"],
    guide: "5",
    citation: "RFC 9525, 6; guide, section 5",
    appearances: &[
        Appearance::exception(TRUST_FAILURE, Provenance::Derived),
        Appearance::hresult("0x800B010F", Provenance::Recalled),
        Appearance::hresult("0x80072F06", Provenance::Derived),
        Appearance::hresult("0x80072F8F", Provenance::Seen),
    ],
    first_check: "compare UpstreamWsusServerName with the names in the certificate that the upstream presents",
    remedy: &[
        remedies::BYPASS_INSPECTION,
        Action::windows_powershell(
            "Set-WsusServerSynchronization -UssServerName <full name from the certificate> -PortNumber {port} -UseSsl",
        )
        .before(
            "the full name resolves to the upstream on this server; on a replica add -Replica, so that it stays one \
             (recalled, not tried)",
        )
        .not_on("a server that synchronizes from Microsoft Update")
        .only_for(Audience::Downstream),
        Action::person(
            "Or give the upstream a certificate whose subject alternative name holds {host}, and select it in the HTTPS binding.",
        ).only_for(Audience::Downstream),
        remedies::REQUEST_AS_DOTNET,
        remedies::REQUEST_AS_SERVICE,
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let (Some((index, verdict)), Some(path)) = (evidence.chain_verdict(), evidence.path()) else {
        return Outcome::DoesNotApply;
    };
    match &verdict.name {
        NameVerdict::Matches => Outcome::ruled_out(format!("the certificate is for {}", safe(&path.host))),
        NameVerdict::MatchesByCommonName => Outcome::ruled_out(format!(
            "the common name is {}; Windows accepts it as there is no subject alternative name, where OpenSSL and browsers refuse",
            safe(&path.host)
        )),
        NameVerdict::Unclear { entry, oddity } => Outcome::cannot_tell(
            Step::Certificate,
            format!("whether this Windows takes {entry} for {}: it is {oddity}", safe(&path.host)),
            "the HttpWebRequest test of the guide's section 5 on this server, as NETWORK SERVICE",
        ),
        NameVerdict::NoLeaf => Outcome::ruled_out("the leaf certificate cannot be read at all"),
        NameVerdict::Mismatch { certified } => {
            let sentence =
                format!("WSUS uses the name {}, and the certificate is for {}", safe(&path.host), list(certified));
            Finding::blocks(Step::Certificate, sentence).resting_on([index]).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::Evidence;
    use crate::testing::pki::Wanted;
    use crate::testing::*;

    fn called(name: &str, leaf: Wanted) -> Evidence {
        let evidence = https_upstream().instead(handshake(pki::chain_of(leaf)));
        evidence.step0(|step0| step0.upstream_wsus_server_name = Some(name.to_owned()))
    }

    #[test]
    fn a_short_name_against_a_full_name_is_the_cause() {
        check(
            &RULE,
            called("UP", Wanted::leaf(UPSTREAM)),
            "blocks Certificate: WSUS uses the name up, and the certificate is for up.contoso.com",
        );
    }

    #[test]
    fn an_address_must_stand_in_the_certificate_as_an_address() {
        check(&RULE, called("10.87.0.10", Wanted::leaf(UPSTREAM)), "blocks Certificate: WSUS uses the name 10.87.0.10");
        check(&RULE, called("10.87.0.10", Wanted::leaf(UPSTREAM).named(&["10.87.0.10"])), "ruled out");
    }

    #[test]
    fn the_common_name_counts_only_where_there_is_no_alternative_name() {
        check(&RULE, called(UPSTREAM, Wanted::leaf(UPSTREAM).named(&[])), "ruled out: the common name is");
        check(&RULE, called(UPSTREAM, Wanted::leaf(UPSTREAM).named(&["other.contoso.com"])), "blocks Certificate");
    }

    #[test]
    fn entries_that_clients_read_differently_leave_it_open() {
        let odd = |host, names: &[&str]| called(host, Wanted::leaf("x").named(names));
        check(
            &RULE,
            odd(UPSTREAM, &["u*.contoso.com"]),
            "cannot tell Certificate: whether this Windows takes u*.contoso",
        );
        check(&RULE, odd(UPSTREAM, &["up.contoso.com."]), "cannot tell Certificate");
        check(&RULE, odd(UPSTREAM, &["x*.contoso.com", "*.up.contoso.com"]), "blocks Certificate");
    }

    #[test]
    fn an_internationalized_name_is_compared_in_its_form_for_the_wire() {
        let leaf = || Wanted::leaf("x").named(&["xn--bcher-kva.contoso.com"]);
        check(&RULE, called("b\u{fc}cher.contoso.com", leaf()), "ruled out");
        check(&RULE, called("xn--bcher-kva.contoso.com", leaf()), "ruled out");
    }

    #[test]
    fn a_wildcard_one_level_up_matches() {
        check(&RULE, called(UPSTREAM, Wanted::leaf("x").named(&["*.contoso.com"])), "ruled out");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
