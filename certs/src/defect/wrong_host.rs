//! `wrong-host`: a good certificate, but another server's.

use std::net::IpAddr;

use crate::deviation::Deviation;
use crate::names::Names;

const OTHER: &str = "other-server";
const YET_ANOTHER: &str = "another-server";

pub(super) struct WrongHost;

impl Deviation for WrongHost {
    /// The addresses go too: a right one would save the name. So would a wrong name that is another right one.
    fn issued_to(&self, names: &mut Names) {
        let asked = std::mem::take(names);
        let dns = if asked.dns.is_empty() { vec![wrong_name_for("")] } else { wrong_names_for(&asked.dns) };
        names.extend(Names { dns, addresses: Vec::new() });
    }
}

fn wrong_names_for(asked: &[String]) -> Vec<String> {
    asked.iter().map(|name| wrong_name_for(name)).filter(|wrong| !asked.contains(wrong)).collect()
}

/// A sibling in the same domain; without a name a host under `invalid`, which nobody can own (RFC 2606, 2).
pub(super) fn wrong_name_for(name: &str) -> String {
    if name.is_empty() || name.parse::<IpAddr>().is_ok() {
        return format!("{OTHER}.invalid");
    }
    let (label, domain) = name.split_once('.').map_or((name, None), |(label, domain)| (label, Some(domain)));
    let other = if label.eq_ignore_ascii_case(OTHER) { YET_ANOTHER } else { OTHER };
    domain.map_or_else(|| other.to_owned(), |domain| format!("{other}.{domain}"))
}

#[cfg(test)]
mod tests {
    use crate::verifiers::check;
    use crate::{Chain, Defect};

    const MISMATCH: &str = "openssl: 62 hostname mismatch at depth 0 · webpki: not valid for name";

    #[test]
    fn a_wrong_name_is_seen_as_a_wrong_name_and_not_as_a_violation_of_constraints() {
        check(Chain::good_for("wsus.corp.example").with(Defect::WrongHost), "wsus.corp.example", MISMATCH);
    }

    #[test]
    fn the_chain_of_a_wrong_name_is_good_for_that_name() {
        check(
            Chain::good_for("wsus.corp.example").with(Defect::WrongHost),
            "other-server.corp.example",
            "openssl: ok · webpki: ok",
        );
    }

    #[test]
    fn a_short_name_gets_a_short_wrong_name() {
        check(Chain::good_for("wsus").with(Defect::WrongHost), "wsus", MISMATCH);
    }

    #[test]
    fn neither_of_two_names_is_right() {
        let request =
            || Chain::good_for("wsus.corp.example").also_for("other-server.corp.example").with(Defect::WrongHost);
        check(request(), "wsus.corp.example", MISMATCH);
        check(request(), "other-server.corp.example", MISMATCH);
    }

    #[test]
    fn a_server_called_by_address_gets_a_name() {
        let mut request = Chain::good_for("unused").at([10, 87, 0, 10].into()).with(Defect::WrongHost);
        request.names.clear();
        check(request, "10.87.0.10", "openssl: 64 IP address mismatch at depth 0 · webpki: not valid for name");
    }

    #[test]
    fn the_wrong_name_is_always_the_same_and_never_the_right_one() {
        for (name, wrong) in [
            ("wsus.corp.example", "other-server.corp.example"),
            ("OTHER-SERVER.corp.example", "another-server.corp.example"),
            ("wsus", "other-server"),
            ("sws.update.microsoft.com", "other-server.update.microsoft.com"),
            ("10.87.0.10", "other-server.invalid"),
        ] {
            assert_eq!(Defect::wrong_name_for(name), wrong);
        }
    }
}
