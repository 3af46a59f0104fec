//! `expired-cross-sign`: the server sends a certificate in which an old root, long expired, vouches for the root that the subject
//! trusts (AddTrust, May 2020). Whoever looks into his store first sees nothing wrong. The old root stands among the further
//! roots as `expired-cross-sign`.

use crate::deviation::Deviation;
use crate::line::Line;
use crate::validity::Validity;

pub(super) struct ExpiredCrossSign;

impl Deviation for ExpiredCrossSign {
    fn line(&self, line: &mut Line) {
        let dates = Validity::that_ended_before(line.now);
        dates.write_to(&mut line.own_root().params);
        dates.write_to(&mut line.worlds_root_as_intermediate().params);
        line.own_intermediate();
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn whoever_knows_the_new_root_needs_no_cross_certificate() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::ExpiredCrossSign);
        says(&request, 2, "Subject: O=wsuslab, do not trust, CN=wsuslab lab organisation root, do not trust\n");
        says(&request, 2, "Issuer: O=wsuslab, do not trust, CN=wsuslab lab organisation root 2, do not trust\n");
        says(&request, 2, "Not After : Jan 30 12:00:00 2026 GMT");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }
}
