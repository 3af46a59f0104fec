//! The catalogue of every lab server unless it is given another: small, the same for ever, and coherent. Its categories
//! are real by id; its updates are samples that exist nowhere else. The WSUS Infrastructure category is not among them,
//! since servers may approve what is in it by themselves.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use time::OffsetDateTime;

use super::{Catalogue, Driver, DriverSet, Identity, Metadata, Part, Revision, Rows, Sha1};
use content::Generated;

mod categories;
mod content;
mod document;
mod drivers;
mod samples;

/// The built-in catalogue: a handle to what the process makes once.
#[derive(Clone, Debug)]
pub struct BuiltIn(Arc<Shelf>);

impl BuiltIn {
    /// The catalogue; every handle is to the same one.
    pub fn new() -> BuiltIn {
        static SHELF: LazyLock<Arc<Shelf>> = LazyLock::new(|| Arc::new(Shelf::new()));
        BuiltIn(Arc::clone(&SHELF))
    }
}

impl Default for BuiltIn {
    fn default() -> Self {
        BuiltIn::new()
    }
}

#[derive(Debug)]
struct Shelf {
    /// In the order of their change.
    rows: Vec<Row>,
    places: HashMap<Identity, usize>,
    files: HashMap<Sha1, Generated>,
    drivers: Vec<(Driver, Metadata)>,
    driver_sets: Vec<DriverSet>,
}

/// A revision with its metadata.
#[derive(Debug)]
struct Row {
    part: Part,
    revision: Revision,
    metadata: Metadata,
}

impl Shelf {
    fn new() -> Shelf {
        let mut files = HashMap::new();
        let mut rows = categories::rows();
        rows.extend(samples::rows(&mut files));
        let places = rows.iter().enumerate().map(|(place, row)| (row.revision.identity, place)).collect();
        Shelf { rows, places, files, drivers: drivers::drivers(), driver_sets: drivers::sets() }
    }
}

impl Catalogue for BuiltIn {
    fn revisions(&self, part: Part, since: Option<OffsetDateTime>) -> Rows {
        let old = since.map_or(0, |since| self.0.rows.partition_point(|row| row.revision.changed <= since));
        let shelf = Arc::clone(&self.0);
        Box::new((old..shelf.rows.len()).filter_map(move |place| {
            let row = &shelf.rows[place];
            (row.part == part).then(|| row.revision.clone())
        }))
    }

    fn changed(&self) -> OffsetDateTime {
        self.0.rows.last().map_or(OffsetDateTime::UNIX_EPOCH, |row| row.revision.changed)
    }

    fn metadata(&self, identity: Identity) -> Option<Metadata> {
        if let Some(place) = self.0.places.get(&identity) {
            return Some(self.0.rows[*place].metadata.clone());
        }
        let driver = self.0.drivers.iter().find(|(driver, _)| driver.identity == identity);
        driver.map(|(_, metadata)| metadata.clone())
    }

    fn content(&self, digest: &Sha1) -> Option<Bytes> {
        Some(self.0.files.get(digest)?.bytes())
    }

    fn decryption_key(&self, digest: &Sha1) -> Option<Bytes> {
        samples::decryption_key(*self.0.files.get(digest)?)
    }

    fn has_file(&self, digest: &Sha1) -> bool {
        self.0.files.contains_key(digest)
    }

    fn drivers(&self) -> Box<dyn Iterator<Item = Driver> + '_> {
        Box::new(self.0.drivers.iter().map(|(driver, _)| driver.clone()))
    }

    fn driver_sets(&self) -> Box<dyn Iterator<Item = DriverSet> + '_> {
        Box::new(self.0.driver_sets.iter().cloned())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;
