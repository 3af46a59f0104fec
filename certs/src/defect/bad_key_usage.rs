//! `bad-key-usage`: the leaf may not sign, so it can prove nothing in a handshake of today (RFC 5246, 7.4.2). Whoever verifies
//! the chain alone sees nothing wrong.

use rcgen::KeyUsagePurpose;

use crate::deviation::Deviation;
use crate::leaf::Leaf;

pub(super) struct BadKeyUsage;

impl Deviation for BadKeyUsage {
    fn leaf(&self, leaf: &mut Leaf) {
        let allowed = if leaf.key.rsa_bits().is_some() {
            KeyUsagePurpose::KeyEncipherment
        } else {
            KeyUsagePurpose::KeyAgreement
        };
        leaf.params.key_usages = vec![allowed];
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, does_not_say, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_leaf_that_may_not_sign_has_a_chain_that_verifies() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::BadKeyUsage);
        says(&request, 0, "Key Agreement");
        does_not_say(&request, 0, "Digital Signature");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }

    #[test]
    fn so_has_one_with_an_rsa_key() {
        let request = Chain::good_for("wsus.corp.example").key(crate::KeyType::Rsa2048).with(Defect::BadKeyUsage);
        says(&request, 0, "Key Encipherment");
        does_not_say(&request, 0, "Digital Signature");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }
}
