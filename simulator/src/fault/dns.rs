//! Faults of name resolution.

use serde::{Deserialize, Serialize};

/// What a DNS server can do wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum DnsFault {
    /// NXDOMAIN for every name that `when.host` selects (F-27).
    NameNotFound {},
}
