//! `any-eku`: anyExtendedKeyUsage alone. Clients disagree on whether that covers a server.

use rcgen::ExtendedKeyUsagePurpose;

use crate::deviation::Deviation;
use crate::leaf::Leaf;

pub(super) struct AnyEku;

impl Deviation for AnyEku {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Any];
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_leaf_for_any_purpose_is_judged_differently() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::AnyEku);
        says(&request, 0, "Any Extended Key Usage");
        check(
            request,
            "wsus.corp.example",
            "openssl: 26 unsuitable certificate purpose at depth 0 · webpki: wrong purpose",
        );
    }
}
