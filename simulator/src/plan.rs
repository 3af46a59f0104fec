//! The address plan: which lab address and port of the world lies at which real socket.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};

/// Which lab address and port lies at which real socket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressPlan {
    /// TCP listeners: lab to real.
    pub tcp: BTreeMap<SocketAddr, SocketAddr>,
    /// UDP listeners: lab to real.
    pub udp: BTreeMap<SocketAddr, SocketAddr>,
    /// Hosts that exist, and the real socket that refuses connections in the name of all their other ports.
    pub closed: BTreeMap<IpAddr, SocketAddr>,
    /// Every name of the world and its lab address, as an unhindered resolver would answer.
    pub names: BTreeMap<String, IpAddr>,
}

impl AddressPlan {
    /// The real socket of a name and port, whether anything listens there or not; `None` for a name outside the world.
    pub fn real(&self, name: &str, port: u16) -> Option<SocketAddr> {
        let address = match name.parse::<IpAddr>() {
            Ok(address) => address,
            Err(_) => *self.names.get(&name.to_ascii_lowercase())?,
        };
        let lab = SocketAddr::new(address, port);
        self.tcp.get(&lab).or_else(|| self.closed.get(&address)).copied()
    }

    /// curl's `--connect-to` strings: `host:port:address:port` for every name and listener.
    pub fn connect_to(&self) -> Vec<String> {
        let mut strings = Vec::new();
        for (name, address) in &self.names {
            for (lab, real) in self.tcp.range(SocketAddr::new(*address, 0)..=SocketAddr::new(*address, u16::MAX)) {
                strings.push(format!("{name}:{}:{}:{}", lab.port(), real.ip(), real.port()));
            }
        }
        strings
    }
}
