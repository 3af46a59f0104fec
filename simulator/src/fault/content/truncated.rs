//! `content/truncated`: every file has lost its second half, and says so by its length.

use crate::layer::content::{ContentAct, ContentSeam, FileAsked};
use crate::seam::{Stage, Standing};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Truncated;

impl ContentSeam for Truncated {
    fn on_file(&self, asked: &FileAsked<'_>) -> ContentAct {
        match asked.honest {
            Some(bytes) if !bytes.is_empty() => ContentAct::Other(bytes.slice(..bytes.len() / 2)),
            _ => ContentAct::Proceed,
        }
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
    fn the_first_half_stays() {
        let file = Bytes::from_static(b"files");
        let act = |honest| Truncated.on_file(&FileAsked { is_head: false, extension: "cab", honest });
        assert_eq!(act(Some(&file)), ContentAct::Other(Bytes::from_static(b"fi")));
        assert_eq!((act(Some(&Bytes::new())), act(None)), (ContentAct::Proceed, ContentAct::Proceed));
    }
}
