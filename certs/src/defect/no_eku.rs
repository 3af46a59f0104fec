//! `no-eku`: the leaf says nothing of what it may be used for, which allows everything (RFC 5280, 4.2.1.12). Harmless.

use crate::deviation::Deviation;
use crate::leaf::Leaf;

pub(super) struct NoEku;

impl Deviation for NoEku {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.params.extended_key_usages.clear();
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, does_not_say};
    use crate::{Chain, Defect};

    #[test]
    fn a_leaf_without_a_purpose_serves_any() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::NoEku);
        does_not_say(&request, 0, "Extended Key Usage");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }
}
