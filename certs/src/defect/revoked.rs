//! `revoked`: the leaf stands on its issuer's revocation list (F-38). Where none was given, it says that the list is at `pki.` in
//! the server's domain.

use crate::deviation::Deviation;
use crate::leaf::{Leaf, Pointer};

pub(super) struct Revoked;

impl Deviation for Revoked {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.revoked = true;
        if leaf.crl.is_none() {
            leaf.crl = Some(Pointer::to(leaf.url_in_the_domain("issuer.crl")));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn whoever_asks_for_no_list_sees_no_revocation() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::Revoked);
        says(&request, 0, "URI:http://pki.corp.example/issuer.crl\n");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }
}
