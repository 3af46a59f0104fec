//! `incomplete-chain-aia`: the server sends its leaf alone, and the leaf says where its issuer can be fetched,
//! which Windows does (F-31). Where no place was given it is at `pki.` in the server's domain.

use crate::ca::Sent;
use crate::deviation::Deviation;
use crate::leaf::{Leaf, Pointer};

pub(super) struct IncompleteChainAia;

impl Deviation for IncompleteChainAia {
    fn leaf(&self, leaf: &mut Leaf) {
        if leaf.aia.is_none() {
            leaf.aia = Some(Pointer::to(leaf.url_in_the_domain("issuer.cer")));
        }
    }

    fn sent(&self, sent: &mut Sent) {
        sent.certificates.truncate(1);
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn whoever_fetches_nothing_lacks_the_issuer() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::IncompleteChainAia);
        says(&request, 0, "CA Issuers - URI:http://pki.corp.example/issuer.cer\n");
        check(
            request,
            "wsus.corp.example",
            "openssl: 20 unable to get local issuer certificate at depth 0 · webpki: unknown issuer",
        );
    }
}
