//! `tls/invalid-chain`: a link of the chain breaks the rules of certificates.

use crate::chain::Status;
use crate::evidence::Evidence;
use crate::rule::{Action, Appearance, Audience, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::list;

pub(crate) const RULE: Rule = Rule {
    code: "tls/invalid-chain",
    title: "A link of the certificate chain is invalid",
    explanation: "Something in the chain itself is wrong, whatever is trusted: an issuer that is no authority or stands too high \
        above the leaf (InvalidBasicConstraints, 0x80096019), may not sign certificates (NotValidForUsage), vouches for names \
        that it must not vouch for (InvalidNameConstraints, 0x800B0114), a critical extension that nobody knows \
        (0x800B0105), a signature that the issuer's key did not make (NotSignatureValid, 0x80096004: the certificate was \
        altered), or an intermediate with the issuer's name and another key, mostly the old one after a renewal: CryptoAPI goes \
        by the identifier of the key, and calls that a chain without the issuer (PartialChain, 0x800B010A). All of them give the exception of every rejected certificate; the \
        marked link below says which it is.",
    modes: &["F-31"],
    guide: "5",
    citation: "RFC 5280, 4.2.1.9, 4.2.1.10 and 6.1; guide, section 5",
    appearances: &[
        Appearance::exception(remedies::TRUST_FAILURE, Provenance::Derived),
        Appearance::hresult("0x80072F8F", Provenance::Seen),
        Appearance::hresult("0x80072F17", Provenance::Derived),
    ],
    first_check: "certutil -verify -urlfetch upstream.cer, with the certificate as the upstream presents it",
    remedy: &[
        Action::person(
            "On the upstream: have the marked certificate issued again by an authority that may issue it, install it with \
             the intermediate that really signed it in Local Computer > Intermediate Certification Authorities, and bind the \
             server certificate again.",
        )
        .only_for(Audience::Downstream),
        remedies::BYPASS_INSPECTION,
        remedies::REQUEST_AS_DOTNET,
        remedies::REQUEST_AS_SERVICE,
    ],
    check,
};

const INVALID: [Status; 6] = [
    Status::BasicConstraints,
    Status::NameConstraints,
    Status::UnknownCritical,
    Status::MayNotSign,
    Status::NotSignatureValid,
    Status::WrongIssuer,
];

fn check(evidence: &Evidence) -> Outcome {
    let Some((index, verdict)) = evidence.chain_verdict() else { return Outcome::DoesNotApply };
    let invalid: Vec<String> = verdict
        .problems
        .iter()
        .filter(|problem| INVALID.contains(&problem.status))
        .map(|problem| format!("{} ({})", verdict.accused(problem), problem.status.windows_name()))
        .collect();
    if invalid.is_empty() {
        return Outcome::ruled_out("every link of the chain keeps the rules");
    }
    Finding::blocks(Step::Certificate, list(invalid)).resting_on([index]).into()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::pki::Wanted;
    use crate::testing::*;

    fn below(authority: Wanted) -> crate::evidence::Evidence {
        let authority = authority.issued_by(pki::root());
        let leaf = Wanted::leaf(UPSTREAM).issued_by(&authority);
        https_upstream().instead(handshake(vec![leaf.der, authority.der]))
    }

    #[test]
    fn an_issuer_that_is_no_authority_is_the_cause() {
        let expected =
            "blocks Certificate: the intermediate certificate (CN=Odd CA): it issued a certificate and is no authority";
        check(&RULE, below(Wanted { authority: false, ..Wanted::authority("Odd CA") }), expected);
    }

    #[test]
    fn an_authority_that_must_not_vouch_for_the_name_is_the_cause() {
        check(
            &RULE,
            below(Wanted::authority("Odd CA").with(pki::only_for_fabrikam)),
            "blocks Certificate: the intermediate certificate (CN=Odd CA): its name constraints forbid up.contoso.com below it",
        );
    }

    #[test]
    fn an_authority_that_may_not_sign_is_the_cause() {
        let expected =
            "blocks Certificate: the intermediate certificate (CN=Odd CA): its key usage does not let it sign";
        check(&RULE, below(Wanted::authority("Odd CA").with(pki::no_signing)), expected);
    }

    #[test]
    fn a_namesake_of_the_issuer_that_did_not_sign_is_the_cause() {
        let namesake = Wanted::authority("Contoso Issuing CA").issued_by(pki::root()).der;
        let evidence = https_upstream().instead(handshake(vec![pki::chain(UPSTREAM)[0].clone(), namesake]));
        check(
            &RULE,
            evidence,
            "blocks Certificate: the leaf certificate (CN=up.contoso.com): the key of CN=Contoso Issuing",
        );
    }

    #[test]
    fn a_critical_extension_that_nobody_knows_is_the_cause() {
        let leaf = Wanted::leaf(UPSTREAM).with(pki::unknown_critical);
        check(
            &RULE,
            https_upstream().instead(handshake(pki::chain_of(leaf))),
            "blocks Certificate: the leaf certificate (CN=up.contoso.com): its critical extension 1.2.3.4 is known to nobody",
        );
    }

    #[test]
    fn a_good_chain_and_a_chain_that_is_merely_incomplete_are_not_invalid() {
        check(&RULE, https_upstream().instead(handshake(pki::chain(UPSTREAM)[..1].to_vec())), "ruled out");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
