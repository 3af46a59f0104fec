//! A body on its way out, piece by piece as the peer takes it.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::Frame;

use crate::body::Body;

/// A body as hyper takes it. Its length stands in the head; a body that is shorter ends the connection.
pub(crate) struct Sending(Pieces);

enum Pieces {
    One(Bytes),
    /// And how many of them have been given.
    Shared(Arc<[Bytes]>, usize),
    Many(Box<dyn Iterator<Item = Bytes> + Send>),
}

impl Sending {
    pub(super) fn of(body: Body) -> Sending {
        Sending(match body {
            Body::Whole(bytes) => Pieces::One(bytes),
            Body::Pieces(pieces) => Pieces::Shared(pieces, 0),
            Body::Streamed(stream) => Pieces::Many(stream.pieces()),
        })
    }
}

impl hyper::body::Body for Sending {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = match &mut self.0 {
            Pieces::One(bytes) => Some(std::mem::take(bytes)).filter(|bytes| !bytes.is_empty()),
            Pieces::Shared(pieces, given) => {
                *given += 1;
                pieces.get(*given - 1).cloned()
            }
            Pieces::Many(pieces) => pieces.next(),
        };
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Pieces::One(bytes) => bytes.is_empty(),
            Pieces::Shared(pieces, given) => pieces.len() <= *given,
            Pieces::Many(_) => false,
        }
    }
}
