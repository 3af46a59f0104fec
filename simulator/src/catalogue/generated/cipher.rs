//! Ids from places and back: a Feistel network under the seed, so that no table is needed. It scatters; it hides nothing.

use crate::catalogue::Guid;

const ROUNDS: usize = 4;

/// A seed's way of numbering.
#[derive(Clone, Debug)]
pub(super) struct Cipher {
    keys: [u64; ROUNDS],
    salt: u64,
}

impl Cipher {
    pub(super) fn new(seed: u64) -> Cipher {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            mix(state)
        };
        Cipher { keys: std::array::from_fn(|_| next()), salt: next() }
    }

    /// The id of a place: the enciphered place and a tag of it, marked as version 8 (RFC 9562).
    pub(super) fn id(&self, place: u32) -> Guid {
        let (mut left, mut right) = (0, place);
        for key in self.keys {
            (left, right) = (right, left ^ round(right, key));
        }
        let enciphered = u64::from(left) << 32 | u64::from(right);
        let (own, tag) = (enciphered.to_be_bytes(), mix(enciphered ^ self.salt).to_be_bytes());
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&own[..6]);
        bytes[6..14].copy_from_slice(&tag);
        bytes[14..].copy_from_slice(&own[6..]);
        bytes[6] = bytes[6] & 0x0f | 0x80;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        Guid(bytes)
    }

    /// The place of an id that `id` gives.
    pub(super) fn place(&self, id: Guid) -> Option<u32> {
        let Guid([a, b, c, d, e, f, .., g, h]) = id;
        let (mut left, mut right) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
        for key in self.keys.into_iter().rev() {
            (left, right) = (right ^ round(left, key), left);
        }
        (self.id(right) == id).then_some(right)
    }

    /// A number that belongs to a place and a purpose.
    pub(super) fn hash(&self, place: u32, purpose: u32) -> u64 {
        mix(self.salt ^ (u64::from(purpose) << 32 | u64::from(place)))
    }
}

fn round(half: u32, key: u64) -> u32 {
    (mix(key ^ u64::from(half)) >> 32) as u32
}

/// The finalizer of SplitMix64.
pub(super) fn mix(mut word: u64) -> u64 {
    word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ word >> 31
}
