//! What a server offers: revisions of updates in the order of their change, their metadata, their files.
//! Everything is asked for lazily and given by cheap owned values, so that a catalogue may generate what it does not keep.

use std::sync::Arc;

use bytes::Bytes;
use time::OffsetDateTime;

mod built_in;
pub mod changing;
mod digest;
mod driver;
pub mod export;
mod facts;
pub mod generated;
mod guid;

pub use built_in::BuiltIn;
pub use changing::Changing;
pub use digest::{Sha1, Sha256};
pub use driver::{Driver, DriverSet};
pub use facts::Facts;
pub use guid::Guid;

/// A catalogue of updates.
pub trait Catalogue: std::fmt::Debug + Send + Sync {
    /// The revisions of one part that changed after `since`, oldest change first; all of them without.
    ///
    /// Of an update only the newest revision is listed. The configuration may list several revisions of one id, as real
    /// servers do. The rows borrow nothing, so that an answer may take them one by one while it is sent.
    fn revisions(&self, part: Part, since: Option<OffsetDateTime>) -> Rows;

    /// When the catalogue last changed: an anchor must not lie before it.
    fn changed(&self) -> OffsetDateTime;

    /// The metadata of a revision, of either part.
    fn metadata(&self, identity: Identity) -> Option<Metadata>;

    /// The bytes of a file.
    fn content(&self, digest: &Sha1) -> Option<Bytes>;

    /// Whether an update has such a file.
    fn has_file(&self, digest: &Sha1) -> bool {
        self.content(digest).is_some()
    }

    /// What a server must know of the metadata of a revision; asked only for revisions that all other filters left.
    fn facts(&self, identity: Identity) -> Option<Facts> {
        self.metadata(identity).map(|metadata| Facts::of(&metadata.xml))
    }

    /// The key with which a file of an update is encrypted, where it is.
    fn decryption_key(&self, digest: &Sha1) -> Option<Bytes> {
        let _ = digest;
        None
    }

    /// The drivers that GetDriverIdList selects from; they are not among the revisions.
    fn drivers(&self) -> Box<dyn Iterator<Item = Driver> + '_> {
        Box::new(std::iter::empty())
    }

    /// The driver sets that GetDriverIdList selects from, removed ones included.
    fn driver_sets(&self) -> Box<dyn Iterator<Item = DriverSet> + '_> {
        Box::new(std::iter::empty())
    }

    /// The catalogue as it stands, for whoever asks it several times and must see one state; `None` where it never changes.
    fn snapshot(&self) -> Option<Arc<dyn Catalogue>> {
        None
    }

    /// How often the whole catalogue was replaced by another, as a restored database does it.
    fn epoch(&self) -> u32 {
        0
    }
}

/// Rows of the list of revisions, made while they are taken.
pub type Rows = Box<dyn Iterator<Item = Revision> + Send>;

/// The two lists that GetRevisionIdList tells apart by its `GetConfig`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Categories, classifications and detectoids.
    Configuration,
    /// Software updates, hidden members of bundles included.
    Updates,
}

/// `UpdateIdentity` ([MS-WSUSSS] 2.2.4.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// Which update.
    pub id: Guid,
    /// Which of its revisions; the highest is the newest.
    pub revision: i32,
}

/// A row of the list of revisions, with what the filters of GetRevisionIdList need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Which revision.
    pub identity: Identity,
    /// When it came into the catalogue; deltas go by it.
    pub changed: OffsetDateTime,
    /// The products that it is for; empty for configuration.
    pub products: Arc<[Guid]>,
    /// Its classification; `None` for configuration.
    pub classification: Option<Guid>,
}

/// The metadata of a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// The `upd:Update` document, sent unchanged.
    pub xml: Arc<str>,
    /// The files that belong to it.
    pub files: Arc<[File]>,
}

/// A file of an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// File name, whose extension the content URL keeps.
    pub name: String,
    /// SHA-1 of its bytes: its identity.
    pub sha1: Sha1,
    /// SHA-256 of its bytes: servers from 2012 on insist on it.
    pub sha256: Sha256,
    /// Number of bytes.
    pub size: u64,
    /// Where Microsoft Update keeps it.
    pub microsoft_url: String,
    /// Whether it is the text of a licence: it has a URL like any file, and is on no list of digests.
    pub is_eula: bool,
}
