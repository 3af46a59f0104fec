//! Faults of HTTP servers.

use serde::{Deserialize, Serialize};

use crate::layer::http::HttpSeam;

mod close_without_answer;
mod pool_stopped;

/// What an HTTP server can do wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum HttpFault {
    /// The application pool does not run: HTTP.SYS answers 503 in its place (F-47).
    PoolStopped {},
    /// The connection is closed once the request is read, without an answer.
    CloseWithoutAnswer {},
}

impl HttpFault {
    /// The name under which it signs, and what it does at the seams.
    pub(crate) fn at_seam(&self) -> (&'static str, Box<dyn HttpSeam>) {
        match self {
            HttpFault::PoolStopped {} => ("http/pool-stopped", Box::new(pool_stopped::PoolStopped)),
            HttpFault::CloseWithoutAnswer {} => {
                ("http/close-without-answer", Box::new(close_without_answer::CloseWithoutAnswer))
            }
        }
    }
}
