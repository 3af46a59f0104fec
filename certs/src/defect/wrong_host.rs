//! `wrong-host`: a good certificate, but another server's.

use std::net::IpAddr;

use super::Deviation;
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
