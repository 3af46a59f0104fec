//! Faults of update files.

use serde::{Deserialize, Serialize};

use crate::layer::content::ContentSeam;

mod forbidden;
mod missing;
mod no_head;
mod no_ranges;
mod truncated;
mod wrong_bytes;

pub use missing::Missing;

/// What the delivery of files can do wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum ContentFault {
    /// Files are missing (404).
    Missing(Missing),
    /// The folder of the files is closed (403), as where TLS is required of it (F-45).
    Forbidden {},
    /// HEAD is refused (405).
    NoHead {},
    /// Whatever part is asked for, the whole file comes (F-57).
    NoRanges {},
    /// Every file has lost its second half.
    Truncated {},
    /// One byte of every file is another.
    WrongBytes {},
}

impl ContentFault {
    /// The name under which it signs, and what it does at the seams.
    pub(crate) fn at_seam(&self) -> (&'static str, Box<dyn ContentSeam>) {
        match self {
            ContentFault::Missing(missing) => ("content/missing", Box::new(missing.clone())),
            ContentFault::Forbidden {} => ("content/forbidden", Box::new(forbidden::Forbidden)),
            ContentFault::NoHead {} => ("content/no-head", Box::new(no_head::NoHead)),
            ContentFault::NoRanges {} => ("content/no-ranges", Box::new(no_ranges::NoRanges)),
            ContentFault::Truncated {} => ("content/truncated", Box::new(truncated::Truncated)),
            ContentFault::WrongBytes {} => ("content/wrong-bytes", Box::new(wrong_bytes::WrongBytes)),
        }
    }
}
