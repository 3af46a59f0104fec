//! Faults of the transport.

use serde::{Deserialize, Serialize};

/// What a transport can do wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum TcpFault {
    /// RST to every SYN (F-20); enacted by the kernel.
    Refuse {},
    /// Every SYN unanswered (F-19); enacted by the kernel.
    Drop {},
    /// RST once so many bytes have been sent to the client, all of TLS included (F-26).
    ResetAfter(ResetAfter),
}

/// Parameters of [`TcpFault::ResetAfter`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ResetAfter {
    /// Bytes sent to the client before the reset.
    pub bytes: u64,
}
