//! Requests, as a .NET client writes them: members in the order of the schema (Microsoft Update's own service takes a
//! misplaced member for an absent one), nothing between the elements, absent members left out.

use quick_xml::escape::escape;

use super::answer::{AuthorizationCookie, Cookie, UpdateIdentity};
use super::operation::Operation;

const ENVELOPE: &str = concat!(
    r#"<?xml version="1.0" encoding="utf-8"?>"#,
    r#"<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" "#,
    r#"xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>"#,
);

/// A request of a synchronization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// What authorization does the upstream want?
    GetAuthConfig,
    /// Who we are.
    GetAuthorizationCookie {
        /// The downstream server's name.
        account_name: String,
        /// The identity that it gave itself.
        account_guid: String,
    },
    /// Opens the conversation.
    GetCookie {
        /// From [`Request::GetAuthorizationCookie`].
        authorization: AuthorizationCookie,
        /// As `1.20`.
        protocol_version: String,
    },
    /// The upstream's configuration.
    GetConfigData {
        /// From [`Request::GetCookie`].
        cookie: Cookie,
    },
    /// Which revisions there are.
    GetRevisionIdList {
        /// From [`Request::GetCookie`].
        cookie: Cookie,
        /// Only what is newer; opaque.
        anchor: Option<String>,
        /// Categories, classifications and detectoids, or else updates.
        config: bool,
        /// Absent from version 1.1 of the protocol.
        languages_63_only: Option<bool>,
    },
    /// The metadata of some revisions.
    GetUpdateData {
        /// From [`Request::GetCookie`].
        cookie: Cookie,
        /// No more than GetConfigData allows.
        update_ids: Vec<UpdateIdentity>,
    },
    /// The keys of encrypted files.
    GetUpdateDecryptionData {
        /// From [`Request::GetCookie`].
        cookie: Cookie,
        /// No more than GetConfigData allows.
        update_ids: Vec<UpdateIdentity>,
    },
    /// The groups and approvals that a replica takes over.
    GetDeployments {
        /// From [`Request::GetCookie`].
        cookie: Cookie,
        /// Only what is newer; opaque.
        deployment_anchor: Option<String>,
        /// From the last [`Request::GetRevisionIdList`]; opaque.
        sync_anchor: Option<String>,
    },
}

impl Request {
    /// The operation that is asked for.
    pub fn operation(&self) -> Operation {
        match self {
            Request::GetAuthConfig => Operation::GetAuthConfig,
            Request::GetAuthorizationCookie { .. } => Operation::GetAuthorizationCookie,
            Request::GetCookie { .. } => Operation::GetCookie,
            Request::GetConfigData { .. } => Operation::GetConfigData,
            Request::GetRevisionIdList { .. } => Operation::GetRevisionIdList,
            Request::GetUpdateData { .. } => Operation::GetUpdateData,
            Request::GetUpdateDecryptionData { .. } => Operation::GetUpdateDecryptionData,
            Request::GetDeployments { .. } => Operation::GetDeployments,
        }
    }
}

/// The SOAP 1.1 envelope of a request.
pub fn encode(request: &Request) -> String {
    let operation = request.operation();
    let (name, namespace) = (operation.name(), operation.namespace());
    let members = members(request);
    if members.is_empty() {
        return format!(r#"{ENVELOPE}<{name} xmlns="{namespace}" /></soap:Body></soap:Envelope>"#);
    }
    format!(r#"{ENVELOPE}<{name} xmlns="{namespace}">{members}</{name}></soap:Body></soap:Envelope>"#)
}

fn members(request: &Request) -> String {
    match request {
        Request::GetAuthConfig => String::new(),
        Request::GetAuthorizationCookie { account_name, account_guid } => {
            text("accountName", account_name) + &text("accountGuid", account_guid)
        }
        Request::GetCookie { authorization, protocol_version } => {
            let cookie = text("PlugInId", &authorization.plug_in_id) + &text("CookieData", &authorization.cookie_data);
            let cookies = element("authCookies", &element("AuthorizationCookie", &cookie));
            cookies + &text("protocolVersion", protocol_version)
        }
        Request::GetConfigData { cookie } => cookie_of(cookie),
        Request::GetRevisionIdList { cookie, anchor, config, languages_63_only } => {
            let mut filter = anchor.as_deref().map_or(String::new(), |anchor| text("Anchor", anchor));
            filter += &text("GetConfig", &config.to_string());
            if let Some(only) = languages_63_only {
                filter += &text("Get63LanguageOnly", &only.to_string());
            }
            cookie_of(cookie) + &element("filter", &filter)
        }
        Request::GetUpdateData { cookie, update_ids } | Request::GetUpdateDecryptionData { cookie, update_ids } => {
            let identities: String = update_ids.iter().map(identity).collect();
            cookie_of(cookie) + &element("updateIds", &identities)
        }
        Request::GetDeployments { cookie, deployment_anchor, sync_anchor } => {
            cookie_of(cookie) + &anchor("deploymentAnchor", deployment_anchor) + &anchor("syncAnchor", sync_anchor)
        }
    }
}

fn cookie_of(cookie: &Cookie) -> String {
    element("cookie", &(text("Expiration", &cookie.expiration) + &text("EncryptedData", &cookie.encrypted_data)))
}

fn identity(identity: &UpdateIdentity) -> String {
    let number = identity.revision_number.to_string();
    element("UpdateIdentity", &(text("UpdateID", &identity.update_id) + &text("RevisionNumber", &number)))
}

fn anchor(name: &str, value: &Option<String>) -> String {
    value.as_deref().map_or(String::new(), |value| text(name, value))
}

fn text(name: &str, value: &str) -> String {
    element(name, &escape(value))
}

fn element(name: &str, content: &str) -> String {
    if content.is_empty() { format!("<{name} />") } else { format!("<{name}>{content}</{name}>") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(request: &Request, body: &str) {
        assert_eq!(encode(request), format!("{ENVELOPE}{body}</soap:Body></soap:Envelope>"));
    }

    fn cookie() -> Cookie {
        Cookie { expiration: "2026-10-04T20:33:26Z".to_owned(), encrypted_data: "AQI=".to_owned() }
    }

    #[test]
    fn a_request_without_members_is_an_empty_element() {
        check(&Request::GetAuthConfig, r#"<GetAuthConfig xmlns="http://www.microsoft.com/SoftwareDistribution" />"#);
    }

    #[test]
    fn what_came_from_outside_is_escaped() {
        check(
            &Request::GetAuthorizationCookie { account_name: "a&<b>".to_owned(), account_guid: String::new() },
            "<GetAuthorizationCookie xmlns=\"http://www.microsoft.com/SoftwareDistribution/Server/DssAuthWebService\">\
             <accountName>a&amp;&lt;b&gt;</accountName><accountGuid /></GetAuthorizationCookie>",
        );
    }

    #[test]
    fn members_stand_in_the_order_of_the_schema() {
        let authorization =
            AuthorizationCookie { plug_in_id: "DssTargeting".to_owned(), cookie_data: "AQ==".to_owned() };
        check(
            &Request::GetCookie { authorization, protocol_version: "1.20".to_owned() },
            "<GetCookie xmlns=\"http://www.microsoft.com/SoftwareDistribution\"><authCookies><AuthorizationCookie>\
             <PlugInId>DssTargeting</PlugInId><CookieData>AQ==</CookieData></AuthorizationCookie></authCookies>\
             <protocolVersion>1.20</protocolVersion></GetCookie>",
        );
        let anchor = Some("1,2026-10-04 16:33:26.670".to_owned());
        check(
            &Request::GetRevisionIdList { cookie: cookie(), anchor, config: false, languages_63_only: Some(false) },
            "<GetRevisionIdList xmlns=\"http://www.microsoft.com/SoftwareDistribution\"><cookie>\
             <Expiration>2026-10-04T20:33:26Z</Expiration><EncryptedData>AQI=</EncryptedData></cookie><filter>\
             <Anchor>1,2026-10-04 16:33:26.670</Anchor><GetConfig>false</GetConfig>\
             <Get63LanguageOnly>false</Get63LanguageOnly></filter></GetRevisionIdList>",
        );
    }

    #[test]
    fn a_replica_asks_for_what_follows_its_anchors() {
        let sync_anchor = Some("7,2026-10-04 16:33:26.670".to_owned());
        check(
            &Request::GetDeployments { cookie: cookie(), deployment_anchor: None, sync_anchor },
            "<GetDeployments xmlns=\"http://www.microsoft.com/SoftwareDistribution\"><cookie>\
             <Expiration>2026-10-04T20:33:26Z</Expiration><EncryptedData>AQI=</EncryptedData></cookie>\
             <syncAnchor>7,2026-10-04 16:33:26.670</syncAnchor></GetDeployments>",
        );
    }

    #[test]
    fn metadata_is_asked_for_by_identity() {
        let update_id = "cd5ffd1e-e932-4e3a-bf74-18bf0b1bbd83".to_owned();
        let update_ids = vec![UpdateIdentity { update_id, revision_number: 101 }];
        check(
            &Request::GetUpdateData { cookie: cookie(), update_ids },
            "<GetUpdateData xmlns=\"http://www.microsoft.com/SoftwareDistribution\"><cookie>\
             <Expiration>2026-10-04T20:33:26Z</Expiration><EncryptedData>AQI=</EncryptedData></cookie><updateIds>\
             <UpdateIdentity><UpdateID>cd5ffd1e-e932-4e3a-bf74-18bf0b1bbd83</UpdateID>\
             <RevisionNumber>101</RevisionNumber></UpdateIdentity></updateIds></GetUpdateData>",
        );
    }
}
