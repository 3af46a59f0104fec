//! The transport: accepts connections, counts what is sent, and does what a fault at its seam says.
//!
//! Refused and dropped connections never come here: the kernel enacts them, see `running/lab.rs`.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::journal::Event;
use crate::layer::visit::{At, Visit};
use crate::running::Grounds;
use crate::seam::{Act, Seams, Standing};

mod conn;

pub(crate) use conn::Conn;

/// More than this at once wait in the kernel's queue, as they would at a busy server.
const CONNECTIONS: usize = 1024;
/// IIS closes a connection that has been idle for two minutes.
const IDLE: Duration = Duration::from_secs(120);
/// How long to wait when the system has no more descriptors.
const EXHAUSTED: Duration = Duration::from_millis(50);

/// Where faults of the transport act.
pub(crate) trait TcpSeam: Send + Sync {
    /// A connection was accepted and nothing read.
    fn on_accept(&self) -> TcpAct {
        TcpAct::Proceed
    }

    /// So many bytes were sent, and more are about to be.
    fn before_write(&self, _sent: u64) -> TcpAct {
        TcpAct::Proceed
    }

    /// How many more bytes may be sent before [`TcpSeam::before_write`] must be asked again.
    fn allowance(&self, _sent: u64) -> u64 {
        u64::MAX
    }

    /// What it takes for itself; `None` where it does not act always.
    fn standing(&self) -> Option<Standing> {
        None
    }
}

/// What a fault makes of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TcpAct {
    /// Goes on.
    Proceed,
    /// RST.
    Reset,
    /// FIN.
    Close,
    /// Nothing more is sent, and the connection stays open.
    Stall,
}

impl Act for TcpAct {
    fn proceed() -> Self {
        TcpAct::Proceed
    }

    fn proceeds(&self) -> bool {
        *self == TcpAct::Proceed
    }
}

/// A socket that listens, before its world is complete.
#[derive(Debug)]
pub(crate) struct Door {
    listener: TcpListener,
    at: At,
    seams: Arc<Seams<dyn TcpSeam>>,
}

impl Door {
    pub(crate) fn new(listener: TcpListener, at: At, seams: Seams<dyn TcpSeam>) -> Door {
        Door { listener, at, seams: Arc::new(seams) }
    }

    /// Accepts for as long as the world runs. `handle` says in words how the connection ended.
    pub(crate) async fn serve<H, F>(self, grounds: Arc<Grounds>, handle: H)
    where
        H: Fn(Conn) -> F,
        F: Future<Output = String> + Send + 'static,
    {
        let room = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
            let Some((stream, visit)) = self.accept(&grounds).await else { continue };
            let handled = handle(Conn::new(stream, Arc::clone(&visit)));
            grounds.tasks.spawn(async move {
                see_out(visit, handled).await;
                drop(place);
            });
        }
    }

    /// The next connection that a fault did not end at once.
    async fn accept(&self, grounds: &Grounds) -> Option<(TcpStream, Arc<Visit>)> {
        let (stream, peer) = match self.listener.accept().await {
            Ok(accepted) => accepted,
            Err(_) => {
                // Either this one connection is gone already or descriptors have run out; both pass.
                tokio::time::sleep(EXHAUSTED).await;
                return None;
            }
        };
        // A failure here only costs some delay.
        let _ = stream.set_nodelay(true);
        let connection = grounds.number_connection();
        let visit = Arc::new(Visit::new(&self.at, connection, peer, self.seams.unfolding(connection)));
        visit.write(Event::Accepted(peer));
        Some((stream, visit))
    }
}

/// Handles a connection to its end, at the latest when it has been idle for too long.
async fn see_out(visit: Arc<Visit>, handled: impl Future<Output = String>) {
    let ended = tokio::select! {
        ended = handled => ended,
        () = visit.idle_for(IDLE) => "closed after two minutes without a byte".to_owned(),
    };
    visit.write(Event::Ended(ended));
}
