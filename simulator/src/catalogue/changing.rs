//! A catalogue that changes while a server runs: another one below, and on top of it what was added, expired or replaced
//! since. Deltas mean something only then.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use time::{Duration, OffsetDateTime};

use super::{Catalogue, Driver, DriverSet, Facts, Guid, Identity, Metadata, Part, Revision, Sha1};

/// The catalogue, and the handle to change it by.
#[derive(Debug)]
pub struct Changing(RwLock<Arc<Changes>>);

/// A change that could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// There is nothing to expire.
    #[error("the catalogue has no update {0}")]
    NoSuchUpdate(Guid),
    /// A revision comes once.
    #[error("the catalogue has revision {revision} of {id} already", revision = .0.revision, id = .0.id)]
    AlreadyThere(Identity),
}

/// One state of the catalogue; a change makes the next.
#[derive(Clone, Debug)]
struct Changes {
    base: Arc<dyn Catalogue>,
    /// In the order of their change, all later than anything below.
    added: Vec<Arc<Added>>,
    places: HashMap<Identity, usize>,
    /// The newest revision of each update that has one on top.
    newest: HashMap<Guid, i32>,
    files: HashMap<Sha1, Bytes>,
    epoch: u32,
}

#[derive(Debug)]
struct Added {
    part: Part,
    revision: Revision,
    metadata: Metadata,
}

impl Changing {
    /// A catalogue that is as this one until it is changed.
    pub fn new(base: Arc<dyn Catalogue>) -> Changing {
        Changing(RwLock::new(Arc::new(Changes::on(base, 0))))
    }

    /// Adds a revision. It counts as changed at its own time or right after the last change, whichever is later, and takes
    /// the place of older revisions of its update. `files` are the bytes of its files.
    pub fn add(
        &self,
        part: Part,
        revision: Revision,
        metadata: Metadata,
        files: impl IntoIterator<Item = Bytes>,
    ) -> Result<(), ChangeError> {
        self.change(|changes| {
            if changes.metadata(revision.identity).is_some() {
                return Err(ChangeError::AlreadyThere(revision.identity));
            }
            changes.push(Added { part, revision, metadata });
            changes.files.extend(files.into_iter().map(|bytes| (Sha1::of(&bytes), bytes)));
            Ok(())
        })
    }

    /// Expires an update, as its publisher does it: by a further revision whose `PublicationState` says so.
    pub fn expire(&self, id: Guid, at: OffsetDateTime) -> Result<Identity, ChangeError> {
        self.change(|changes| {
            let (part, revision) = changes.newest(id).ok_or(ChangeError::NoSuchUpdate(id))?;
            let metadata = changes.metadata(revision.identity).ok_or(ChangeError::NoSuchUpdate(id))?;
            let identity = Identity { id, revision: revision.identity.revision + 1 };
            let xml = expired(&metadata.xml, revision.identity, identity);
            let revision = Revision { identity, changed: at, ..revision };
            changes.push(Added { part, revision, metadata: Metadata { xml, ..metadata } });
            Ok(identity)
        })
    }

    /// Puts another catalogue in the place of all that there is, as a restored or rebuilt database does it: downstream
    /// servers are told ServerChanged.
    pub fn replace(&self, base: Arc<dyn Catalogue>) {
        let mut changes = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let epoch = changes.epoch + 1;
        *changes = Arc::new(Changes::on(base, epoch));
    }

    fn change<T>(&self, change: impl FnOnce(&mut Changes) -> Result<T, ChangeError>) -> Result<T, ChangeError> {
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut held))
    }

    fn now(&self) -> Arc<Changes> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Changes {
    fn on(base: Arc<dyn Catalogue>, epoch: u32) -> Changes {
        Changes {
            base,
            added: Vec::new(),
            places: HashMap::new(),
            newest: HashMap::new(),
            files: HashMap::new(),
            epoch,
        }
    }

    fn push(&mut self, mut added: Added) {
        let identity = added.revision.identity;
        added.revision.changed = added.revision.changed.max(self.changed() + Duration::MILLISECOND);
        self.places.insert(identity, self.added.len());
        let newest = self.newest.entry(identity.id).or_insert(identity.revision);
        *newest = (*newest).max(identity.revision);
        self.added.push(Arc::new(added));
    }

    fn changed(&self) -> OffsetDateTime {
        self.added.last().map_or_else(|| self.base.changed(), |added| added.revision.changed)
    }

    fn metadata(&self, identity: Identity) -> Option<Metadata> {
        match self.places.get(&identity) {
            Some(place) => Some(self.added[*place].metadata.clone()),
            None => self.base.metadata(identity),
        }
    }

    /// The newest revision of an update.
    fn newest(&self, id: Guid) -> Option<(Part, Revision)> {
        let on_top = self.newest.get(&id).and_then(|revision| {
            let added = &self.added[*self.places.get(&Identity { id, revision: *revision })?];
            Some((added.part, added.revision.clone()))
        });
        on_top.or_else(|| [Part::Updates, Part::Configuration].into_iter().find_map(|part| self.below(part, id)))
    }

    fn below(&self, part: Part, id: Guid) -> Option<(Part, Revision)> {
        let all = self.base.revisions(part, None).filter(|revision| revision.identity.id == id);
        all.max_by_key(|revision| revision.identity.revision).map(|revision| (part, revision))
    }
}

impl Catalogue for Changing {
    fn revisions(&self, part: Part, since: Option<OffsetDateTime>) -> Box<dyn Iterator<Item = Revision> + '_> {
        let changes = self.now();
        // A change may come while somebody iterates, who must see one state: the rows are taken in one go.
        let replaced: HashSet<Guid> = changes.newest.keys().copied().collect();
        let below: Vec<Revision> =
            changes.base.revisions(part, since).filter(|row| !replaced.contains(&row.identity.id)).collect();
        let on_top: Vec<Revision> = changes.rows_on_top(part, since).collect();
        Box::new(below.into_iter().chain(on_top))
    }

    fn changed(&self) -> OffsetDateTime {
        self.now().changed()
    }

    fn metadata(&self, identity: Identity) -> Option<Metadata> {
        self.now().metadata(identity)
    }

    fn content(&self, digest: &Sha1) -> Option<Bytes> {
        let changes = self.now();
        changes.files.get(digest).cloned().or_else(|| changes.base.content(digest))
    }

    fn has_file(&self, digest: &Sha1) -> bool {
        let changes = self.now();
        changes.files.contains_key(digest) || changes.base.has_file(digest)
    }

    fn facts(&self, identity: Identity) -> Option<Facts> {
        let changes = self.now();
        match changes.places.get(&identity) {
            Some(place) => Some(Facts::of(&changes.added[*place].metadata.xml)),
            None => changes.base.facts(identity),
        }
    }

    fn decryption_key(&self, digest: &Sha1) -> Option<Bytes> {
        self.now().base.decryption_key(digest)
    }

    fn drivers(&self) -> Box<dyn Iterator<Item = Driver> + '_> {
        Box::new(self.now().base.drivers().collect::<Vec<_>>().into_iter())
    }

    fn driver_sets(&self) -> Box<dyn Iterator<Item = DriverSet> + '_> {
        Box::new(self.now().base.driver_sets().collect::<Vec<_>>().into_iter())
    }

    fn epoch(&self) -> u32 {
        self.now().epoch
    }
}

impl Changes {
    fn rows_on_top(&self, part: Part, since: Option<OffsetDateTime>) -> impl Iterator<Item = Revision> {
        let is_new = move |revision: &Revision| since.is_none_or(|since| since < revision.changed);
        let rows = self.added.iter().filter(move |added| added.part == part).map(|added| added.revision.clone());
        rows.filter(is_new).filter(|row| self.newest.get(&row.identity.id) == Some(&row.identity.revision))
    }
}

/// The document of the further revision: the same but for its number and its state.
fn expired(xml: &str, from: Identity, to: Identity) -> Arc<str> {
    let number = |revision: i32| format!("RevisionNumber=\"{revision}\"");
    let renumbered = xml.replacen(&number(from.revision), &number(to.revision), 1);
    renumbered.replacen("PublicationState=\"Published\"", "PublicationState=\"Expired\"", 1).into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;
