//! `wrong-eku`: a client certificate in the place of a server's (F-36).

use rcgen::ExtendedKeyUsagePurpose;

use crate::deviation::Deviation;
use crate::leaf::Leaf;

pub(super) struct WrongEku;

impl Deviation for WrongEku {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, does_not_say, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_client_certificate_is_of_no_use_to_a_server() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::WrongEku);
        says(&request, 0, "TLS Web Client Authentication");
        does_not_say(&request, 0, "TLS Web Server Authentication");
        check(
            request,
            "wsus.corp.example",
            "openssl: 26 unsuitable certificate purpose at depth 0 · webpki: wrong purpose",
        );
    }
}
