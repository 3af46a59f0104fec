//! Faults of the transport.

use serde::{Deserialize, Serialize};

use crate::layer::tcp::TcpSeam;
use crate::running::KernelFault;

mod close_after;
mod reset_after;
mod stall_after;

pub use close_after::CloseAfter;
pub use reset_after::ResetAfter;
pub use stall_after::StallAfter;

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
    /// FIN once so many bytes have been sent to the client.
    CloseAfter(CloseAfter),
    /// Silence once so many bytes have been sent to the client.
    StallAfter(StallAfter),
}

impl TcpFault {
    /// The name under which it signs, and what it does at the seams; `None` for what the kernel enacts.
    pub(crate) fn at_seam(&self) -> Option<(&'static str, Box<dyn TcpSeam>)> {
        match self {
            TcpFault::Refuse {} | TcpFault::Drop {} => None,
            TcpFault::ResetAfter(fault) => Some(("tcp/reset-after", Box::new(fault.clone()))),
            TcpFault::CloseAfter(fault) => Some(("tcp/close-after", Box::new(fault.clone()))),
            TcpFault::StallAfter(fault) => Some(("tcp/stall-after", Box::new(fault.clone()))),
        }
    }

    /// What the kernel enacts in place of the listener.
    pub(crate) fn enacted_by_kernel(&self) -> Option<KernelFault> {
        match self {
            TcpFault::Refuse {} => Some(KernelFault::Refuse),
            TcpFault::Drop {} => Some(KernelFault::Drop),
            TcpFault::ResetAfter(_) | TcpFault::CloseAfter(_) | TcpFault::StallAfter(_) => None,
        }
    }
}
