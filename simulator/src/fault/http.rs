//! Faults of HTTP servers.

use serde::{Deserialize, Serialize};

use crate::layer::http::HttpSeam;

mod close_without_answer;
mod gzip_unasked;
mod other_site;
mod pool_stopped;
mod status;

pub use status::Status;

/// What an HTTP server can do wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum HttpFault {
    /// The application pool does not run: HTTP.SYS answers 503 in its place (F-47).
    PoolStopped {},
    /// The connection is closed once the request is read, without an answer.
    CloseWithoutAnswer {},
    /// Every answer with a body is compressed with gzip, though nobody asked for that.
    GzipUnasked {},
    /// IIS refuses with a status and a page of its own (F-46, F-49, F-51, F-52).
    Status(Status),
    /// Another web site answers: whatever is asked for, a page for people comes (F-30, F-51).
    OtherSite {},
}

impl HttpFault {
    /// The name under which it signs, and what it does at the seams.
    pub(crate) fn at_seam(&self) -> (&'static str, Box<dyn HttpSeam>) {
        match self {
            HttpFault::PoolStopped {} => ("http/pool-stopped", Box::new(pool_stopped::PoolStopped)),
            HttpFault::CloseWithoutAnswer {} => {
                ("http/close-without-answer", Box::new(close_without_answer::CloseWithoutAnswer))
            }
            HttpFault::GzipUnasked {} => ("http/gzip-unasked", Box::new(gzip_unasked::GzipUnasked)),
            HttpFault::Status(status) => ("http/status", Box::new(status.clone())),
            HttpFault::OtherSite {} => ("http/other-site", Box::new(other_site::OtherSite)),
        }
    }
}
