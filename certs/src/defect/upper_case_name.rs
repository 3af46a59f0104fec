//! `upper-case-name`: issued to the name in capital letters, which is the same name (RFC 4343). Harmless.

use crate::deviation::Deviation;
use crate::names::Names;

pub(super) struct UpperCaseName;

impl Deviation for UpperCaseName {
    fn lacks(&self, asked: &Names) -> Option<&'static str> {
        asked.dns.is_empty().then_some("a name")
    }

    fn issued_to(&self, names: &mut Names) {
        for name in &mut names.dns {
            name.make_ascii_uppercase();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn capital_letters_make_no_other_name() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::UpperCaseName);
        says(&request, 0, "DNS:WSUS.CORP.EXAMPLE\n");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }
}
