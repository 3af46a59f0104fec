//! GetUpdateDecryptionData ([MS-WSUSSS] 3.1.4.18): the keys of encrypted files. Servers know it since 2012.

use bytes::Bytes;

use super::get_cookie::Cookie;
use super::{Server, identity};
use crate::catalogue::{Identity, Sha1};
use crate::soap::fault::{ErrorCode, SoapFault};
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

/// `GetUpdateDecryptionDataResult`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecryptionData {
    /// `UpdateFileDecryptionData`.
    pub updates: Vec<UpdateKeys>,
}

/// `ServerSyncUpdateFileDecryption` ([MS-WSUSSS] 3.1.4.18.3.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateKeys {
    /// `UpdateId`.
    pub identity: Identity,
    /// `FileDecryptionData`: each file, and its key where it is encrypted.
    pub files: Vec<(Sha1, Option<Bytes>)>,
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
        let updates = ids.iter().map(|id| UpdateKeys::find(server, *id)).collect::<Result<_, _>>()?;
        Ok(DecryptionData { updates })
    }
}

impl UpdateKeys {
    fn find(server: Server<'_>, identity: Identity) -> Result<UpdateKeys, SoapFault> {
        let found = server.catalogue.metadata(identity);
        let found = found.ok_or_else(|| SoapFault::of(ErrorCode::InternalServerError))?;
        let files = found.files.iter().filter(|file| !file.is_eula);
        let key = |digest: Sha1| (digest, server.catalogue.decryption_key(&digest));
        Ok(UpdateKeys { identity, files: files.map(|file| key(file.sha1)).collect() })
    }
}

impl DecryptionData {
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.array("UpdateFileDecryptionData", &self.updates, |writer, update| {
            writer.wrap("ServerSyncUpdateFileDecryption", |writer| {
                identity::write(writer, "UpdateId", update.identity);
                writer.array("FileDecryptionData", &update.files, write_file);
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
