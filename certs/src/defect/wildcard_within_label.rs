//! `wildcard-within-label`: an asterisk stands for a part of a label, which clients need not accept (RFC 6125, 6.4.3).

use crate::deviation::Deviation;
use crate::names::Names;

pub(super) struct WildcardWithinLabel;

impl Deviation for WildcardWithinLabel {
    fn lacks(&self, asked: &Names) -> Option<&'static str> {
        asked.dns.is_empty().then_some("a name")
    }

    fn issued_to(&self, names: &mut Names) {
        for name in &mut names.dns {
            let first = name.chars().next().map_or(0, char::len_utf8);
            let (label, domain) = name.split_at(name.find('.').unwrap_or(name.len()));
            *name = format!("{}*{domain}", &label[..first]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_wildcard_within_a_label_is_read_by_some() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::WildcardWithinLabel);
        says(&request, 0, "DNS:w*.corp.example\n");
        check(request, "wsus.corp.example", "openssl: ok · webpki: MalformedDnsIdentifier");
    }
}
