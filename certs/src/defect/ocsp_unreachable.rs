//! `ocsp-unreachable`: the leaf says that its issuer answers questions about it (RFC 6960) where nothing is (F-39).

use crate::deviation::Deviation;
use crate::leaf::Leaf;

/// RFC 2606, 2: a name that nobody has.
const NOWHERE: &str = "http://ocsp.invalid/";

pub(super) struct OcspUnreachable;

impl Deviation for OcspUnreachable {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.ocsp = Some(NOWHERE.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn whoever_asks_nobody_misses_no_answer() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::OcspUnreachable);
        says(&request, 0, "OCSP - URI:http://ocsp.invalid/\n");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }

    #[test]
    fn it_stands_beside_the_place_of_the_issuer() {
        let request = Chain::good_for("wsus.corp.example").aia("http://a.example/i").with(Defect::OcspUnreachable);
        says(&request, 0, "OCSP - URI:http://ocsp.invalid/\n");
        says(&request, 0, "CA Issuers - URI:http://a.example/i\n");
    }
}
