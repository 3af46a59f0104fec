//! Faults of an explicit proxy.

use serde::{Deserialize, Serialize};

use crate::layer::proxy::ProxySeam;

mod close_without_answer;

/// What a proxy can do wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum ProxyFault {
    /// Closes the connection without an answer.
    CloseWithoutAnswer {},
}

impl ProxyFault {
    /// The name under which it signs, and what it does at the seams.
    pub(crate) fn at_seam(&self) -> (&'static str, Box<dyn ProxySeam>) {
        match self {
            ProxyFault::CloseWithoutAnswer {} => {
                ("proxy/close-without-answer", Box::new(close_without_answer::CloseWithoutAnswer))
            }
        }
    }
}
