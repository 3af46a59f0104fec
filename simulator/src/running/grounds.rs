//! What every node of a running world shares, once all sockets are bound and all certificates are made.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::journal::Journal;
use crate::plan::AddressPlan;
use crate::running::tasks::Tasks;

/// What every node of a running world shares.
#[derive(Debug)]
pub(crate) struct Grounds {
    /// Where every lab address and port lies, and every name; complete.
    pub(crate) plan: Arc<AddressPlan>,
    /// What the nodes write.
    pub(crate) journal: Journal,
    /// Where tasks are started that shall end with the world.
    pub(crate) tasks: Tasks,
    /// What a node trusts that is itself a client of another: the roots of the world, as DER.
    pub(crate) roots: Vec<Vec<u8>>,
    pub(super) chains: Vec<Arc<certs::Chain>>,
    pub(super) published: Vec<certs::Published>,
    pub(super) connections: AtomicU64,
}

/// A certificate chain that a node asked for before it could be made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChainTicket(pub(super) usize);

impl Grounds {
    /// A number for a new connection; the first is 1.
    pub(crate) fn number_connection(&self) -> u64 {
        self.connections.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// What stands at the addresses in the world's certificates, where a node publishes it.
    pub(crate) fn published(&self) -> &[certs::Published] {
        &self.published
    }

    /// The chain that was asked for.
    pub(crate) fn chain(&self, ticket: ChainTicket) -> &Arc<certs::Chain> {
        &self.chains[ticket.0]
    }
}
