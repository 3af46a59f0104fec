//! The names and addresses that a leaf carries, and how a subject is written.

use std::net::IpAddr;

use rcgen::{DistinguishedName, DnType, SanType};

use crate::error::CertsError;

/// X.520 allows a CommonName no more than this.
const LONGEST_COMMON_NAME: usize = 64;

/// DNS names and addresses: those of one leaf, or of all leaves of a world.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// DNS names, a short name among them where a server is called by it.
    pub dns: Vec<String>,
    /// Addresses, for servers that are called by address.
    pub addresses: Vec<IpAddr>,
}

impl Names {
    /// Adds what is not yet there.
    pub fn extend(&mut self, other: Names) {
        for name in other.dns {
            if !self.dns.contains(&name) {
                self.dns.push(name);
            }
        }
        for address in other.addresses {
            if !self.addresses.contains(&address) {
                self.addresses.push(address);
            }
        }
    }

    /// Adds hosts below the first name until there are so many names.
    pub(crate) fn fill_up_to(&mut self, count: usize) {
        let Some(first) = self.dns.first().cloned() else { return };
        self.dns.extend((self.dns.len()..count).map(|number| format!("host-{number}.{first}")));
    }

    /// DNS names in certificates are ASCII; an internationalized one must come in its `xn--` form (RFC 5280, 7.2).
    pub(crate) fn check(&self) -> Result<(), CertsError> {
        let usable = |name: &str| !name.is_empty() && name.is_ascii() && name.parse::<IpAddr>().is_err();
        match self.dns.iter().find(|name| !usable(name)) {
            Some(name) => Err(CertsError::NotADnsName { name: name.clone() }),
            None => Ok(()),
        }
    }

    /// They are as the deviation of a leaf left them, checked or not; but they fit the type.
    pub(crate) fn subject_alternative_names(&self) -> Result<Vec<SanType>, CertsError> {
        let names = self.dns.iter().map(|name| Ok(SanType::DnsName(name.as_str().try_into()?)));
        names.chain(self.addresses.iter().map(|address| Ok(SanType::IpAddress(*address)))).collect()
    }

    /// The CommonName is the first name, as real servers have it.
    ///
    /// Without a DNS name it must not look like one: OpenSSL then holds it against the constraints on DNS names.
    pub(crate) fn common_name(&self) -> String {
        let name = match (self.dns.first(), self.addresses.first()) {
            (Some(name), _) => name.clone(),
            (None, Some(address)) => format!("wsuslab server at {address}"),
            (None, None) => String::new(),
        };
        if name.len() <= LONGEST_COMMON_NAME { name } else { "wsuslab server with a long name".to_owned() }
    }
}

/// A subject with this CommonName, marked as the lab's own.
pub(crate) fn distinguished_name(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, "wsuslab, do not trust");
    name.push(DnType::CommonName, common_name);
    name
}
