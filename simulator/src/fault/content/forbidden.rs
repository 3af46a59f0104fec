//! `content/forbidden`: the folder of the files is closed (403). IIS answers so over plain HTTP where TLS is required of the
//! folder; the sub-status 403.4 stands in its log alone.

use crate::layer::content::{ContentAct, ContentSeam, FileAsked};
use crate::seam::{Stage, Standing};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Forbidden;

impl ContentSeam for Forbidden {
    fn on_file(&self, _: &FileAsked<'_>) -> ContentAct {
        ContentAct::Forbidden
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::end(Stage::File))
    }
}
