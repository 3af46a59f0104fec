//! `100-sans`: the leaf carries a hundred names. Harmless.

use crate::deviation::Deviation;
use crate::names::Names;

/// How many names the leaf carries.
const NAMES: usize = 100;

pub(super) struct Sans100;

impl Deviation for Sans100 {
    fn lacks(&self, asked: &Names) -> Option<&'static str> {
        asked.dns.is_empty().then_some("a name")
    }

    fn issued_to(&self, names: &mut Names) {
        names.fill_up_to(NAMES);
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_leaf_may_carry_a_hundred_names() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::Sans100);
        says(&request, 0, "DNS:host-99.wsus.corp.example\n");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }
}
