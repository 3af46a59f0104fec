//! `tls/unusable-key`: the chain has a key of a kind that Windows cannot use.

use crate::chain::Status;
use crate::evidence::Evidence;
use crate::rule::{Action, Appearance, Audience, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::list;

pub(crate) const RULE: Rule = Rule {
    code: "tls/unusable-key",
    title: "The certificate's key is of a kind that Windows cannot use",
    explanation: "The leaf, or an authority above it, has an Ed25519 or Ed448 key. Schannel does not offer the signatures that \
        belong to it, so a server with such a leaf refuses the handshake (alert 40) or hangs up; below such an authority \
        Windows cannot verify the signature and rejects the chain. OpenSSL, curl and browsers can, so that every test with them \
        is green. A client that can do everything is shown the chain, which is how it is told from suites that do not fit.",
    modes: &["F-06"],
    guide: "5",
    citation: "RFC 8410; RFC 8446, 4.2.3; field notes, section 9, 5",
    appearances: &[
        Appearance::exception("The request was aborted: Could not create SSL/TLS secure channel.", Provenance::Recalled),
        Appearance::exception(remedies::TRUST_FAILURE, Provenance::Recalled),
        Appearance::hresult("0x80090331", Provenance::Recalled),
    ],
    first_check: "openssl s_client -connect {host}:{port} -showcerts: which Public Key Algorithm has each certificate?",
    remedy: &[
        Action::person(
            "On the upstream, or the device in front of it: use a certificate with an RSA (2048 bits or more) or P-256 key, \
             issued by an authority with such a key.",
        )
        .only_for(Audience::Downstream),
        remedies::BYPASS_INSPECTION,
        remedies::REQUEST_AS_DOTNET,
        remedies::REQUEST_AS_SERVICE,
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some((index, verdict)) = evidence.chain_verdict_of_anyone() else { return Outcome::DoesNotApply };
    let unusable: Vec<_> = verdict.having(Status::UnusableKey).collect();
    let Some(first) = unusable.first() else {
        return Outcome::ruled_out("Windows can use every key of the chain");
    };
    // A leaf is used in the handshake itself, an authority only when the chain is judged.
    let step = if first.link == 0 { Step::Handshake } else { Step::Certificate };
    let which = list(unusable.iter().map(|problem| verdict.accused(problem)));
    Finding::blocks(step, which).resting_on([index]).into()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Purpose, Seen, TlsEnd};
    use crate::subject::TlsVersion;
    use crate::testing::pki::{Kind, Wanted};
    use crate::testing::*;

    #[test]
    fn a_leaf_that_only_others_are_shown_is_the_cause() {
        let leaf = Wanted::leaf(UPSTREAM).keyed(Kind::Ed25519);
        let Seen::Handshake(mut cell) = version_cell(TlsVersion::Tls12, true) else { unreachable!() };
        cell.chain = pki::chain_of(leaf);
        let refused = https_upstream().stopped_by(failed_handshake(TlsEnd::Alert(40), None));
        check(
            &RULE,
            refused.and(Purpose::TlsMatrix, UPSTREAM, 8531, Seen::Handshake(cell)),
            "blocks Handshake: the leaf certificate (CN=up.contoso.com): its key is of a kind (Ed25519 or Ed448)",
        );
    }

    #[test]
    fn an_authority_with_such_a_key_is_rejected_with_the_chain() {
        let authority = Wanted::authority("Modern CA").keyed(Kind::Ed25519).issued_by(pki::root());
        let leaf = Wanted::leaf(UPSTREAM).issued_by(&authority);
        let evidence = https_upstream().instead(handshake(vec![leaf.der, authority.der]));
        check(&RULE, evidence, "blocks Certificate: the intermediate certificate (CN=Modern CA)");
    }

    #[test]
    fn usual_keys_are_not_accused() {
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, https_upstream().stopped_by(failed_handshake(TlsEnd::Alert(40), None)), "does not apply");
        check(&RULE, http_upstream(), "does not apply");
    }
}
