//! The authorization phase ([MS-WSUSSS] 3.2.4.1), which ends with a cookie that has not expired.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Session, Stop, UNEXPECTED, service_url};
use crate::sync::answer::{Answer, AuthConfig, AuthorizationCookie, Cookie};
use crate::sync::request::Request;
use crate::sync::{Courier, Operation};

/// The name that the examiner gives itself. A real upstream adds a row with this name to its list of downstream servers
/// at the first contact ([MS-WSUSSS] 3.1.4.2), so it must be plain to an administrator what that row is; the row may be
/// deleted. The name belongs to nobody (RFC 6761, 6.4).
const ACCOUNT_NAME: &str = "wsuslab-examiner.invalid";

/// Always the same, so that a hundred examinations leave one row and not a hundred.
const ACCOUNT_GUID: &str = "5b4f1d6e-3c0a-4c7e-9d53-77735c6c6162";

/// How often a cookie may expire on us before the upstream is thought to give none that lasts.
const MOST_EXPIRED: u32 = 8;

impl<C: Courier> Session<'_, C> {
    /// A cookie that may be used: the one at hand, or a new one where that has expired.
    pub(super) fn valid_cookie(&mut self) -> Result<Cookie, Stop> {
        if let Some(cookie) = &self.cookie {
            if !is_expired(cookie, self.courier.now()) {
                return Ok(cookie.clone());
            }
            self.seen.expired_cookies += 1;
        }
        let cookie = self.authorize()?;
        // Asking again for what had expired when it came would only give the same.
        if is_expired(&cookie, self.courier.now()) || MOST_EXPIRED < self.seen.expired_cookies {
            self.seen.expired_cookies += 1;
            return Err(Stop::At(Operation::GetCookie));
        }
        self.cookie = Some(cookie.clone());
        Ok(cookie)
    }

    /// Answers with the path of the authorization service.
    pub(super) fn get_auth_config(&mut self) -> Result<String, Stop> {
        let path = &self.client.path;
        self.call(self.server_sync(), &Request::GetAuthConfig, |answer| match answer {
            Answer::GetAuthConfig(AuthConfig { service_url, .. }) => service_url::path(path, &service_url),
            _ => Err(UNEXPECTED.to_owned()),
        })
    }

    fn authorize(&mut self) -> Result<Cookie, Stop> {
        let path = self.get_auth_config()?;
        let authorization = self.get_authorization_cookie(path)?;
        let cookie = self.get_cookie(authorization)?;
        self.seen.cookie_expires = Some(cookie.expiration.clone());
        Ok(cookie)
    }

    fn get_authorization_cookie(&mut self, path: String) -> Result<AuthorizationCookie, Stop> {
        let request = Request::GetAuthorizationCookie {
            account_name: ACCOUNT_NAME.to_owned(),
            account_guid: ACCOUNT_GUID.to_owned(),
        };
        self.call(path, &request, |answer| match answer {
            Answer::GetAuthorizationCookie(cookie) => Ok(cookie),
            _ => Err(UNEXPECTED.to_owned()),
        })
    }

    fn get_cookie(&mut self, authorization: AuthorizationCookie) -> Result<Cookie, Stop> {
        let request = Request::GetCookie { authorization, protocol_version: self.protocol_version().to_owned() };
        self.call(self.server_sync(), &request, |answer| match answer {
            Answer::GetCookie(cookie) => Ok(cookie),
            _ => Err(UNEXPECTED.to_owned()),
        })
    }
}

/// By the examiner's own clock. A date that cannot be read says nothing.
pub(crate) fn is_expired(cookie: &Cookie, now: OffsetDateTime) -> bool {
    OffsetDateTime::parse(&cookie.expiration, &Rfc3339).is_ok_and(|expiration| expiration <= now)
}
