//! Writing LZX of stored blocks only, one for each frame ([MS-PATCH] 2.3.2.1): bits in little-endian words, highest first.

/// What a frame gets in front of its bytes.
pub(in crate::pack::cabinet) const OVERHEAD: usize = 16;

/// Block type 3, `011`: not compressed.
const NOT_COMPRESSED: u32 = 3;

/// A frame of at most 32 KiB. Only the first of a stream says, by a clear bit, that calls are not translated.
pub(in crate::pack::cabinet) fn write(into: &mut Vec<u8>, frame: &[u8], is_first: bool) {
    let length = u32::try_from(frame.len()).expect("invariant: a frame has at most 32 KiB");
    // 28 bits in the first frame, 27 in others, filled up to the left.
    let bits = if is_first { NOT_COMPRESSED << 28 | length << 4 } else { NOT_COMPRESSED << 29 | length << 5 };
    into.extend_from_slice(&((bits >> 16) as u16).to_le_bytes());
    into.extend_from_slice(&(bits as u16).to_le_bytes());
    // The three most recent offsets, as they are at the start of any stream.
    into.extend_from_slice(&[1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
    into.extend_from_slice(frame);
    if frame.len() % 2 == 1 {
        into.push(0);
    }
}
