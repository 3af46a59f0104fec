//! The services of Windows Update agents ([MS-WUSP]), as far as somebody who tests a server needs them: configuration,
//! authorization, registration, and the updates of a computer that has none yet.

use super::Server;
use super::get_cookie::Cookie;
use crate::soap::fault::{ErrorCode, SoapFault};
use crate::soap::seal::{Contents, Kind};

mod fragment;
pub mod get_authorization_cookie;
pub mod get_config;
pub mod get_cookie;
pub mod register_computer;
pub mod sync_updates;

impl Server<'_> {
    /// The validation of an agent's cookie: its seal, its end, the epoch of the catalogue.
    fn admit_client(self, cookie: Option<&Cookie>) -> Result<Contents, SoapFault> {
        let refused = || SoapFault::of(ErrorCode::InvalidCookie);
        let sealed = cookie.ok_or_else(refused)?.encrypted_data.as_slice();
        let contents = self.state.seal.read(Kind::ClientAccess, sealed).ok_or_else(refused)?;
        if contents.expires <= self.now {
            return Err(SoapFault::of(ErrorCode::CookieExpired));
        }
        self.tell_of_change(&contents)?;
        Ok(contents)
    }
}
