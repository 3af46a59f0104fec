//! `ecc384`: leaf and intermediate on the curve P-384. Harmless, though not for a client whose policy lacks the curve.

use crate::deviation::Deviation;
use crate::leaf::Leaf;
use crate::request::KeyType;

pub(super) struct Ecc384;

impl Deviation for Ecc384 {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.set_key(KeyType::P384);
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_chain_on_p384_is_good() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::Ecc384);
        says(&request, 0, "secp384r1");
        says(&request, 0, "Signature Algorithm: ecdsa-with-SHA384");
        says(&request, 1, "secp384r1");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }
}
