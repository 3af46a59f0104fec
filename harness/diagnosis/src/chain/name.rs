//! Whether a certificate is for a host, as the SSL policy of Windows decides it (RFC 9525 where they agree).

use std::net::IpAddr;

use super::Certificate;
use crate::words::safe;

/// Whether the leaf is for the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameVerdict {
    /// By an entry of the subject alternative name.
    Matches,
    /// By the common name, as there is no subject alternative name: browsers and OpenSSL would refuse it, Windows does not.
    MatchesByCommonName,
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
    if !leaf.has_alternative_names {
        return match &leaf.common_name {
            Some(name) if matches(name, host) => NameVerdict::MatchesByCommonName,
            _ => mismatch(leaf.common_name.iter().map(|name| safe(name)).collect()),
        };
    }
    let literal: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    let found = match literal {
        Some(address) => leaf.addresses.contains(&address),
        None => leaf.dns_names.iter().any(|name| matches(name, host)),
    };
    if found { NameVerdict::Matches } else { mismatch(all_names(leaf)) }
}

/// One wildcard, alone in the left-most label, stands for exactly one label.
fn matches(certified: &str, host: &str) -> bool {
    let certified = certified.trim_end_matches('.');
    let Some(parent) = certified.strip_prefix("*.") else { return certified.eq_ignore_ascii_case(host) };
    let Some((label, rest)) = host.split_once('.') else { return false };
    !label.is_empty() && !parent.contains('*') && parent.contains('.') && parent.eq_ignore_ascii_case(rest)
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
