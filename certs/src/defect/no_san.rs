//! `no-san`: the name stands in the CommonName only. Windows takes that, most others do not (F-41).

use crate::deviation::Deviation;
use crate::leaf::Leaf;
use crate::names::Names;

pub(super) struct NoSan;

impl Deviation for NoSan {
    fn lacks(&self, asked: &Names) -> Option<&'static str> {
        asked.dns.is_empty().then_some("a name")
    }

    fn leaf(&self, leaf: &mut Leaf) {
        leaf.params.subject_alt_names.clear();
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, does_not_say, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_name_in_the_common_name_alone_is_read_by_some() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::NoSan);
        says(&request, 0, "CN=wsus.corp.example\n");
        does_not_say(&request, 0, "Subject Alternative Name");
        check(request, "wsus.corp.example", "openssl: ok · webpki: not valid for name");
    }
}
