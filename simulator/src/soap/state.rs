//! What a server keeps from one request to the next: the key of its cookies, who was told of a change, what downstream
//! servers and computers reported, what its administrator approved. Each part is bounded; time enters as a value.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::operation::get_update_data::Written;
use super::seal::Seal;
use crate::catalogue::{Guid, Identity, Sha1};

mod administration;
mod reports;
mod shelf;

pub use administration::{Administration, Deployment, TargetGroup};
pub use reports::{Computer, DownstreamServer};

pub(crate) use reports::{Full, Reports};

use shelf::Shelf;

/// The memory of one server, shared by the services behind all its listeners.
#[derive(Debug)]
pub struct State {
    pub(crate) seal: Seal,
    reports: Mutex<Reports>,
    administration: Mutex<Option<Administration>>,
    /// Up to which epoch of the catalogue a downstream server knows.
    told: Mutex<HashMap<Guid, u32>>,
    /// Windows Update agents that have registered.
    registered: Mutex<BTreeSet<Guid>>,
    /// Files that downstream servers asked this one to fetch.
    requested: Mutex<BTreeSet<Sha1>>,
    shelf: Mutex<Shelf>,
}

/// More accounts than any lab has; past it the oldest knowledge goes, which costs a downstream server one more fault.
const ACCOUNTS: usize = 100_000;

impl State {
    /// The memory of a server that has just been set up, with a fresh key.
    pub fn new(server_id: Guid) -> State {
        State {
            seal: Seal::new(server_id),
            reports: Mutex::default(),
            administration: Mutex::default(),
            told: Mutex::default(),
            registered: Mutex::default(),
            requested: Mutex::default(),
            shelf: Mutex::default(),
        }
    }

    /// The servers that have authorized themselves or were reported, in the order of their ids.
    pub fn downstream_servers(&self) -> Vec<(Guid, DownstreamServer)> {
        self.reports().servers()
    }

    /// The computers that were reported, in the order of their ids.
    pub fn computers(&self) -> Vec<(String, Computer)> {
        self.reports().computers()
    }

    /// Forgets a computer, as an administrator does who deletes it; the next report of it is answered with `Deleted`.
    pub fn delete_computer(&self, id: &str) {
        self.reports().delete_computer(id);
    }

    /// Files that downstream servers asked this one to fetch (DownloadFiles).
    pub fn requested_files(&self) -> Vec<Sha1> {
        lock(&self.requested).iter().copied().collect()
    }

    /// Sets what the administrator approved in place of what a fresh server begins with.
    pub fn administer(&self, administration: Administration) {
        *lock(&self.administration) = Some(administration);
    }

    /// Reads or changes what the administrator approved; a fresh server begins with `initial`.
    pub fn administration<T>(
        &self,
        initial: impl FnOnce() -> Administration,
        use_it: impl FnOnce(&mut Administration) -> T,
    ) -> T {
        use_it(lock(&self.administration).get_or_insert_with(initial))
    }

    pub(crate) fn reports(&self) -> MutexGuard<'_, Reports> {
        lock(&self.reports)
    }

    pub(crate) fn request(&self, files: impl IntoIterator<Item = Sha1>) {
        let mut requested = lock(&self.requested);
        requested.extend(files);
        while ACCOUNTS < requested.len() {
            requested.pop_first();
        }
    }

    pub(crate) fn register(&self, computer: Guid) {
        let mut registered = lock(&self.registered);
        registered.insert(computer);
        while ACCOUNTS < registered.len() {
            registered.pop_first();
        }
    }

    pub(crate) fn is_registered(&self, computer: Guid) -> bool {
        lock(&self.registered).contains(&computer)
    }

    /// An update as it was sent of late, of a catalogue in this epoch.
    pub(crate) fn written(&self, epoch: u32, identity: Identity) -> Option<Arc<Written>> {
        lock(&self.shelf).find(epoch, identity)
    }

    pub(crate) fn keep_written(&self, epoch: u32, identity: Identity, written: &Arc<Written>) {
        lock(&self.shelf).keep(epoch, identity, written);
    }

    /// Whether an account that was last here in epoch `seen` must still be told that it is `epoch` now. Says so once, so
    /// that the account may go on with the cookie it has, as the specification lets it.
    pub(crate) fn must_tell(&self, account: Guid, seen: u32, epoch: u32) -> bool {
        if epoch <= seen {
            return false;
        }
        let mut told = lock(&self.told);
        if ACCOUNTS <= told.len() {
            told.clear();
        }
        told.insert(account, epoch).is_none_or(|known| known < epoch)
    }
}

/// Nothing panics while a lock is held, and a half-made report would do no harm.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
