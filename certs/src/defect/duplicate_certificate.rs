//! `duplicate-certificate`: the intermediate is sent twice, as happens when it stands both beside the leaf and in the file of the chain.
//! Harmless.

use crate::ca::Sent;
use crate::deviation::Deviation;

pub(super) struct DuplicateCertificate;

impl Deviation for DuplicateCertificate {
    fn sent(&self, sent: &mut Sent) {
        if let Some(last) = sent.certificates.last().cloned() {
            sent.certificates.push(last);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_certificate_that_comes_twice_does_no_harm() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::DuplicateCertificate);
        says(&request, 2, "CN=wsuslab lab organisation intermediate, do not trust");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }
}
