//! `expired-1963`: the leaf ended before the epoch of Unix, in a year that a careless reader takes for 2063 or for never.

use time::macros::datetime;

use crate::deviation::Deviation;
use crate::leaf::Leaf;
use crate::validity::Validity;

pub(super) struct Expired1963;

impl Deviation for Expired1963 {
    fn leaf(&self, leaf: &mut Leaf) {
        let dates = Validity { not_before: datetime!(1962-01-01 0:00 UTC), not_after: datetime!(1963-01-01 0:00 UTC) };
        dates.write_to(&mut leaf.params);
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_leaf_that_ended_before_the_epoch_is_expired() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::Expired1963);
        says(&request, 0, "Not After : Jan  1 00:00:00 1963 GMT");
        check(request, "wsus.corp.example", "openssl: 10 certificate has expired at depth 0 · webpki: BadEncoding");
    }
}
