//! `wildcard`: issued to all names of the server's domain. Harmless.

use crate::deviation::Deviation;
use crate::names::Names;

pub(super) struct Wildcard;

impl Deviation for Wildcard {
    fn lacks(&self, asked: &Names) -> Option<&'static str> {
        asked.dns.iter().all(|name| name.matches('.').count() < 2).then_some("a name of three labels")
    }

    fn issued_to(&self, names: &mut Names) {
        for name in &mut names.dns {
            if let Some((_, domain)) = name.split_once('.') {
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
    fn a_wildcard_stands_for_one_label() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::Wildcard);
        says(&request, 0, "DNS:*.corp.example\n");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }
}
