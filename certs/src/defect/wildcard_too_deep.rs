//! `wildcard-too-deep`: a wildcard one level above the server, and a wildcard stands for one label only (RFC 6125, 6.4.3; F-40).

use crate::deviation::Deviation;
use crate::names::Names;

pub(super) struct WildcardTooDeep;

impl Deviation for WildcardTooDeep {
    fn lacks(&self, asked: &Names) -> Option<&'static str> {
        (asked.dns.is_empty() || asked.dns.iter().any(|name| name.matches('.').count() < 3))
            .then_some("names of four labels")
    }

    fn issued_to(&self, names: &mut Names) {
        for name in &mut names.dns {
            if let Some(domain) = name.splitn(3, '.').nth(2) {
                *name = format!("*.{domain}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_wildcard_does_not_stand_for_two_labels() {
        let request = Chain::good_for("wsus.branch.corp.example").with(Defect::WildcardTooDeep);
        says(&request, 0, "DNS:*.corp.example\n");
        check(
            request,
            "wsus.branch.corp.example",
            "openssl: 62 hostname mismatch at depth 0 · webpki: not valid for name",
        );
    }
}
