//! `Content-Encoding: xpress`: blocks, each with its two lengths and compressed as [MS-XCA] 2.3 and 2.4 have "plain LZ77".

mod compress;
mod decompress;
mod stream;

pub use compress::Encoder;
pub use decompress::{XpressError, decode};
pub use stream::of_body;

/// What a block holds of the body, as WSUS on Windows Server 2025 cuts it.
pub const BLOCK: usize = 16_352;

/// A body, encoded.
pub fn encode(body: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(body.len() / 2);
    let mut encoder = Encoder::new();
    body.chunks(BLOCK).for_each(|block| encoder.block(block, &mut encoded));
    encoded
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;
