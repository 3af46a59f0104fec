//! The tasks of a running world: counted, ended together, and waited for.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::JoinSet;

/// All tasks of a running world. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tasks {
    /// `None` once the world has stopped: nothing starts any more.
    set: Arc<Mutex<Option<JoinSet<()>>>>,
}

impl Tasks {
    pub(crate) fn new() -> Tasks {
        Tasks { set: Arc::new(Mutex::new(Some(JoinSet::new()))) }
    }

    /// Starts a task, unless the world has stopped.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        if let Some(set) = self.lock().as_mut() {
            // What has ended would otherwise stay in the set for as long as the world runs.
            while set.try_join_next().is_some() {}
            set.spawn(task);
        }
    }

    /// Ends every task and waits until its sockets are closed.
    pub(crate) async fn stop(&self) {
        let set = self.lock().take();
        if let Some(mut set) = set {
            set.shutdown().await;
        }
    }

    /// Ends every task without waiting.
    pub(crate) fn abort(&self) {
        drop(self.lock().take());
    }

    fn lock(&self) -> MutexGuard<'_, Option<JoinSet<()>>> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
