//! `package.xml`, and the document of an `.xml.gz`, which is taken to be the same with a `Metadata` element in each update:
//! its text, or its only child, are the metadata.

use std::collections::HashMap;
use std::io::BufRead;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::document::{attribute, sha1};
use super::error::{ExportError, RecordError, guid, shortened};
use crate::catalogue::{Guid, Identity, Sha1};
use inside::Inside;

mod inside;

/// What a package says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The server that wrote it.
    pub server: Option<Guid>,
    /// When.
    pub created: OffsetDateTime,
    /// The version of its protocol, `1.20`.
    pub protocol_version: String,
    /// The languages of that server.
    pub languages: Vec<Language>,
}

/// A language of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language {
    /// Windows's number for it; nought for all.
    pub id: u32,
    /// `en`.
    pub short_name: String,
    /// `English`.
    pub long_name: String,
    /// Whether the server synchronizes it.
    pub enabled: bool,
}

/// A row of the package's own list of files.
#[derive(Clone, Debug)]
pub(super) struct PackageFile {
    pub(super) url: String,
    pub(super) name: String,
}

/// All that the list says.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) about: About,
    pub(super) files: HashMap<Sha1, PackageFile>,
    pub(super) rows: Vec<Row>,
    /// The text into which the rows' ranges point, where metadata stand in the list itself.
    pub(super) metadata: String,
}

/// An `Update`.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) identity: Identity,
    pub(super) files: Vec<Sha1>,
    pub(super) categories: Vec<Guid>,
    pub(super) classifications: Vec<Guid>,
    pub(super) metadata: Option<Range<usize>>,
}

/// No list has elements deeper than this, metadata apart.
const DEPTH: usize = 8;

impl Package {
    /// Reads the list to its end.
    pub(super) fn read(source: impl BufRead) -> Result<Package, ExportError> {
        let about = About {
            server: None,
            created: OffsetDateTime::UNIX_EPOCH,
            protocol_version: String::new(),
            languages: Vec::new(),
        };
        let package = Package { about, files: HashMap::new(), rows: Vec::new(), metadata: String::new() };
        let mut building = Building { package, open: Vec::new(), inside: None, has_root: false };
        let mut reader = Reader::from_reader(source);
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            let event = reader.read_event_into(&mut buffer);
            let event = event.map_err(|error| wrong(&reader, why(&error)))?;
            if let Event::Eof = event {
                break;
            }
            building.take(&event).map_err(|trouble| match trouble {
                Trouble::Record(error) => *error,
                Trouble::List(why) => wrong(&reader, why),
            })?;
        }
        match (building.open.last(), building.has_root) {
            (None, true) => Ok(building.package),
            (None, false) => Err(wrong(&reader, "there is no element ExportPackage".to_owned())),
            (Some(_), _) => {
                let open: Vec<&str> = building.open.iter().rev().map(String::as_str).collect();
                Err(wrong(&reader, format!("it ends before the end of {}", open.join(", "))))
            }
        }
    }
}

fn wrong<R>(reader: &Reader<R>, why: String) -> ExportError {
    ExportError::List { position: reader.buffer_position(), why }
}

fn why(error: &quick_xml::Error) -> String {
    match error {
        quick_xml::Error::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            "the compressed data are truncated".to_owned()
        }
        error => error.to_string(),
    }
}

enum Trouble {
    Record(Box<ExportError>),
    List(String),
}

impl From<ExportError> for Trouble {
    fn from(error: ExportError) -> Trouble {
        Trouble::Record(Box::new(error))
    }
}

struct Building {
    package: Package,
    /// Names of the elements that are open.
    open: Vec<String>,
    /// Metadata within the list, while they are read.
    inside: Option<Inside>,
    has_root: bool,
}

impl Building {
    fn take(&mut self, event: &Event<'_>) -> Result<(), Trouble> {
        if let Some(inside) = &mut self.inside {
            let is_over = inside.take(event, &mut self.package.metadata).map_err(Trouble::List)?;
            if is_over {
                let range = inside.range(&self.package.metadata);
                self.inside = None;
                self.open.pop();
                if let Some(row) = self.package.rows.last_mut() {
                    row.metadata = Some(range);
                }
            }
            return Ok(());
        }
        match event {
            Event::Start(start) => {
                self.start(start)?;
                self.open.push(start.local_name().into_inner().to_owned());
                if DEPTH < self.open.len() {
                    return Err(Trouble::List("its elements are too deep".to_owned()));
                }
            }
            Event::Empty(start) => {
                self.start(start)?;
                self.inside = None;
            }
            Event::End(_) => drop(self.open.pop()),
            // Never expanded: the list needs none.
            Event::DocType(_) => return Err(Trouble::List("a document type is not allowed".to_owned())),
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), Trouble> {
        let name = start.local_name().into_inner();
        let mut above = self.open.iter().rev().map(String::as_str);
        let parents = (above.next(), above.next());
        match (parents, name) {
            ((None, None), "ExportPackage") if !self.has_root => self.root(start)?,
            ((None, None), _) => {
                return Err(Trouble::List(format!("the root is {name} and not one ExportPackage")));
            }
            ((Some("Languages"), _), "Language") => self.package.about.languages.extend(language(start)),
            ((Some("Files"), Some("ExportPackage")), "File") => self.file(start)?,
            ((Some("Updates"), _), "Update") => {
                let row = self.row(start)?;
                self.package.rows.push(row);
            }
            ((Some(list @ ("Files" | "Categories" | "Classifications")), Some("Update")), _) => {
                let list = list.to_owned();
                self.member(&list, start)?;
            }
            ((Some("Update"), _), "Metadata" | "metadata") => self.inside = Some(Inside::new(&self.package.metadata)),
            _ => {}
        }
        Ok(())
    }

    fn root(&mut self, start: &BytesStart<'_>) -> Result<(), Trouble> {
        self.has_root = true;
        let about = &mut self.package.about;
        about.server = attribute(start, "ServerID").and_then(|id| id.parse().ok());
        about.protocol_version = attribute(start, "ProtocolVersion").unwrap_or_default();
        let created = attribute(start, "CreationTime").unwrap_or_default();
        about.created = OffsetDateTime::parse(&created, &Rfc3339)
            .map_err(|_| Trouble::List(format!("its CreationTime {:?} is no time", shortened(&created))))?;
        Ok(())
    }

    /// A file of the package.
    fn file(&mut self, start: &BytesStart<'_>) -> Result<(), Trouble> {
        let digest = attribute(start, "Digest").unwrap_or_default();
        let digest = sha1(&digest).ok_or_else(|| {
            Trouble::List(format!("a file has the digest {:?}, no SHA-1 in base64", shortened(&digest)))
        })?;
        let url = attribute(start, "MUUrl").unwrap_or_default();
        let name = attribute(start, "Name").unwrap_or_default();
        self.package.files.insert(digest, PackageFile { url, name });
        Ok(())
    }

    fn row(&self, start: &BytesStart<'_>) -> Result<Row, ExportError> {
        let unreadable = |source| ExportError::unreadable(self.package.rows.len(), source);
        let read = |name| attribute(start, name).ok_or(RecordError::NoAttribute { name }).map_err(unreadable);
        let (id, revision) = (read("UpdateId")?, read("RevisionNumber")?);
        let id = guid("UpdateId", &id).map_err(unreadable)?;
        let not_a_number = |_| RecordError::Number { what: "RevisionNumber", text: shortened(&revision) };
        let revision = revision.trim().parse().map_err(not_a_number).map_err(unreadable)?;
        let identity = Identity { id, revision };
        Ok(Row { identity, files: Vec::new(), categories: Vec::new(), classifications: Vec::new(), metadata: None })
    }

    /// A file, category or classification of the update that is open.
    fn member(&mut self, list: &str, start: &BytesStart<'_>) -> Result<(), ExportError> {
        let place = self.package.rows.len().saturating_sub(1);
        let Some(row) = self.package.rows.last_mut() else { return Ok(()) };
        let identity = row.identity;
        let name = if list == "Files" { "Digest" } else { "Value" };
        let value = attribute(start, name).ok_or(RecordError::NoAttribute { name });
        let added = value.and_then(|value| match list {
            "Files" => {
                row.files.push(sha1(&value).ok_or_else(|| RecordError::Digest { text: shortened(&value) })?);
                Ok(())
            }
            "Categories" => guid("category", &value).map(|id| row.categories.push(id)),
            _ => guid("classification", &value).map(|id| row.classifications.push(id)),
        });
        added.map_err(|source| ExportError::record(place, identity, source))
    }
}

fn language(start: &BytesStart<'_>) -> Option<Language> {
    Some(Language {
        id: attribute(start, "Id")?.parse().ok()?,
        short_name: attribute(start, "ShortName").unwrap_or_default(),
        long_name: attribute(start, "LongName").unwrap_or_default(),
        enabled: attribute(start, "Enabled").is_some_and(|enabled| enabled == "1"),
    })
}

/// The five entities of XML itself and character references; no other can exist without a document type.
fn resolve(reference: &BytesRef<'_>) -> Option<char> {
    if let Some(character) = reference.resolve_char_ref().ok()? {
        return Some(character);
    }
    match &**reference {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => None,
    }
}
