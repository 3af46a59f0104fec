//! `tls/untrusted-root`: the chain ends at a root that is not in the machine's Trusted Root store.

use super::incomplete_chain::{STORES, TRUST_FAILURE};
use crate::chain::{Open, Trust};
use crate::evidence::Evidence;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step, remedies};

pub(crate) const RULE: Rule = Rule {
    code: "tls/untrusted-root",
    title: "The chain ends at a root that this server does not trust",
    explanation: "The upstream's certificate was issued below a root that is not in Local Computer > Trusted Root Certification \
        Authorities of this server (UntrustedRoot, 0x800B0109; PartialChain where the root itself was not sent). Often it \
        stands in the store of the person who looked, so that a browser and an interactive test succeed: the service runs as \
        NETWORK SERVICE and sees the machine's store only. A chain that was re-signed by an inspecting proxy looks the same; \
        then the issuer is the proxy's authority. Without the stores nothing is called untrusted. For a public authority \
        remember that Windows may fetch its root by itself.",
    modes: &["F-32"],
    guide: "5",
    citation: "RFC 5280, 6.1; guide, section 5 and FAQ",
    appearances: &[
        Appearance::exception(TRUST_FAILURE, Provenance::Seen),
        Appearance::hresult("0x800B0109", Provenance::Seen),
        Appearance::hresult("0x80072F8F", Provenance::Seen),
        Appearance::log("The given certificate chain has not Microsoft Root CA signed root (800B0109)", Provenance::Seen),
    ],
    first_check: "certutil -store Root: is the root at the end of the chain in the machine's store?",
    remedy: &[
        remedies::BYPASS_INSPECTION,
        Action::cmd("certutil -addstore Root root.cer")
            .before("the file holds the self-signed root of an authority that this organisation trusts, from the authority itself")
            .not_on("any certificate that is not self-signed: an intermediate goes to Intermediate Certification Authorities"),
        remedies::REQUEST_AS_DOTNET,
        remedies::REQUEST_AS_SERVICE,
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some((index, verdict)) = evidence.chain_verdict() else { return Outcome::DoesNotApply };
    let last = verdict.links.last().map_or("", |link| link.certificate.subject.as_str());
    let found = |sentence: String| Finding::blocks(Step::Certificate, sentence).resting_on([index]).into();
    match &verdict.trust {
        Trust::Trusted => Outcome::ruled_out("the chain ends at a root that this server trusts"),
        Trust::Unknown(Open::Root | Open::LeafAlone) => {
            Outcome::cannot_tell(Step::Certificate, "the certificate stores of this server", STORES)
        }
        Trust::UntrustedRoot { in_user_store, in_ca_store } => found(format!(
            "the chain ends at {last}, which is not in this server's Trusted Root store{}",
            where_it_is(*in_user_store, *in_ca_store)
        )),
        Trust::Partial { wrong_key: true, issuer, .. } => {
            Outcome::ruled_out(format!("a certificate named {issuer} is at hand; it did not sign the last link"))
        }
        Trust::Partial { issuer, in_user_store, fetched_from, .. } if 1 < verdict.links.len() => {
            if !fetched_from.is_empty() {
                let want = format!("whether this server can fetch {issuer} and then trusts it");
                return Outcome::cannot_tell(Step::Certificate, want, "certutil -verify -urlfetch upstream.cer");
            }
            let place = where_it_is(*in_user_store, false);
            found(format!("the chain ends below {issuer}, which is not in this server's Trusted Root store{place}"))
        }
        Trust::Partial { .. } => Outcome::ruled_out("the chain breaks off at the leaf, before any root"),
        Trust::SelfSigned { .. } | Trust::Unknown(Open::SelfSignedLeaf) => {
            Outcome::ruled_out("the certificate signed itself; there is no root above it")
        }
        Trust::Unreadable(_) => Outcome::ruled_out("the leaf certificate cannot be read at all"),
    }
}

fn where_it_is(in_user_store: bool, in_ca_store: bool) -> &'static str {
    match (in_user_store, in_ca_store) {
        (true, _) => "; it is in the store of the person who took the facts, which the service does not see",
        (false, true) => "; it is among the intermediates, where a root has no effect",
        (false, false) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::Evidence;
    use crate::subject::Der;
    use crate::testing::*;

    fn untrusted(chain: Vec<Der>) -> Evidence {
        https_upstream().instead(handshake(chain)).stores(|stores| stores.root = Some(Vec::new()))
    }

    #[test]
    fn a_root_that_is_in_no_store_is_the_cause_whether_it_was_sent_or_not() {
        let without = pki::chain(UPSTREAM);
        let with = [without.clone(), vec![pki::root().der.clone()]].concat();
        check(&RULE, untrusted(without), "blocks Certificate: the chain ends below CN=Contoso Root, which is not in");
        check(&RULE, untrusted(with), "blocks Certificate: the chain ends at CN=Contoso Root, which is not in");
    }

    #[test]
    fn a_root_in_the_users_store_only_is_said_to_be_there() {
        let evidence = untrusted(pki::chain(UPSTREAM));
        let evidence = evidence.stores(|stores| stores.user_root = Some(vec![pki::root().der.clone()]));
        let expected = "blocks Certificate: the chain ends below CN=Contoso Root, which is not in this server's Trusted Root store; it is in the store of the person";
        check(&RULE, evidence, expected);
    }

    #[test]
    fn without_the_stores_nothing_is_called_untrusted() {
        check(
            &RULE,
            https_upstream().host(|host| host.stores = None),
            "cannot tell Certificate: the certificate stores",
        );
        let half = https_upstream().stores(|stores| stores.root = None);
        check(&RULE, half, "cannot tell Certificate");
    }

    #[test]
    fn a_missing_intermediate_and_a_self_signed_leaf_are_other_causes() {
        check(&RULE, untrusted(pki::chain(UPSTREAM)[..1].to_vec()), "ruled out");
        check(&RULE, untrusted(vec![pki::Wanted::leaf(UPSTREAM).self_signed().der]), "ruled out");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
