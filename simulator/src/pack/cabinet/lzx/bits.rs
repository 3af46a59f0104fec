//! The bits of a frame: little-endian words of 16 bits, the highest first.

/// There are no more.
#[derive(Debug)]
pub(super) struct Exhausted;

/// A reader.
#[derive(Debug)]
pub(super) struct Bits<'a> {
    rest: &'a [u8],
    /// The next bits, from the highest down; nought below.
    held: u32,
    count: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Bits<'a> {
        Bits { rest: bytes, held: 0, count: 0 }
    }

    /// The next `count` bits, at most 17.
    pub(super) fn take(&mut self, count: u32) -> Result<u32, Exhausted> {
        let value = self.peek(count);
        self.skip(count)?;
        Ok(value)
    }

    /// The next `count` bits, at most 17; noughts behind the end.
    pub(super) fn peek(&mut self, count: u32) -> u32 {
        while self.count < count {
            let Some((word, rest)) = self.rest.split_first_chunk::<2>() else { break };
            self.held |= u32::from(u16::from_le_bytes(*word)) << (16 - self.count);
            self.count += 16;
            self.rest = rest;
        }
        if count == 0 { 0 } else { self.held >> (32 - count) }
    }

    /// Leaves out bits that were looked at.
    pub(super) fn skip(&mut self, count: u32) -> Result<(), Exhausted> {
        self.count = self.count.checked_sub(count).ok_or(Exhausted)?;
        self.held = self.held.checked_shl(count).unwrap_or(0);
        Ok(())
    }

    /// Leaves out the rest of the word, or the next word if nothing of one is left.
    pub(super) fn align(&mut self) -> Result<(), Exhausted> {
        if self.count == 0 {
            self.peek(1);
        }
        // The head of a block was taken in small pieces, so that less than a word is held.
        self.skip(self.count)
    }

    /// Whole bytes; only behind `align` and at the beginning of a frame.
    pub(super) fn raw(&mut self, count: usize) -> Result<&'a [u8], Exhausted> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Exhausted)?;
        self.rest = rest;
        Ok(taken)
    }
}
