//! The files of generated updates. Many updates share one, since a digest can be had from bytes but not bytes from a digest.

use bytes::Bytes;

use super::cipher::mix;
use crate::catalogue::{File, Sha1, Sha256};

const FILES: u64 = 16;

/// A few files, of which only the digests are kept.
#[derive(Debug)]
pub(super) struct Contents {
    seed: u64,
    files: Vec<File>,
}

impl Contents {
    pub(super) fn new(seed: u64) -> Contents {
        let files = (0..FILES).map(|number| {
            let bytes = bytes(seed, number);
            let (sha1, sha256) = (Sha1::of(&bytes), Sha256::of(&bytes));
            let hex = sha1.hex().to_ascii_lowercase();
            File {
                name: format!("wsuslab-generated-{number:02}.cab"),
                sha1,
                sha256,
                size: bytes.len() as u64,
                microsoft_url: format!(
                    "http://download.windowsupdate.com/c/msdownload/update/software/updt/2025/03/wsuslab-{number:02}_{hex}.cab"
                ),
                is_eula: false,
            }
        });
        Contents { seed, files: files.collect() }
    }

    /// The file that belongs to a hash.
    pub(super) fn file_of(&self, hash: u64) -> &File {
        &self.files[(hash % FILES) as usize]
    }

    pub(super) fn has(&self, digest: &Sha1) -> bool {
        self.files.iter().any(|file| file.sha1 == *digest)
    }

    pub(super) fn bytes(&self, digest: &Sha1) -> Option<Bytes> {
        let number = self.files.iter().position(|file| file.sha1 == *digest)?;
        Some(bytes(self.seed, number as u64).into())
    }
}

/// 4 to 64 KiB that look like nothing.
fn bytes(seed: u64, number: u64) -> Vec<u8> {
    let start = mix(seed ^ mix(number + 1));
    let words = (4 + 4 * number) * 1024 / 8;
    (0..words).flat_map(|word| mix(start.wrapping_add(word)).to_be_bytes()).collect()
}
