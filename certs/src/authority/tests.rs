#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use openssl::x509::X509;

use super::*;
use crate::verifiers::{NOW, check, judged};
use crate::{Defect, IssuedBy};

const GOOD: &str = "openssl: ok · webpki: ok";
const FULL: &str = "wsus.corp.example";

#[test]
fn a_chain_is_good_by_default() {
    check(Chain::good_for(FULL), FULL, GOOD);
}

#[test]
fn an_rsa_leaf_is_good() {
    check(Chain::good_for(FULL).key(KeyType::Rsa2048), FULL, GOOD);
}

#[test]
fn a_chain_of_microsofts_stand_in_is_good() {
    check(Chain::good_for("sws.update.microsoft.com").issued_by(IssuedBy::Microsoft), "sws.update.microsoft.com", GOOD);
}

#[test]
fn a_leaf_is_good_for_each_of_its_names_and_addresses() {
    for host in [FULL, "wsus", "host.branch.example", "10.87.0.10", "fd00::10"] {
        let request = Chain::good_for(FULL)
            .also_for("wsus")
            .also_for("*.branch.example")
            .at("10.87.0.10".parse().unwrap())
            .at("fd00::10".parse().unwrap());
        check(request, host, GOOD);
    }
}

#[test]
fn a_leaf_for_an_address_alone_is_good() {
    let request = Request { addresses: vec!["10.87.0.10".parse().unwrap()], ..Request::default() };
    check(request, "10.87.0.10", GOOD);
}

#[test]
fn a_leaf_with_a_name_longer_than_a_common_name_may_be_is_good() {
    let name = format!("{}.corp.example", "a".repeat(60));
    check(Chain::good_for(name.clone()), &name, GOOD);
}

#[test]
fn a_self_signed_leaf_is_good_for_whoever_holds_it() {
    for key in [KeyType::P256, KeyType::Rsa2048] {
        let request = Chain::good_for(FULL).issued_by(IssuedBy::Itself).key(key);
        let chain = issue(&request);
        assert_eq!(chain.certificates().len(), 1);
        assert_eq!(judged(&chain, &[chain.leaf()], FULL), GOOD);
    }
}

#[test]
fn neither_authority_vouches_for_the_others_leaf() {
    let request = Chain::good_for(FULL);
    let authority = Authority::mint_for([&request], NOW).unwrap();
    let chain = authority.issue(request, &KeyPool::default()).unwrap();
    assert_eq!(
        judged(&chain, &[&authority.trust().unwrap().microsoft_root], FULL),
        "openssl: 20 unable to get local issuer certificate at depth 1 · webpki: unknown issuer"
    );
}

#[test]
fn no_certificate_tells_where_its_issuer_can_be_fetched_unless_that_is_the_point() {
    let good =
        [IssuedBy::Organisation, IssuedBy::Microsoft, IssuedBy::Itself].map(|by| Chain::good_for(FULL).issued_by(by));
    let pointing = [Defect::IncompleteChainAia, Defect::IncompleteChainAiaDead];
    let bad = Defect::ALL.iter().filter(|defect| !pointing.contains(defect)).map(|defect| bad(*defect));
    for request in good.into_iter().chain(bad) {
        for der in issue(&request).certificates() {
            let said = String::from_utf8(X509::from_der(der).unwrap().to_text().unwrap()).unwrap();
            assert!(!said.contains("CA Issuers"), "{request:?}");
        }
    }
}

#[test]
fn an_intermediate_signs_leaves_only() {
    let intermediate = X509::from_der(&issue(&Chain::good_for(FULL)).certificates()[1]).unwrap();
    assert_eq!(intermediate.pathlen(), Some(0));
}

#[test]
fn no_two_certificates_have_the_same_serial_number() {
    let pool = KeyPool::default();
    let authority = Authority::mint(&[FULL.to_owned()], &[], NOW).unwrap();
    let serial = |_| {
        let chain = authority.issue(Chain::good_for(FULL), &pool).unwrap();
        X509::from_der(chain.leaf()).unwrap().serial_number().to_bn().unwrap().to_vec()
    };
    let serials: std::collections::BTreeSet<_> = (0..20).map(serial).collect();
    assert_eq!(serials.len(), 20);
}

#[test]
fn all_who_ask_at_once_get_the_same_root() {
    let authority = Authority::mint(&[FULL.to_owned()], &[], NOW).unwrap();
    let roots: Vec<_> = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..8).map(|_| scope.spawn(|| authority.trust().unwrap())).collect();
        asking.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    assert!(roots.iter().all(|trust| *trust == roots[0]));
}

#[test]
fn the_chain_knows_its_defect() {
    for defect in Defect::ALL {
        assert_eq!(issue(&bad(*defect)).defect(), Some(*defect));
    }
    assert_eq!(issue(&Chain::good_for(FULL)).defect(), None);
}

#[test]
fn what_cannot_be_issued_is_refused_with_the_reason() {
    let authority = Authority::mint(&[FULL.to_owned()], &[], NOW).unwrap();
    let refused = |request| authority.issue(request, &KeyPool::default()).unwrap_err().to_string();
    assert_eq!(refused(Request::default()), "a certificate must be issued to a name or an address, and none was given");
    for name in ["", "bücher.example", "10.87.0.10"] {
        assert_eq!(
            refused(Chain::good_for(name)),
            format!(
                "`{name}` is no DNS name: expected ASCII, not empty and not an address \
                 (an internationalized name as xn--…)"
            )
        );
    }
}

/// A request on which every defect can act.
fn bad(defect: Defect) -> Request {
    Chain::good_for("xn--bcher-kva.branch.corp.example").at([10, 87, 0, 10].into()).with(defect)
}

fn issue(request: &Request) -> Chain {
    Authority::mint_for([request], NOW).unwrap().issue(request.clone(), &KeyPool::default()).unwrap()
}
