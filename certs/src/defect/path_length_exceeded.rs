//! `path-length-exceeded`: an authority below which no other may stand has one below it (RFC 5280, 4.2.1.9).

use crate::deviation::Deviation;
use crate::line::Line;

pub(super) struct PathLengthExceeded;

impl Deviation for PathLengthExceeded {
    fn line(&self, line: &mut Line) {
        line.own_intermediate().path_length = Some(0);
        line.own_intermediate();
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn an_authority_below_one_that_signs_leaves_only_is_one_too_many() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::PathLengthExceeded);
        says(&request, 1, "CA:TRUE, pathlen:0\n");
        says(&request, 2, "CA:TRUE, pathlen:0\n");
        check(
            request,
            "wsus.corp.example",
            "openssl: 25 path length constraint exceeded at depth 2 · webpki: PathLenConstraintViolated",
        );
    }
}
