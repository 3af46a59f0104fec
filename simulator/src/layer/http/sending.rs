//! A body on its way out, piece by piece as the peer takes it.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::Frame;

use crate::body::Body;

/// A body as hyper takes it. Its length stands in the head; a body that is shorter ends the connection.
pub(crate) struct Sending(Pieces);

enum Pieces {
    One(Bytes),
    Many(Box<dyn Iterator<Item = Bytes> + Send>),
}

impl Sending {
    pub(super) fn of(body: Body) -> Sending {
        Sending(match body {
            Body::Whole(bytes) => Pieces::One(bytes),
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
            Pieces::Many(pieces) => pieces.next(),
        };
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(&self.0, Pieces::One(bytes) if bytes.is_empty())
    }
}
