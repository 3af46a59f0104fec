//! `ed25519`: leaf and intermediate with keys that Schannel cannot use.

use crate::deviation::Deviation;
use crate::leaf::Leaf;
use crate::request::KeyType;

pub(super) struct Ed25519;

impl Deviation for Ed25519 {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.set_key(KeyType::Ed25519);
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_chain_of_ed25519_is_good_but_not_for_windows() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::Ed25519);
        says(&request, 0, "Signature Algorithm: ED25519");
        says(&request, 1, "Public Key Algorithm: ED25519");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }
}
