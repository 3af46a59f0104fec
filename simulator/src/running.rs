//! A world that runs: its sockets, its plan, its roots, its journal.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use crate::catalogue::Catalogue;
use crate::journal::Journal;
use crate::node;
use crate::plan::AddressPlan;
use crate::running::closed::Closed;
use crate::running::lab::Lab;
use crate::running::tasks::Tasks;
use crate::world::{Node, World};

mod check;
mod closed;
mod grounds;
pub(crate) mod lab;
mod tasks;

pub(crate) use closed::KernelFault;
pub(crate) use grounds::{ChainTicket, Grounds};

/// Far more than a world needs to end.
const GONE_WITHIN: Duration = Duration::from_secs(5);

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
    /// What Microsoft Update and the upstream servers offer; the built-in catalogue without.
    pub catalogue: Option<Arc<dyn Catalogue>>,
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
    tasks: Tasks,
    /// The sockets that refuse or do not answer.
    closed: Vec<Closed>,
}

/// One listener of a running world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Name of the node.
    pub node: String,
    /// Name of the listener.
    pub name: String,
    /// `microsoft-update`, `upstream`, `proxy`, `dns` or `pki`.
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

impl Default for StartOptions {
    fn default() -> Self {
        StartOptions {
            bind: Ipv4Addr::LOCALHOST.into(),
            standard_ports: false,
            journal: Journal::new(),
            keys: certs::KeyPool::default(),
            catalogue: None,
        }
    }
}

impl World {
    /// Starts every node on the tokio runtime of the caller. When this returns, every listener answers and every
    /// kernel-enacted fault has tried itself.
    pub async fn start(&self, options: StartOptions) -> Result<Running, StartError> {
        self.check()?;
        let mut lab = Lab::new(options);
        // A proxy that inspects TLS asks for a certificate for every name of the world, so that all must be entered before.
        let (proxies, others): (Vec<_>, Vec<_>) =
            self.nodes.iter().partition(|(_, node)| matches!(node, Node::Proxy(_)));
        for (name, node) in others.into_iter().chain(proxies) {
            node::start(name, node, &mut lab).await?;
        }
        lab.open()
    }
}

impl Running {
    /// Stops every node and waits until sockets and tasks are gone. Returns the journal.
    pub async fn stop(mut self) -> Journal {
        self.closed.clear();
        // No task of a world ever blocks, so that this wait is for those that run at the moment.
        let _ = tokio::time::timeout(GONE_WITHIN, self.tasks.stop()).await;
        self.journal.clone()
    }

    fn of(grounds: &Grounds, trust: certs::Trust, listeners: Vec<Listener>, closed: Vec<Closed>) -> Running {
        let plan = AddressPlan::clone(&grounds.plan);
        Running { plan, journal: grounds.journal.clone(), trust, listeners, tasks: grounds.tasks.clone(), closed }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.tasks.abort();
    }
}
