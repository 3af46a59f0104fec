//! Every wait of the examiner, each with a deadline that the user can set and that is part of the evidence.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How long each wait may take, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadlines {
    /// One question to a DNS server.
    pub dns_ms: u64,
    /// From SYN to SYN-ACK.
    pub connect_ms: u64,
    /// From ClientHello to the end of the handshake.
    pub handshake_ms: u64,
    /// From a request to the end of its answer.
    pub answer_ms: u64,
}

impl Deadlines {
    /// For worlds on loopback: whatever takes longer has stalled. A connection is the kernel's own doing; all else waits for its
    /// turn on a busy machine.
    pub const LOOPBACK: Deadlines = Deadlines { dns_ms: 2_000, connect_ms: 400, handshake_ms: 2_000, answer_ms: 2_000 };

    /// Windows's own: 21 s of SYN retransmissions, 100 s for an answer (the default of .NET's SOAP client).
    pub const WINDOWS: Deadlines =
        Deadlines { dns_ms: 15_000, connect_ms: 21_000, handshake_ms: 100_000, answer_ms: 100_000 };

    /// Every wait limited to `limit` at most.
    pub fn at_most(self, limit: Duration) -> Deadlines {
        let limit = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX).max(1);
        Deadlines {
            dns_ms: self.dns_ms.min(limit),
            connect_ms: self.connect_ms.min(limit),
            handshake_ms: self.handshake_ms.min(limit),
            answer_ms: self.answer_ms.min(limit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_shortens_and_never_lengthens() {
        let limited = Deadlines::WINDOWS.at_most(Duration::from_secs(20));
        let expected = Deadlines { dns_ms: 15_000, connect_ms: 20_000, handshake_ms: 20_000, answer_ms: 20_000 };
        assert_eq!(limited, expected);
    }

    #[test]
    fn no_wait_is_limited_to_nothing() {
        assert_eq!(Deadlines::LOOPBACK.at_most(Duration::ZERO).connect_ms, 1);
    }
}
