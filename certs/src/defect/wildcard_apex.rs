//! `wildcard-apex`: a wildcard below the server's name, and a wildcard stands for at least one label (RFC 6125, 6.4.3; F-40).

use crate::deviation::Deviation;
use crate::names::Names;

pub(super) struct WildcardApex;

impl Deviation for WildcardApex {
    fn lacks(&self, asked: &Names) -> Option<&'static str> {
        asked.dns.is_empty().then_some("a name")
    }

    fn issued_to(&self, names: &mut Names) {
        for name in &mut names.dns {
            *name = format!("*.{name}");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_wildcard_does_not_stand_for_nothing() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::WildcardApex);
        says(&request, 0, "DNS:*.wsus.corp.example\n");
        check(request, "wsus.corp.example", "openssl: 62 hostname mismatch at depth 0 · webpki: not valid for name");
    }
}
