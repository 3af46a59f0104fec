//! `no-subject`: the subject is empty and the alternative names are critical (RFC 5280, 4.1.2.6). Harmless.

use rcgen::DistinguishedName;

use crate::deviation::Deviation;
use crate::leaf::Leaf;

pub(super) struct NoSubject;

impl Deviation for NoSubject {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.params.distinguished_name = DistinguishedName::new();
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn nobody_misses_a_subject() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::NoSubject);
        says(&request, 0, "Subject: \n");
        says(&request, 0, "Subject Alternative Name: critical");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }
}
