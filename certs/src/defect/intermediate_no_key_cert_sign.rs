//! `intermediate-no-key-cert-sign`: the leaf's issuer is an authority whose key may not sign certificates (RFC 5280, 4.2.1.3).

use rcgen::KeyUsagePurpose;

use crate::deviation::Deviation;
use crate::line::Line;

pub(super) struct IntermediateNoKeyCertSign;

impl Deviation for IntermediateNoKeyCertSign {
    fn line(&self, line: &mut Line) {
        line.own_intermediate().params.key_usages = vec![KeyUsagePurpose::CrlSign];
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, does_not_say, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_key_that_may_not_sign_certificates_vouches_for_nobody() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::IntermediateNoKeyCertSign);
        says(&request, 1, "CRL Sign");
        says(&request, 1, "CA:TRUE");
        does_not_say(&request, 1, "Certificate Sign");
        check(request, "wsus.corp.example", "openssl: 79 invalid CA certificate at depth 1 · webpki: ok");
    }
}
