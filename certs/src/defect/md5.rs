//! `md5`: the leaf is signed with MD5, by an intermediate with an RSA key. Windows has refused that since 2013.

use crate::deviation::Deviation;
use crate::leaf::Leaf;
use crate::line::{Line, RankKey};
use crate::request::KeyType;
use crate::signature::Digest;

pub(super) struct Md5;

impl Deviation for Md5 {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.signature = Digest::Md5;
    }

    fn line(&self, line: &mut Line) {
        line.own_intermediate().key = RankKey::Own(KeyType::Rsa2048);
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_leaf_signed_with_md5_has_a_broken_digest() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::Md5);
        says(&request, 0, "Signature Algorithm: md5WithRSAEncryption");
        check(
            request,
            "wsus.corp.example",
            "openssl: 68 CA signature digest algorithm too weak at depth 0 · webpki: unsupported signature algorithm",
        );
    }
}
