//! `superfluous-certificate`: an authority that has nothing to do with the leaf is sent along. Harmless.

use crate::ca::Sent;
use crate::deviation::Deviation;
use crate::line::Line;

pub(super) struct SuperfluousCertificate;

impl Deviation for SuperfluousCertificate {
    fn line(&self, line: &mut Line) {
        line.another_beside();
    }

    fn sent(&self, sent: &mut Sent) {
        sent.certificates.append(&mut sent.beside);
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn an_unrelated_certificate_does_no_harm() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::SuperfluousCertificate);
        says(&request, 2, "CN=wsuslab lab organisation intermediate 2x, do not trust");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }
}
