//! GetUpdateData ([MS-WSUSSS] 3.1.4.6): the metadata of some revisions, and where their files are.

use std::collections::BTreeSet;

use super::get_cookie::Cookie;
use super::{Server, identity};
use crate::catalogue::{File, Identity, Metadata};
use crate::pack::cabinet::Blob;
use crate::soap::Personality;
use crate::soap::fault::{ErrorCode, SoapFault};
use crate::soap::read::{Element, Reading, Unreadable};
use crate::soap::write::{Sink, Writer};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetUpdateData {
    /// `cookie`.
    pub cookie: Option<Cookie>,
    /// `updateIds`.
    pub update_ids: Option<Vec<Identity>>,
}

/// `GetUpdateDataResult`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateData {
    /// `updates`, in the order in which they were asked for.
    pub updates: Vec<UpdateDatum>,
    /// `fileUrls`: every file of these updates once.
    pub file_urls: Vec<File>,
}

/// `ServerSyncUpdateData` ([MS-WSUSSS] 3.1.4.6.3.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateDatum {
    /// `Id`.
    pub identity: Identity,
    /// `XmlUpdateBlob` and `FileDigestList`.
    pub metadata: Metadata,
}

/// The most characters of UTF-16 that travel as they are: 5,120 bytes.
const PLAIN: usize = 2_560;

impl GetUpdateData {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> Result<GetUpdateData, Unreadable> {
        let [cookie, ids] = reading.members(wrapper, ["cookie", "updateIds"]);
        let cookie = cookie.map(|cookie| Cookie::read(reading, cookie)).transpose()?;
        let update_ids = ids.map(|ids| identity::read_all(reading, ids)).transpose()?;
        Ok(GetUpdateData { cookie, update_ids })
    }

    pub(super) fn answer(&self, server: Server<'_>) -> Result<UpdateData, SoapFault> {
        server.admit(self.cookie.as_ref())?;
        let most = server.settings.maxima().updates;
        let ids = self.update_ids.as_deref().filter(|ids| ids.len() <= most);
        let ids = ids.ok_or_else(|| SoapFault::invalid_parameter("updateIds"))?;
        let updates: Vec<UpdateDatum> = ids.iter().map(|id| find(server, *id)).collect::<Result<_, _>>()?;
        let updates = cut(updates, server.settings.max_xml_per_request as usize);
        let file_urls = distinct_files(&updates);
        Ok(UpdateData { updates, file_urls })
    }
}

impl UpdateData {
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.array("updates", &self.updates, |writer, update| update.write(writer));
        writer.array("fileUrls", &self.file_urls, write_url);
    }

    pub(crate) fn expected_size(&self) -> usize {
        /// Tags around one, and its digests.
        const EACH: usize = 400;
        let of_blobs: usize = self.updates.iter().map(|update| update.size() * 4 / 3 + EACH).sum();
        of_blobs + self.file_urls.len() * EACH
    }
}

impl UpdateDatum {
    fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.wrap("ServerSyncUpdateData", |writer| {
            identity::write(writer, "Id", self.identity);
            let compressed = self.compressed();
            if compressed.is_none() {
                writer.text("XmlUpdateBlob", &self.metadata.xml);
            }
            // [MS-WSUSSS] 3.1.1.1 takes the digests from the files alone, so that licences are not among them. A real server
            // leaves the element out where there is no file.
            let files: Vec<&File> = self.metadata.files.iter().filter(|file| !file.is_eula).collect();
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
    fn compressed(&self) -> Option<Blob<'_>> {
        let xml = &*self.metadata.xml;
        // A character takes at least one byte, so that short texts need not be counted.
        let is_long = PLAIN < xml.len() && PLAIN < xml.encode_utf16().count();
        is_long.then(|| Blob::new(xml).ok()).flatten()
    }

    /// Bytes of the metadata as it travels, but for its base64.
    fn size(&self) -> usize {
        self.compressed().map_or(self.metadata.xml.len(), |cabinet| cabinet.len())
    }
}

fn write_url<S: Sink>(writer: &mut Writer<'_, S>, file: &File) {
    writer.wrap("ServerSyncUrlData", |writer| {
        writer.bytes("FileDigest", &file.sha1.0);
        writer.text("MUUrl", &file.microsoft_url);
        // The specification leaves it out; a WSUS server sends it empty.
        if writer.personality == Personality::Asmx {
            writer.empty("UssUrl");
        }
    });
}

/// One unknown revision fails the whole call, on WSUS and on Microsoft Update alike.
pub(super) fn find(server: Server<'_>, identity: Identity) -> Result<UpdateDatum, SoapFault> {
    let metadata = server.catalogue.metadata(identity);
    let metadata = metadata.ok_or_else(|| SoapFault::of(ErrorCode::InternalServerError))?;
    Ok(UpdateDatum { identity, metadata })
}

/// Real servers end an answer near the limit and do not say so. One update is always given.
fn cut(mut updates: Vec<UpdateDatum>, limit: usize) -> Vec<UpdateDatum> {
    let mut size = 0;
    let full = updates.iter().position(|update| {
        let is_full = 0 < size && limit <= size;
        size += update.size();
        is_full
    });
    updates.truncate(full.unwrap_or(updates.len()));
    updates
}

fn distinct_files(updates: &[UpdateDatum]) -> Vec<File> {
    let mut seen = BTreeSet::new();
    let files = updates.iter().flat_map(|update| update.metadata.files.iter());
    files.filter(|file| seen.insert(file.sha1)).cloned().collect()
}
