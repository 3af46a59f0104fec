//! `sha1`: the leaf is signed with SHA-1, by an intermediate with an RSA key as such authorities had (F-37).

use crate::deviation::Deviation;
use crate::leaf::Leaf;
use crate::line::{Line, RankKey};
use crate::request::KeyType;
use crate::signature::Digest;

pub(super) struct Sha1;

impl Deviation for Sha1 {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.signature = Digest::Sha1;
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
    fn a_leaf_signed_with_sha1_has_a_weak_digest() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::Sha1);
        says(&request, 0, "Signature Algorithm: sha1WithRSAEncryption");
        says(&request, 1, "Signature Algorithm: ecdsa-with-SHA256");
        check(
            request,
            "wsus.corp.example",
            "openssl: 68 CA signature digest algorithm too weak at depth 0 · webpki: unsupported signature algorithm",
        );
    }
}
