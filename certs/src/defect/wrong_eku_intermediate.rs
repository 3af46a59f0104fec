//! `wrong-eku-intermediate`: the authority may vouch for clients only, so its servers are none (Windows intersects the usages of
//! a chain).

use rcgen::ExtendedKeyUsagePurpose;

use crate::deviation::Deviation;
use crate::line::Line;

pub(super) struct WrongEkuIntermediate;

impl Deviation for WrongEkuIntermediate {
    fn line(&self, line: &mut Line) {
        line.own_intermediate().params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn the_usages_of_an_authority_limit_those_of_its_leaves() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::WrongEkuIntermediate);
        says(&request, 1, "TLS Web Client Authentication");
        says(&request, 0, "TLS Web Server Authentication");
        check(
            request,
            "wsus.corp.example",
            "openssl: 26 unsuitable certificate purpose at depth 1 · webpki: wrong purpose",
        );
    }
}
