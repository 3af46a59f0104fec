//! GetAuthorizationCookie ([MS-WSUSSS] 3.1.4.2): a downstream server names itself and is believed.

use time::Duration;

use super::{Server, get_auth_config};
use crate::catalogue::Guid;
use crate::soap::Personality;
use crate::soap::fault::SoapFault;
use crate::soap::read::{Element, Reading};
use crate::soap::seal::{Contents, Kind};
use crate::soap::write::{Sink, Writer};

/// The request. `programKeys` is reserved and not looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetAuthorizationCookie {
    /// `accountName`: full name of the downstream server.
    pub account_name: Option<String>,
    /// `accountGuid`: the id that it gave itself.
    pub account_guid: Option<String>,
}

/// `AuthorizationCookie` ([MS-WSUSSS] 2.2.4.7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationCookie {
    /// `PlugInId`.
    pub plug_in_id: String,
    /// `CookieData`.
    pub cookie_data: Vec<u8>,
}

/// Longer than an access cookie, so that one authorization serves several synchronizations of a day.
const LIFETIME: Duration = Duration::hours(24);

impl GetAuthorizationCookie {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> GetAuthorizationCookie {
        let members = reading.members(wrapper, ["accountName", "accountGuid"]);
        let [account_name, account_guid] = members.map(|member| member.map(Element::string));
        GetAuthorizationCookie { account_name, account_guid }
    }

    pub(super) fn answer(&self, server: Server<'_>) -> Result<AuthorizationCookie, SoapFault> {
        let account = self.account(server.settings.personality)?;
        server.state.reports().meet(account, self.account_name.as_deref().unwrap_or_default());
        let contents = Contents {
            expires: server.now + LIFETIME,
            account,
            epoch: server.catalogue.epoch(),
            protocol_version: String::new(),
        };
        Ok(AuthorizationCookie {
            plug_in_id: get_auth_config::PLUG_IN.to_owned(),
            cookie_data: server.state.seal.close(Kind::Authorization, &contents),
        })
    }

    /// Real servers blame `machineName` where the specification says accountName. Microsoft Update takes any text, even
    /// name and id swapped.
    fn account(&self, personality: Personality) -> Result<Guid, SoapFault> {
        let name = self.account_name.as_deref().filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| SoapFault::invalid_parameter("machineName"))?;
        let guid = self.account_guid.as_deref().filter(|guid| !guid.is_empty());
        let guid = guid.ok_or_else(|| SoapFault::invalid_parameter("accountGuid"))?;
        if personality == Personality::Wcf {
            return Ok(guid.parse().unwrap_or_else(|_| Guid::named(guid)));
        }
        if !is_host_name(name) {
            return Err(SoapFault::invalid_parameter("machineName"));
        }
        guid.parse().map_err(|_| SoapFault::invalid_parameter("accountGuid"))
    }
}

impl AuthorizationCookie {
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.text("PlugInId", &self.plug_in_id);
        writer.bytes("CookieData", &self.cookie_data);
    }
}

/// RFC 1035, 2.3.1 and 2.3.4; a label may begin with a digit (RFC 1123, 2.1).
pub(super) fn is_host_name(name: &str) -> bool {
    name.len() <= 255 && name.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let characters = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    characters && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names_are_told_from_other_texts() {
        for name in ["wsus01", "wsus01.corp.example", "3com.example", "a-b.c"] {
            assert!(is_host_name(name), "{name}");
        }
        let long = "a".repeat(64);
        for name in ["", ".", "a..b", "a b", "wsus_01", "-a", "a-", "é.example", long.as_str()] {
            assert!(!is_host_name(name), "{name}");
        }
    }
}
