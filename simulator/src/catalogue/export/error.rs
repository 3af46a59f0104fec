//! What can be wrong with a package, said so that one finds the place.

use std::io;

use crate::catalogue::{Guid, Identity};
use crate::pack::cabinet::CabinetError;

/// What is wrong with a package.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The file cannot be read.
    #[error("the package cannot be read")]
    Io(#[source] io::Error),
    /// Neither form begins so.
    #[error("it is no package of wsusutil: neither a cabinet (MSCF) nor gzip (1f 8b), but begins with {start}")]
    NoPackage {
        /// The first bytes in hexadecimal digits.
        start: String,
    },
    /// Something is wrong with the cabinet.
    #[error(transparent)]
    Cabinet(CabinetError),
    /// A cabinet of something else.
    #[error("it is no package of wsusutil: the cabinet holds no {name}, but {found}")]
    NoMember {
        /// What is missing.
        name: &'static str,
        /// What is there.
        found: String,
    },
    /// The list of updates is not as it should be.
    #[error("the list of updates is wrong near byte {position}: {why}")]
    List {
        /// Where, in bytes of the XML.
        position: u64,
        /// Why.
        why: String,
    },
    /// A record, or its row in the list.
    #[error("record {number} ({id}): {source}")]
    Record {
        /// Which, from 1.
        number: usize,
        /// Its id as far as it can be read.
        id: String,
        /// Why.
        source: RecordError,
    },
    /// As many records as rows are needed.
    #[error("the list names {listed} updates, but there are {recorded} records; {id} is the first without the other")]
    Count {
        /// Rows of the list.
        listed: usize,
        /// Records.
        recorded: usize,
        /// The first that lacks its counterpart.
        id: String,
    },
}

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The file ends within it.
    #[error("it is truncated: {expected} characters (UTF-16) were announced, {present} are there")]
    Truncated {
        /// UTF-16 code units that its head announces.
        expected: usize,
        /// Those that are there.
        present: usize,
    },
    /// It does not begin with an id, a revision and a length.
    #[error("it should begin with id,revision,length, in 36, 8 and 8 characters, but begins with {found:?}")]
    Head {
        /// What is there.
        found: String,
    },
    /// A GUID that is none.
    #[error("{what} {text:?} is no GUID")]
    Guid {
        /// Whose.
        what: &'static str,
        /// What is there.
        text: String,
    },
    /// A number that is none.
    #[error("{what} {text:?} is no number")]
    Number {
        /// Whose.
        what: &'static str,
        /// What is there.
        text: String,
    },
    /// A digest that is none.
    #[error("{text:?} is no SHA-1 in base64")]
    Digest {
        /// What is there.
        text: String,
    },
    /// An attribute that every row has.
    #[error("its row has no {name}")]
    NoAttribute {
        /// Which.
        name: &'static str,
    },
    /// Its length does not lead to its end.
    #[error("its length is wrong: after {expected} characters (UTF-16) a line should end, but {found:?} follows")]
    Length {
        /// UTF-16 code units that its head announces.
        expected: usize,
        /// What follows.
        found: String,
    },
    /// Bytes that are no text.
    #[error("it is not UTF-8 at byte {position} of the file")]
    NotUtf8 {
        /// Where.
        position: usize,
    },
    /// The list has another update at this place.
    #[error("the list has {} revision {} at its place", .expected.id, .expected.revision)]
    Unlisted {
        /// What the list has.
        expected: Identity,
    },
    /// The same revision twice.
    #[error("it is the same revision as record {first}")]
    Duplicate {
        /// The first of both, from 1.
        first: usize,
    },
    /// A row without metadata, in the form that keeps both together.
    #[error("it has no metadata")]
    NoMetadata,
}

impl ExportError {
    pub(super) fn no_package(start: &[u8]) -> ExportError {
        let first: Vec<String> = start.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        let start = if first.is_empty() { "nothing".to_owned() } else { first.join(" ") };
        ExportError::NoPackage { start }
    }

    pub(super) fn no_member(name: &'static str, found: &[&str]) -> ExportError {
        let found = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
        ExportError::NoMember { name, found }
    }

    pub(super) fn record(place: usize, identity: Identity, source: RecordError) -> ExportError {
        let Identity { id, revision } = identity;
        ExportError::Record { number: place + 1, id: format!("{id}, revision {revision}"), source }
    }

    pub(super) fn unreadable(place: usize, source: RecordError) -> ExportError {
        ExportError::Record { number: place + 1, id: "its id cannot be read".to_owned(), source }
    }
}

/// A GUID in any case.
pub(super) fn guid(what: &'static str, text: &str) -> Result<Guid, RecordError> {
    text.parse().map_err(|_| RecordError::Guid { what, text: shortened(text) })
}

/// Enough of a text to recognize it.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}
