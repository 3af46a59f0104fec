//! `content/missing`: every file is missing (404).

use crate::layer::content::{ContentAct, ContentSeam, FileAsked};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Missing;

impl ContentSeam for Missing {
    fn on_file(&self, _: &FileAsked<'_>) -> ContentAct {
        ContentAct::Missing
    }
}
