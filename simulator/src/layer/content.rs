//! Update files: where faults of their delivery act.

use crate::seam::Act;

/// Where faults of the delivery of files act.
pub(crate) trait ContentSeam: Send + Sync {
    /// A file was asked for.
    fn on_file(&self) -> ContentAct {
        ContentAct::Proceed
    }
}

/// What a fault makes of a file that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContentAct {
    /// It is sent.
    Proceed,
    /// It is not there.
    Missing,
}

impl Act for ContentAct {
    fn proceed() -> Self {
        ContentAct::Proceed
    }

    fn proceeds(&self) -> bool {
        *self == ContentAct::Proceed
    }
}
