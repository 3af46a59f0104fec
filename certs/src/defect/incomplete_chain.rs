//! `incomplete-chain`: the server sends its leaf alone. Unless the request says otherwise it carries no AIA, so
//! nobody can fetch the rest.

use crate::ca::Sent;
use crate::deviation::Deviation;

pub(super) struct IncompleteChain;

impl Deviation for IncompleteChain {
    fn sent(&self, sent: &mut Sent) {
        sent.certificates.truncate(1);
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::check;
    use crate::{Chain, Defect};

    #[test]
    fn a_leaf_alone_lacks_its_issuer() {
        check(
            Chain::good_for("sls.example").with(Defect::IncompleteChain),
            "sls.example",
            "openssl: 20 unable to get local issuer certificate at depth 0 · webpki: unknown issuer",
        );
    }
}
