//! `unknown-critical-extension-intermediate`: the leaf's issuer insists on something that nobody understands (RFC 5280, 4.2).

use crate::defect::unknown_critical_extension::unknown;
use crate::deviation::Deviation;
use crate::line::Line;

pub(super) struct UnknownCriticalExtensionIntermediate;

impl Deviation for UnknownCriticalExtensionIntermediate {
    fn line(&self, line: &mut Line) {
        line.own_intermediate().params.custom_extensions.push(unknown());
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn what_is_critical_to_an_authority_must_be_understood() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::UnknownCriticalExtensionIntermediate);
        says(&request, 1, "1.3.6.1.4.1.32473.1: critical");
        check(
            request,
            "wsus.corp.example",
            "openssl: 34 unhandled critical extension at depth 1 · webpki: UnsupportedCriticalExtension",
        );
    }
}
