//! What the nodes saw and did, connection by connection, in order. For people and for the verdict, never for the examiner.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde::{Deserialize, Serialize};

/// A journal shared by all nodes of a running world.
#[derive(Clone, Debug)]
pub struct Journal {
    inner: Arc<Mutex<Kept>>,
    started: Instant,
    /// Told of every entry as it is written, for a live view; must not block.
    watcher: Option<tokio::sync::broadcast::Sender<Entry>>,
}

/// More than any scenario writes. A world that is kept for days forgets its oldest entries, never its signatures.
const KEPT: usize = 8 * 1024;

/// What a journal keeps.
#[derive(Debug, Default)]
struct Kept {
    entries: VecDeque<Entry>,
    signed: bool,
    armed: bool,
}

/// One thing that a node saw or did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Milliseconds since the world started.
    pub at_ms: u64,
    /// Name of the node.
    pub node: String,
    /// Name of its listener.
    pub listener: String,
    /// Number of the connection within the world; 0 where there is none (UDP, kernel-enacted faults).
    pub connection: u64,
    /// What happened.
    pub event: Event,
}

/// What happened at a node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A connection was accepted from this peer.
    Accepted(SocketAddr),
    /// A ClientHello named this server.
    ClientHello {
        /// SNI.
        server_name: Option<String>,
    },
    /// A handshake completed with this version.
    Handshake {
        /// As `TLS 1.3`.
        version: String,
    },
    /// A chain was sent.
    ChainSent {
        /// The thumbprints of its certificates, in the order in which they were sent.
        certificates: Vec<String>,
    },
    /// A name was asked for.
    Question {
        /// The name.
        name: String,
        /// The answer in a word: `NOERROR`, `NXDOMAIN` …
        answer: String,
    },
    /// A request was read.
    Request {
        /// Method.
        method: String,
        /// Host field or authority.
        host: String,
        /// Path, or the target of a CONNECT.
        target: String,
        /// Operation of the protocol, where it is one.
        operation: Option<String>,
    },
    /// An answer was sent.
    Response {
        /// Status code.
        status: u16,
    },
    /// The proxy opened a way to this target.
    Forwarded {
        /// `host:port`.
        target: String,
    },
    /// A seam did something other than proceed: the fault fired.
    Signed {
        /// Which fault, as `tcp/reset-after`.
        fault: String,
        /// How many faults of its layer stand before it at this listener: two of one name are two faults.
        #[serde(default)]
        nth: usize,
    },
    /// A kernel-enacted fault has tried itself at start.
    Armed {
        /// Which fault, as `tcp/drop`.
        fault: String,
    },
    /// How the connection ended, in words.
    Ended(String),
}

impl Journal {
    /// An empty journal whose clock starts now.
    pub fn new() -> Journal {
        Journal { inner: Arc::default(), started: Instant::now(), watcher: None }
    }

    /// The same, with a live view of up to `capacity` entries behind.
    pub fn watched(capacity: usize) -> (Journal, tokio::sync::broadcast::Receiver<Entry>) {
        let (sender, receiver) = tokio::sync::broadcast::channel(capacity);
        (Journal { watcher: Some(sender), ..Journal::new() }, receiver)
    }

    /// Writes an entry.
    pub fn write(&self, node: &str, listener: &str, connection: u64, event: Event) {
        let at_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let entry = Entry { at_ms, node: node.to_owned(), listener: listener.to_owned(), connection, event };
        if let Some(watcher) = &self.watcher {
            // Nobody watching is no error.
            let _ = watcher.send(entry.clone());
        }
        self.lock().keep(entry);
    }

    /// The entries so far, in order; of a long run, the last of them.
    pub fn entries(&self) -> Vec<Entry> {
        self.lock().entries.iter().cloned().collect()
    }

    /// Whether any fault signed.
    pub fn signed(&self) -> bool {
        self.lock().signed
    }

    /// Whether any kernel-enacted fault armed itself.
    pub fn armed(&self) -> bool {
        self.lock().armed
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn keep(&mut self, entry: Entry) {
        match entry.event {
            Event::Signed { .. } => self.signed = true,
            Event::Armed { .. } => self.armed = true,
            _ => {}
        }
        if self.entries.len() == KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }
}

impl Default for Journal {
    fn default() -> Self {
        Journal::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_forgets_its_oldest_entries_and_never_a_signature() {
        let journal = Journal::new();
        journal.write("upstream", "http", 1, Event::Signed { fault: "http/pool-stopped".to_owned(), nth: 0 });
        for connection in 0..KEPT as u64 {
            journal.write("upstream", "http", connection, Event::Response { status: 200 });
        }
        let entries = journal.entries();
        assert_eq!((entries.len(), entries[0].connection), (KEPT, 0));
        assert!(journal.signed());
    }
}
