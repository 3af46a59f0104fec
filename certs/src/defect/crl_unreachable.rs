//! `crl-unreachable`: the leaf says that its issuer's revocation list is where nothing is (F-39).

use crate::deviation::Deviation;
use crate::leaf::{Leaf, Pointer};

/// RFC 2606, 2: a name that nobody has.
const NOWHERE: &str = "http://pki.invalid/issuer.crl";

pub(super) struct CrlUnreachable;

impl Deviation for CrlUnreachable {
    fn leaf(&self, leaf: &mut Leaf) {
        let url = leaf.crl.take().map_or_else(|| NOWHERE.to_owned(), |given| given.url);
        leaf.crl = Some(Pointer::to_nowhere(url));
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn whoever_asks_for_no_list_misses_none() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::CrlUnreachable);
        says(&request, 0, "URI:http://pki.invalid/issuer.crl\n");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }
}
