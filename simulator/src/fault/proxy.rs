//! Faults of an explicit proxy.

use serde::{Deserialize, Serialize};

/// What a proxy can do wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum ProxyFault {
    /// Closes the connection without an answer.
    CloseWithoutAnswer {},
}
