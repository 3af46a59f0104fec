//! Faults of an explicit proxy.

use serde::{Deserialize, Serialize};

use crate::layer::proxy::ProxySeam;

mod close_without_answer;
mod strip_range;

/// What a proxy can do wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum ProxyFault {
    /// Closes the connection without an answer.
    CloseWithoutAnswer {},
    /// Takes the field `Range` out of the requests that it sends on in clear (F-57).
    StripRange {},
}

impl ProxyFault {
    /// The name under which it signs, and what it does at the seams.
    pub(crate) fn at_seam(&self) -> (&'static str, Box<dyn ProxySeam>) {
        match self {
            ProxyFault::CloseWithoutAnswer {} => {
                ("proxy/close-without-answer", Box::new(close_without_answer::CloseWithoutAnswer))
            }
            ProxyFault::StripRange {} => ("proxy/strip-range", Box::new(strip_range::StripRange)),
        }
    }
}
