//! `1000-sans`: the leaf carries a thousand names. Harmless, but it makes a long handshake.

use crate::deviation::Deviation;
use crate::names::Names;

/// How many names the leaf carries.
const NAMES: usize = 1000;

pub(super) struct Sans1000;

impl Deviation for Sans1000 {
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
    fn a_leaf_may_carry_a_thousand_names() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::Sans1000);
        says(&request, 0, "DNS:host-999.wsus.corp.example\n");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }
}
