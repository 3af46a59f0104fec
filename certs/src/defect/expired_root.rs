//! `expired-root`: the root that the subject trusts ended a month ago. It stands among the further roots as `expired-root`.

use crate::deviation::Deviation;
use crate::line::Line;
use crate::validity::Validity;

pub(super) struct ExpiredRoot;

impl Deviation for ExpiredRoot {
    fn line(&self, line: &mut Line) {
        let dates = Validity::that_ended_before(line.now);
        dates.write_to(&mut line.own_root().params);
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::check;
    use crate::{Chain, Defect};

    #[test]
    fn a_trusted_root_whose_time_is_over_is_expired() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::ExpiredRoot);
        check(request, "wsus.corp.example", "openssl: 10 certificate has expired at depth 2 · webpki: ok");
    }
}
