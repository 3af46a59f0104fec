//! `rsa512`: a key that can be factored in hours. Windows takes nothing below 1024 bits (F-37).

use crate::deviation::Deviation;
use crate::leaf::Leaf;
use crate::request::KeyType;

pub(super) struct Rsa512;

impl Deviation for Rsa512 {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.set_key(KeyType::Rsa512);
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_key_of_512_bits_is_too_small() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::Rsa512);
        says(&request, 0, "Public-Key: (512 bit)");
        check(request, "wsus.corp.example", "openssl: 66 EE certificate key too weak at depth 0 · webpki: ok");
    }
}
