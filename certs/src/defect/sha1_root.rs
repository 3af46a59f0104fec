//! `sha1-root`: the trusted root signed itself with SHA-1, as many old ones did; what it issued is signed well. It stands among the
//! further roots as `sha1-root`.

use crate::deviation::Deviation;
use crate::line::{Line, RankKey};
use crate::request::KeyType;
use crate::signature::Digest;

pub(super) struct Sha1Root;

impl Deviation for Sha1Root {
    fn line(&self, line: &mut Line) {
        let root = line.own_root();
        root.key = RankKey::Own(KeyType::Rsa2048);
        root.signature = Digest::Sha1;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod tests {
    use openssl::x509::X509;

    use crate::verifiers::{NOW, check, says};
    use crate::{Authority, Chain, Defect, KeyPool};

    #[test]
    fn nobody_minds_how_a_root_signed_itself() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::Sha1Root);
        says(&request, 1, "Signature Algorithm: sha256WithRSAEncryption");
        let authority = Authority::mint_for([&request], NOW).unwrap();
        authority.issue(request.clone(), &KeyPool::default()).unwrap();
        let root = X509::from_der(&authority.trust().unwrap().further_roots["sha1-root"]).unwrap();
        let said = String::from_utf8(root.to_text().unwrap()).unwrap();
        assert!(said.contains("Signature Algorithm: sha1WithRSAEncryption"), "{said}");
        assert!(root.verify(&root.public_key().unwrap()).unwrap());
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }
}
