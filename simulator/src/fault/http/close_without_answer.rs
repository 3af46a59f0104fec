//! `http/close-without-answer`: the connection is closed once the request is read, without an answer.

use crate::layer::http::{AnswerAct, HttpSeam};
use crate::seam::{Stage, Standing};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CloseWithoutAnswer;

impl HttpSeam for CloseWithoutAnswer {
    fn before_answer(&self) -> AnswerAct {
        AnswerAct::Close
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::end(Stage::Answer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_closes_when_the_request_was_read() {
        assert_eq!(CloseWithoutAnswer.before_answer(), AnswerAct::Close);
    }
}
