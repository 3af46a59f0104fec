//! `rsa1024`: a short key. Windows still takes it (F-37); others do not.

use crate::deviation::Deviation;
use crate::leaf::Leaf;
use crate::request::KeyType;

pub(super) struct Rsa1024;

impl Deviation for Rsa1024 {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.set_key(KeyType::Rsa1024);
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_key_of_1024_bits_is_too_small_for_most() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::Rsa1024);
        says(&request, 0, "Public-Key: (1024 bit)");
        check(request, "wsus.corp.example", "openssl: 66 EE certificate key too weak at depth 0 · webpki: ok");
    }
}
