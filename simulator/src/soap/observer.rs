//! Who is told of every call of a server, and has no part in its answer.

use time::OffsetDateTime;

use super::message::Request;

/// Somebody who watches the calls.
pub trait CallObserver: std::fmt::Debug + Send + Sync {
    /// A request was read, and nothing has been done about it.
    fn begins(&self, request: &Request, now: OffsetDateTime) {
        let _ = (request, now);
    }

    /// Its answer stands, and it is no fault.
    fn answered(&self, request: &Request, now: OffsetDateTime) {
        let _ = (request, now);
    }
}
