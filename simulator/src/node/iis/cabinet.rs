//! `/selfupdate/iuident.cab`, by which people and WSUS itself see whether the site answers: a small cabinet, stored and not
//! compressed ([MS-CAB]). Its content is the lab's own.

use bytes::Bytes;

const NAME: &[u8] = b"iuident.txt\0";
const TEXT: &[u8] = b"[wsuslab]\r\nThis is not Microsoft's file.\r\n";

const HEADER: u32 = 36;
const FOLDER: u32 = 8;
const FILE: u32 = 16;
const DATA: u32 = 8;

/// The cabinet.
pub(super) fn iuident() -> Bytes {
    let (name, text) = (NAME.len() as u32, TEXT.len() as u32);
    let data_at = HEADER + FOLDER + FILE + name;
    let size = data_at + DATA + text;
    let length = TEXT.len() as u16;
    let mut cabinet = Vec::new();
    // CFHEADER: one folder, one file, version 1.3.
    cabinet.extend_from_slice(b"MSCF\0\0\0\0");
    for number in [size, 0, HEADER + FOLDER, 0] {
        cabinet.extend_from_slice(&number.to_le_bytes());
    }
    cabinet.extend_from_slice(&[3, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    // CFFOLDER: one block, not compressed.
    cabinet.extend_from_slice(&data_at.to_le_bytes());
    cabinet.extend_from_slice(&[1, 0, 0, 0]);
    // CFFILE: the whole of the folder, 2025-03-11, an archive file.
    cabinet.extend_from_slice(&text.to_le_bytes());
    cabinet.extend_from_slice(&[0, 0, 0, 0, 0, 0, 0x6b, 0x5a, 0, 0, 0x20, 0]);
    cabinet.extend_from_slice(NAME);
    // CFDATA: a checksum of nought means none.
    cabinet.extend_from_slice(&[0, 0, 0, 0]);
    cabinet.extend_from_slice(&length.to_le_bytes());
    cabinet.extend_from_slice(&length.to_le_bytes());
    cabinet.extend_from_slice(TEXT);
    Bytes::from(cabinet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_size_stands_in_its_head() {
        let cabinet = iuident();
        assert_eq!(cabinet[8..12], (cabinet.len() as u32).to_le_bytes());
    }

    #[test]
    fn its_data_lies_where_the_folder_says() {
        let cabinet = iuident();
        let at = usize::from(cabinet[36]) + 8;
        assert_eq!(&cabinet[at..], TEXT);
    }
}
