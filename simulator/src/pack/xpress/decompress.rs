//! Taking blocks apart again. Every length is checked before memory is taken for it.

/// What is wrong with an encoded body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("block {block} is damaged: {why}")]
pub struct XpressError {
    /// Which block, from 0.
    pub block: usize,
    /// Why.
    pub why: &'static str,
}

/// A body, decoded. More than `limit` bytes are not let out of it.
pub fn decode(mut encoded: &[u8], limit: usize) -> Result<Vec<u8>, XpressError> {
    let mut body = Vec::new();
    let mut block = 0;
    while !encoded.is_empty() {
        encoded = next(encoded, limit, &mut body).map_err(|why| XpressError { block, why })?;
        block += 1;
    }
    Ok(body)
}

/// \[MS-WSUSSS\] 2.1: the longest block.
const LARGEST: usize = 65_535;

fn next<'a>(encoded: &'a [u8], limit: usize, body: &mut Vec<u8>) -> Result<&'a [u8], &'static str> {
    let (size, rest) = length(encoded)?;
    let (packed, rest) = length(rest)?;
    if LARGEST < size {
        return Err("it is longer than 65,535 bytes");
    }
    if limit < body.len() + size {
        return Err("more comes out than is allowed");
    }
    let (payload, rest) = rest.split_at_checked(packed).ok_or("it ends before its length")?;
    if packed == size {
        body.extend_from_slice(payload);
    } else {
        block(payload, size, body)?;
    }
    Ok(rest)
}

fn length(bytes: &[u8]) -> Result<(usize, &[u8]), &'static str> {
    let (length, rest) = bytes.split_first_chunk::<4>().ok_or("its lengths are cut off")?;
    Ok((u32::from_le_bytes(*length) as usize, rest))
}

fn block(payload: &[u8], size: usize, body: &mut Vec<u8>) -> Result<(), &'static str> {
    let start = body.len();
    let mut reader = Reader { rest: payload, half: None };
    let (mut flags, mut count) = (0_u32, 0);
    loop {
        if count == 0 {
            flags = u32::from_le_bytes(reader.array()?);
            count = 32;
        }
        count -= 1;
        if flags >> count & 1 == 0 {
            body.extend_from_slice(&reader.array::<1>()?);
        } else if reader.rest.is_empty() {
            break;
        } else {
            let (distance, length) = reader.matched()?;
            if body.len() - start < distance || start + size < body.len() + length {
                return Err("a match reaches outside of it");
            }
            for at in body.len() - distance..body.len() - distance + length {
                body.push(body[at]);
            }
        }
        if start + size < body.len() {
            return Err("more comes out than its length");
        }
    }
    if body.len() == start + size { Ok(()) } else { Err("less comes out than its length") }
}

struct Reader<'a> {
    rest: &'a [u8],
    half: Option<u8>,
}

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], &'static str> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or("its data end too early")?;
        self.rest = rest;
        Ok(*taken)
    }

    fn matched(&mut self) -> Result<(usize, usize), &'static str> {
        let token = usize::from(u16::from_le_bytes(self.array()?));
        Ok(((token >> 3) + 1, self.length(token & 7)? + 3))
    }

    fn length(&mut self, code: usize) -> Result<usize, &'static str> {
        if code < 7 {
            return Ok(code);
        }
        let half = self.half()?;
        if half < 15 {
            return Ok(half + 7);
        }
        let [byte] = self.array()?;
        if byte < 255 {
            return Ok(usize::from(byte) + 15 + 7);
        }
        let whole = match u16::from_le_bytes(self.array()?) {
            0 => u32::from_le_bytes(self.array()?) as usize,
            word => usize::from(word),
        };
        if LARGEST < whole { Err("a match is longer than a block") } else { Ok(whole) }
    }

    fn half(&mut self) -> Result<usize, &'static str> {
        if let Some(half) = self.half.take() {
            return Ok(usize::from(half));
        }
        let [byte] = self.array()?;
        self.half = Some(byte >> 4);
        Ok(usize::from(byte & 15))
    }
}
