//! The body of an answer: a length and a stream. The length is known before the first byte, since neither IIS nor HTTP.SYS
//! sends an answer of these services in chunks.

use std::fmt::Debug;
use std::sync::Arc;

use bytes::Bytes;

/// A body.
#[derive(Clone, Debug)]
pub enum Body {
    /// Bytes that are there.
    Whole(Bytes),
    /// Bytes that are there, some of which others share.
    Pieces(Arc<[Bytes]>),
    /// Bytes that are made while they are sent.
    Streamed(Arc<dyn Stream>),
}

/// A body that is made piece by piece, as often as it is asked for and each time the same.
pub trait Stream: Debug + Send + Sync {
    /// The number of bytes of all pieces together. May take as long as it takes to make them.
    fn length(&self) -> u64;

    /// The pieces, none of them empty.
    fn pieces(&self) -> Box<dyn Iterator<Item = Bytes> + Send>;
}

impl Body {
    /// The number of bytes; see [`Stream::length`].
    pub fn length(&self) -> u64 {
        match self {
            Body::Whole(bytes) => bytes.len() as u64,
            Body::Pieces(pieces) => pieces.iter().map(|piece| piece.len() as u64).sum(),
            Body::Streamed(stream) => stream.length(),
        }
    }

    /// All bytes at once.
    pub fn to_bytes(&self) -> Bytes {
        match self {
            Body::Whole(bytes) => bytes.clone(),
            Body::Pieces(pieces) => pieces.concat().into(),
            Body::Streamed(stream) => stream.pieces().flatten().collect(),
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Body::Whole(Bytes::new())
    }
}

/// Two bodies are equal that have the same bytes.
impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        self.to_bytes() == other.to_bytes()
    }
}

impl Eq for Body {}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Body::Whole(bytes)
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Body::Whole(bytes.into())
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Body::Whole(text.into())
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Body::Whole(Bytes::from_static(text.as_bytes()))
    }
}
