//! `ca-as-leaf`: the server presents the certificate of an authority of its own, self-signed, as its own.

use rcgen::{BasicConstraints, IsCa, KeyUsagePurpose};

use crate::deviation::Deviation;
use crate::leaf::{Leaf, Signer};

pub(super) struct CaAsLeaf;

impl Deviation for CaAsLeaf {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.signer = Signer::Itself;
        leaf.params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        leaf.params.key_usages.extend([KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign]);
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn an_authority_that_nobody_trusts_vouches_for_itself_in_vain() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::CaAsLeaf);
        says(&request, 0, "CA:TRUE");
        check(
            request,
            "wsus.corp.example",
            "openssl: 18 self-signed certificate at depth 0 · webpki: CaUsedAsEndEntity",
        );
    }
}
