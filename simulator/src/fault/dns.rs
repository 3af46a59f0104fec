//! Faults of name resolution.

use serde::{Deserialize, Serialize};

use crate::layer::dns::DnsSeam;

mod name_not_found;

/// What a DNS server can do wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum DnsFault {
    /// NXDOMAIN for every name that `when.host` selects (F-27).
    NameNotFound {},
}

impl DnsFault {
    /// The name under which it signs, and what it does at the seams.
    pub(crate) fn at_seam(&self) -> (&'static str, Box<dyn DnsSeam>) {
        match self {
            DnsFault::NameNotFound {} => ("dns/name-not-found", Box::new(name_not_found::NameNotFound)),
        }
    }
}
