//! `Content-Encoding: xpress`: blocks of plain LZ77 without Huffman codes ([MS-XCA] 2.3 and 2.4), as a WSUS server sends them.
//!
//! Every block tells its length before and after; nothing is written beyond what it tells, so that an entity of n bytes
//! takes at most 8,192 times n, and never more than the caller allows.

/// [MS-WSUSSS] 2.1: no block holds more.
const LONGEST_BLOCK: usize = 65_535;

/// Both lengths of a block.
const BLOCK_HEAD: usize = 8;

/// Decodes an entity; no more than `most` bytes come of it.
pub(crate) fn decode(entity: &[u8], most: usize) -> Result<Vec<u8>, String> {
    let mut decoded = Vec::new();
    let (mut rest, mut number) = (entity, 0_u32);
    while !rest.is_empty() {
        number += 1;
        let in_block = |reason: String| format!("block {number}: {reason}");
        let (block, behind) = Block::cut(rest).map_err(in_block)?;
        if most < decoded.len() + block.length {
            return Err(in_block(format!("it would make more than {most} bytes")));
        }
        block.decode(&mut decoded).map_err(in_block)?;
        rest = behind;
    }
    Ok(decoded)
}

struct Block<'a> {
    /// How many bytes come of it.
    length: usize,
    payload: &'a [u8],
}

impl<'a> Block<'a> {
    /// The first block, and what stands behind it.
    fn cut(bytes: &'a [u8]) -> Result<(Block<'a>, &'a [u8]), String> {
        let (Some(length), Some(stored)) = (u32_at(bytes, 0), u32_at(bytes, 4)) else {
            return Err("its lengths are cut off".to_owned());
        };
        if LONGEST_BLOCK < length {
            return Err(format!("it tells {length} bytes, and {LONGEST_BLOCK} is the most"));
        }
        let behind = &bytes[BLOCK_HEAD..];
        if behind.len() < stored {
            return Err(format!("it tells {stored} bytes of content, and {} are left", behind.len()));
        }
        let (payload, behind) = behind.split_at(stored);
        Ok((Block { length, payload }, behind))
    }

    fn decode(&self, decoded: &mut Vec<u8>) -> Result<(), String> {
        if self.payload.len() == self.length {
            decoded.extend_from_slice(self.payload);
            return Ok(());
        }
        let begin = decoded.len();
        let mut matches = Matches { input: self.payload, at: 0, nibble: None };
        matches.decode(decoded, begin, begin + self.length)?;
        match decoded.len() - begin {
            length if length == self.length => Ok(()),
            length => Err(format!("it tells {} bytes, and {length} came of it", self.length)),
        }
    }
}

/// The stream of one block: 32 flags at a time, each for a literal byte or a match.
struct Matches<'a> {
    input: &'a [u8],
    at: usize,
    /// Where the byte stands whose high nibble the next long length takes.
    nibble: Option<usize>,
}

impl Matches<'_> {
    /// Decodes up to `end`, the length of `decoded` that the block tells. No match reaches back before `begin`.
    fn decode(&mut self, decoded: &mut Vec<u8>, begin: usize, end: usize) -> Result<(), String> {
        while self.at < self.input.len() {
            let flags = self.u32()?;
            for bit in (0..32).rev() {
                let is_match = flags >> bit & 1 == 1;
                if self.at == self.input.len() || !is_match && decoded.len() == end {
                    return Ok(());
                }
                if is_match {
                    self.copy(decoded, begin, end)?;
                } else {
                    decoded.push(self.u8()?);
                }
            }
        }
        Ok(())
    }

    fn copy(&mut self, decoded: &mut Vec<u8>, begin: usize, end: usize) -> Result<(), String> {
        let token = usize::from(self.u16()?);
        let (distance, length) = ((token >> 3) + 1, self.length(token & 7)?);
        if decoded.len() - begin < distance {
            return Err(format!("a match reaches {distance} bytes back, before its beginning"));
        }
        if end - decoded.len() < length {
            return Err("a match goes beyond its end".to_owned());
        }
        // A match may overlap what it makes, so it is copied byte by byte.
        for _ in 0..length {
            decoded.push(decoded[decoded.len() - distance]);
        }
        Ok(())
    }

    /// [MS-XCA] 2.4.4: three bits, a nibble, a byte, two bytes, four.
    fn length(&mut self, code: usize) -> Result<usize, String> {
        let code = match code {
            7 => match self.nibble()? {
                15 => match self.u8()? {
                    255 => return self.long_length(),
                    byte => usize::from(byte) + 15 + 7,
                },
                nibble => nibble + 7,
            },
            code => code,
        };
        Ok(code + 3)
    }

    fn long_length(&mut self) -> Result<usize, String> {
        let length = match self.u16()? {
            0 => self.u32()? as usize,
            length => usize::from(length),
        };
        if length < 15 + 7 {
            return Err(format!("a match tells a length of {length} in the longest form"));
        }
        length.checked_add(3).ok_or_else(|| "a match is too long".to_owned())
    }

    /// The low half of a new byte, or the high half of the one before.
    fn nibble(&mut self) -> Result<usize, String> {
        if let Some(at) = self.nibble.take() {
            return Ok(usize::from(self.input[at] >> 4));
        }
        let at = self.at;
        let byte = self.u8()?;
        self.nibble = Some(at);
        Ok(usize::from(byte & 15))
    }

    fn u8(&mut self) -> Result<u8, String> {
        self.take::<1>().map(|[byte]| byte)
    }

    fn u16(&mut self) -> Result<u16, String> {
        self.take().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Result<u32, String> {
        self.take().map(u32::from_le_bytes)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let bytes = self.input[self.at..].first_chunk().ok_or("it ends in the middle of a match or literal")?;
        self.at += N;
        Ok(*bytes)
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes) as usize)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MOST: usize = 1024 * 1024;

    fn block(length: u32, payload: &[u8]) -> Vec<u8> {
        let stored = u32::try_from(payload.len()).unwrap();
        [&length.to_le_bytes()[..], &stored.to_le_bytes()[..], payload].concat()
    }

    fn fails(entity: &[u8], reason: &str) {
        assert_eq!(decode(entity, MOST).unwrap_err(), reason);
    }

    #[test]
    fn literals_alone_are_what_they_are() {
        let payload = [&[0x3f, 0, 0, 0][..], b"abcdefghijklmnopqrstuvwxyz"].concat();
        assert_eq!(decode(&block(26, &payload), MOST).unwrap(), b"abcdefghijklmnopqrstuvwxyz");
    }

    #[test]
    fn a_long_match_repeats_what_it_makes() {
        let payload = [0xff, 0xff, 0xff, 0x1f, 0x61, 0x62, 0x63, 0x17, 0x00, 0x0f, 0xff, 0x26, 0x01];
        assert_eq!(decode(&block(300, &payload), MOST).unwrap(), b"abc".repeat(100));
    }

    #[test]
    fn two_lengths_share_the_halves_of_one_byte() {
        // a, then 1 + 10 + 11 more: the first nibble is 0 (length 10), the second 1 (length 11).
        let payload = [0xff, 0xff, 0xff, 0x7f, b'a', 0x07, 0x00, 0x10, 0x07, 0x00];
        assert_eq!(decode(&block(22, &payload), MOST).unwrap(), b"a".repeat(22));
    }

    #[test]
    fn blocks_follow_each_other_and_a_stored_one_is_copied() {
        let entity = [block(3, b"abc"), block(300, b"\xff\xff\xff\x1fabc\x17\x00\x0f\xff\x26\x01")].concat();
        assert_eq!(decode(&entity, MOST).unwrap(), b"abc".repeat(101));
        assert_eq!(decode(b"", MOST).unwrap(), b"");
    }

    #[test]
    fn what_is_corrupt_says_where() {
        fails(&[1, 0, 0], "block 1: its lengths are cut off");
        fails(&block(65_536, b"x"), "block 1: it tells 65536 bytes, and 65535 is the most");
        fails(&[5, 0, 0, 0, 9, 0, 0, 0, 1], "block 1: it tells 9 bytes of content, and 1 are left");
        let short = [block(1, b"a"), block(9, b"\x3f\0\0\0ab")].concat();
        fails(&short, "block 2: it tells 9 bytes, and 2 came of it");
        let before = block(9, &[0xff, 0xff, 0xff, 0xff, 0x08, 0x00]);
        fails(&before, "block 1: a match reaches 2 bytes back, before its beginning");
        let beyond = block(3, &[0xff, 0xff, 0xff, 0x7f, b'a', 0x00, 0x00]);
        fails(&beyond, "block 1: a match goes beyond its end");
        let cut = block(9, &[0xff, 0xff, 0xff, 0xff, 0x08]);
        fails(&cut, "block 1: it ends in the middle of a match or literal");
    }

    #[test]
    fn no_more_is_made_than_is_allowed() {
        let entity = block(300, b"\xff\xff\xff\x1fabc\x17\x00\x0f\xff\x26\x01");
        assert_eq!(decode(&entity, 299).unwrap_err(), "block 1: it would make more than 299 bytes");
        assert!(decode(&entity, 300).is_ok());
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
            if let Ok(decoded) = decode(&bytes, MOST) {
                prop_assert!(decoded.len() <= bytes.len() * 8192);
            }
        }

        #[test]
        fn an_arbitrary_block_never_panics(length in 0_u32..70_000, payload in prop::collection::vec(any::<u8>(), 0..512)) {
            if let Ok(decoded) = decode(&block(length, &payload), MOST) {
                prop_assert_eq!(decoded.len(), length as usize);
            }
        }
    }
}
