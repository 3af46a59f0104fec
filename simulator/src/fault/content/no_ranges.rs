//! `content/no-ranges`: the whole file comes for every part that is asked for, as where something on the way takes the field
//! `Range` out of the request (F-57).

use crate::layer::content::{ContentAct, ContentSeam, FileAsked};
use crate::seam::{Stage, Standing};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoRanges;

impl ContentSeam for NoRanges {
    fn on_file(&self, asked: &FileAsked<'_>) -> ContentAct {
        if asked.honest.is_some() { ContentAct::Whole } else { ContentAct::Proceed }
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::at(Stage::File))
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn a_file_that_is_not_there_stays_so() {
        let file = Bytes::from_static(b"file");
        let act = |honest| NoRanges.on_file(&FileAsked { is_head: false, extension: "cab", honest });
        assert_eq!((act(Some(&file)), act(None)), (ContentAct::Whole, ContentAct::Proceed));
    }
}
