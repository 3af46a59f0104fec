//! Faults of HTTP servers.

use serde::{Deserialize, Serialize};

/// What an HTTP server can do wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum HttpFault {
    /// The application pool does not run: HTTP.SYS answers 503 in its place (F-47).
    PoolStopped {},
    /// The connection is closed once the request is read, without an answer.
    CloseWithoutAnswer {},
}
