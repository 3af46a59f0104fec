//! Updates as they were sent of late: written once, and shared by all answers that they stand in.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::catalogue::Identity;
use crate::soap::operation::get_update_data::Written;

/// The updates, and in which order they came.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// Of the catalogue that they are from.
    epoch: u32,
    written: HashMap<Identity, Arc<Written>>,
    order: VecDeque<Identity>,
    weight: usize,
}

/// The metadata of some ten thousand updates. Past it the one that came first goes, and is written anew when it is asked for.
const HEAVIEST: usize = 128 * 1024 * 1024;

impl Shelf {
    pub(super) fn find(&self, epoch: u32, identity: Identity) -> Option<Arc<Written>> {
        self.written.get(&identity).filter(|_| self.epoch == epoch).cloned()
    }

    pub(super) fn keep(&mut self, epoch: u32, identity: Identity, written: &Arc<Written>) {
        if self.epoch != epoch {
            *self = Shelf { epoch, ..Shelf::default() };
        }
        if self.written.insert(identity, Arc::clone(written)).is_none() {
            self.order.push_back(identity);
            self.weight += written.weight();
        }
        while HEAVIEST < self.weight {
            let Some(first) = self.order.pop_front() else { break };
            self.weight -= self.written.remove(&first).map_or(0, |written| written.weight());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Guid, Metadata};
    use crate::soap::Personality;

    const ONE: Identity = Identity { id: Guid::of(1), revision: 1 };

    fn written(identity: Identity, size: usize) -> Arc<Written> {
        let metadata = Metadata { xml: "x".repeat(size).into(), files: Arc::default() };
        Arc::new(Written::new(identity, &metadata, Personality::Asmx))
    }

    #[test]
    fn an_update_is_found_in_its_own_epoch() {
        let mut shelf = Shelf::default();
        shelf.keep(0, ONE, &written(ONE, 10));
        assert!(shelf.find(0, ONE).is_some() && shelf.find(1, ONE).is_none());
        let two = Identity { id: Guid::of(2), revision: 1 };
        shelf.keep(1, two, &written(two, 10));
        assert!(shelf.find(1, ONE).is_none() && shelf.find(0, ONE).is_none() && shelf.find(1, two).is_some());
    }

    #[test]
    fn what_came_first_goes_when_there_is_no_more_room() {
        let mut shelf = Shelf::default();
        let large = written(ONE, 20 * 1024 * 1024);
        let identity = |revision| Identity { revision, ..ONE };
        (1..=9).for_each(|revision| shelf.keep(0, identity(revision), &large));
        assert!(shelf.weight <= HEAVIEST);
        assert!(shelf.find(0, identity(1)).is_none() && shelf.find(0, identity(9)).is_some());
        assert_eq!(shelf.order.len(), shelf.written.len());
    }
}
