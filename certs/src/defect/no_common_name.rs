//! `no-common-name`: the subject has no CommonName, only the alternative names count. Harmless.

use rcgen::DnType;

use crate::deviation::Deviation;
use crate::leaf::Leaf;

pub(super) struct NoCommonName;

impl Deviation for NoCommonName {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.params.distinguished_name.remove(DnType::CommonName);
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn nobody_misses_a_common_name() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::NoCommonName);
        says(&request, 0, "Subject: O=wsuslab, do not trust\n");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }
}
