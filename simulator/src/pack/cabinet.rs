//! Cabinets ([MS-CAB]). Written: one folder, not compressed or as LZX of stored blocks, since real servers send LZX and
//! nobody's encoder is needed to say so. Read: one cabinet that is no part of a set, not compressed or LZX.

mod blob;
mod lzx;
mod read;
mod write;

pub use blob::Blob;
pub use read::{Cabinet, CabinetError};
pub use write::{Member, Method, TooLarge, write};

/// A frame: what one CFDATA block holds of the uncompressed folder.
const FRAME: usize = 32_768;

/// CFHEADER without reserve, CFFOLDER, CFFILE without its name, and the head of CFDATA.
const HEADER: usize = 36;
const FOLDER: usize = 8;
const FILE: usize = 16;
const DATA: usize = 8;

/// `typeCompress` of LZX with a window of 2^21 bytes, as WSUS writes it.
const LZX_21: u16 = 0x1503;

/// The checksum of a CFDATA block: its words exclusive-ored, the bytes of an incomplete last word in opposite order.
fn checksum(payload: &[u8], lengths: [u8; 4]) -> u32 {
    let (words, rest) = payload.as_chunks::<4>();
    let whole = words.iter().fold(u32::from_le_bytes(lengths), |sum, word| sum ^ u32::from_le_bytes(*word));
    whole ^ rest.iter().fold(0, |last, byte| last << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_is_that_of_known_cabinets() {
        assert_eq!(checksum(b"Hello, world!\n", [0x0e, 0, 0x0e, 0]), 0x7f2e_1a4c);
        assert_eq!(checksum(b"Snowman!\n", [9, 0, 9, 0]), 0x5608_0f3d);
    }
}
