//! `expired-intermediate-beside`: the intermediate was renewed with its key, and both its certificates are sent, the expired one
//! first (BetterTLS, path building). Whoever looks for a way that is in time finds one.

use crate::ca::Sent;
use crate::deviation::Deviation;
use crate::line::Line;
use crate::validity::Validity;

pub(super) struct ExpiredIntermediateBeside;

impl Deviation for ExpiredIntermediateBeside {
    fn line(&self, line: &mut Line) {
        let dates = Validity::that_ended_before(line.now);
        line.own_intermediate();
        dates.write_to(&mut line.issuer_again_beside().params);
    }

    fn sent(&self, sent: &mut Sent) {
        sent.certificates.splice(1..1, sent.beside.drain(..));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod tests {
    use openssl::x509::X509;

    use crate::verifiers::{NOW, check, says};
    use crate::{Authority, Chain, Defect, KeyPool};

    #[test]
    fn whoever_looks_for_a_way_in_time_finds_the_renewed_one() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::ExpiredIntermediateBeside);
        says(&request, 1, "Not After : Jan 30 12:00:00 2026 GMT");
        says(&request, 2, "Not After : Mar  8 12:00:00 2026 GMT");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }

    #[test]
    fn both_are_one_authority_and_both_have_signed_the_leaf() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::ExpiredIntermediateBeside);
        let authority = Authority::mint_for([&request], NOW).unwrap();
        let chain = authority.issue(request, &KeyPool::default()).unwrap();
        let [leaf, old, new] = [0, 1, 2].map(|nth: usize| X509::from_der(&chain.certificates()[nth]).unwrap());
        assert_eq!(format!("{:?}", old.subject_name()), format!("{:?}", new.subject_name()));
        for issuer in [old, new] {
            assert!(leaf.verify(&issuer.public_key().unwrap()).unwrap());
        }
    }
}
