//! `10000-sans`: the leaf carries ten thousand names. The certificate is longer than many a client
//! will read.

use crate::deviation::Deviation;
use crate::names::Names;

/// How many names the leaf carries.
const NAMES: usize = 10_000;

pub(super) struct Sans10000;

impl Deviation for Sans10000 {
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
    fn a_leaf_may_carry_ten_thousand_names() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::Sans10000);
        says(&request, 0, "DNS:host-9999.wsus.corp.example\n");
        check(request, "wsus.corp.example", "openssl: ok · webpki: BadEncoding");
    }
}
