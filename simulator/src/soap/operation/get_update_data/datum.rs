//! `ServerSyncUpdateData` ([MS-WSUSSS] 3.1.4.6.3.3): one update of an answer. All downstream servers ask for the same ones,
//! so that what is sent of an update is written once and shared by the answers that it stands in.

use std::sync::Arc;

use bytes::Bytes;

use crate::catalogue::{Catalogue, File, Identity, Metadata};
use crate::pack::cabinet::Blob;
use crate::soap::Personality;
use crate::soap::fault::{ErrorCode, SoapFault};
use crate::soap::operation::{Server, identity};
use crate::soap::write::{Sink, Writer};

/// An update.
#[derive(Clone, Debug)]
pub struct UpdateDatum {
    /// `Id`.
    pub identity: Identity,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    /// As the catalogue has it.
    Catalogue(Arc<dyn Catalogue>, Arc<Written>),
    /// As somebody else would have it.
    Other(Metadata),
}

/// An update as it is sent.
#[derive(Debug)]
pub(crate) struct Written {
    /// The whole element.
    element: Bytes,
    /// Bytes of its metadata, but for base64.
    size: usize,
    files: Arc<[File]>,
}

/// The most characters of UTF-16 that travel as they are: 5,120 bytes.
const PLAIN: usize = 2_560;

impl UpdateDatum {
    /// One unknown revision fails the whole call, on WSUS and on Microsoft Update alike.
    pub(super) fn find(server: Server<'_>, identity: Identity) -> Result<UpdateDatum, SoapFault> {
        let epoch = server.catalogue.epoch();
        let written = match server.state.written(epoch, identity) {
            Some(written) => written,
            None => {
                let metadata = server.catalogue.metadata(identity);
                let metadata = metadata.ok_or_else(|| SoapFault::of(ErrorCode::InternalServerError))?;
                let written = Arc::new(Written::new(identity, &metadata, server.settings.personality));
                server.state.keep_written(epoch, identity, &written);
                written
            }
        };
        Ok(UpdateDatum { identity, source: Source::Catalogue(Arc::clone(server.catalogue), written) })
    }

    /// `XmlUpdateBlob` and `FileDigestList`.
    pub fn metadata(&self) -> Option<Metadata> {
        match &self.source {
            Source::Catalogue(catalogue, _) => catalogue.metadata(self.identity),
            Source::Other(metadata) => Some(metadata.clone()),
        }
    }

    /// The same, to be changed: what the catalogue has is not sent any more.
    pub fn metadata_mut(&mut self) -> Option<&mut Metadata> {
        if let Some(metadata) = self.metadata() {
            self.source = Source::Other(metadata);
        }
        match &mut self.source {
            Source::Catalogue(..) => None,
            Source::Other(metadata) => Some(metadata),
        }
    }

    pub(super) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        match &self.source {
            Source::Catalogue(_, written) => writer.shared(&written.element),
            Source::Other(metadata) => write(writer, self.identity, metadata),
        }
    }

    /// Bytes of the metadata as it travels, but for its base64.
    pub(super) fn size(&self) -> usize {
        match &self.source {
            Source::Catalogue(_, written) => written.size,
            Source::Other(metadata) => size(&metadata.xml),
        }
    }

    /// `FileDigestList`, and the licences.
    pub fn files(&self) -> &[File] {
        match &self.source {
            Source::Catalogue(_, written) => &written.files,
            Source::Other(metadata) => &metadata.files,
        }
    }
}

impl PartialEq for UpdateDatum {
    fn eq(&self, other: &Self) -> bool {
        self.identity == other.identity && self.metadata() == other.metadata()
    }
}

impl Eq for UpdateDatum {}

impl Written {
    pub(crate) fn new(identity: Identity, metadata: &Metadata, personality: Personality) -> Written {
        let mut element = Vec::with_capacity(metadata.xml.len() * 4 / 3);
        write(&mut Writer::new(&mut element, personality), identity, metadata);
        // It may be kept for long.
        element.shrink_to_fit();
        Written { element: element.into(), size: size(&metadata.xml), files: Arc::clone(&metadata.files) }
    }

    /// About how many bytes of memory it takes.
    pub(crate) fn weight(&self) -> usize {
        /// Two allocations, and the entries of tables.
        const FRAME: usize = 256;
        self.element.len() + self.files.len() * size_of::<File>() * 3 + FRAME
    }
}

fn write<S: Sink>(writer: &mut Writer<'_, S>, identity: Identity, metadata: &Metadata) {
    writer.wrap("ServerSyncUpdateData", |writer| {
        identity::write(writer, "Id", identity);
        let compressed = compressed(&metadata.xml);
        if compressed.is_none() {
            writer.text("XmlUpdateBlob", &metadata.xml);
        }
        // [MS-WSUSSS] 3.1.1.1 takes the digests from the files alone, so that licences are not among them. A real server
        // leaves the element out where there is no file.
        let files: Vec<&File> = metadata.files.iter().filter(|file| !file.is_eula).collect();
        if !files.is_empty() {
            let write = |writer: &mut Writer<'_, S>, file: &&File| writer.bytes("base64Binary", &file.sha1.0);
            writer.array("FileDigestList", &files, write);
        }
        if let Some(cabinet) = compressed {
            writer.bytes("XmlUpdateBlobCompressed", &cabinet.into_vec());
        }
    });
}

/// The cabinet in which long metadata travels; `None` for short metadata.
fn compressed(xml: &str) -> Option<Blob<'_>> {
    // A character takes at least one byte, so that short texts need not be counted.
    let is_long = PLAIN < xml.len() && PLAIN < xml.encode_utf16().count();
    is_long.then(|| Blob::new(xml).ok()).flatten()
}

fn size(xml: &str) -> usize {
    compressed(xml).map_or(xml.len(), |cabinet| cabinet.len())
}
