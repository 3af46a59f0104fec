//! Compressing a block: greedy matches from chains of equal hashes.

use super::BLOCK;

/// Compresses blocks one after another; each stands for itself, only the tables are kept.
#[derive(Debug)]
pub struct Encoder {
    /// By hash of three bytes: the position after the last with that hash, nought for none.
    heads: Vec<u16>,
    /// By position: the position after the one before with the same hash.
    links: Vec<u16>,
    packed: Vec<u8>,
}

const HASH_BITS: u32 = 12;
const SHORTEST: usize = 3;
/// The token has 13 bits for the distance.
const FARTHEST: usize = 8_192;
/// How many candidates are looked at, and the length with which one is content.
const PATIENCE: usize = 8;
const CONTENT: usize = 64;

impl Default for Encoder {
    fn default() -> Self {
        Encoder::new()
    }
}

impl Encoder {
    /// An encoder.
    pub fn new() -> Encoder {
        Encoder { heads: vec![0; 1 << HASH_BITS], links: vec![0; BLOCK], packed: Vec::with_capacity(BLOCK) }
    }

    /// Appends a block of at most [`BLOCK`] bytes, stored as it is if it does not shrink. More is cut off into a block of
    /// its own.
    pub fn block(&mut self, plain: &[u8], encoded: &mut Vec<u8>) {
        for plain in plain.chunks(BLOCK) {
            let is_smaller = self.compress(plain);
            let payload = if is_smaller { &self.packed[..] } else { plain };
            encoded.extend_from_slice(&(plain.len() as u32).to_le_bytes());
            encoded.extend_from_slice(&(payload.len() as u32).to_le_bytes());
            encoded.extend_from_slice(payload);
        }
    }

    /// Leaves the compressed block in `packed`, unless it would not be smaller.
    fn compress(&mut self, plain: &[u8]) -> bool {
        self.heads.fill(0);
        self.packed.clear();
        let mut writer = Writer::new(&mut self.packed);
        let mut at = 0;
        while at < plain.len() {
            let (length, distance) = longest(&self.heads, &self.links, plain, at);
            let end = at + length.max(1);
            if length < SHORTEST {
                writer.literal(plain[at])
            } else {
                writer.matched(length, distance)
            }
            while at < end {
                remember(&mut self.heads, &mut self.links, plain, at);
                at += 1;
            }
            if plain.len() <= writer.packed.len() {
                return false;
            }
        }
        writer.end();
        self.packed.len() < plain.len()
    }
}

fn hash(plain: &[u8], at: usize) -> Option<usize> {
    let [a, b, c] = *plain.get(at..at + SHORTEST)?.first_chunk()?;
    let word = u32::from_le_bytes([a, b, c, 0]);
    Some((word.wrapping_mul(0x9e37_79b1) >> (32 - HASH_BITS)) as usize)
}

fn remember(heads: &mut [u16], links: &mut [u16], plain: &[u8], at: usize) {
    if let Some(hash) = hash(plain, at) {
        links[at] = heads[hash];
        heads[hash] = (at + 1) as u16;
    }
}

/// Length and distance of the best match that was found; a length below `SHORTEST` is none.
fn longest(heads: &[u16], links: &[u16], plain: &[u8], at: usize) -> (usize, usize) {
    let mut best = (0, 0);
    let Some(hash) = hash(plain, at) else { return best };
    let mut candidate = usize::from(heads[hash]);
    for _ in 0..PATIENCE {
        if candidate == 0 || candidate - 1 + FARTHEST < at {
            break;
        }
        let length = common(&plain[candidate - 1..], &plain[at..], best.0);
        if best.0 < length {
            best = (length, at - (candidate - 1));
            if CONTENT <= length {
                break;
            }
        }
        candidate = usize::from(links[candidate - 1]);
    }
    best
}

/// How many bytes are equal at the beginning, or nought if it cannot be more than `known`.
fn common(earlier: &[u8], later: &[u8], known: usize) -> usize {
    if later.len() <= known || earlier[known] != later[known] {
        return 0;
    }
    let (earlier_words, _) = earlier[..later.len()].as_chunks::<8>();
    let (later_words, _) = later.as_chunks::<8>();
    let pairs = earlier_words.iter().zip(later_words);
    for (index, (one, other)) in pairs.enumerate() {
        let difference = u64::from_le_bytes(*one) ^ u64::from_le_bytes(*other);
        if difference != 0 {
            return index * 8 + (difference.trailing_zeros() / 8) as usize;
        }
    }
    let done = later_words.len() * 8;
    let rest = earlier[done..].iter().zip(&later[done..]);
    done + rest.take_while(|(one, other)| one == other).count()
}

/// Flags, literals and matches in their places.
struct Writer<'a> {
    packed: &'a mut Vec<u8>,
    flags: u32,
    count: u32,
    flags_at: usize,
    /// Where the half byte stands whose other half is free.
    half: Option<usize>,
}

impl<'a> Writer<'a> {
    fn new(packed: &'a mut Vec<u8>) -> Writer<'a> {
        packed.extend_from_slice(&[0; 4]);
        Writer { packed, flags: 0, count: 0, flags_at: 0, half: None }
    }

    fn literal(&mut self, byte: u8) {
        self.packed.push(byte);
        self.flag(0);
    }

    /// [MS-XCA] 2.3.4: three bits of the length in the token, then half a byte, a byte, a word, two words.
    fn matched(&mut self, length: usize, distance: usize) {
        let length = length - SHORTEST;
        let token = ((distance - 1) << 3 | length.min(7)) as u16;
        self.packed.extend_from_slice(&token.to_le_bytes());
        if 7 <= length {
            self.half((length - 7).min(15) as u8);
        }
        if 7 + 15 <= length {
            self.packed.push((length - 22).min(255) as u8);
        }
        if 22 + 255 <= length {
            // A block has fewer than 65,536 bytes.
            self.packed.extend_from_slice(&(length as u16).to_le_bytes());
        }
        self.flag(1);
    }

    fn half(&mut self, value: u8) {
        match self.half.take() {
            Some(at) => self.packed[at] |= value << 4,
            None => {
                self.half = Some(self.packed.len());
                self.packed.push(value);
            }
        }
    }

    fn flag(&mut self, flag: u32) {
        self.flags = self.flags << 1 | flag;
        self.count += 1;
        if self.count == 32 {
            self.put_flags();
            self.flags_at = self.packed.len();
            self.packed.extend_from_slice(&[0; 4]);
            (self.flags, self.count) = (0, 0);
        }
    }

    /// The flags that are left over are ones: a match where nothing follows is the end.
    fn end(mut self) {
        let free = 32 - self.count;
        self.flags = (u64::from(self.flags) << free | ((1_u64 << free) - 1)) as u32;
        self.put_flags();
    }

    fn put_flags(&mut self) {
        self.packed[self.flags_at..self.flags_at + 4].copy_from_slice(&self.flags.to_le_bytes());
    }
}
