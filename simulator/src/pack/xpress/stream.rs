//! A body that is encoded while it is sent. Its length is had by encoding it twice: only so can it be sent with its length
//! and not be kept.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};

use super::{BLOCK, Encoder, encode};
use crate::body::{Body, Stream};

/// The encoded body: at once where the body is there, while it is sent where it is not.
pub fn of_body(body: Body) -> Body {
    match body {
        Body::Whole(_) | Body::Pieces(_) => encode(&body.to_bytes()).into(),
        Body::Streamed(plain) => Body::Streamed(Arc::new(Encoded(plain))),
    }
}

#[derive(Debug)]
struct Encoded(Arc<dyn Stream>);

impl Stream for Encoded {
    fn length(&self) -> u64 {
        self.pieces().map(|piece| piece.len() as u64).sum()
    }

    fn pieces(&self) -> Box<dyn Iterator<Item = Bytes> + Send> {
        let (mut encoder, mut blocks) = (Encoder::new(), Blocks { pieces: self.0.pieces(), ahead: BytesMut::new() });
        Box::new(std::iter::from_fn(move || {
            let block = blocks.next()?;
            let mut encoded = Vec::with_capacity(block.len() / 2);
            encoder.block(&block, &mut encoded);
            Some(encoded.into())
        }))
    }
}

/// Pieces of any size, as blocks of one.
struct Blocks {
    pieces: Box<dyn Iterator<Item = Bytes> + Send>,
    ahead: BytesMut,
}

impl Iterator for Blocks {
    type Item = BytesMut;

    fn next(&mut self) -> Option<BytesMut> {
        while self.ahead.len() < BLOCK {
            let Some(piece) = self.pieces.next() else { break };
            self.ahead.extend_from_slice(&piece);
        }
        let block = self.ahead.split_to(self.ahead.len().min(BLOCK));
        (!block.is_empty()).then_some(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pieces of these sizes, which count upwards.
    #[derive(Debug)]
    struct Counting(Vec<usize>);

    impl Stream for Counting {
        fn length(&self) -> u64 {
            self.0.iter().sum::<usize>() as u64
        }

        fn pieces(&self) -> Box<dyn Iterator<Item = Bytes> + Send> {
            let mut next = 0_u32;
            let piece = move |size: usize| {
                let bytes = (0..size).map(|_| {
                    next += 1;
                    (next / 3) as u8
                });
                Bytes::from_iter(bytes)
            };
            Box::new(self.0.clone().into_iter().map(piece))
        }
    }

    #[test]
    fn a_stream_is_encoded_like_its_bytes() {
        check(&[]);
        check(&[1]);
        check(&[BLOCK]);
        check(&[BLOCK - 1, 2]);
        check(&[100, 60_000, 7, BLOCK, 3]);
    }

    fn check(pieces: &[usize]) {
        let plain = Body::Streamed(Arc::new(Counting(pieces.to_vec())));
        let encoded = of_body(plain.clone());
        assert!(encoded.to_bytes() == encode(&plain.to_bytes()), "{pieces:?}");
        assert_eq!(encoded.length(), encoded.to_bytes().len() as u64);
    }
}
