//! One connection to one listener, as all layers above it share it: its number, its journal, what is known of it so far.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::journal::{Event, Journal};
use crate::layer::tcp::TcpSeam;
use crate::seam::Occasion;

/// One connection to one listener.
#[derive(Debug)]
pub(crate) struct Visit {
    /// Number of the connection within the world.
    pub(crate) connection: u64,
    /// Who connected.
    pub(crate) peer: SocketAddr,
    pub(crate) tcp: Occasion<dyn TcpSeam>,
    journal: Journal,
    node: Arc<str>,
    listener: Arc<str>,
    began: Instant,
    /// Milliseconds after `began` at which a byte last went in or out.
    last_byte: AtomicU64,
}

impl Visit {
    pub(crate) fn new(at: &At, connection: u64, peer: SocketAddr, tcp: Occasion<dyn TcpSeam>) -> Visit {
        Visit {
            connection,
            peer,
            tcp,
            journal: at.journal.clone(),
            node: Arc::clone(&at.node),
            listener: Arc::clone(&at.listener),
            began: Instant::now(),
            last_byte: AtomicU64::new(0),
        }
    }

    /// Writes an entry of this connection.
    pub(crate) fn write(&self, event: Event) {
        self.journal.write(&self.node, &self.listener, self.connection, event);
    }

    /// Notes that a byte went in or out.
    pub(crate) fn stir(&self) {
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_byte.store(now, Ordering::Relaxed);
    }

    /// Returns once no byte has gone in or out for so long.
    pub(crate) async fn idle_for(&self, limit: Duration) {
        loop {
            let last = self.began + Duration::from_millis(self.last_byte.load(Ordering::Relaxed));
            if last.elapsed() >= limit {
                return;
            }
            tokio::time::sleep_until(last + limit).await;
        }
    }
}

/// A listener of a node, and the journal it writes.
#[derive(Clone, Debug)]
pub(crate) struct At {
    /// Name of the node.
    pub(crate) node: Arc<str>,
    /// Name of the listener.
    pub(crate) listener: Arc<str>,
    /// Where it writes.
    pub(crate) journal: Journal,
}
