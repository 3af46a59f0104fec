//! The bytes of a file, made from its name alone. They look like nothing and compress badly, as update files do; only the
//! text of a licence can be read.

use bytes::Bytes;

use crate::catalogue::{Sha1, Sha256};

/// A file that can be made again at any time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Generated {
    pub(super) name: &'static str,
    pub(super) size: usize,
}

impl Generated {
    /// Its bytes: words for a licence, and else SplitMix64, seeded with the digest of the name.
    pub(super) fn bytes(self) -> Bytes {
        if self.name.ends_with(".txt") {
            const WORDS: &[u8] = b"This licence of a sample allows everything and promises nothing.\r\n";
            return WORDS.iter().copied().cycle().take(self.size).collect();
        }
        let digest = Sha256::of(self.name.as_bytes()).0;
        let mut state = digest[..8].iter().fold(0_u64, |seed, byte| seed << 8 | u64::from(*byte));
        let mut bytes = Vec::with_capacity(self.size + 8);
        while bytes.len() < self.size {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = state;
            word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            bytes.extend_from_slice(&(word ^ word >> 31).to_be_bytes());
        }
        bytes.truncate(self.size);
        bytes.into()
    }

    /// Both digests.
    pub(super) fn digests(self) -> (Sha1, Sha256) {
        let bytes = self.bytes();
        (Sha1::of(&bytes), Sha256::of(&bytes))
    }
}
