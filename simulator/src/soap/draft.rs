//! An answer while it is written. A long list in it is not written at all: its place is kept, and it is made while it is
//! sent.

use std::sync::Arc;

use bytes::Bytes;

use super::write::Sink;
use crate::body::{Body, Stream};

/// An answer that is being written.
#[derive(Debug)]
pub(crate) struct Draft {
    done: Vec<Part>,
    text: Vec<u8>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(Bytes),
    Stream(Arc<dyn Stream>),
}

/// Less is cheaper to copy than to send by itself.
const WORTH_KEEPING: usize = 2 * 1024;

/// What is written and what is kept, in their order.
#[derive(Debug)]
struct Parts(Vec<Part>);

impl Draft {
    /// A draft with room for so many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Draft {
        Draft { done: Vec::new(), text: Vec::with_capacity(bytes) }
    }

    /// The body that it has become.
    pub(crate) fn into_body(mut self) -> Body {
        if self.done.is_empty() {
            return self.text.into();
        }
        self.close_text();
        let text = |part: &Part| match part {
            Part::Text(text) => Some(text.clone()),
            Part::Stream(_) => None,
        };
        match self.done.iter().map(text).collect() {
            Some(pieces) => Body::Pieces(pieces),
            None => Body::Streamed(Arc::new(Parts(self.done))),
        }
    }

    fn close_text(&mut self) {
        if !self.text.is_empty() {
            self.done.push(Part::Text(std::mem::take(&mut self.text).into()));
        }
    }
}

impl Sink for Draft {
    fn put(&mut self, text: &str) {
        self.text.put(text);
    }

    fn put_shared(&mut self, text: &Bytes) {
        if text.len() < WORTH_KEEPING {
            return self.text.extend_from_slice(text);
        }
        self.close_text();
        self.done.push(Part::Text(text.clone()));
    }

    fn put_stream(&mut self, stream: &Arc<dyn Stream>) {
        let mut pieces = stream.pieces();
        let (first, second) = (pieces.next().unwrap_or_default(), pieces.next());
        if second.is_none() {
            return self.text.extend_from_slice(&first);
        }
        self.close_text();
        self.done.push(Part::Stream(Arc::clone(stream)));
    }
}

impl Stream for Parts {
    fn length(&self) -> u64 {
        let length = |part: &Part| match part {
            Part::Text(text) => text.len() as u64,
            Part::Stream(stream) => stream.length(),
        };
        self.0.iter().map(length).sum()
    }

    fn pieces(&self) -> Box<dyn Iterator<Item = Bytes> + Send> {
        let parts = self.0.clone();
        Box::new(parts.into_iter().flat_map(|part| match part {
            Part::Text(text) => Box::new(std::iter::once(text)),
            Part::Stream(stream) => stream.pieces(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many pieces of three bytes.
    #[derive(Debug)]
    struct Threes(u64);

    impl Stream for Threes {
        fn length(&self) -> u64 {
            self.0 * 3
        }

        fn pieces(&self) -> Box<dyn Iterator<Item = Bytes> + Send> {
            Box::new((0..self.0).map(|_| Bytes::from_static(b"abc")))
        }
    }

    #[test]
    fn a_list_of_one_piece_is_written_at_once() {
        assert!(matches!(check(0, "<>"), Body::Whole(_)));
        assert!(matches!(check(1, "<abc>"), Body::Whole(_)));
    }

    #[test]
    fn a_longer_list_is_made_while_it_is_sent() {
        assert!(matches!(check(2, "<abcabc>"), Body::Streamed(_)));
    }

    #[test]
    fn shared_text_is_not_copied_where_it_is_long() {
        let (short, long) = (Bytes::from(vec![b'a'; 100]), Bytes::from(vec![b'b'; WORTH_KEEPING]));
        let mut draft = Draft::with_capacity(0);
        [&short, &long, &short].into_iter().for_each(|text| draft.put_shared(text));
        let Body::Pieces(pieces) = draft.into_body() else { panic!("it was copied") };
        assert_eq!(pieces[..], [short.clone(), long.clone(), short]);
        assert_eq!(pieces[1].as_ptr(), long.as_ptr());
    }

    fn check(threes: u64, expected: &str) -> Body {
        let mut draft = Draft::with_capacity(0);
        draft.put("<");
        draft.put_stream(&(Arc::new(Threes(threes)) as Arc<dyn Stream>));
        draft.put(">");
        let body = draft.into_body();
        assert_eq!(body.to_bytes(), expected);
        assert_eq!(body.length(), expected.len() as u64);
        body
    }
}
