//! Chains as a peer may send them.

#![allow(clippy::unwrap_used, reason = "tests")]

use super::{Circumstances, NameVerdict, Open, Origin, Status, Trust, Verdict, judge};
use crate::subject::{Der, Stores};
use crate::testing::pki::{self, Kind, Wanted};
use crate::testing::{NOW, UPSTREAM};
use time::macros::datetime;

fn stores(root: &[&Der], ca: &[&Der]) -> Stores {
    let copy = |store: &[&Der]| Some(store.iter().map(|der| (*der).clone()).collect());
    Stores { root: copy(root), ca: copy(ca), user_root: Some(Vec::new()) }
}

fn judged(presented: &[Der], stores: &Stores) -> Verdict {
    judge(presented, &at(Some(stores)))
}

fn at(stores: Option<&Stores>) -> Circumstances<'_> {
    let now = stores.is_some().then_some(NOW);
    Circumstances { stores, fetched: &[], microsoft_roots: &[], host: UPSTREAM, now }
}

#[test]
fn a_good_chain_is_clean_and_drawn() {
    let verdict = judged(&pki::chain(UPSTREAM), &stores(&[&pki::root().der], &[]));
    assert!(verdict.is_clean());
    assert_eq!(verdict.trust, Trust::Trusted);
    assert_eq!(
        verdict.drawing(),
        [
            "chain: CN=up.contoso.com (presented, 2026-01-01 to 2026-12-31)",
            "chain:    <- CN=Contoso Issuing CA (presented, 2026-01-01 to 2026-12-31)",
            "chain:       <- CN=Contoso Root (from Trusted Root, 2026-01-01 to 2026-12-31)",
            "chain: ends at a trust anchor of the machine",
        ]
    );
}

#[test]
fn the_bad_link_is_marked_in_windows_terms() {
    let drawing = judged(&pki::chain(UPSTREAM)[..1], &stores(&[&pki::root().der], &[])).drawing();
    assert_eq!(
        drawing[1],
        "chain:    !! its issuer CN=Contoso Issuing CA was not presented and is in no store of the machine \
         [PartialChain, 0x800B010A CERT_E_CHAINING]"
    );
}

#[test]
fn the_order_of_presentation_and_superfluous_certificates_do_not_matter() {
    let [leaf, intermediate] = <[Der; 2]>::try_from(pki::chain(UPSTREAM)).unwrap();
    let stranger = Wanted::authority("Stranger").self_signed().der;
    let presented = [leaf, stranger.clone(), pki::root().der.clone(), stranger, intermediate];
    let verdict = judged(&presented, &stores(&[&pki::root().der], &[]));
    assert_eq!((verdict.trust, verdict.superfluous, verdict.misordered), (Trust::Trusted, 1, true));
}

#[test]
fn where_others_judge_otherwise_it_is_said() {
    let remarks = |presented: &[Der], stores: &Stores| judged(presented, stores).elsewhere();
    let trusted = stores(&[&pki::root().der], &[]);
    assert_eq!(remarks(&pki::chain(UPSTREAM), &trusted), [] as [&str; 0]);
    let [leaf, intermediate] = <[Der; 2]>::try_from(pki::chain(UPSTREAM)).unwrap();
    let from_store = stores(&[&pki::root().der], &[&intermediate]);
    for (presented, stores, begins) in [
        (
            vec![leaf.clone(), pki::root().der.clone(), intermediate.clone()],
            &trusted,
            "the certificates are not presented",
        ),
        (pki::chain_of(Wanted::leaf(UPSTREAM).with(pki::for_anything)), &trusted, "Windows takes the purpose \"any\""),
        (pki::chain_of(Wanted::leaf(UPSTREAM).keyed(Kind::Ed25519)), &trusted, "OpenSSL, and what is built on it"),
        (vec![leaf.clone()], &from_store, "Windows took an intermediate from its own store"),
        (vec![leaf.clone(), intermediate.clone(), pki::chain("other.contoso.com").remove(0)], &trusted, "1 presented"),
    ] {
        let said = remarks(&presented, stores);
        assert!(said.len() == 1 && said[0].starts_with(begins), "{said:?}");
    }
}

#[test]
fn an_intermediate_in_the_root_store_is_no_anchor() {
    let verdict = judged(&pki::chain(UPSTREAM), &stores(&[&pki::intermediate().der], &[]));
    assert!(matches!(verdict.trust, Trust::Partial { .. }), "{:?}", verdict.trust);
}

#[test]
fn an_intermediate_of_the_machine_completes_the_chain() {
    let verdict = judged(&pki::chain(UPSTREAM)[..1], &stores(&[&pki::root().der], &[&pki::intermediate().der]));
    assert_eq!(verdict.trust, Trust::Trusted);
    assert_eq!(verdict.links[1].origin, Origin::CaStore);
}

#[test]
fn a_namesake_of_the_issuer_that_did_not_sign_is_told_apart() {
    let namesake = Wanted::authority("Contoso Issuing CA").issued_by(pki::root()).der;
    let verdict = judged(&[pki::chain(UPSTREAM)[0].clone(), namesake], &stores(&[&pki::root().der], &[]));
    assert!(matches!(verdict.trust, Trust::Partial { wrong_key: true, .. }), "{:?}", verdict.trust);
    assert_eq!(verdict.problems[0].status, Status::NotSignatureValid);
}

#[test]
fn a_namesake_with_another_key_is_no_issuer_to_windows() {
    let status = |namesake: Wanted| {
        let namesake = namesake.issued_by(pki::root()).der;
        let leaf = pki::chain_of(Wanted::leaf(UPSTREAM).with(pki::naming_a_key)).remove(0);
        judged(&[leaf, namesake], &stores(&[&pki::root().der], &[])).problems[0].status
    };
    let namesake = Wanted::authority("Contoso Issuing CA");
    assert_eq!(status(namesake.clone().with(pki::with_another_key)), Status::WrongIssuer);
    assert_eq!(status(namesake.clone()), Status::WrongIssuer);
    assert_eq!(status(namesake.with(pki::with_that_key)), Status::NotSignatureValid);
    assert_eq!(Status::WrongIssuer.windows_name(), "PartialChain");
}

#[test]
fn of_two_anchors_with_one_key_the_one_in_time_is_preferred() {
    let old = Wanted::authority("Contoso Root").until(datetime!(2026-02-01 00:00 UTC)).self_signed();
    let renewed = old.again(Wanted::authority("Contoso Root"), &old);
    let leaf = [Wanted::leaf(UPSTREAM).issued_by(&old).der];
    assert!(judged(&leaf, &stores(&[&old.der, &renewed], &[])).is_clean());
    let expired = judged(&leaf, &stores(&[&old.der], &[]));
    assert_eq!(expired.having(Status::Expired).map(|problem| problem.link).collect::<Vec<_>>(), [1]);
}

#[test]
fn without_stores_the_question_stays_open() {
    let open = |presented: &[Der]| judge(presented, &at(None)).trust;
    assert_eq!(open(&pki::chain(UPSTREAM)), Trust::Unknown(Open::Root));
    assert_eq!(open(&pki::chain(UPSTREAM)[..1]), Trust::Unknown(Open::LeafAlone));
    assert_eq!(open(&[Wanted::leaf(UPSTREAM).self_signed().der]), Trust::Unknown(Open::SelfSignedLeaf));
}

#[test]
fn certificates_that_sign_each_other_do_not_hang_the_evaluation() {
    let (one, two) = (Wanted::authority("One").self_signed(), Wanted::authority("Two").self_signed());
    let one_by_two = one.again(Wanted::authority("One"), &two);
    let two_by_one = two.again(Wanted::authority("Two"), &one);
    let leaf = Wanted::leaf(UPSTREAM).issued_by(&one).der;
    let verdict = judged(&[leaf, one_by_two, two_by_one], &stores(&[], &[]));
    assert!(matches!(verdict.trust, Trust::Partial { wrong_key: false, .. }), "{:?}", verdict.trust);
}

#[test]
fn a_chain_of_a_hundred_is_followed() {
    let mut authorities = vec![Wanted::authority("CA 0").issued_by(pki::root())];
    for number in 1..98 {
        let next = Wanted::authority(&format!("CA {number}")).issued_by(authorities.last().unwrap());
        authorities.push(next);
    }
    let leaf = Wanted::leaf(UPSTREAM).issued_by(authorities.last().unwrap());
    let presented: Vec<Der> =
        std::iter::once(leaf.der).chain(authorities.iter().rev().map(|ca| ca.der.clone())).collect();
    let verdict = judged(&presented, &stores(&[&pki::root().der], &[]));
    assert_eq!((verdict.links.len(), verdict.trust), (100, Trust::Trusted));
}

#[test]
fn a_crowd_of_namesakes_is_bounded() {
    let crowd: Vec<Der> =
        (0..120).map(|_| Wanted::authority("Contoso Issuing CA").issued_by(pki::root()).der).collect();
    let presented: Vec<Der> = std::iter::once(pki::chain(UPSTREAM)[0].clone()).chain(crowd).collect();
    let verdict = judged(&presented, &stores(&[], &[]));
    assert_eq!(verdict.links.len(), 1);
}

#[test]
fn bytes_that_are_no_certificate_are_a_result() {
    for bytes in [vec![], vec![0x30], vec![0xff; 100]] {
        let verdict = judged(&[Der(bytes)], &stores(&[], &[]));
        assert!(matches!(verdict.trust, Trust::Unreadable(_)));
        assert_eq!(verdict.name, NameVerdict::NoLeaf);
    }
}
