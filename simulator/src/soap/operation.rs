//! The operations, one file each: its request, its validation and processing, its response.

use time::OffsetDateTime;

use super::ServiceSettings;
use super::fault::{ErrorCode, SoapFault};
use super::message::{Request, Response};
use super::seal::Seal;
use crate::catalogue::Catalogue;

pub mod get_auth_config;
pub mod get_authorization_cookie;
pub mod get_config_data;
pub mod get_cookie;
pub mod get_revision_id_list;
pub mod get_update_data;
mod identity;
mod protocol_version;

/// What an operation may look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Server<'a> {
    pub(crate) settings: &'a ServiceSettings,
    pub(crate) catalogue: &'a dyn Catalogue,
    pub(crate) seal: &'a Seal,
    pub(crate) now: OffsetDateTime,
}

impl Server<'_> {
    /// What an honest server answers.
    pub(crate) fn perform(self, request: &Request) -> Result<Response, SoapFault> {
        Ok(match request {
            Request::GetAuthConfig => Response::GetAuthConfig(get_auth_config::answer(self)),
            Request::GetAuthorizationCookie(request) => Response::GetAuthorizationCookie(request.answer(self)?),
            Request::GetCookie(request) => Response::GetCookie(request.answer(self)?),
            Request::GetConfigData(request) => Response::GetConfigData(request.answer(self)?),
            Request::GetRevisionIdList(request) => Response::GetRevisionIdList(request.answer(self)?),
            Request::GetUpdateData(request) => Response::GetUpdateData(request.answer(self)?),
        })
    }

    /// The validation that every operation with a cookie begins with: the cookie, then the version inside it.
    fn admit(self, cookie: Option<&get_cookie::Cookie>) -> Result<(), SoapFault> {
        let refused = || SoapFault::of(ErrorCode::InvalidCookie);
        let sealed = cookie.ok_or_else(refused)?.encrypted_data.as_slice();
        let contents = self.seal.open(super::seal::Kind::Access, sealed, self.now).ok_or_else(refused)?;
        protocol_version::check(&contents.protocol_version)
    }
}
