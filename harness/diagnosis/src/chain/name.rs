//! Whether a certificate is for a host, as the SSL policy of Windows decides it (RFC 9525 where they agree).

use std::net::IpAddr;

use super::{Certificate, idn};
use crate::words::safe;

/// Whether the leaf is for the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameVerdict {
    /// By an entry of the subject alternative name.
    Matches,
    /// By the common name, as there is no subject alternative name: browsers and OpenSSL would refuse it, Windows does not.
    MatchesByCommonName,
    /// By an entry in a form that clients read differently; whether Windows takes it is not known.
    Unclear {
        /// The entry, safe to print.
        entry: String,
        /// What is odd about it.
        oddity: &'static str,
    },
    /// It is for other names.
    Mismatch {
        /// The names it is for, safe to print; at most ten.
        certified: Vec<String>,
    },
    /// There is no readable leaf.
    NoLeaf,
}

/// Checks `leaf` against `host`, a name or an address.
pub(super) fn check(leaf: &Certificate, host: &str) -> NameVerdict {
    let host = host.trim_end_matches('.');
    let ascii = idn::to_ascii(host);
    if !leaf.has_alternative_names {
        return match &leaf.common_name {
            Some(name) if matches(name, &ascii) => NameVerdict::MatchesByCommonName,
            _ => mismatch(leaf.common_name.iter().map(|name| safe(name)).collect()),
        };
    }
    let literal: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    let found = match literal {
        Some(address) => leaf.addresses.contains(&address),
        None => leaf.dns_names.iter().any(|name| matches(name, &ascii)),
    };
    if found {
        return NameVerdict::Matches;
    }
    let odd = leaf.dns_names.iter().find_map(|name| oddity(name, &ascii, literal).map(|oddity| (name, oddity)));
    match odd {
        Some((entry, oddity)) => NameVerdict::Unclear { entry: safe(entry), oddity },
        None => mismatch(all_names(leaf)),
    }
}

/// One wildcard, alone in the left-most label, stands for exactly one label.
fn matches(certified: &str, host: &str) -> bool {
    let Some(parent) = certified.strip_prefix("*.") else { return certified.eq_ignore_ascii_case(host) };
    let Some((label, rest)) = host.split_once('.') else { return false };
    !label.is_empty() && !parent.contains('*') && parent.contains('.') && parent.eq_ignore_ascii_case(rest)
}

/// Why an entry that does not match might match all the same; documents and builds of Windows differ on these.
fn oddity(certified: &str, host: &str, literal: Option<IpAddr>) -> Option<&'static str> {
    if literal.is_some() {
        let written = certified.parse::<IpAddr>().ok() == literal;
        return written.then_some("an address that is written as a name");
    }
    if certified.strip_suffix('.').is_some_and(|name| matches(name, host)) {
        return Some("a name with a dot at its end");
    }
    if !certified.is_ascii() && matches(&idn::to_ascii(certified), host) {
        return Some("an internationalized name that is not in its xn-- form");
    }
    let (pattern, parent) = certified.split_once('.')?;
    let (label, rest) = host.split_once('.')?;
    let (before, after) = pattern.split_once('*')?;
    let (pattern_length, label) = (before.len() + after.len(), label.to_ascii_lowercase());
    let fits = parent.eq_ignore_ascii_case(rest)
        && pattern_length <= label.len()
        && label.starts_with(&before.to_ascii_lowercase())
        && label.ends_with(&after.to_ascii_lowercase());
    (0 < pattern_length && fits).then_some("a wildcard that stands for a part of a label")
}

fn all_names(leaf: &Certificate) -> Vec<String> {
    let addresses = leaf.addresses.iter().map(|address| address.to_string());
    leaf.dns_names.iter().map(|name| safe(name)).chain(addresses).take(10).collect()
}

fn mismatch(certified: Vec<String>) -> NameVerdict {
    NameVerdict::Mismatch { certified: if certified.is_empty() { vec!["no name".to_owned()] } else { certified } }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_wildcard_stands_for_one_label() {
        for (certified, host, expected) in [
            ("up.contoso.com", "UP.contoso.com", true),
            ("*.contoso.com", "up.contoso.com", true),
            ("*.contoso.com", "a.up.contoso.com", false),
            ("*.contoso.com", "contoso.com", false),
            ("*.contoso.com", ".contoso.com", false),
            ("*.com", "contoso.com", false),
            ("u*.contoso.com", "up.contoso.com", false),
            ("up.*.com", "up.contoso.com", false),
            ("up.contoso.com", "up", false),
        ] {
            assert_eq!(matches(certified, host), expected, "{certified} for {host}");
        }
    }
}
