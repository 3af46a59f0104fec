//! `san-mismatch`: the CommonName is right, but where alternative names stand only they count (RFC 6125, 6.4.4; F-41).

use crate::defect::wrong_host::WrongHost;
use crate::deviation::Deviation;
use crate::leaf::Leaf;
use crate::names::{Names, distinguished_name};

pub(super) struct SanMismatch;

impl Deviation for SanMismatch {
    fn lacks(&self, asked: &Names) -> Option<&'static str> {
        asked.dns.is_empty().then_some("a name")
    }

    fn issued_to(&self, names: &mut Names) {
        WrongHost.issued_to(names);
    }

    fn permitted(&self, asked: &Names, names: &mut Names) {
        names.extend(asked.clone());
    }

    fn leaf(&self, leaf: &mut Leaf) {
        leaf.params.distinguished_name = distinguished_name(&leaf.asked.common_name());
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_right_common_name_does_not_save_wrong_alternative_names() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::SanMismatch);
        says(&request, 0, "CN=wsus.corp.example\n");
        says(&request, 0, "DNS:other-server.corp.example\n");
        check(request, "wsus.corp.example", "openssl: 62 hostname mismatch at depth 0 · webpki: not valid for name");
    }
}
