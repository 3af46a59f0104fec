//! `network.json`: how a foreign examiner reaches the nodes of a running world. The only file of a subject folder that a real
//! server would not have.

use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};
use simulator::AddressPlan;

/// The address plan as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkFile {
    /// Version of this format; 1.
    pub schema: u32,
    /// The world's DNS server.
    pub dns: Option<DnsAddress>,
    /// TCP listeners.
    pub tcp: Vec<Mapping>,
    /// UDP listeners.
    pub udp: Vec<Mapping>,
    /// Hosts that exist, and the real socket that refuses in the name of all their other ports.
    #[serde(default)]
    pub closed: Vec<Closed>,
    /// curl's `--connect-to` strings.
    pub connect_to: Vec<String>,
}

/// Where the world's DNS server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DnsAddress {
    /// Its lab address.
    pub lab: SocketAddr,
    /// Its real address for datagrams.
    pub udp: SocketAddr,
    /// Its real address for streams.
    pub tcp: SocketAddr,
}

/// A lab address and the real socket that stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// Lab address and port.
    pub lab: SocketAddr,
    /// Real address and port.
    pub address: SocketAddr,
}

/// A host, and the real socket that refuses in its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Lab address.
    pub host: IpAddr,
    /// Real address and port.
    pub address: SocketAddr,
}

impl NetworkFile {
    /// The plan as a file.
    pub fn of(plan: &AddressPlan) -> NetworkFile {
        let mapping = |(lab, address): (&SocketAddr, &SocketAddr)| Mapping { lab: *lab, address: *address };
        let dns = plan.udp.iter().find(|(lab, _)| lab.port() == 53).and_then(|(lab, udp)| {
            let tcp = *plan.tcp.get(lab)?;
            Some(DnsAddress { lab: *lab, udp: *udp, tcp })
        });
        NetworkFile {
            schema: 1,
            dns,
            tcp: plan.tcp.iter().map(mapping).collect(),
            udp: plan.udp.iter().map(mapping).collect(),
            closed: plan.closed.iter().map(|(host, address)| Closed { host: *host, address: *address }).collect(),
            connect_to: plan.connect_to(),
        }
    }
}
