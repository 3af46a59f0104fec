//! `content/missing`: every file is missing (404).

use crate::layer::content::{ContentAct, ContentSeam, FileAsked};
use crate::seam::{Stage, Standing};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Missing;

impl ContentSeam for Missing {
    fn on_file(&self, _: &FileAsked<'_>) -> ContentAct {
        ContentAct::Missing
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::end(Stage::File))
    }
}
