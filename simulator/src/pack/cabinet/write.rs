//! Writing a cabinet of one folder, the same bytes for the same input for ever.

use super::lzx::stored;
use super::{DATA, FILE, FOLDER, FRAME, HEADER, LZX_21, checksum};

/// A file to be packed.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// Its name; ASCII, with backslashes between folders.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Date, time and attributes as CFFILE has them; noughts in what WSUS writes.
    pub date_time_attributes: [u16; 3],
}

/// How the folder's bytes are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// As they are, type 0.
    None,
    /// As LZX of stored blocks, type 0x1503: not smaller, but of the type that WSUS writes.
    Lzx,
}

/// More than a cabinet can hold: 65,535 files, or 65,535 blocks of 32 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a cabinet holds at most 65,535 files and 2,147,450,880 bytes")]
pub struct TooLarge;

/// A cabinet of these files.
pub fn write(method: Method, members: &[Member<'_>]) -> Result<Vec<u8>, TooLarge> {
    let size: usize = members.iter().map(|member| member.bytes.len()).sum();
    let directory: usize = members.iter().map(|member| FILE + member.name.len() + 1).sum();
    let plan = Plan::new(method, size, members.len(), directory)?;
    let mut cabinet = Vec::with_capacity(plan.len());
    plan.head(&mut cabinet);
    let mut place = 0;
    for member in members {
        file(&mut cabinet, member.name, member.bytes.len(), place, member.date_time_attributes);
        place += member.bytes.len();
    }
    let mut frame = Vec::with_capacity(FRAME);
    let mut is_first = true;
    for member in members {
        let mut rest = member.bytes;
        while !rest.is_empty() {
            let (taken, left) = rest.split_at(rest.len().min(FRAME - frame.len()));
            frame.extend_from_slice(taken);
            rest = left;
            if frame.len() == FRAME {
                plan.block(&mut cabinet, &mut frame, &mut is_first);
            }
        }
    }
    if !frame.is_empty() {
        plan.block(&mut cabinet, &mut frame, &mut is_first);
    }
    Ok(cabinet)
}

/// CFFILE.
pub(super) fn file(cabinet: &mut Vec<u8>, name: &str, size: usize, place: usize, date_time_attributes: [u16; 3]) {
    cabinet.extend_from_slice(&narrow(size).to_le_bytes());
    cabinet.extend_from_slice(&narrow(place).to_le_bytes());
    // The first and only folder.
    cabinet.extend_from_slice(&[0, 0]);
    date_time_attributes.iter().for_each(|field| cabinet.extend_from_slice(&field.to_le_bytes()));
    cabinet.extend_from_slice(name.as_bytes());
    cabinet.push(0);
}

/// The sizes of a cabinet, known before any of it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    method: Method,
    /// Bytes of the folder, not compressed.
    size: usize,
    files: u16,
    blocks: u16,
    /// Where the first CFDATA stands.
    data: usize,
}

impl Plan {
    /// A cabinet of so many bytes in so many files, whose CFFILE entries take so many bytes.
    pub(super) fn new(method: Method, size: usize, files: usize, directory: usize) -> Result<Plan, TooLarge> {
        let blocks = u16::try_from(size.div_ceil(FRAME)).map_err(|_| TooLarge)?;
        let files = u16::try_from(files).map_err(|_| TooLarge)?;
        let plan = Plan { method, size, files, blocks, data: HEADER + FOLDER + directory };
        if i32::try_from(plan.len()).is_err() { Err(TooLarge) } else { Ok(plan) }
    }

    /// Bytes of the whole cabinet.
    pub(super) fn len(&self) -> usize {
        let each = match self.method {
            Method::None => DATA,
            Method::Lzx => DATA + stored::OVERHEAD,
        };
        // Whole frames are even, so that only the last can have a pad byte.
        let pad = if self.method == Method::Lzx { self.size % 2 } else { 0 };
        self.data + usize::from(self.blocks) * each + self.size + pad
    }

    /// CFHEADER and CFFOLDER.
    pub(super) fn head(&self, cabinet: &mut Vec<u8>) {
        cabinet.extend_from_slice(b"MSCF\0\0\0\0");
        for number in [narrow(self.len()), 0, narrow(HEADER + FOLDER), 0] {
            cabinet.extend_from_slice(&number.to_le_bytes());
        }
        // Version 1.3, one folder.
        cabinet.extend_from_slice(&[3, 1, 1, 0]);
        cabinet.extend_from_slice(&self.files.to_le_bytes());
        // Neither flags nor a set, nor a place in it.
        cabinet.extend_from_slice(&[0; 6]);
        cabinet.extend_from_slice(&narrow(self.data).to_le_bytes());
        cabinet.extend_from_slice(&self.blocks.to_le_bytes());
        let kind = if self.method == Method::Lzx { LZX_21 } else { 0 };
        cabinet.extend_from_slice(&kind.to_le_bytes());
    }

    /// CFDATA with this frame, which is emptied.
    pub(super) fn block(&self, cabinet: &mut Vec<u8>, frame: &mut Vec<u8>, is_first: &mut bool) {
        let at = cabinet.len();
        cabinet.extend_from_slice(&[0; DATA]);
        match self.method {
            Method::None => cabinet.extend_from_slice(frame),
            Method::Lzx => stored::write(cabinet, frame, *is_first),
        }
        let packed = cabinet.len() - at - DATA;
        let lengths = narrow(packed | frame.len() << 16).to_le_bytes();
        let sum = checksum(&cabinet[at + DATA..], lengths);
        cabinet[at..at + 4].copy_from_slice(&sum.to_le_bytes());
        cabinet[at + 4..at + DATA].copy_from_slice(&lengths);
        frame.clear();
        *is_first = false;
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).expect("invariant: a plan is for less than 2 GiB")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::pack::cabinet::Cabinet;

    const fn member<'a>(name: &'a str, bytes: &'a [u8]) -> Member<'a> {
        Member { name, bytes, date_time_attributes: [0x5a6b, 0, 0x20] }
    }

    #[test]
    fn a_stored_cabinet_is_written_as_the_specification_lays_it_out() {
        let cabinet = write(Method::None, &[member("hi.txt", b"Hello, world!\n")]).unwrap();
        let expected = b"MSCF\0\0\0\0\x59\0\0\0\0\0\0\0\x2c\0\0\0\0\0\0\0\x03\x01\x01\0\x01\0\0\0\0\0\0\0\
            \x43\0\0\0\x01\0\0\0\x0e\0\0\0\0\0\0\0\0\0\x6b\x5a\0\0\x20\0hi.txt\0\
            \x4c\x1a\x2e\x7f\x0e\0\x0e\0Hello, world!\n";
        assert_eq!(cabinet, expected);
    }

    #[test]
    fn every_size_around_a_frame_comes_out_as_it_went_in() {
        let long: Vec<u8> = (0..3 * FRAME).map(|index| (index * 7 % 251) as u8).collect();
        for method in [Method::None, Method::Lzx] {
            for size in [0, 1, 2, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME, 3 * FRAME - 3] {
                let members = [member("one", b"x"), member("two\\three", &long[..size])];
                let packed = write(method, &members).unwrap();
                let cabinet = Cabinet::read(&mut std::io::Cursor::new(&packed), u64::MAX).unwrap();
                assert_eq!(cabinet.member("one"), Some(&b"x"[..]), "{method:?} {size}");
                assert_eq!(cabinet.member("TWO\\three"), Some(&long[..size]), "{method:?} {size}");
                assert_eq!(packed[8..12], u32::try_from(packed.len()).unwrap().to_le_bytes());
            }
        }
    }

    #[test]
    fn more_than_fits_is_refused_before_it_is_written() {
        assert_eq!(Plan::new(Method::None, 65_536 * FRAME, 1, 21).unwrap_err(), TooLarge);
        assert_eq!(write(Method::None, &vec![member("", b""); 65_536]).unwrap_err(), TooLarge);
    }
}
