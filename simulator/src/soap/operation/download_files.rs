//! DownloadFiles ([MS-WSUSSS] 3.1.4.11): a downstream server wants files that this one has not fetched yet.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Server;
use super::get_cookie::Cookie;
use crate::catalogue::Sha1;
use crate::soap::fault::{ErrorCode, SoapFault};
use crate::soap::read::{Element, Reading, Unreadable};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DownloadFiles {
    /// `cookie`.
    pub cookie: Option<Cookie>,
    /// `fileDigestList`: whatever bytes were sent as digests.
    pub file_digest_list: Option<Vec<Vec<u8>>>,
}

/// The specification's own bound.
const MAX_FILES: usize = 100;

impl DownloadFiles {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> Result<DownloadFiles, Unreadable> {
        let [cookie, list] = reading.members(wrapper, ["cookie", "fileDigestList"]);
        let digests = |list| reading.items(list, "base64Binary").map(Element::bytes).collect::<Result<_, _>>();
        Ok(DownloadFiles {
            cookie: cookie.map(|cookie| Cookie::read(reading, cookie)).transpose()?,
            file_digest_list: list.map(digests).transpose()?,
        })
    }

    /// The files are remembered as asked for; the response says nothing.
    pub(super) fn answer(&self, server: Server<'_>) -> Result<(), SoapFault> {
        server.admit(self.cookie.as_ref())?;
        let list = self.file_digest_list.as_deref().filter(|list| list.len() <= MAX_FILES);
        let list = list.ok_or_else(|| SoapFault::invalid_parameter("fileDigestList"))?;
        let known = |digest: &[u8]| digest.try_into().ok().map(Sha1).filter(|digest| server.catalogue.has_file(digest));
        let missing: Vec<String> =
            list.iter().filter(|digest| known(digest).is_none()).map(|digest| STANDARD.encode(digest)).collect();
        if missing.is_empty() {
            server.state.request(list.iter().filter_map(|digest| known(digest)));
            return Ok(());
        }
        Err(SoapFault { code: ErrorCode::FileDigestsMissing, message: missing.join("|") })
    }
}
