//! `tls/incomplete-chain`: the server presents its own certificate and not the one that issued it.

use crate::chain::{Open, Trust};
use crate::evidence::{Evidence, Purpose};
use crate::rule::{Action, Appearance, Audience, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::list;

pub(crate) const RULE: Rule = Rule {
    code: "tls/incomplete-chain",
    title: "The intermediate certificate is missing",
    explanation: "The upstream presents its own certificate alone; the certificate of the authority that issued it was not sent, \
        is in no store of this server, and names no place where Windows could fetch it. So no chain reaches a trusted root \
        (PartialChain, 0x800B010A). Another server, or a browser, that has met the intermediate before is content, which is \
        why it seems to work elsewhere. The exception is that of every certificate fault; only the presented chain tells. If \
        the missing issuer is itself a root, the organisation works without intermediates and it is the root that is missing.",
    modes: &["F-31"],
    guide: "5",
    citation: "RFC 8446, 4.4.2; RFC 5280, 6.1; guide, section 5",
    appearances: &[
        Appearance::exception(TRUST_FAILURE, Provenance::Derived),
        Appearance::hresult("0x800B010A", Provenance::Recalled),
        Appearance::hresult("0x80072F8F", Provenance::Seen),
    ],
    first_check: "certutil -verify -urlfetch upstream.cer, with the certificate as the upstream presents it",
    remedy: &[
        remedies::BYPASS_INSPECTION,
        Action::person(
            "On the upstream: install the issuing authority's certificate in Local Computer > Intermediate Certification \
             Authorities and bind the server certificate again, so that IIS sends the chain.",
        ).only_for(Audience::Downstream),
        Action::cmd("certutil -addstore CA intermediate.cer")
            .before("the file holds the issuing authority's certificate, from the authority itself")
            .not_on("the Trusted Root store: an intermediate never goes there"),
        remedies::REQUEST_AS_DOTNET,
        remedies::REQUEST_AS_SERVICE,
    ],
    check,
};

/// What .NET says of every certificate that it rejects.
pub(super) const TRUST_FAILURE: &str = remedies::TRUST_FAILURE;

/// How a person gets the stores into the subject folder.
pub(super) const STORES: &str =
    "certutil -store Root and certutil -store CA on this server (the machine's stores, not the user's)";

fn check(evidence: &Evidence) -> Outcome {
    let Some((index, verdict)) = evidence.chain_verdict() else { return Outcome::DoesNotApply };
    let alone = verdict.links.len() == 1;
    match &verdict.trust {
        Trust::Unknown(Open::LeafAlone) => {
            Outcome::cannot_tell(Step::Certificate, "the certificate stores of this server", STORES)
        }
        Trust::Partial { wrong_key: true, .. } if alone => {
            Outcome::ruled_out("an issuer of that name is at hand; it did not sign the certificate")
        }
        Trust::Partial { issuer, fetched_from, .. } if alone => {
            if let Some(open) = fetching(evidence, issuer, fetched_from) {
                return open;
            }
            let failed = if fetched_from.is_empty() {
                String::new()
            } else {
                format!(", and cannot be fetched from {} either", list(fetched_from))
            };
            let sentence = format!(
                "the target presents its certificate without the one of its issuer, {issuer}, which is in no store of this \
                 server{failed}"
            );
            Finding::blocks(Step::Certificate, sentence).resting_on([index]).into()
        }
        Trust::Trusted if verdict.needs_fetching() => {
            let sentence =
                "the target does not present its whole chain; Windows fetches the rest, and would fail without it";
            let fetches = evidence.fetches().map(|fetch| fetch.index);
            Finding::warns(sentence).resting_on([index]).resting_on(fetches).into()
        }
        Trust::Unreadable(_) => Outcome::ruled_out("the leaf certificate cannot be read at all"),
        _ => Outcome::ruled_out("the issuer of the leaf certificate is at hand, or none is needed"),
    }
}

/// What keeps the question open where the certificate says how to get its issuer.
fn fetching(evidence: &Evidence, issuer: &str, places: &[String]) -> Option<Outcome> {
    if evidence.fetches().any(|fetch| !fetch.seen.certificates.is_empty()) {
        return Some(Outcome::ruled_out("the issuer was not presented, but can be fetched by another way"));
    }
    let untried = |place: &&String| !place.to_ascii_lowercase().starts_with("http://");
    let tried = evidence.of(Purpose::IssuerFetch).next().is_some();
    let open: Vec<&String> = places.iter().filter(|place| !tried || untried(place)).collect();
    (!open.is_empty()).then(|| {
        let want = format!("whether this server can fetch {issuer} from {}", list(open));
        Outcome::cannot_tell(Step::Certificate, want, "certutil -verify -urlfetch upstream.cer, as NETWORK SERVICE")
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::path::Route;
    use crate::testing::*;

    fn leaf_alone() -> crate::evidence::Evidence {
        https_upstream().instead(handshake(pki::chain(UPSTREAM)[..1].to_vec()))
    }

    #[test]
    fn a_leaf_without_its_issuer_is_the_cause() {
        check(
            &RULE,
            leaf_alone(),
            "blocks Certificate: the target presents its certificate without the one of its issuer, CN=Contoso Issuing CA",
        );
    }

    #[test]
    fn without_the_stores_it_stays_open() {
        check(&RULE, leaf_alone().host(|host| host.stores = None), "cannot tell Certificate: the certificate stores");
    }

    #[test]
    fn an_intermediate_in_this_servers_store_completes_the_chain() {
        let ca = Some(vec![pki::intermediate().der.clone()]);
        check(&RULE, leaf_alone().stores(|stores| stores.ca = ca), "ruled out");
    }

    #[test]
    fn an_issuer_that_windows_fetches_is_a_warning_and_one_that_nobody_can_fetch_the_cause() {
        let pointing = https_upstream().instead(handshake(pki::leaf_with_a_pointer()));
        check(&RULE, pointing.clone(), "cannot tell Certificate: whether this server can fetch CN=Contoso Issuing CA");
        let issuer = vec![pki::intermediate().der.clone()];
        check(
            &RULE,
            pointing.clone().fetching(Route::Direct, issuer),
            "warns: the target does not present its whole chain",
        );
        let expected = "blocks Certificate: the target presents its certificate without the one of its issuer, CN=Contoso \
            Issuing CA, which is in no store of this server, and cannot be fetched from http://pki.contoso.com/ca.cer either";
        check(&RULE, pointing.fetching(Route::Direct, Vec::new()), expected);
    }

    #[test]
    fn an_untrusted_root_and_a_self_signed_leaf_are_other_causes() {
        let untrusted = https_upstream().stores(|stores| stores.root = Some(Vec::new()));
        check(&RULE, untrusted, "ruled out");
        let own = pki::Wanted::leaf(UPSTREAM).self_signed().der;
        check(&RULE, https_upstream().instead(handshake(vec![own])), "ruled out");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
