//! LZX as cabinets use it ([MS-PATCH] 2, with the differences of [MS-CAB]: a CFDATA block is one frame of 32 KiB, the window
//! has 2^15 to 2^21 bytes). The output is its own window, so that a hostile stream can reach nothing but what it wrote.

use bits::{Bits, Exhausted};
use tree::{BadTree, Tree};

mod bits;
pub(super) mod stored;
mod tree;

/// What is wrong with a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LzxError {
    /// Bits were asked for that are not there.
    #[error("the compressed data end too early")]
    Exhausted,
    /// The lengths of a code's words belong to no code.
    #[error("a code has impossible lengths")]
    BadTree,
    /// A block of an unknown type, or of no length.
    #[error("a block has no known type or no length")]
    BadBlock,
    /// A match reaches back before the beginning or behind the window, or over the end of its frame.
    #[error("a match reaches outside of the data")]
    BadMatch,
}

impl From<Exhausted> for LzxError {
    fn from(_: Exhausted) -> LzxError {
        LzxError::Exhausted
    }
}

impl From<BadTree> for LzxError {
    fn from(_: BadTree) -> LzxError {
        LzxError::BadTree
    }
}

/// A decoder of one folder.
#[derive(Debug)]
pub(super) struct Lzx {
    window: usize,
    /// Size for the translation of calls, read from the head of the stream.
    translation: Option<i32>,
    is_started: bool,
    recent: [u32; 3],
    main: Vec<u8>,
    lengths: Vec<u8>,
    block: Block,
    /// Bytes that the block has still to give.
    left: usize,
    /// An uncompressed block of odd length is followed by a byte that means nothing.
    is_padded: bool,
}

#[derive(Debug)]
enum Block {
    Raw,
    Coded(Box<Codes>),
}

#[derive(Debug)]
struct Codes {
    main: Tree,
    lengths: Tree,
    aligned: Option<Tree>,
}

const LITERALS: usize = 256;
const LENGTHS: usize = 249;

impl Lzx {
    /// A decoder for a window of so many bits, if there is such a window.
    pub(super) fn new(window_bits: u16) -> Option<Lzx> {
        const SLOTS: [usize; 7] = [30, 32, 34, 36, 38, 42, 50];
        let slots = SLOTS.get(usize::from(window_bits).checked_sub(15)?)?;
        Some(Lzx {
            window: 1 << window_bits,
            translation: None,
            is_started: false,
            recent: [1; 3],
            main: vec![0; LITERALS + 8 * slots],
            lengths: vec![0; LENGTHS],
            block: Block::Raw,
            left: 0,
            is_padded: false,
        })
    }

    /// Appends the `size` bytes of the next frame to what came out before.
    pub(super) fn frame(&mut self, packed: &[u8], size: usize, out: &mut Vec<u8>) -> Result<(), LzxError> {
        let mut bits = Bits::new(packed);
        if !self.is_started {
            self.is_started = true;
            if bits.take(1)? == 1 {
                let size = bits.take(16)? << 16 | bits.take(16)?;
                self.translation = Some(size as i32);
            }
        }
        let end = out.len() + size;
        while out.len() < end {
            if self.left == 0 {
                self.begin(&mut bits)?;
            }
            let before = out.len();
            let most = end.min(before + self.left);
            match &self.block {
                Block::Raw => out.extend_from_slice(bits.raw(most - before)?),
                Block::Coded(codes) => codes.run(&mut bits, &mut self.recent, self.window, most, out)?,
            }
            self.left -= out.len() - before;
        }
        Ok(())
    }

    /// Takes the translation of calls back, once the whole folder is there.
    pub(super) fn finish(&self, out: &mut [u8]) {
        /// Only the first gigabyte is translated.
        const FRAMES: usize = 32_768;
        let Some(size) = self.translation.filter(|size| *size != 0) else { return };
        for (index, frame) in out.chunks_mut(super::FRAME).take(FRAMES).enumerate() {
            untranslate(frame, index * super::FRAME, size);
        }
    }

    fn begin(&mut self, bits: &mut Bits<'_>) -> Result<(), LzxError> {
        if std::mem::take(&mut self.is_padded) {
            bits.raw(1)?;
        }
        let kind = bits.take(3)?;
        self.left = (bits.take(16)? << 8 | bits.take(8)?) as usize;
        if self.left == 0 {
            return Err(LzxError::BadBlock);
        }
        self.block = match kind {
            1 => self.coded(bits, None)?,
            2 => {
                let mut aligned = [0; 8];
                for length in &mut aligned {
                    *length = bits.take(3)? as u8;
                }
                self.coded(bits, Some(Tree::new(&aligned)?))?
            }
            3 => {
                bits.align()?;
                for offset in &mut self.recent {
                    let bytes = bits.raw(4)?.as_chunks::<4>().0;
                    *offset = bytes.first().map_or(0, |bytes| u32::from_le_bytes(*bytes));
                }
                self.is_padded = self.left % 2 == 1;
                Block::Raw
            }
            _ => return Err(LzxError::BadBlock),
        };
        Ok(())
    }

    fn coded(&mut self, bits: &mut Bits<'_>, aligned: Option<Tree>) -> Result<Block, LzxError> {
        let (literals, matches) = self.main.split_at_mut(LITERALS);
        tree::read_lengths(bits, literals)?;
        tree::read_lengths(bits, matches)?;
        tree::read_lengths(bits, &mut self.lengths)?;
        let (main, lengths) = (Tree::new(&self.main)?, Tree::new(&self.lengths)?);
        Ok(Block::Coded(Box::new(Codes { main, lengths, aligned })))
    }
}

impl Codes {
    fn run(
        &self,
        bits: &mut Bits<'_>,
        recent: &mut [u32; 3],
        window: usize,
        end: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), LzxError> {
        while out.len() < end {
            let element = self.main.next(bits)?;
            if let Ok(literal) = u8::try_from(element) {
                out.push(literal);
                continue;
            }
            let header = (element - 256) & 7;
            let length = if header == 7 { 9 + self.lengths.next(bits)? } else { 2 + header };
            let offset = self.offset(bits, recent, usize::from((element - 256) >> 3))? as usize;
            let length = usize::from(length);
            if offset == 0 || out.len().min(window) < offset || end - out.len() < length {
                return Err(LzxError::BadMatch);
            }
            copy(out, offset, length);
        }
        Ok(())
    }

    fn offset(&self, bits: &mut Bits<'_>, recent: &mut [u32; 3], slot: usize) -> Result<u32, LzxError> {
        if slot < 3 {
            recent.swap(0, slot);
            return Ok(recent[0]);
        }
        let (base, footer) = position(slot);
        let low = match &self.aligned {
            Some(aligned) if 3 <= footer => bits.take(footer - 3)? << 3 | u32::from(aligned.next(bits)?),
            _ => bits.take(footer)?,
        };
        recent[2] = recent[1];
        recent[1] = recent[0];
        recent[0] = base + low - 2;
        Ok(recent[0])
    }
}

/// Where a position slot begins, and how many bits choose within it; at most 17 of them.
fn position(slot: usize) -> (u32, u32) {
    let slot = slot as u32;
    match slot {
        0..4 => (slot, 0),
        4..36 => {
            let footer = slot / 2 - 1;
            ((2 + slot % 2) << footer, footer)
        }
        _ => ((slot - 34) << 17, 17),
    }
}

fn copy(out: &mut Vec<u8>, offset: usize, length: usize) {
    let start = out.len() - offset;
    if length <= offset {
        out.extend_from_within(start..start + length);
        return;
    }
    // The match reads what it writes.
    for at in start..start + length {
        out.push(out[at]);
    }
}

/// [MS-PATCH] 2.2.2: the operand of a call was made absolute by the encoder. The last ten bytes of a frame never are.
fn untranslate(frame: &mut [u8], position: usize, size: i32) {
    let Some(last) = frame.len().checked_sub(10) else { return };
    let mut at = 0;
    while at < last {
        if frame[at] != 0xe8 {
            at += 1;
            continue;
        }
        let here = (position + at) as i32;
        let operand = [frame[at + 1], frame[at + 2], frame[at + 3], frame[at + 4]];
        let absolute = i32::from_le_bytes(operand);
        if -here <= absolute && absolute < size {
            let relative = if 0 <= absolute { absolute - here } else { absolute.wrapping_add(size) };
            frame[at + 1..at + 5].copy_from_slice(&relative.to_le_bytes());
        }
        at += 5;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn position_slots_are_those_of_the_specification() {
        let known =
            [(4, (4, 1)), (5, (6, 1)), (6, (8, 2)), (35, (196_608, 16)), (36, (262_144, 17)), (49, (1_966_080, 17))];
        for (slot, expected) in known {
            assert_eq!(position(slot), expected, "slot {slot}");
        }
    }

    #[test]
    fn a_call_is_made_relative_again() {
        let mut frame = [0; 32];
        frame[4..9].copy_from_slice(&[0xe8, 0x10, 0, 0, 0]);
        untranslate(&mut frame, 32_768, 12_000_000);
        assert_eq!(i32::from_le_bytes([frame[5], frame[6], frame[7], frame[8]]), 0x10 - 32_772);
    }

    #[test]
    fn an_offset_into_nothing_is_refused() {
        // A raw block of one byte leaves absurd offsets behind; the next block is of no known type.
        let mut lzx = Lzx::new(15).expect("a window");
        let mut out = Vec::new();
        let packed = b"\x00\x30\x10\x00\xff\xff\xff\xff\x00\x00\x00\x00\x01\x00\x00\x00A\x00\x00\xf0\x00\x00";
        assert_eq!(lzx.frame(packed, 2, &mut out), Err(LzxError::BadBlock));
        assert_eq!(out, b"A");
    }
}
