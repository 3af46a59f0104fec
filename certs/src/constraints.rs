//! What an authority may vouch for: the names and addresses of one world, and nothing else.

use std::net::IpAddr;

use rcgen::{CidrSubnet, GeneralSubtree, NameConstraints};

use crate::error::CertsError;
use crate::names::Names;

/// The names and addresses that the roots of a world are constrained to (RFC 5280, 4.2.1.10).
#[derive(Debug)]
pub(crate) struct Constraints {
    permitted: Names,
}

impl Constraints {
    pub(crate) fn to(names: &Names) -> Result<Self, CertsError> {
        names.check()?;
        let mut permitted = Names::default();
        permitted.extend(Names {
            dns: names.dns.iter().map(|name| subtree(name)).collect(),
            addresses: names.addresses.clone(),
        });
        Ok(Self { permitted })
    }

    /// Refuses a leaf that every client would refuse for its constraints: nobody means to ask for that by accident.
    pub(crate) fn cover(&self, names: &Names) -> Result<(), CertsError> {
        if let Some(name) = names.dns.iter().find(|name| !self.covers_name(name)) {
            return Err(CertsError::OutsideConstraints { name: name.clone() });
        }
        match names.addresses.iter().find(|address| !self.permitted.addresses.contains(address)) {
            Some(address) => Err(CertsError::OutsideConstraints { name: address.to_string() }),
            None => Ok(()),
        }
    }

    /// A form of name of which none is permitted is excluded altogether; left out, it would be without any constraint.
    pub(crate) fn extension(&self) -> NameConstraints {
        let mut excluded_subtrees = Vec::new();
        if self.permitted.dns.is_empty() {
            excluded_subtrees.push(GeneralSubtree::DnsName(String::new()));
        }
        if self.permitted.addresses.is_empty() {
            excluded_subtrees.push(GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix([0; 4], 0)));
            excluded_subtrees.push(GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix([0; 16], 0)));
        }
        let names = self.permitted.dns.iter().cloned().map(GeneralSubtree::DnsName);
        let addresses = self.permitted.addresses.iter().copied().map(only);
        NameConstraints { permitted_subtrees: names.chain(addresses).collect(), excluded_subtrees }
    }

    fn covers_name(&self, name: &str) -> bool {
        let wanted = subtree(name);
        self.permitted.dns.iter().any(|permitted| {
            wanted.strip_suffix(permitted.as_str()).is_some_and(|labels| labels.is_empty() || labels.ends_with('.'))
        })
    }
}

/// A wildcard is no subtree; the domain it stands in is.
fn subtree(name: &str) -> String {
    name.strip_prefix("*.").unwrap_or(name).to_ascii_lowercase()
}

fn only(address: IpAddr) -> GeneralSubtree {
    GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, if address.is_ipv4() { 32 } else { 128 }))
}
