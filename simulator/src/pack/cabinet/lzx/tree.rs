//! Canonical codes of at most 16 bits, and the way their lengths are sent ([MS-PATCH] 2.5).

use super::LzxError;
use super::bits::Bits;

/// Lengths that belong to no code.
#[derive(Debug)]
pub(super) struct BadTree;

/// The longest word of a code.
const LONGEST: u32 = 16;
/// Words up to this length are found by one look into a table.
const QUICK: u32 = 10;

/// A code. One without any word is allowed as long as nothing is read with it.
#[derive(Debug)]
pub(super) struct Tree {
    /// By the next `QUICK` bits: element and length; a length of nought says that the word is longer, or none.
    quick: Vec<(u16, u8)>,
    /// Elements in the order of their words.
    elements: Vec<u16>,
    /// For each length, the end of its words as 16 bits, and how many elements have words that are not longer.
    ends: [(u32, usize); LONGEST as usize + 1],
}

impl Tree {
    /// The code whose words have these lengths.
    pub(super) fn new(lengths: &[u8]) -> Result<Tree, BadTree> {
        let mut tree = Tree { quick: vec![(0, 0); 1 << QUICK], elements: Vec::new(), ends: [(0, 0); 17] };
        let mut next = 0_u32;
        for length in 1..=LONGEST {
            let own = lengths.iter().enumerate().filter(|(_, given)| u32::from(**given) == length);
            for (element, _) in own {
                let width = 1 << (LONGEST - length);
                if 1 << LONGEST < next + width {
                    return Err(BadTree);
                }
                tree.fill(next, length, element as u16);
                tree.elements.push(element as u16);
                next += width;
            }
            tree.ends[length as usize] = (next, tree.elements.len());
        }
        // A code must be complete, or empty.
        if next == 0 || next == 1 << LONGEST { Ok(tree) } else { Err(BadTree) }
    }

    /// The next element.
    pub(super) fn next(&self, bits: &mut Bits<'_>) -> Result<u16, LzxError> {
        let word = bits.peek(LONGEST);
        let (element, length) = self.quick[(word >> (LONGEST - QUICK)) as usize];
        if 0 < length {
            bits.skip(u32::from(length))?;
            return Ok(element);
        }
        for length in QUICK + 1..=LONGEST {
            let (end, count) = self.ends[length as usize];
            if word < end {
                bits.skip(length)?;
                let behind = ((end - word - 1) >> (LONGEST - length)) as usize;
                return self.elements.get(count.wrapping_sub(behind + 1)).copied().ok_or(LzxError::BadTree);
            }
        }
        Err(LzxError::BadTree)
    }

    fn fill(&mut self, word: u32, length: u32, element: u16) {
        if length <= QUICK {
            let from = (word >> (LONGEST - QUICK)) as usize;
            let count = 1 << (QUICK - length);
            self.quick[from..from + count].fill((element, length as u8));
        }
    }
}

/// Reads a run of lengths, each sent as the difference to what it was before, with a small code of their own.
pub(super) fn read_lengths(bits: &mut Bits<'_>, lengths: &mut [u8]) -> Result<(), LzxError> {
    let mut own = [0; 20];
    for length in &mut own {
        *length = bits.take(4)? as u8;
    }
    let code = Tree::new(&own)?;
    let mut at = 0;
    while at < lengths.len() {
        let (count, value) = match code.next(bits)? {
            17 => (4 + bits.take(4)? as usize, 0),
            18 => (20 + bits.take(5)? as usize, 0),
            19 => {
                let count = 4 + bits.take(1)? as usize;
                (count, changed(lengths[at], code.next(bits)?)?)
            }
            difference => (1, changed(lengths[at], difference)?),
        };
        // Runs over the end are cut, as every decoder does.
        let end = lengths.len().min(at + count);
        lengths[at..end].fill(value);
        at = end;
    }
    Ok(())
}

fn changed(before: u8, difference: u16) -> Result<u8, LzxError> {
    let difference = u8::try_from(difference).ok().filter(|difference| *difference <= 16).ok_or(LzxError::BadTree)?;
    Ok((17 + before - difference) % 17)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn words_of_every_length_are_read() {
        // Words 0, 10, 110, …, the last two of 16 bits.
        let lengths: Vec<u8> = (1..=16).chain([16]).collect();
        let tree = Tree::new(&lengths).unwrap();
        for element in 0..17_u16 {
            let word: u32 = if element == 16 { 0xffff } else { 0xffff & !(0xffff >> element) };
            let bytes = (word as u16).to_le_bytes();
            assert_eq!(tree.next(&mut Bits::new(&bytes)).unwrap(), element);
        }
    }

    #[test]
    fn too_many_or_too_few_words_are_no_code() {
        assert!(Tree::new(&[1, 1, 1]).is_err());
        assert!(Tree::new(&[1, 2]).is_err());
        assert!(Tree::new(&[0, 0]).is_ok());
    }
}
