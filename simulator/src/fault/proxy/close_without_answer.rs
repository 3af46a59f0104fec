//! `proxy/close-without-answer`: the proxy reads the request and closes the connection.

use crate::layer::proxy::{ProxyAct, ProxySeam};
use crate::seam::{Stage, Standing};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CloseWithoutAnswer;

impl ProxySeam for CloseWithoutAnswer {
    fn before_answer(&self) -> ProxyAct {
        ProxyAct::Close
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::end(Stage::ProxyRequest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::When;
    use crate::journal::Journal;
    use crate::seam::{Moment, Seams};

    fn act_at(call: u64) -> ProxyAct {
        let mut seams: Seams<dyn ProxySeam> = Seams::new(Journal::new(), "proxy", "proxy");
        let when = When { call: Some(call), ..When::default() };
        seams.place("proxy/close-without-answer", Some(when), Box::new(CloseWithoutAnswer));
        seams.ask(Moment::default(), |fault| fault.before_answer())
    }

    #[test]
    fn it_closes_at_the_call_that_was_named() {
        assert_eq!(act_at(1), ProxyAct::Close);
    }

    #[test]
    fn other_calls_are_answered() {
        assert_eq!(act_at(2), ProxyAct::Proceed);
    }
}
