//! `incomplete-chain-aia-dead`: the server sends its leaf alone, and the leaf says that its issuer is where nothing is (F-31).

use crate::ca::Sent;
use crate::deviation::Deviation;
use crate::leaf::{Leaf, Pointer};

/// RFC 2606, 2: a name that nobody has.
const NOWHERE: &str = "http://pki.invalid/issuer.cer";

pub(super) struct IncompleteChainAiaDead;

impl Deviation for IncompleteChainAiaDead {
    fn leaf(&self, leaf: &mut Leaf) {
        let url = leaf.aia.take().map_or_else(|| NOWHERE.to_owned(), |given| given.url);
        leaf.aia = Some(Pointer::to_nowhere(url));
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
    fn nobody_finds_the_issuer() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::IncompleteChainAiaDead);
        says(&request, 0, "CA Issuers - URI:http://pki.invalid/issuer.cer\n");
        check(
            request,
            "wsus.corp.example",
            "openssl: 20 unable to get local issuer certificate at depth 0 · webpki: unknown issuer",
        );
    }
}
