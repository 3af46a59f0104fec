//! The examiner's way out: resolve first, then dial. Under an address plan nothing else can be reached.

pub(crate) mod stream;
pub(crate) mod watched;

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
    /// How much of the catalogue is asked for. `None`: all of it under a plan, a sample on a real network.
    pub depth: Option<Depth>,
}

/// How much of the upstream's catalogue an examination asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Every revision and its metadata, as a first synchronization would.
    Whole,
    /// The list of categories and one request of metadata, and only those updates that are newer than the answer to
    /// GetConfigData: proof that each operation works, without hours of traffic for the upstream.
    Sample,
}

impl Network {
    /// How much of the catalogue is asked for.
    pub fn depth(&self) -> Depth {
        let usual = if self.plan.is_some() { Depth::Whole } else { Depth::Sample };
        self.depth.unwrap_or(usual)
    }

    /// The real socket behind an address.
    pub(crate) fn tcp(&self, address: SocketAddr) -> Result<SocketAddr, ExamineError> {
        self.plan.as_ref().map_or(Ok(address), |plan| plan.tcp(address))
    }

    /// The real socket behind an address that datagrams are sent to.
    pub(crate) fn udp(&self, address: SocketAddr) -> Result<SocketAddr, ExamineError> {
        self.plan.as_ref().map_or(Ok(address), |plan| plan.udp(address))
    }
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    fn plan() -> Plan {
        Plan {
            tcp: [(address("198.18.1.1:443"), address("127.0.0.1:4001"))].into(),
            udp: [(address("10.87.0.53:53"), address("127.0.0.1:4002"))].into(),
            closed: [("198.18.1.1".parse().unwrap(), address("127.0.0.1:4003"))].into(),
        }
    }

    #[test]
    fn a_lab_address_is_dialled_at_its_real_socket() {
        assert_eq!(plan().tcp(address("198.18.1.1:443")).unwrap(), address("127.0.0.1:4001"));
        assert_eq!(plan().udp(address("10.87.0.53:53")).unwrap(), address("127.0.0.1:4002"));
    }

    #[test]
    fn another_port_of_a_host_that_exists_is_closed() {
        assert_eq!(plan().tcp(address("198.18.1.1:80")).unwrap(), address("127.0.0.1:4003"));
    }

    #[test]
    fn an_address_outside_the_plan_is_never_dialled() {
        let outside = address("20.1.2.3:443");
        assert!(matches!(plan().tcp(outside), Err(ExamineError::OutsideThePlan(at)) if at == outside));
        assert!(matches!(plan().udp(address("198.18.1.1:443")), Err(ExamineError::OutsideThePlan(_))));
    }

    #[test]
    fn without_a_plan_only_a_sample_is_asked_for() {
        assert_eq!(Network::default().depth(), Depth::Sample);
        assert_eq!(Network { plan: Some(plan()), ..Network::default() }.depth(), Depth::Whole);
    }
}
