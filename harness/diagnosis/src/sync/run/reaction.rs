//! How a downstream server reacts to a SOAP fault ([MS-WSUSSS] 2.2.9.3).

use super::{Session, Stop};
use crate::evidence::{Reaction, ReactionSeen, SyncSeen};
use crate::sync::{Courier, Operation};

/// The specification knows no bound; an upstream that refuses every cookie would keep us for ever.
const MOST_BEGINNINGS: usize = 2;

/// Once: an upstream that has changed since then is changing all the time.
const MOST_RESETS: usize = 1;

/// What the specification demands; `None` where it only demands to stop.
pub(super) fn demanded(error_code: &str) -> Option<Reaction> {
    match error_code {
        "InvalidCookie" | "InvalidAuthorizationCookie" => Some(Reaction::BeganAgain),
        "ServerChanged" => Some(Reaction::ResetAnchors),
        // It may be tried again later, and Windows does not ([MS-WSUSSS] appendix B, note 10).
        "ServerBusy" => Some(Reaction::Stopped),
        _ => None,
    }
}

impl<C: Courier> Session<'_, C> {
    /// Reacts to a fault and notes it; the synchronization goes on unless this answers otherwise.
    pub(super) fn react(&mut self, operation: Operation, error_code: String) -> Result<(), Stop> {
        let demanded = demanded(&error_code).filter(|demanded| match demanded {
            Reaction::BeganAgain => self.times(Reaction::BeganAgain) < MOST_BEGINNINGS,
            Reaction::ResetAnchors => self.times(Reaction::ResetAnchors) < MOST_RESETS,
            Reaction::Stopped => true,
        });
        let reaction = demanded.unwrap_or(Reaction::Stopped);
        self.seen.reactions.push(ReactionSeen { operation: operation.name().to_owned(), error_code, reaction });
        match reaction {
            Reaction::Stopped => return Err(Stop::At(operation)),
            Reaction::BeganAgain => self.cookie = None,
            // No anchor outlives an attempt, so that the next one asks without.
            Reaction::ResetAnchors => {}
        }
        self.forget();
        Ok(())
    }

    fn times(&self, reaction: Reaction) -> usize {
        self.seen.reactions.iter().filter(|seen| seen.reaction == reaction).count()
    }

    /// The next attempt asks for everything once more, so that what came so far does not count.
    fn forget(&mut self) {
        let reactions = std::mem::take(&mut self.seen.reactions);
        self.seen = SyncSeen { sampled: self.seen.sampled, reactions, ..SyncSeen::default() };
        self.files.clear();
        self.announced.clear();
        self.wanting_keys.clear();
    }
}
