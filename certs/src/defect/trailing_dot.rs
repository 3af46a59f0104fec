//! `trailing-dot`: issued to the name with a dot at its end, which no name in a certificate has (RFC 5280, 4.2.1.6).

use crate::deviation::Deviation;
use crate::names::Names;

pub(super) struct TrailingDot;

impl Deviation for TrailingDot {
    fn lacks(&self, asked: &Names) -> Option<&'static str> {
        asked.dns.is_empty().then_some("a name")
    }

    fn issued_to(&self, names: &mut Names) {
        for name in &mut names.dns {
            name.push('.');
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_dot_at_the_end_makes_another_name() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::TrailingDot);
        says(&request, 0, "DNS:wsus.corp.example.\n");
        check(
            request,
            "wsus.corp.example",
            "openssl: 62 hostname mismatch at depth 0 · webpki: MalformedDnsIdentifier",
        );
    }
}
