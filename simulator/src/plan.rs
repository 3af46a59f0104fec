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
    /// TCP listeners that the proxies of the world find elsewhere than everybody else.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub from_proxies: BTreeMap<SocketAddr, SocketAddr>,
}

impl AddressPlan {
    /// The real socket of a name and port, whether anything listens there or not; `None` for a name outside the world.
    pub fn real(&self, name: &str, port: u16) -> Option<SocketAddr> {
        let lab = self.lab(name, port)?;
        self.tcp.get(&lab).or_else(|| self.closed.get(&lab.ip())).copied()
    }

    /// The same as a proxy of the world finds it, which may pass where others may not.
    pub(crate) fn real_from_proxies(&self, name: &str, port: u16) -> Option<SocketAddr> {
        let open = self.lab(name, port).and_then(|lab| self.from_proxies.get(&lab).copied());
        open.or_else(|| self.real(name, port))
    }

    fn lab(&self, name: &str, port: u16) -> Option<SocketAddr> {
        let address = match name.parse::<IpAddr>() {
            Ok(address) => address,
            Err(_) => *self.names.get(&name.to_ascii_lowercase())?,
        };
        Some(SocketAddr::new(address, port))
    }

    /// curl's `--connect-to` strings: `host:port:address:port` for every name and listener.
    pub fn connect_to(&self) -> Vec<String> {
        let mut strings = Vec::new();
        for (name, address) in &self.names {
            for (lab, real) in self.tcp.range(SocketAddr::new(*address, 0)..=SocketAddr::new(*address, u16::MAX)) {
                strings.push(format!("{name}:{}:{real}", lab.port()));
            }
        }
        strings
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_may_pass_where_others_may_not() {
        let lab = "198.18.1.1:443".parse().unwrap();
        let (unanswered, served) = ("127.0.0.1:1".parse().unwrap(), "127.0.0.1:2".parse().unwrap());
        let plan = AddressPlan {
            tcp: [(lab, unanswered)].into(),
            names: [("sws.update.microsoft.com".to_owned(), lab.ip())].into(),
            from_proxies: [(lab, served)].into(),
            ..AddressPlan::default()
        };
        assert_eq!(plan.real("SWS.update.microsoft.com", 443), Some(unanswered));
        assert_eq!(plan.real_from_proxies("SWS.update.microsoft.com", 443), Some(served));
        assert_eq!(plan.connect_to(), ["sws.update.microsoft.com:443:127.0.0.1:1"]);
    }
}
