//! The seam of the protocol: asked with the typed outcome of an operation, before a byte of it is encoded.

use super::fault::SoapFault;
use super::message::{Request, Response};
use crate::seam::{Act, Standing};

/// What a fault of the protocol may do.
pub trait SoapSeam: std::fmt::Debug + Send + Sync {
    /// The request has been read and the honest outcome stands.
    fn before_encoding(&self, exchange: &Exchange<'_>) -> SoapAct {
        let _ = exchange;
        SoapAct::Proceed
    }

    /// What it takes for itself; `None` where it does not act always.
    fn standing(&self) -> Option<Standing> {
        None
    }
}

/// A request and its honest outcome.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// What was asked.
    pub request: &'a Request,
    /// What an honest server answers.
    pub outcome: &'a Result<Response, SoapFault>,
}

/// What the protocol does next.
#[derive(Clone, Debug, PartialEq)]
pub enum SoapAct {
    /// Sends the honest outcome.
    Proceed,
    /// Sends this in its place.
    Answer(Box<Result<Response, SoapFault>>),
}

impl Act for SoapAct {
    fn proceed() -> SoapAct {
        SoapAct::Proceed
    }

    fn proceeds(&self) -> bool {
        *self == SoapAct::Proceed
    }
}
