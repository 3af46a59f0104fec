//! `expired-intermediate`: the authority that signed the leaf ended a month ago; root and leaf have not.

use crate::deviation::Deviation;
use crate::line::Line;
use crate::validity::Validity;

pub(super) struct ExpiredIntermediate;

impl Deviation for ExpiredIntermediate {
    fn line(&self, line: &mut Line) {
        let dates = Validity::that_ended_before(line.now);
        dates.write_to(&mut line.own_intermediate().params);
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn an_intermediate_whose_time_is_over_is_expired_and_nothing_else() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::ExpiredIntermediate);
        says(&request, 1, "Not After : Jan 30 12:00:00 2026 GMT");
        check(request, "wsus.corp.example", "openssl: 10 certificate has expired at depth 1 · webpki: expired");
    }
}
