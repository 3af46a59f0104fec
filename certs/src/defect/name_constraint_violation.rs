//! `name-constraint-violation`: an authority may vouch for everything but the names of this world (RFC 5280, 4.2.1.10).

use crate::deviation::Deviation;
use crate::line::Line;

pub(super) struct NameConstraintViolation;

impl Deviation for NameConstraintViolation {
    fn line(&self, line: &mut Line) {
        let constraints = line.reversed_constraints.clone();
        line.own_intermediate().params.name_constraints = Some(constraints);
        line.own_intermediate();
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_name_that_an_authority_must_not_vouch_for_is_refused() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::NameConstraintViolation);
        says(&request, 2, "Excluded:\n                  DNS:wsus.corp.example\n");
        check(
            request,
            "wsus.corp.example",
            "openssl: 48 excluded subtree violation at depth 0 · webpki: NameConstraintViolation",
        );
    }
}
