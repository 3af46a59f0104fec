//! A world that runs: its sockets, its plan, its roots, its journal.

use std::net::IpAddr;
use std::net::SocketAddr;

use crate::journal::Journal;
use crate::plan::AddressPlan;
use crate::world::World;

/// How a world is started. The default is what tests want: loopback, free ports.
#[derive(Clone, Debug)]
pub struct StartOptions {
    /// The real address that all listeners bind.
    pub bind: IpAddr,
    /// Whether listeners take the ports that they have in the lab (443, 8530 …) instead of free ones.
    pub standard_ports: bool,
    /// The journal to write; a fresh one by default.
    pub journal: Journal,
    /// Keys made beforehand.
    pub keys: certs::KeyPool,
}

/// A running world. Dropping it stops it; [`Running::stop`] waits until nothing is left.
#[derive(Debug)]
pub struct Running {
    /// Where every lab address and port lies.
    pub plan: AddressPlan,
    /// What the nodes saw and did.
    pub journal: Journal,
    /// The world's two roots and what else a subject may be told.
    pub trust: certs::Trust,
    /// Every listener, for people.
    pub listeners: Vec<Listener>,
}

/// One listener of a running world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Name of the node.
    pub node: String,
    /// Name of the listener.
    pub name: String,
    /// `microsoft-update`, `upstream`, `proxy` or `dns`.
    pub kind: &'static str,
    /// Lab address and port.
    pub lab: SocketAddr,
    /// Real address and port.
    pub address: SocketAddr,
    /// A URL with a name of the world, for people.
    pub url: String,
}

/// A world that cannot start: the lab's fault, or an impossible combination.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// A socket could not be bound.
    #[error("node {node}: cannot listen on {address}")]
    Bind {
        /// The node.
        node: String,
        /// The real address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Keys or certificates could not be made.
    #[error("the world's certificates could not be made")]
    Certificates(#[from] certs::CertsError),
    /// A fault did not work when it tried itself.
    #[error("node {node}: the fault {fault} cannot be enacted here: {reason}")]
    NotEnacted {
        /// The node.
        node: String,
        /// The fault.
        fault: String,
        /// Why not.
        reason: String,
    },
    /// The world contradicts itself.
    #[error("node {node}: {reason}")]
    Impossible {
        /// The node.
        node: String,
        /// What contradicts what.
        reason: String,
    },
}

impl World {
    /// Starts every node. When this returns, every listener answers and every kernel-enacted fault has tried itself.
    pub async fn start(&self, options: StartOptions) -> Result<Running, StartError> {
        let _ = options;
        unreachable!("replaced by the nodes")
    }
}

impl Running {
    /// Stops every node and waits until sockets and tasks are gone. Returns the journal.
    pub async fn stop(self) -> Journal {
        self.journal
    }
}
