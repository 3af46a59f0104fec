//! `self-signed`: the leaf vouches for itself. A defect because no store of the subject holds it; where one does, the
//! issuer is `itself` and nothing is wrong.

use crate::deviation::Deviation;
use crate::leaf::{Leaf, Signer};

pub(super) struct SelfSigned;

impl Deviation for SelfSigned {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.signer = Signer::Itself;
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::check;
    use crate::{Chain, Defect, KeyType};

    #[test]
    fn a_leaf_that_signed_itself_is_seen_as_self_signed() {
        check(
            Chain::good_for("sls.example").with(Defect::SelfSigned),
            "sls.example",
            "openssl: 18 self-signed certificate at depth 0 · webpki: unknown issuer",
        );
    }

    #[test]
    fn so_is_one_with_an_rsa_key() {
        check(
            Chain::good_for("sls.example").key(KeyType::Rsa2048).with(Defect::SelfSigned),
            "sls.example",
            "openssl: 18 self-signed certificate at depth 0 · webpki: unknown issuer",
        );
    }
}
