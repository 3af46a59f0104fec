//! GetCookie of the client web service ([MS-WUSP] 3.1.5.4).

use time::{Duration, OffsetDateTime};

use super::super::Server;
use super::super::get_authorization_cookie::AuthorizationCookie;
use super::super::get_cookie::{Cookie, read_authorization_cookies};
use super::get_config::check_version;
use crate::soap::fault::{ErrorCode, SoapFault};
use crate::soap::read::{Element, Reading, Unreadable};
use crate::soap::seal::{Contents, Kind};

/// The request; `currentTime` is checked for its form only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetClientCookie {
    /// `authCookies`; there must be exactly one.
    pub auth_cookies: Vec<AuthorizationCookie>,
    /// `oldCookie`: usually one that has expired.
    pub old_cookie: Option<Cookie>,
    /// `lastChange`: of the configuration that the agent knows.
    pub last_change: OffsetDateTime,
    /// `protocolVersion`.
    pub protocol_version: Option<String>,
}

const LIFETIME: Duration = Duration::HOUR;

impl GetClientCookie {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> Result<GetClientCookie, Unreadable> {
        const MEMBERS: [&str; 5] = ["authCookies", "oldCookie", "lastChange", "currentTime", "protocolVersion"];
        let [cookies, old, last_change, current_time, version] = reading.members(wrapper, MEMBERS);
        reading.date_time(current_time)?;
        Ok(GetClientCookie {
            auth_cookies: read_authorization_cookies(reading, cookies)?,
            old_cookie: old.map(|old| Cookie::read(reading, old)).transpose()?,
            last_change: reading.date_time(last_change)?,
            protocol_version: version.map(Element::string),
        })
    }

    pub(in super::super) fn answer(&self, server: Server<'_>) -> Result<Cookie, SoapFault> {
        let refused = || SoapFault::of(ErrorCode::InvalidAuthorizationCookie);
        let [authorization] = self.auth_cookies.as_slice() else { return Err(refused()) };
        let opened = server.state.seal.open(Kind::ClientAuthorization, &authorization.cookie_data, server.now);
        let opened = opened.ok_or_else(refused)?;
        if let Some(old) = &self.old_cookie {
            let old = server.state.seal.read(Kind::ClientAccess, &old.encrypted_data);
            server.tell_of_change(&old.ok_or_else(|| SoapFault::of(ErrorCode::InvalidCookie))?)?;
        }
        if self.last_change != server.settings.configured {
            return Err(SoapFault::of(ErrorCode::ConfigChanged));
        }
        check_version(self.protocol_version.as_deref())?;
        let expiration = opened.expires.min(server.now + LIFETIME);
        let contents = Contents {
            expires: expiration,
            epoch: server.catalogue.epoch(),
            protocol_version: self.protocol_version.clone().unwrap_or_default(),
            ..opened
        };
        Ok(Cookie { expiration, encrypted_data: server.state.seal.close(Kind::ClientAccess, &contents) })
    }
}
