//! `expired`: the leaf's time ended a month ago; the authorities' has not.

use time::Duration;

use crate::deviation::Deviation;
use crate::leaf::Leaf;
use crate::validity::Validity;

pub(super) struct Expired;

impl Deviation for Expired {
    fn leaf(&self, leaf: &mut Leaf) {
        let not_after = leaf.now - Duration::days(30);
        Validity { not_before: not_after - Duration::days(90), not_after }.write_to(&mut leaf.params);
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::check;
    use crate::{Chain, Defect};

    #[test]
    fn an_expired_leaf_is_expired_and_nothing_else() {
        check(
            Chain::good_for("sls.example").with(Defect::Expired),
            "sls.example",
            "openssl: 10 certificate has expired at depth 0 · webpki: expired",
        );
    }
}
