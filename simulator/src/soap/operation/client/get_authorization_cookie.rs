//! GetAuthorizationCookie of the SimpleAuth web service ([MS-WUSP] 3.1.5.3): an agent names itself and is believed.

use time::Duration;

use super::super::Server;
use super::super::get_authorization_cookie::{AuthorizationCookie, is_host_name};
use super::get_config::PLUG_IN;
use crate::catalogue::Guid;
use crate::soap::fault::SoapFault;
use crate::soap::read::{Element, Reading};
use crate::soap::seal::{Contents, Kind};

/// The request. `targetGroupName` decides nothing here: every computer of the lab is unassigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetClientAuthorizationCookie {
    /// `clientId`.
    pub client_id: Option<String>,
    /// `targetGroupName`.
    pub target_group_name: Option<String>,
    /// `dnsName`.
    pub dns_name: Option<String>,
}

const LIFETIME: Duration = Duration::hours(24);

impl GetClientAuthorizationCookie {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> GetClientAuthorizationCookie {
        let members = reading.members(wrapper, ["clientId", "targetGroupName", "dnsName"]);
        let [client_id, target_group_name, dns_name] = members.map(|member| member.map(Element::string));
        GetClientAuthorizationCookie { client_id, target_group_name, dns_name }
    }

    pub(in super::super) fn answer(&self, server: Server<'_>) -> Result<AuthorizationCookie, SoapFault> {
        let id = self.client_id.as_deref().filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| SoapFault::invalid_parameter("clientId"))?;
        let name = self.dns_name.as_deref().filter(|name| is_host_name(name));
        name.ok_or_else(|| SoapFault::invalid_parameter("dnsName"))?;
        let contents = Contents {
            expires: server.now + LIFETIME,
            account: id.parse().unwrap_or_else(|_| Guid::named(id)),
            epoch: server.catalogue.epoch(),
            protocol_version: String::new(),
        };
        let cookie_data = server.state.seal.close(Kind::ClientAuthorization, &contents);
        Ok(AuthorizationCookie { plug_in_id: PLUG_IN.to_owned(), cookie_data })
    }
}
