//! `XmlUpdateBlobCompressed`: a cabinet with one file, `blob`, whose content is the metadata in UTF-16LE without a mark.

use super::write::{Method, Plan, TooLarge, file};
use super::{FILE, FRAME};

const NAME: &str = "blob";

/// The cabinet of a piece of metadata: its length at once, its bytes frame by frame, so that an answer needs no copy of it.
#[derive(Clone, Debug)]
pub struct Blob<'a> {
    units: std::str::EncodeUtf16<'a>,
    size: usize,
    plan: Plan,
    /// Which piece comes next: the head with the first frame, or a later frame.
    is_first: bool,
    left: usize,
}

impl<'a> Blob<'a> {
    /// The cabinet of this metadata.
    pub fn new(xml: &'a str) -> Result<Blob<'a>, TooLarge> {
        let size = 2 * xml.encode_utf16().count();
        let plan = Plan::new(Method::Lzx, size, 1, FILE + NAME.len() + 1)?;
        Ok(Blob { units: xml.encode_utf16(), size, plan, is_first: true, left: size })
    }

    /// Bytes of the whole cabinet.
    #[allow(clippy::len_without_is_empty, reason = "a cabinet is never empty")]
    pub fn len(&self) -> usize {
        self.plan.len()
    }

    /// The whole cabinet.
    pub fn into_vec(self) -> Vec<u8> {
        let mut whole = Vec::with_capacity(self.len());
        self.for_each(|piece| whole.extend_from_slice(&piece));
        whole
    }
}

impl Iterator for Blob<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut piece = Vec::new();
        if self.is_first {
            self.plan.head(&mut piece);
            file(&mut piece, NAME, self.size, 0, [0; 3]);
        }
        if 0 < self.left {
            let size = self.left.min(FRAME);
            let mut frame = Vec::with_capacity(size);
            self.units.by_ref().take(size / 2).for_each(|unit| frame.extend_from_slice(&unit.to_le_bytes()));
            self.left -= size;
            self.plan.block(&mut piece, &mut frame, &mut self.is_first);
        }
        self.is_first = false;
        (!piece.is_empty()).then_some(piece)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::pack::cabinet::Cabinet;

    #[test]
    fn a_blob_has_the_head_that_real_servers_write() {
        let blob = Blob::new("<a/>").unwrap().into_vec();
        let expected = b"MSCF\0\0\0\0\x61\0\0\0\0\0\0\0\x2c\0\0\0\0\0\0\0\x03\x01\x01\0\x01\0\0\0\0\0\0\0\
            \x41\0\0\0\x01\0\x03\x15\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0blob\0";
        assert_eq!(&blob[..65], expected);
        // One stored block: no translation of calls, type 3, eight bytes, the three offsets, the text.
        let payload = b"\x00\x30\x80\x00\x01\0\0\0\x01\0\0\0\x01\0\0\0<\0a\0/\0>\0";
        assert_eq!(&blob[73..], payload);
    }

    #[test]
    fn a_blob_is_as_long_as_it_says_and_holds_the_text() {
        for text in ["", "a", "ä😀", &"<é😀>".repeat(9_000), &"x".repeat(FRAME / 2), &"x".repeat(FRAME / 2 + 1)] {
            let blob = Blob::new(text).unwrap();
            let promised = blob.len();
            let bytes = blob.into_vec();
            assert_eq!(bytes.len(), promised);
            let cabinet = Cabinet::read(&mut std::io::Cursor::new(&bytes), u64::MAX).unwrap();
            let units: Vec<u16> = cabinet
                .member("blob")
                .unwrap()
                .as_chunks::<2>()
                .0
                .iter()
                .map(|unit| u16::from_le_bytes(*unit))
                .collect();
            assert_eq!(String::from_utf16(&units).unwrap(), text);
        }
    }
}
