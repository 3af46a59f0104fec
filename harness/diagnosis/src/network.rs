//! The examiner's way out: resolve first, then dial. Under an address plan nothing else can be reached.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use crate::secret::Password;

/// What the examiner may reach and how.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Asked for names instead of the system's resolver. Under a plan, a lab address.
    pub dns: Option<SocketAddr>,
    /// The lab's address plan; `None` on a real network.
    pub plan: Option<Plan>,
    /// Names (lower case, with port) that are dialled elsewhere, as curl's `--connect-to` does; asked before DNS.
    pub connect_to: BTreeMap<(String, u16), SocketAddr>,
    /// The proxy password, for exactly one authenticated attempt.
    pub proxy_password: Option<Password>,
}

/// Which lab address and port lies at which real socket. Sealed: a dial that it does not know is an error of the lab.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// TCP listeners.
    pub tcp: BTreeMap<SocketAddr, SocketAddr>,
    /// UDP listeners.
    pub udp: BTreeMap<SocketAddr, SocketAddr>,
    /// Hosts that exist, and the real socket that refuses connections in the name of all their other ports.
    pub closed: BTreeMap<IpAddr, SocketAddr>,
}

/// The lab is broken: the examination cannot go on. Never a result.
#[derive(Debug, thiserror::Error)]
pub enum ExamineError {
    /// A dial that the plan does not know.
    #[error("the address plan does not know {0}: the examiner would have left the lab")]
    OutsideThePlan(SocketAddr),
    /// The TLS library could not be set up.
    #[error("the TLS library could not be set up")]
    Tls(#[from] openssl::error::ErrorStack),
}

impl Plan {
    /// The real socket for a TCP dial.
    pub fn tcp(&self, lab: SocketAddr) -> Result<SocketAddr, ExamineError> {
        let real = self.tcp.get(&lab).or_else(|| self.closed.get(&lab.ip()));
        real.copied().ok_or(ExamineError::OutsideThePlan(lab))
    }

    /// The real socket for a datagram.
    pub fn udp(&self, lab: SocketAddr) -> Result<SocketAddr, ExamineError> {
        self.udp.get(&lab).copied().ok_or(ExamineError::OutsideThePlan(lab))
    }
}
