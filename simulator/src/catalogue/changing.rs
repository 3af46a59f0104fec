//! A catalogue that changes while a server runs: another one below, and on top of it what was added, expired or replaced
//! since. Deltas mean something only then.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use time::{Duration, OffsetDateTime};

use super::{Catalogue, Driver, DriverSet, Facts, Guid, Identity, Metadata, Part, Revision, Rows, Sha1};

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
    newest: Arc<HashMap<Guid, i32>>,
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

    /// Expires an update, as its publisher does it: by a further revision whose `PublicationState` says so. All rows are
    /// looked at; whoever has the row better gives it to [`Changing::expire_listed`].
    pub fn expire(&self, id: Guid, at: OffsetDateTime) -> Result<Identity, ChangeError> {
        self.change(|changes| {
            let (part, revision) = changes.newest(id).ok_or(ChangeError::NoSuchUpdate(id))?;
            changes.expire(part, revision, at)
        })
    }

    /// Expires an update of which the row in the catalogue below is at hand.
    pub fn expire_listed(&self, part: Part, row: Revision, at: OffsetDateTime) -> Result<Identity, ChangeError> {
        self.change(|changes| {
            let (part, revision) = changes.on_top(row.identity.id).unwrap_or((part, row));
            changes.expire(part, revision, at)
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
            newest: Arc::default(),
            files: HashMap::new(),
            epoch,
        }
    }

    fn push(&mut self, mut added: Added) {
        let identity = added.revision.identity;
        added.revision.changed = added.revision.changed.max(self.changed() + Duration::MILLISECOND);
        self.places.insert(identity, self.added.len());
        let newest = Arc::make_mut(&mut self.newest).entry(identity.id).or_insert(identity.revision);
        *newest = (*newest).max(identity.revision);
        self.added.push(Arc::new(added));
    }

    fn expire(&mut self, part: Part, revision: Revision, at: OffsetDateTime) -> Result<Identity, ChangeError> {
        let old = revision.identity;
        let metadata = self.metadata(old).ok_or(ChangeError::NoSuchUpdate(old.id))?;
        let identity = Identity { revision: old.revision + 1, ..old };
        let xml = expired(&metadata.xml, old, identity);
        let revision = Revision { identity, changed: at, ..revision };
        self.push(Added { part, revision, metadata: Metadata { xml, ..metadata } });
        Ok(identity)
    }

    /// The newest revision of an update.
    fn newest(&self, id: Guid) -> Option<(Part, Revision)> {
        let below = || [Part::Updates, Part::Configuration].into_iter().find_map(|part| self.below(part, id));
        self.on_top(id).or_else(below)
    }

    fn on_top(&self, id: Guid) -> Option<(Part, Revision)> {
        let revision = *self.newest.get(&id)?;
        let added = &self.added[*self.places.get(&Identity { id, revision })?];
        Some((added.part, added.revision.clone()))
    }

    fn below(&self, part: Part, id: Guid) -> Option<(Part, Revision)> {
        let all = self.base.revisions(part, None).filter(|revision| revision.identity.id == id);
        all.max_by_key(|revision| revision.identity.revision).map(|revision| (part, revision))
    }
}

impl Catalogue for Changes {
    fn revisions(&self, part: Part, since: Option<OffsetDateTime>) -> Rows {
        let (below, newest, added) = (self.base.revisions(part, since), Arc::clone(&self.newest), self.added.clone());
        let below = below.filter({
            let newest = Arc::clone(&newest);
            move |row| !newest.contains_key(&row.identity.id)
        });
        let on_top = added.into_iter().filter(move |added| {
            let Revision { identity, changed, .. } = added.revision;
            added.part == part
                && since.is_none_or(|since| since < changed)
                && newest.get(&identity.id) == Some(&identity.revision)
        });
        Box::new(below.chain(on_top.map(|added| added.revision.clone())))
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

    fn content(&self, digest: &Sha1) -> Option<Bytes> {
        self.files.get(digest).cloned().or_else(|| self.base.content(digest))
    }

    fn has_file(&self, digest: &Sha1) -> bool {
        self.files.contains_key(digest) || self.base.has_file(digest)
    }

    fn facts(&self, identity: Identity) -> Option<Facts> {
        match self.places.get(&identity) {
            Some(place) => Some(Facts::of(&self.added[*place].metadata.xml)),
            None => self.base.facts(identity),
        }
    }

    fn decryption_key(&self, digest: &Sha1) -> Option<Bytes> {
        self.base.decryption_key(digest)
    }

    fn drivers(&self) -> Box<dyn Iterator<Item = Driver> + '_> {
        self.base.drivers()
    }

    fn driver_sets(&self) -> Box<dyn Iterator<Item = DriverSet> + '_> {
        self.base.driver_sets()
    }

    fn epoch(&self) -> u32 {
        self.epoch
    }
}

/// Each question is answered from the state of its moment.
impl Catalogue for Changing {
    fn revisions(&self, part: Part, since: Option<OffsetDateTime>) -> Rows {
        self.now().revisions(part, since)
    }

    fn changed(&self) -> OffsetDateTime {
        self.now().changed()
    }

    fn metadata(&self, identity: Identity) -> Option<Metadata> {
        self.now().metadata(identity)
    }

    fn content(&self, digest: &Sha1) -> Option<Bytes> {
        self.now().content(digest)
    }

    fn has_file(&self, digest: &Sha1) -> bool {
        self.now().has_file(digest)
    }

    fn facts(&self, identity: Identity) -> Option<Facts> {
        self.now().facts(identity)
    }

    fn decryption_key(&self, digest: &Sha1) -> Option<Bytes> {
        self.now().decryption_key(digest)
    }

    fn drivers(&self) -> Box<dyn Iterator<Item = Driver> + '_> {
        Box::new(self.now().drivers().collect::<Vec<_>>().into_iter())
    }

    fn driver_sets(&self) -> Box<dyn Iterator<Item = DriverSet> + '_> {
        Box::new(self.now().driver_sets().collect::<Vec<_>>().into_iter())
    }

    fn snapshot(&self) -> Option<Arc<dyn Catalogue>> {
        Some(self.now())
    }

    fn epoch(&self) -> u32 {
        self.now().epoch
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
