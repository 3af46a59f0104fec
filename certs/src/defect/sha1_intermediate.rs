//! `sha1-intermediate`: the leaf is signed well, its issuer with SHA-1 by an RSA authority above it.

use crate::deviation::Deviation;
use crate::line::{Line, RankKey};
use crate::request::KeyType;
use crate::signature::Digest;

pub(super) struct Sha1Intermediate;

impl Deviation for Sha1Intermediate {
    fn line(&self, line: &mut Line) {
        line.own_intermediate().key = RankKey::Own(KeyType::Rsa2048);
        line.own_intermediate().signature = Digest::Sha1;
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn an_intermediate_signed_with_sha1_has_a_weak_digest() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::Sha1Intermediate);
        says(&request, 0, "Signature Algorithm: ecdsa-with-SHA256");
        says(&request, 1, "Signature Algorithm: sha1WithRSAEncryption");
        says(&request, 2, "Signature Algorithm: ecdsa-with-SHA256");
        check(
            request,
            "wsus.corp.example",
            "openssl: 68 CA signature digest algorithm too weak at depth 1 · webpki: unsupported signature algorithm",
        );
    }
}
