//! Cabinets ([MS-CAB]) as `XmlUpdateBlobCompressed` carries them: one member of whatever name, LZX, MSZIP or plain.
//!
//! Crate `cab` decodes. What it would trust is measured first: a cabinet of n bytes takes at most 2 MB for the window and
//! 4,096 times n for what it unpacks, and never more than the caller allows.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// [MS-CAB] 2.4: no block of data unpacks to more.
const LONGEST_BLOCK: usize = 32 * 1024;

/// Bits of the largest LZX window that servers are known to use.
const WIDEST_WINDOW: u16 = 21;

/// A cabinet of one document needs one.
const MOST_FOLDERS: u16 = 8;

/// [MS-CAB] 2.1, `flags`.
const IN_A_SET: u16 = 0x0003;
const RESERVES: u16 = 0x0004;

/// The bytes of the first member; no more than `most`.
pub(super) fn unpack(cabinet: &[u8], most: usize) -> Result<Vec<u8>, String> {
    let unpacked = measure(cabinet).ok_or("it is cut off or damaged before its end")??;
    if most < unpacked {
        return Err(format!("it would make {unpacked} bytes, more than {most}"));
    }
    // The decoder asserts what a hostile cabinet need not hold, as an offset within the window.
    let read = catch_unwind(AssertUnwindSafe(|| first_member(cabinet)));
    read.unwrap_or_else(|_| Err("its data cannot be decoded".to_owned()))
}

fn first_member(cabinet: &[u8]) -> Result<Vec<u8>, String> {
    let mut cabinet = cab::Cabinet::new(Cursor::new(cabinet)).map_err(|error| error.to_string())?;
    let member = cabinet.folder_entries().flat_map(|folder| folder.file_entries()).next();
    let (name, size) = member.map(|file| (file.name().to_owned(), file.uncompressed_size())).ok_or("it is empty")?;
    let mut bytes = Vec::new();
    let mut file = cabinet.read_file(&name).map_err(|error| error.to_string())?;
    file.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() != size as usize {
        return Err(format!("its member should have {size} bytes, and {} came of it", bytes.len()));
    }
    Ok(bytes)
}

/// How many bytes all its folders unpack to, by what they tell; `None` where it ends too early.
fn measure(cabinet: &[u8]) -> Option<Result<usize, String>> {
    if !cabinet.starts_with(b"MSCF") {
        return Some(Err("it does not begin as one".to_owned()));
    }
    let (folders, flags) = (u16_at(cabinet, 26)?, u16_at(cabinet, 30)?);
    if flags & IN_A_SET != 0 {
        return Some(Err("it is a part of a set".to_owned()));
    }
    if MOST_FOLDERS < folders {
        return Some(Err(format!("it has {folders} folders, and one document needs one")));
    }
    let reserves = flags & RESERVES != 0;
    let reserve = |at: usize| if reserves { cabinet.get(at).copied().map(usize::from) } else { Some(0) };
    let first_folder = if reserves { 40 + usize::from(u16_at(cabinet, 36)?) } else { 36 };
    let (of_folder, of_data) = (reserve(38)?, reserve(39)?);
    let mut unpacked = 0;
    for number in 0..usize::from(folders) {
        let folder = cabinet.get(first_folder + number * (8 + of_folder)..)?;
        let window = u16_at(folder, 6)?;
        if window & 15 == 3 && WIDEST_WINDOW < window >> 8 & 31 {
            return Some(Err("its LZX window is larger than 2 MB".to_owned()));
        }
        match blocks(cabinet, u32_at(folder, 0)?, u16_at(folder, 4)?, of_data)? {
            Ok(length) => unpacked += length,
            Err(reason) => return Some(Err(reason)),
        }
    }
    Some(Ok(unpacked))
}

/// What the blocks of one folder unpack to.
fn blocks(cabinet: &[u8], first: usize, count: u16, reserve: usize) -> Option<Result<usize, String>> {
    let (mut at, mut unpacked) = (first, 0);
    for _ in 0..count {
        let block = cabinet.get(at..)?;
        let (packed, length) = (usize::from(u16_at(block, 4)?), usize::from(u16_at(block, 6)?));
        if LONGEST_BLOCK < length {
            return Some(Err(format!("a block tells {length} bytes, and {LONGEST_BLOCK} is the most")));
        }
        unpacked += length;
        at += 8 + reserve + packed;
    }
    (at <= cabinet.len()).then_some(Ok(unpacked))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes) as usize)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
pub(super) mod tests {
    use std::io::Write;

    use cab::{CabinetBuilder, CompressionType};
    use proptest::prelude::*;

    use super::*;

    const MOST: usize = 1024 * 1024;

    /// A cabinet with one member.
    pub(in super::super) fn packed(bytes: &[u8], name: &str) -> Vec<u8> {
        built(bytes, name, CompressionType::MsZip)
    }

    fn built(bytes: &[u8], name: &str, compression: CompressionType) -> Vec<u8> {
        let mut builder = CabinetBuilder::new();
        builder.add_folder(compression).add_file(name);
        let mut writer = builder.build(Cursor::new(Vec::new())).unwrap();
        while let Some(mut file) = writer.next_file().unwrap() {
            file.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// As a WSUS server writes it, but for the compression: LZX, a window of 2 MB, one stored block for each frame.
    fn stored_in_lzx(bytes: &[u8]) -> Vec<u8> {
        let frames: Vec<Vec<u8>> = bytes.chunks(LONGEST_BLOCK).enumerate().map(frame).collect();
        let mut cabinet = b"MSCF\0\0\0\0\0\0\0\0\0\0\0\0\x2c\0\0\0\0\0\0\0\x03\x01\x01\0\x01\0\0\0\0\0\0\0".to_vec();
        let length = u32::try_from(bytes.len()).unwrap();
        cabinet.extend(0x41_u32.to_le_bytes());
        cabinet.extend(u16::try_from(frames.len()).unwrap().to_le_bytes());
        cabinet.extend([0x03, 0x15]);
        cabinet.extend(length.to_le_bytes());
        cabinet.extend([0; 12]);
        cabinet.extend(b"blob\0");
        for (frame, chunk) in frames.iter().zip(bytes.chunks(LONGEST_BLOCK)) {
            cabinet.extend([0; 4]);
            cabinet.extend(u16::try_from(frame.len()).unwrap().to_le_bytes());
            cabinet.extend(u16::try_from(chunk.len()).unwrap().to_le_bytes());
            cabinet.extend(frame);
        }
        let whole = u32::try_from(cabinet.len()).unwrap();
        cabinet[8..12].copy_from_slice(&whole.to_le_bytes());
        cabinet
    }

    /// The first frame begins with a bit that says that no call is translated.
    fn frame((number, chunk): (usize, &[u8])) -> Vec<u8> {
        let length = u32::try_from(chunk.len()).unwrap();
        let bits = (0b011 << 29 | length << 5) >> u32::from(number == 0);
        let mut frame = Vec::new();
        for word in [bits >> 16, bits & 0xffff] {
            frame.extend(u16::try_from(word).unwrap().to_le_bytes());
        }
        frame.extend([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
        frame.extend_from_slice(chunk);
        frame.resize(frame.len() + chunk.len() % 2, 0);
        frame
    }

    fn text(length: usize) -> Vec<u8> {
        (0..length).map(|place| b"upd:Update "[place % 11]).collect()
    }

    #[test]
    fn every_compression_of_a_real_server_is_read_and_any_name() {
        let bytes = text(70_001);
        for compression in [CompressionType::None, CompressionType::MsZip] {
            assert_eq!(unpack(&built(&bytes, "whatever.xml", compression), MOST).unwrap(), bytes);
        }
        assert_eq!(unpack(&stored_in_lzx(&bytes), MOST).unwrap(), bytes);
    }

    #[test]
    fn what_is_no_cabinet_says_why() {
        let fails = |cabinet: &[u8], reason: &str| assert_eq!(unpack(cabinet, MOST).unwrap_err(), reason);
        fails(b"PK\x03\x04", "it does not begin as one");
        fails(b"MSCF", "it is cut off or damaged before its end");
        let whole = packed(&text(70_001), "blob");
        fails(&whole[..whole.len() - 1], "it is cut off or damaged before its end");
        let mut part = whole.clone();
        part[30] |= 2;
        fails(&part, "it is a part of a set");
        let mut wide = stored_in_lzx(&text(9));
        wide[43] = 25;
        fails(&wide, "its LZX window is larger than 2 MB");
    }

    #[test]
    fn a_damaged_byte_is_noticed() {
        let mut cabinet = packed(&text(70_001), "blob");
        let last = cabinet.len() - 9;
        cabinet[last] ^= 1;
        assert!(unpack(&cabinet, MOST).unwrap_err().starts_with("Checksum error"));
    }

    #[test]
    fn no_more_is_unpacked_than_is_allowed() {
        let cabinet = packed(&text(70_001), "blob");
        assert_eq!(unpack(&cabinet, 70_000).unwrap_err(), "it would make 70001 bytes, more than 70000");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_cabinet_that_was_damaged_anywhere_never_panics(place in any::<prop::sample::Index>(), byte: u8, lzx: bool) {
            let bytes = text(500);
            let mut cabinet = if lzx { stored_in_lzx(&bytes) } else { packed(&bytes, "blob") };
            let place = place.index(cabinet.len());
            cabinet[place] = byte;
            if let Ok(unpacked) = unpack(&cabinet, MOST) {
                prop_assert!(unpacked.len() <= 4096 * cabinet.len());
            }
        }

        #[test]
        fn arbitrary_data_behind_an_lzx_head_never_panics(data in prop::collection::vec(any::<u8>(), 16..400)) {
            let mut cabinet = stored_in_lzx(&text(384));
            let begin = cabinet.len() - data.len();
            cabinet[begin..].copy_from_slice(&data);
            let _ = unpack(&cabinet, MOST);
        }
    }
}
