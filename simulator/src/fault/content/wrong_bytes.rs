//! `content/wrong-bytes`: the last byte of every file is another. Length and name are right.

use bytes::Bytes;

use crate::layer::content::{ContentAct, ContentSeam, FileAsked};
use crate::seam::{Stage, Standing};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WrongBytes;

impl ContentSeam for WrongBytes {
    fn on_file(&self, asked: &FileAsked<'_>) -> ContentAct {
        let mut bytes = asked.honest.map(|bytes| bytes.to_vec()).unwrap_or_default();
        match bytes.last_mut() {
            Some(last) => *last = !*last,
            None => return ContentAct::Proceed,
        }
        ContentAct::Other(Bytes::from(bytes))
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::at(Stage::File))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_is_another() {
        let file = Bytes::from_static(b"ab");
        let act = |honest| WrongBytes.on_file(&FileAsked { is_head: false, extension: "cab", honest });
        assert_eq!(act(Some(&file)), ContentAct::Other(Bytes::from_static(b"a\x9d")));
        assert_eq!((act(Some(&Bytes::new())), act(None)), (ContentAct::Proceed, ContentAct::Proceed));
    }
}
