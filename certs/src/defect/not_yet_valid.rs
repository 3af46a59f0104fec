//! `not-yet-valid`: the leaf begins the day after tomorrow; its authorities are valid then and now.

use time::Duration;

use crate::deviation::Deviation;
use crate::leaf::Leaf;

pub(super) struct NotYetValid;

impl Deviation for NotYetValid {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.params.not_before = leaf.now + Duration::days(2);
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_leaf_whose_time_is_to_come_is_not_yet_valid() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::NotYetValid);
        says(&request, 0, "Not Before: Mar  3 12:00:00 2026 GMT");
        check(
            request,
            "wsus.corp.example",
            "openssl: 9 certificate is not yet valid or the system clock is incorrect at depth 0 · webpki: not yet valid",
        );
    }
}
