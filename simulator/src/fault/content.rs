//! Faults of update files.

use serde::{Deserialize, Serialize};

use crate::layer::content::ContentSeam;

mod missing;

/// What the delivery of files can do wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum ContentFault {
    /// Every file is missing (404).
    Missing {},
}

impl ContentFault {
    /// The name under which it signs, and what it does at the seams.
    pub(crate) fn at_seam(&self) -> (&'static str, Box<dyn ContentSeam>) {
        match self {
            ContentFault::Missing {} => ("content/missing", Box::new(missing::Missing)),
        }
    }
}
