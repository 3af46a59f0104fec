//! The metadata of a real server, from the package that `wsusutil export` wrote: what was put in comes out character for
//! character. Such a package holds no files and no approvals. `.cab` is read as real servers write it; the layout of
//! `.xml.gz` is a guess from an error message, the same list with each update's metadata inside it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use time::OffsetDateTime;

use super::{Catalogue, Facts, Guid, Identity, Metadata, Part, Revision, Rows, Sha1};
use crate::pack::cabinet::Cabinet;
use package::{Package, PackageFile};

mod document;
mod error;
mod package;
mod records;
mod shelf;

pub use error::{ExportError, RecordError};
pub use package::{About, Language};
use shelf::Shelf;

/// The catalogue of a package: a handle to what was read once.
#[derive(Clone, Debug)]
pub struct ExportCatalogue(Arc<Shelf>);

/// More does not come out of a cabinet by its own format; the other form has the same limit here.
const LARGEST: u64 = 1 << 31;

impl ExportCatalogue {
    /// The package in this file, of whichever form.
    pub fn open(path: &Path) -> Result<ExportCatalogue, ExportError> {
        let mut file = BufReader::new(File::open(path).map_err(ExportError::Io)?);
        let start = file.fill_buf().map_err(ExportError::Io)?;
        if start.starts_with(b"MSCF") {
            ExportCatalogue::from_cabinet(&mut file)
        } else if start.starts_with(&[0x1f, 0x8b]) {
            ExportCatalogue::from_xml_gz(file)
        } else {
            Err(ExportError::no_package(start))
        }
    }

    /// A `.cab`.
    pub fn from_cabinet(source: &mut (impl Read + Seek)) -> Result<ExportCatalogue, ExportError> {
        let cabinet = Cabinet::read(source, LARGEST).map_err(ExportError::Cabinet)?;
        let names: Vec<&str> = cabinet.names().collect();
        let missing = |name| ExportError::no_member(name, &names);
        let list = cabinet.member(LIST).ok_or_else(|| missing(LIST))?;
        let package = Package::read(list)?;
        if cabinet.member(METADATA).is_none() {
            return Err(missing(METADATA));
        }
        let metadata = cabinet.into_member(METADATA).unwrap_or_default();
        let (text, ranges) = records::cut(metadata, &package.rows)?;
        Shelf::new(package, text, ranges).map(|shelf| ExportCatalogue(Arc::new(shelf)))
    }

    /// An `.xml.gz`, as its layout is guessed.
    pub fn from_xml_gz(source: impl BufRead) -> Result<ExportCatalogue, ExportError> {
        let plain = BufReader::new(flate2::bufread::GzDecoder::new(source).take(LARGEST));
        let mut package = Package::read(plain)?;
        let text = std::mem::take(&mut package.metadata);
        let ranges = package.rows.iter_mut().enumerate().map(|(place, row)| {
            let range = row.metadata.take();
            range.ok_or_else(|| ExportError::record(place, row.identity, RecordError::NoMetadata))
        });
        let ranges = ranges.collect::<Result<_, _>>()?;
        Shelf::new(package, text, ranges).map(|shelf| ExportCatalogue(Arc::new(shelf)))
    }

    /// What the package says about itself.
    pub fn about(&self) -> &About {
        &self.0.about
    }

    /// Every revision, in the order of the package, older ones of an update included.
    pub fn identities(&self) -> impl ExactSizeIterator<Item = Identity> + '_ {
        self.0.rows.iter().map(|row| row.identity)
    }
}

/// The two files of a cabinet.
const LIST: &str = "package.xml";
const METADATA: &str = "metadata.txt";

impl Catalogue for ExportCatalogue {
    fn revisions(&self, part: Part, since: Option<OffsetDateTime>) -> Rows {
        // Whoever imports a package has all of it at once.
        let changed = self.changed();
        let is_known = since.is_some_and(|since| changed <= since);
        let shelf = Arc::clone(&self.0);
        let places = if is_known { 0..0 } else { 0..shelf.rows.len() };
        Box::new(places.filter_map(move |place| {
            let row = &shelf.rows[place];
            (row.part == part && row.is_listed).then(|| row.revision(changed))
        }))
    }

    fn changed(&self) -> OffsetDateTime {
        self.0.about.created
    }

    fn metadata(&self, identity: Identity) -> Option<Metadata> {
        let row = self.0.find(identity)?;
        let xml = self.0.text.get(row.metadata.clone())?;
        Some(Metadata { xml: xml.into(), files: document::files(xml, &row.files, &self.0.files) })
    }

    fn content(&self, _digest: &Sha1) -> Option<Bytes> {
        None
    }

    fn has_file(&self, digest: &Sha1) -> bool {
        self.0.files.contains_key(digest)
    }

    fn facts(&self, identity: Identity) -> Option<Facts> {
        let row = self.0.find(identity)?;
        self.0.text.get(row.metadata.clone()).map(Facts::of)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;
