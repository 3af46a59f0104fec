//! Update files: where faults of their delivery act.

use bytes::Bytes;

use crate::seam::{Act, Standing};

/// Where faults of the delivery of files act.
pub(crate) trait ContentSeam: Send + Sync {
    /// A file was asked for.
    fn on_file(&self, asked: &FileAsked<'_>) -> ContentAct {
        let _ = asked;
        ContentAct::Proceed
    }

    /// What it takes for itself; `None` where it does not act always.
    fn standing(&self) -> Option<Standing> {
        None
    }
}

/// How a file was asked for, and what an honest server has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileAsked<'a> {
    /// HEAD: its length and nothing of it.
    pub(crate) is_head: bool,
    /// The extension of its name, in lower case and without the dot.
    pub(crate) extension: &'a str,
    /// Its bytes; `None` where there is no such file.
    pub(crate) honest: Option<&'a Bytes>,
}

/// What a fault makes of a file that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ContentAct {
    /// It is sent.
    Proceed,
    /// It is not there (404).
    Missing,
    /// These bytes are sent in its place, whole or in parts.
    Other(Bytes),
    /// It is sent whole, whatever parts were asked for, and nothing says that there could be parts.
    Whole,
    /// The method is not allowed (405).
    MethodNotAllowed,
    /// The folder is closed (403).
    Forbidden,
}

impl Act for ContentAct {
    fn proceed() -> Self {
        ContentAct::Proceed
    }

    fn proceeds(&self) -> bool {
        *self == ContentAct::Proceed
    }
}
