//! Faults of update files.

use serde::{Deserialize, Serialize};

/// What the delivery of files can do wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum ContentFault {
    /// Every file is missing (404).
    Missing {},
}
