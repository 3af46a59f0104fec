//! `tls/wrong-usage`: the certificate, or an authority above it, is not meant for servers.

use crate::chain::{Status, Verdict};
use crate::evidence::{Evidence, TlsEnd};
use crate::rule::{Action, Appearance, Audience, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::list;

pub(crate) const RULE: Rule = Rule {
    code: "tls/wrong-usage",
    title: "The certificate is not meant for TLS servers",
    explanation: "The extended key usage of the leaf, or of an authority above it, lists purposes and server authentication \
        (1.3.6.1.5.5.7.3.1) is not among them (NotValidForUsage, 0x800B0110). It happens where a client's, a domain controller's \
        or a code-signing certificate was selected in the HTTPS binding, or a template of the authority is limited. A certificate \
        without that extension is meant for anything and passes. The exception is that of every rejected certificate; .NET has \
        a switch against this check that WSUS does not set.",
    modes: &["F-36"],
    guide: "5",
    citation: "RFC 5280, 4.2.1.12; guide, section 5",
    appearances: &[
        Appearance::exception(remedies::TRUST_FAILURE, Provenance::Derived),
        Appearance::hresult("0x800B0110", Provenance::Recalled),
        Appearance::hresult("0x80072F8F", Provenance::Seen),
    ],
    first_check: "certutil -dump upstream.cer: does Enhanced Key Usage hold Server Authentication?",
    remedy: &[
        Action::person(
            "On the upstream: request a certificate from a template for web servers and select it in the HTTPS binding of the \
             WSUS site.",
        )
        .only_for(Audience::Downstream),
        remedies::BYPASS_INSPECTION,
        remedies::REQUEST_AS_DOTNET,
        remedies::REQUEST_AS_SERVICE,
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some((index, verdict)) = evidence.chain_verdict() else { return Outcome::DoesNotApply };
    let wrong: Vec<String> = verdict.having(Status::WrongUsage).map(|problem| verdict.accused(problem)).collect();
    if wrong.is_empty() {
        return unsigned(evidence, &verdict)
            .unwrap_or_else(|| Outcome::ruled_out("every certificate of the chain may be used for servers"));
    }
    Finding::blocks(Step::Certificate, list(wrong)).resting_on([index]).into()
}

/// Where the handshake failed over a leaf whose key may not sign. Windows is not known to mind, and the examiner's library does.
fn unsigned(evidence: &Evidence, verdict: &Verdict) -> Option<Outcome> {
    let failed = evidence.path_handshake().is_some_and(|handshake| matches!(handshake.seen.ended, TlsEnd::Other(_)));
    let forbidden = verdict.leaf().is_some_and(|leaf| leaf.may_sign_handshakes == Some(false));
    (failed && forbidden).then(|| {
        let want = "whether this Windows minds that the key usage of the leaf certificate lets it sign no handshake, as the \
            examiner's library does";
        Outcome::cannot_tell(Step::Handshake, want, "the HttpWebRequest test of the guide on this server, as NETWORK SERVICE")
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Seen, TlsEnd};
    use crate::testing::pki::Wanted;
    use crate::testing::*;

    #[test]
    fn a_certificate_for_clients_is_the_cause() {
        let leaf = Wanted::leaf(UPSTREAM).with(pki::for_clients);
        check(
            &RULE,
            https_upstream().instead(handshake(pki::chain_of(leaf))),
            "blocks Certificate: the leaf certificate (CN=up.contoso.com): its extended key usage does not hold server",
        );
    }

    #[test]
    fn an_authority_for_clients_taints_what_it_issues() {
        let limited = Wanted::authority("Clients CA").with(pki::for_clients).issued_by(pki::root());
        let leaf = Wanted::leaf(UPSTREAM).issued_by(&limited);
        let evidence = https_upstream().instead(handshake(vec![leaf.der, limited.der]));
        check(&RULE, evidence, "blocks Certificate: the intermediate certificate (CN=Clients CA)");
    }

    #[test]
    fn a_key_that_may_not_sign_leaves_it_open_where_the_handshake_failed() {
        let chain = pki::chain_of(Wanted::leaf(UPSTREAM).with(pki::for_crl_signing));
        let complete = https_upstream().instead(handshake(chain.clone()));
        check(&RULE, complete, "ruled out");
        let Seen::Handshake(mut failed) = failed_handshake(TlsEnd::Other("not for signing".to_owned()), None) else {
            unreachable!()
        };
        failed.chain = chain;
        let evidence = https_upstream().stopped_by(Seen::Handshake(failed));
        check(&RULE, evidence, "cannot tell Handshake: whether this Windows minds that the key usage of the leaf");
    }

    #[test]
    fn a_certificate_for_servers_or_for_anything_passes() {
        let leaf = Wanted::leaf(UPSTREAM).with(pki::for_servers);
        check(&RULE, https_upstream().instead(handshake(pki::chain_of(leaf))), "ruled out");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
