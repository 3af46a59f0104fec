//! GetUpdateData ([MS-WSUSSS] 3.1.4.6): the metadata of some revisions, and where their files are.

use std::collections::BTreeSet;

use super::get_cookie::Cookie;
use super::{Server, identity};
use crate::catalogue::{File, Identity};
use crate::soap::Personality;
use crate::soap::fault::SoapFault;
use crate::soap::read::{Element, Reading, Unreadable};
use crate::soap::write::{Sink, Writer};

mod datum;

pub use datum::UpdateDatum;

pub(crate) use datum::Written;

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
        let updates: Vec<UpdateDatum> =
            ids.iter().map(|id| UpdateDatum::find(server, *id)).collect::<Result<_, _>>()?;
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
        /// A URL in its tags; the updates themselves are shared and not copied.
        const EACH: usize = 400;
        self.file_urls.len() * EACH
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
    let files = updates.iter().flat_map(|update| update.files().iter());
    files.filter(|file| seen.insert(file.sha1)).cloned().collect()
}
