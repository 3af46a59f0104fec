//! `unknown-critical-extension`: the leaf insists on something that nobody understands (RFC 5280, 4.2).

use rcgen::CustomExtension;

use crate::deviation::Deviation;
use crate::leaf::Leaf;

/// Below the number that is set aside for examples (RFC 5612).
pub(super) const UNKNOWN: &[u64] = &[1, 3, 6, 1, 4, 1, 32473, 1];
/// NULL.
const NOTHING: [u8; 2] = [5, 0];

pub(super) struct UnknownCriticalExtension;

impl Deviation for UnknownCriticalExtension {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.params.custom_extensions.push(unknown());
    }
}

pub(super) fn unknown() -> CustomExtension {
    let mut extension = CustomExtension::from_oid_content(UNKNOWN, NOTHING.to_vec());
    extension.set_criticality(true);
    extension
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn what_is_critical_must_be_understood() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::UnknownCriticalExtension);
        says(&request, 0, "1.3.6.1.4.1.32473.1: critical");
        check(
            request,
            "wsus.corp.example",
            "openssl: 34 unhandled critical extension at depth 0 · webpki: UnsupportedCriticalExtension",
        );
    }
}
