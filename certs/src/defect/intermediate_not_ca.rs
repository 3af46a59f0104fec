//! `intermediate-not-ca`: the leaf's issuer does not say that it is an authority (RFC 5280, 4.2.1.9).

use rcgen::IsCa;

use crate::deviation::Deviation;
use crate::line::Line;

pub(super) struct IntermediateNotCa;

impl Deviation for IntermediateNotCa {
    fn line(&self, line: &mut Line) {
        line.own_intermediate().params.is_ca = IsCa::ExplicitNoCa;
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn whoever_is_no_authority_vouches_for_nobody() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::IntermediateNotCa);
        says(&request, 1, "CA:FALSE");
        check(
            request,
            "wsus.corp.example",
            "openssl: 79 invalid CA certificate at depth 1 · webpki: EndEntityUsedAsCa",
        );
    }
}
