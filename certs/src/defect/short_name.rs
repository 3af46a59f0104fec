//! `short-name`: issued to the short name of a server that is called by the full one, or the other way round (F-40).

use crate::deviation::Deviation;
use crate::names::Names;

/// What a short name is taken to stand for.
const DOMAIN: &str = "corp.example";

pub(super) struct ShortName;

impl Deviation for ShortName {
    fn lacks(&self, asked: &Names) -> Option<&'static str> {
        asked.dns.is_empty().then_some("a name")
    }

    fn issued_to(&self, names: &mut Names) {
        let asked = std::mem::take(names);
        let other =
            asked.dns.iter().map(|name| other_form_of(name)).filter(|other| !asked.dns.contains(other)).collect();
        names.extend(Names { dns: other, addresses: Vec::new() });
    }
}

fn other_form_of(name: &str) -> String {
    name.split_once('.').map_or_else(|| format!("{name}.{DOMAIN}"), |(short, _)| short.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_short_name_is_not_the_full_one() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::ShortName);
        says(&request, 0, "DNS:wsus\n");
        check(request, "wsus.corp.example", "openssl: 62 hostname mismatch at depth 0 · webpki: not valid for name");
    }

    #[test]
    fn nor_is_a_full_name_the_short_one() {
        let request = Chain::good_for("wsus").with(Defect::ShortName);
        says(&request, 0, "DNS:wsus.corp.example\n");
        check(request, "wsus", "openssl: 62 hostname mismatch at depth 0 · webpki: not valid for name");
    }
}
