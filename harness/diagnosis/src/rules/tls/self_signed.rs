//! `tls/self-signed`: the server's certificate signed itself and is no trust anchor of this server.

use super::incomplete_chain::{STORES, TRUST_FAILURE};
use crate::chain::{Open, Trust};
use crate::evidence::Evidence;
use crate::rule::{Action, Appearance, Audience, Finding, Outcome, Provenance, Rule, Step, remedies};

pub(crate) const RULE: Rule = Rule {
    code: "tls/self-signed",
    title: "The source's certificate signed itself, and this server does not trust it",
    explanation: "The chain is one certificate long: subject and issuer are the same, and it is not in this server's Trusted Root \
        store (UntrustedRoot, 0x800B0109). WSUS accepts a self-signed certificate once it stands there, so it is a matter \
        of trust and not of form. Several clients report it in the words that they use for a missing intermediate; the length \
        of the chain and its issuer tell.",
    modes: &["F-33"],
    guide: "5",
    citation: "RFC 5280, 3.2 and 6.1; guide, section 5",
    appearances: &[
        Appearance::exception(TRUST_FAILURE, Provenance::Derived),
        Appearance::hresult("0x800B0109", Provenance::Seen),
        Appearance::hresult("0x80072F8F", Provenance::Seen),
    ],
    first_check: "certutil -store Root: is the upstream's own certificate in the machine's store?",
    remedy: &[
        remedies::BYPASS_INSPECTION,
        Action::person(
            "Better: give the upstream a certificate of the organisation's authority and select it in the HTTPS binding of the WSUS site.",
        ).only_for(Audience::Downstream),
        Action::cmd("certutil -addstore Root upstream.cer")
            .before("the file came from the upstream itself, its thumbprint was compared there, and it is self-signed"),
        remedies::REQUEST_AS_DOTNET,
        remedies::REQUEST_AS_SERVICE,
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some((index, verdict)) = evidence.chain_verdict() else { return Outcome::DoesNotApply };
    match &verdict.trust {
        Trust::SelfSigned { in_user_store } => {
            let place = if *in_user_store {
                "; it is in the store of the person who took the facts, which the service does not see"
            } else {
                ""
            };
            let subject = verdict.leaf().map_or("", |leaf| leaf.subject.as_str());
            let sentence = format!(
                "the target's certificate ({subject}) signed itself and is not in this server's Trusted Root store{place}"
            );
            Finding::blocks(Step::Certificate, sentence).resting_on([index]).into()
        }
        Trust::Unknown(Open::SelfSignedLeaf) => {
            Outcome::cannot_tell(Step::Certificate, "the certificate stores of this server", STORES)
        }
        Trust::Trusted if verdict.links.len() == 1 => {
            Outcome::ruled_out("the certificate signed itself and stands in this server's Trusted Root store")
        }
        _ => Outcome::ruled_out("the certificate was issued by another"),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::Evidence;
    use crate::testing::*;

    fn self_signed() -> Evidence {
        https_upstream().instead(handshake(vec![pki::Wanted::leaf(UPSTREAM).self_signed().der]))
    }

    #[test]
    fn a_certificate_that_signed_itself_is_the_cause() {
        check(&RULE, self_signed(), "blocks Certificate: the target's certificate (CN=up.contoso.com) signed itself");
    }

    #[test]
    fn in_the_root_store_it_is_trusted() {
        let leaf = pki::Wanted::leaf(UPSTREAM).self_signed().der;
        let evidence = https_upstream().instead(handshake(vec![leaf.clone()]));
        check(&RULE, evidence.stores(|stores| stores.root = Some(vec![leaf])), "ruled out");
    }

    #[test]
    fn without_the_stores_it_stays_open() {
        check(&RULE, self_signed().host(|host| host.stores = None), "cannot tell Certificate: the certificate stores");
    }

    #[test]
    fn an_issued_certificate_is_another_matter() {
        check(&RULE, https_upstream().instead(handshake(pki::chain(UPSTREAM)[..1].to_vec())), "ruled out");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
