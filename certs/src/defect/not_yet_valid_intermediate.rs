//! `not-yet-valid-intermediate`: the authority that signed the leaf begins the day after tomorrow.

use time::Duration;

use crate::deviation::Deviation;
use crate::line::Line;

pub(super) struct NotYetValidIntermediate;

impl Deviation for NotYetValidIntermediate {
    fn line(&self, line: &mut Line) {
        let begins = line.now + Duration::days(2);
        line.own_intermediate().params.not_before = begins;
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn an_intermediate_whose_time_is_to_come_is_not_yet_valid() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::NotYetValidIntermediate);
        says(&request, 1, "Not Before: Mar  3 12:00:00 2026 GMT");
        check(
            request,
            "wsus.corp.example",
            "openssl: 9 certificate is not yet valid or the system clock is incorrect at depth 1 · webpki: not yet valid",
        );
    }
}
