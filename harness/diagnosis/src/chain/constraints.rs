//! Name constraints (RFC 5280, 4.2.1.10), for the two forms of name that a TLS server has: DNS names and addresses.

use std::net::IpAddr;

use x509_parser::extensions::{GeneralName, GeneralSubtree, NameConstraints};

use super::Certificate;
use crate::words::safe;

/// The names that an authority may and may not vouch for.
#[derive(Clone, Debug, Default)]
pub(super) struct Constraints {
    permitted: Subtrees,
    excluded: Subtrees,
}

#[derive(Clone, Debug, Default)]
struct Subtrees {
    dns: Vec<String>,
    addresses: Vec<Vec<u8>>,
}

impl Constraints {
    pub(super) fn read(extension: &NameConstraints<'_>) -> Constraints {
        Constraints {
            permitted: Subtrees::read(extension.permitted_subtrees.as_deref()),
            excluded: Subtrees::read(extension.excluded_subtrees.as_deref()),
        }
    }

    /// The first name of `below` that these constraints forbid, safe to print.
    pub(super) fn forbid(&self, below: &Certificate) -> Option<String> {
        let name = below.dns_names.iter().find(|name| {
            let permitted = self.permitted.dns.is_empty() || self.permitted.has_name(name);
            !permitted || self.excluded.has_name(name)
        });
        let address = below.addresses.iter().find(|address| {
            let permitted = self.permitted.addresses.is_empty() || self.permitted.has_address(**address);
            !permitted || self.excluded.has_address(**address)
        });
        name.map(|name| safe(name)).or_else(|| address.map(ToString::to_string))
    }
}

impl Subtrees {
    fn read(subtrees: Option<&[GeneralSubtree<'_>]>) -> Subtrees {
        let mut read = Subtrees::default();
        for subtree in subtrees.unwrap_or_default() {
            match &subtree.base {
                GeneralName::DNSName(name) => read.dns.push(name.to_ascii_lowercase()),
                GeneralName::IPAddress(bytes) => read.addresses.push(bytes.to_vec()),
                _ => {}
            }
        }
        read
    }

    fn has_name(&self, name: &str) -> bool {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        let name = name.strip_prefix("*.").unwrap_or(&name);
        self.dns.iter().any(|base| within(name, base))
    }

    fn has_address(&self, address: IpAddr) -> bool {
        let octets = match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        self.addresses.iter().any(|subnet| {
            let (network, mask) = subnet.split_at(subnet.len() / 2);
            let alike = |at: usize| octets[at] & mask[at] == network[at] & mask[at];
            subnet.len() == 2 * octets.len() && (0..octets.len()).all(alike)
        })
    }
}

/// A subtree holds its own name and all below it; with a dot before it, as some write it, only those below.
fn within(name: &str, base: &str) -> bool {
    if base.is_empty() || name == base {
        return true;
    }
    let below = base.strip_prefix('.').unwrap_or(base);
    name.strip_suffix(below).is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::{Subtrees, within};

    #[test]
    fn a_subtree_holds_whole_labels_only() {
        for (name, base, expected) in [
            ("up.contoso.com", "contoso.com", true),
            ("contoso.com", "contoso.com", true),
            ("evilcontoso.com", "contoso.com", false),
            ("up.contoso.com", ".contoso.com", true),
            ("contoso.com", ".contoso.com", false),
            ("any", "", true),
        ] {
            assert_eq!(within(name, base), expected, "{name} within {base}");
        }
    }

    #[test]
    fn an_address_lies_in_a_subnet_of_its_own_family() {
        let ten = Subtrees { dns: vec![], addresses: vec![vec![10, 87, 0, 0, 255, 255, 0, 0]] };
        assert!(ten.has_address([10, 87, 3, 4].into()));
        assert!(!ten.has_address([10, 88, 3, 4].into()));
        assert!(!ten.has_address([0u16; 8].into()));
        let odd = Subtrees { dns: vec![], addresses: vec![vec![1, 2, 3]] };
        assert!(!odd.has_address([1, 2, 3, 4].into()));
    }
}
