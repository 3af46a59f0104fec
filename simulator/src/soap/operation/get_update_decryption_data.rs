//! GetUpdateDecryptionData ([MS-WSUSSS] 3.1.4.18): the keys of encrypted files. Servers know it since 2012.

use bytes::Bytes;

use super::get_cookie::Cookie;
use super::{Server, get_update_data, identity};
use crate::catalogue::{Identity, Sha1};
use crate::soap::fault::SoapFault;
use crate::soap::read::{Element, Reading, Unreadable};
use crate::soap::write::{Sink, Writer};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetUpdateDecryptionData {
    /// `cookie`.
    pub cookie: Option<Cookie>,
    /// `updateIds`.
    pub update_ids: Option<Vec<Identity>>,
}

/// `GetUpdateDecryptionDataResult`: each update with its files, and the key of a file where it is encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecryptionData {
    /// `UpdateFileDecryptionData`.
    pub updates: Vec<(Identity, Vec<(Sha1, Option<Bytes>)>)>,
}

impl GetUpdateDecryptionData {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> Result<Self, Unreadable> {
        let [cookie, ids] = reading.members(wrapper, ["cookie", "updateIds"]);
        let cookie = cookie.map(|cookie| Cookie::read(reading, cookie)).transpose()?;
        let update_ids = ids.map(|ids| identity::read_all(reading, ids)).transpose()?;
        Ok(GetUpdateDecryptionData { cookie, update_ids })
    }

    pub(super) fn answer(&self, server: Server<'_>) -> Result<DecryptionData, SoapFault> {
        server.admit(self.cookie.as_ref())?;
        let most = server.settings.maxima().decryption;
        let ids = self.update_ids.as_deref().filter(|ids| ids.len() <= most);
        let ids = ids.ok_or_else(|| SoapFault::invalid_parameter("updateIds"))?;
        let keys = |id: &Identity| -> Result<_, SoapFault> {
            let found = get_update_data::find(server, *id)?;
            let key = |digest: Sha1| (digest, server.catalogue.decryption_key(&digest));
            Ok((*id, found.metadata.files.iter().map(|file| key(file.sha1)).collect()))
        };
        Ok(DecryptionData { updates: ids.iter().map(keys).collect::<Result<_, _>>()? })
    }
}

impl DecryptionData {
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.array("UpdateFileDecryptionData", &self.updates, |writer, (id, files)| {
            writer.wrap("ServerSyncUpdateFileDecryption", |writer| {
                identity::write(writer, "UpdateId", *id);
                writer.array("FileDecryptionData", files, write_file);
            });
        });
    }
}

fn write_file<S: Sink>(writer: &mut Writer<'_, S>, (digest, key): &(Sha1, Option<Bytes>)) {
    writer.wrap("ServerSyncFileDecryption", |writer| {
        writer.bytes("FileDigest", &digest.0);
        if let Some(key) = key {
            writer.bytes("DecryptionKey", key);
        }
    });
}
