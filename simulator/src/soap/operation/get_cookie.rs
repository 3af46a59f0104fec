//! GetCookie ([MS-WSUSSS] 3.1.4.3): an authorization cookie and a version for the cookie that all else asks for.

use time::{Duration, OffsetDateTime};

use super::get_authorization_cookie::AuthorizationCookie;
use super::{Server, protocol_version};
use crate::soap::Personality;
use crate::soap::fault::{ErrorCode, SoapFault};
use crate::soap::read::{Element, Reading, Unreadable};
use crate::soap::seal::{Contents, Kind};
use crate::soap::write::{Sink, Writer};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetCookie {
    /// `authCookies`; there must be exactly one.
    pub auth_cookies: Vec<AuthorizationCookie>,
    /// `oldCookie`: the last one that the server gave. It decides only whether the server has changed since.
    pub old_cookie: Option<Cookie>,
    /// `protocolVersion`.
    pub protocol_version: Option<String>,
}

/// `Cookie` ([MS-WSUSSS] 2.2.4.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// `Expiration`: for the downstream server only; a server goes by what it sealed.
    pub expiration: OffsetDateTime,
    /// `EncryptedData`.
    pub encrypted_data: Vec<u8>,
}

impl GetCookie {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> Result<GetCookie, Unreadable> {
        let [cookies, old, version] = reading.members(wrapper, ["authCookies", "oldCookie", "protocolVersion"]);
        Ok(GetCookie {
            auth_cookies: read_authorization_cookies(reading, cookies)?,
            old_cookie: old.map(|old| Cookie::read(reading, old)).transpose()?,
            protocol_version: version.map(Element::string),
        })
    }

    pub(super) fn answer(&self, server: Server<'_>) -> Result<Cookie, SoapFault> {
        let [authorization] = self.auth_cookies.as_slice() else {
            return Err(SoapFault::invalid_parameter("authCookies"));
        };
        let opened = server.state.seal.open(Kind::Authorization, &authorization.cookie_data, server.now);
        let opened = opened.ok_or_else(|| SoapFault::of(ErrorCode::InvalidAuthorizationCookie))?;
        let protocol_version = self.protocol_version.clone().unwrap_or_default();
        protocol_version::check(&protocol_version)?;
        let old = self.old_cookie.as_ref().and_then(|old| server.state.seal.read(Kind::Access, &old.encrypted_data));
        if let Some(old) = old {
            server.tell_of_change(&old)?;
        }
        let expiration = opened.expires.min(server.now + lifetime(server.settings.personality));
        let epoch = server.catalogue.epoch();
        let contents = Contents { expires: expiration, account: opened.account, epoch, protocol_version };
        Ok(Cookie { expiration, encrypted_data: server.state.seal.close(Kind::Access, &contents) })
    }
}

/// The items of `authCookies`.
pub(super) fn read_authorization_cookies(
    reading: Reading,
    list: Option<&Element<'_>>,
) -> Result<Vec<AuthorizationCookie>, Unreadable> {
    let items = list.into_iter().flat_map(|list| reading.items(list, "AuthorizationCookie"));
    items.map(|item| AuthorizationCookie::read(reading, item)).collect()
}

impl AuthorizationCookie {
    fn read(reading: Reading, element: &Element<'_>) -> Result<AuthorizationCookie, Unreadable> {
        let [plug_in_id, data] = reading.members(Some(element), ["PlugInId", "CookieData"]);
        Ok(AuthorizationCookie {
            plug_in_id: plug_in_id.map(Element::string).unwrap_or_default(),
            cookie_data: data.map(Element::bytes).transpose()?.unwrap_or_default(),
        })
    }
}

impl Cookie {
    /// Reads a cookie that comes back; its `Expiration` is checked for its form only.
    pub(crate) fn read(reading: Reading, element: &Element<'_>) -> Result<Cookie, Unreadable> {
        let [expiration, data] = reading.members(Some(element), ["Expiration", "EncryptedData"]);
        expiration.map(Element::date_time).transpose()?;
        let encrypted_data = data.map(Element::bytes).transpose()?.unwrap_or_default();
        Ok(Cookie { expiration: OffsetDateTime::UNIX_EPOCH, encrypted_data })
    }

    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.date_time("Expiration", self.expiration);
        writer.bytes("EncryptedData", &self.encrypted_data);
    }
}

fn lifetime(personality: Personality) -> Duration {
    match personality {
        Personality::Asmx => Duration::minutes(240),
        Personality::Wcf => Duration::minutes(60),
    }
}
