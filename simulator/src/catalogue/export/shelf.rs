//! What is kept of a package: one text with all metadata, and rows that point into it.

use std::collections::HashMap;

use super::*;
use crate::catalogue::export::package::Row as Listed;

/// A package, ready to be asked.
#[derive(Debug)]
pub(super) struct Shelf {
    pub(super) about: About,
    pub(super) text: String,
    /// In the order of the package.
    pub(super) rows: Vec<Row>,
    /// Places of the rows in the order of their identities.
    sorted: Vec<u32>,
    pub(super) files: HashMap<Sha1, PackageFile>,
}

/// A revision.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) identity: Identity,
    pub(super) part: Part,
    /// Of an update only the newest revision is listed; of a category all are.
    pub(super) is_listed: bool,
    pub(super) metadata: Range<usize>,
    pub(super) files: Box<[Sha1]>,
    products: Arc<[Guid]>,
    classification: Option<Guid>,
}

impl Row {
    pub(super) fn revision(&self, changed: OffsetDateTime) -> Revision {
        let products = Arc::clone(&self.products);
        Revision { identity: self.identity, changed, products, classification: self.classification }
    }
}

impl Shelf {
    pub(super) fn new(package: Package, text: String, ranges: Vec<Range<usize>>) -> Result<Shelf, ExportError> {
        let mut lists = HashMap::new();
        let pairs = package.rows.into_iter().zip(ranges);
        let mut rows: Vec<Row> = pairs.map(|(listed, range)| row(listed, range, &text, &mut lists)).collect();
        let sorted = sort(&rows)?;
        for pair in sorted.windows(2) {
            let &[older, newer] = pair else { continue };
            let is_older = rows[older as usize].identity.id == rows[newer as usize].identity.id;
            let older = &mut rows[older as usize];
            older.is_listed = !is_older || older.part == Part::Configuration;
        }
        Ok(Shelf { about: package.about, text, rows, sorted, files: package.files })
    }

    pub(super) fn find(&self, identity: Identity) -> Option<&Row> {
        let row = |place: &u32| &self.rows[*place as usize];
        let found = self.sorted.binary_search_by_key(&identity, |place| row(place).identity).ok()?;
        self.sorted.get(found).map(row)
    }
}

fn row(listed: Listed, metadata: Range<usize>, text: &str, lists: &mut HashMap<Vec<Guid>, Arc<[Guid]>>) -> Row {
    let kind = document::update_type(&text[metadata.clone()]);
    let is_configuration = match kind.as_deref() {
        Some("Category" | "Detectoid") => true,
        Some(_) => false,
        // Categories and detectoids belong to nothing.
        None => listed.classifications.is_empty() && listed.categories.is_empty(),
    };
    // Few lists are different, and many rows have one.
    let products = match lists.get(&listed.categories) {
        Some(products) => Arc::clone(products),
        None => Arc::clone(lists.entry(listed.categories.clone()).or_insert(listed.categories.into())),
    };
    Row {
        identity: listed.identity,
        part: if is_configuration { Part::Configuration } else { Part::Updates },
        is_listed: true,
        metadata,
        files: listed.files.into(),
        products,
        classification: listed.classifications.first().copied(),
    }
}

fn sort(rows: &[Row]) -> Result<Vec<u32>, ExportError> {
    let identity = |place: &u32| rows[*place as usize].identity;
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let mut sorted: Vec<u32> = (0..count).collect();
    // Stable, so that of two equal ones the first comes first.
    sorted.sort_by_key(identity);
    let twice = sorted.windows(2).find(|pair| identity(&pair[0]) == identity(&pair[1]));
    match twice {
        Some(pair) => {
            let source = RecordError::Duplicate { first: pair[0] as usize + 1 };
            Err(ExportError::record(pair[1] as usize, identity(&pair[1]), source))
        }
        None => Ok(sorted),
    }
}
