//! What only some systems can do, in one place, each with what to do where it cannot be done.

use std::io;
use std::net::SocketAddr;

pub(crate) use unanswered::Unanswered;

mod unanswered;

/// A listener at `bind` (port 0 takes a free one) that answers no connection attempt, as behind a firewall that drops.
///
/// It has tried itself when this returns. That takes some ten milliseconds during which the thread is blocked.
pub(crate) fn unanswered_listener(bind: SocketAddr) -> io::Result<Unanswered> {
    Unanswered::listen(bind)
}
