//! The WSUS server under examination as its administrator sees it: Step 0, host facts, certificate stores.
//!
//! Every field is optional, and absent means unknown: a rule that needs it says "cannot tell". A secret is never in here.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::path::Route;

/// What an administrator can read off the server. Redacted by construction: it has no place for a password.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// What Step 0 of the guide prints.
    pub step0: Step0,
    /// What `host.json` and `stores/` say.
    pub host: HostFacts,
}

impl Subject {
    /// The way that WinHTTP goes, as `netsh winhttp show proxy` says it in any language; `None` where that is unknown.
    pub fn winhttp_route(&self) -> Option<Route> {
        let shown = self.host.winhttp_proxy.as_deref()?;
        let words = shown.split(|c: char| c.is_whitespace() || matches!(c, ';' | ','));
        let mut proxies = words.filter_map(|word| {
            let (scheme, place) = word.split_once('=').unwrap_or(("", word));
            let (host, port) = place.trim_start_matches("http://").trim_end_matches('/').rsplit_once(':')?;
            let named = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_[]:".contains(&b));
            let port = port.parse().ok().filter(|port| *port != 0)?;
            // What is fetched is fetched by http; a proxy for another scheme does not concern it.
            (named && matches!(scheme, "" | "http")).then(|| Route::Through { host: host.to_ascii_lowercase(), port })
        });
        let lower = shown.to_lowercase();
        let direct = ["direct", "direkt", "direto", "diretto"].iter().any(|word| lower.contains(word));
        proxies.next().or(direct.then_some(Route::Direct))
    }
}

/// The configuration that Step 0 of the guide reads from `Get-WsusServer`, in the spelling of the WSUS API.
///
/// Text is kept exactly as read (a blank or a slash in `MUUrl` is evidence); [`crate::path`] interprets it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the names are those of IUpdateServerConfiguration, where they are documented")]
pub struct Step0 {
    pub sync_from_microsoft_update: Option<bool>,
    pub is_replica_server: Option<bool>,
    #[serde(rename = "MUUrl")]
    pub mu_url: Option<String>,
    pub redirector_change_number: Option<i64>,
    pub upstream_wsus_server_name: Option<String>,
    pub upstream_wsus_server_port_number: Option<u16>,
    pub upstream_wsus_server_use_ssl: Option<bool>,
    pub use_proxy: Option<bool>,
    pub proxy_name: Option<String>,
    pub proxy_server_port: Option<u16>,
    pub anonymous_proxy_access: Option<bool>,
    pub has_proxy_password: Option<bool>,
    pub use_separate_proxy_for_ssl: Option<bool>,
    pub ssl_proxy_name: Option<String>,
    pub ssl_proxy_server_port: Option<u16>,
}

impl Step0 {
    /// The fields in the order in which Step 0 prints them.
    pub const FIELDS: [&'static str; 15] = [
        "SyncFromMicrosoftUpdate",
        "IsReplicaServer",
        "MUUrl",
        "RedirectorChangeNumber",
        "UpstreamWsusServerName",
        "UpstreamWsusServerPortNumber",
        "UpstreamWsusServerUseSsl",
        "UseProxy",
        "ProxyName",
        "ProxyServerPort",
        "AnonymousProxyAccess",
        "HasProxyPassword",
        "UseSeparateProxyForSsl",
        "SslProxyName",
        "SslProxyServerPort",
    ];
}

/// Facts about the host beside Step 0 (`host.json`, `"schema": 1`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HostFacts {
    /// The server's own clock when the facts were taken, UTC.
    #[serde(with = "time::serde::rfc3339::option")]
    pub now: Option<OffsetDateTime>,
    /// The examiner's clock when `host.json` was read; `now` minus this is the skew that rules use.
    #[serde(with = "time::serde::rfc3339::option")]
    pub now_read_at: Option<OffsetDateTime>,
    /// Component version of WSUS, as `10.0.20348.2227`.
    pub wsus_version: Option<String>,
    /// Numbers of the updates that are installed, as `KB4484071`: those of Programs and Features, where WSUS 3.0's stand.
    pub updates: Option<Vec<String>>,
    /// Server-to-server protocol version that this server speaks ([MS-WSUSSS] 1.7), as `1.20`.
    pub protocol_version: Option<String>,
    /// What Schannel and .NET may offer.
    pub tls: Option<TlsFacts>,
    /// Certificate stores of the machine and of the user.
    pub stores: Option<Stores>,
    /// SHA-1 thumbprints (upper-case hex) of the roots that count as Microsoft's.
    pub microsoft_roots: Option<Vec<String>>,
    /// How WSUS authenticates at the proxy.
    pub proxy: Option<ProxyFacts>,
    /// Where the server takes update files from.
    pub content: Option<ContentFacts>,
    /// What `netsh winhttp show proxy` says: context, never proof.
    pub winhttp_proxy: Option<String>,
    /// Outputs that a person pasted, by the command's name: context, never proof.
    pub outputs: std::collections::BTreeMap<String, String>,
}

/// What the host's TLS policy allows a client to offer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TlsFacts {
    /// Enabled client protocols.
    pub protocols: Option<Vec<TlsVersion>>,
    /// Suites by Windows's names, in order; from the registry or from the policy's `Functions` value.
    pub suites: Option<Vec<String>>,
    /// `SchUseStrongCrypto` of .NET Framework 4.
    pub sch_use_strong_crypto: Option<bool>,
}

/// A protocol version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names say all")]
pub enum TlsVersion {
    #[serde(rename = "1.0")]
    Tls10,
    #[serde(rename = "1.1")]
    Tls11,
    #[serde(rename = "1.2")]
    Tls12,
    #[serde(rename = "1.3")]
    Tls13,
}

impl TlsVersion {
    /// All versions, oldest first.
    pub const ALL: [TlsVersion; 4] = [TlsVersion::Tls10, TlsVersion::Tls11, TlsVersion::Tls12, TlsVersion::Tls13];

    /// The `ProtocolVersion` on the wire (RFC 8446, 4.2.1).
    pub fn wire(self) -> u16 {
        0x0301 + self as u16
    }

    /// The version for a `ProtocolVersion` on the wire.
    pub fn from_wire(wire: u16) -> Option<TlsVersion> {
        Self::ALL.into_iter().find(|version| version.wire() == wire)
    }
}

impl std::fmt::Display for TlsVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TLS 1.{}", *self as u8)
    }
}

/// Certificate stores, DER. A store that is absent is unknown; a store that is empty is known to be empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stores {
    /// `LocalMachine\Root`.
    pub root: Option<Vec<Der>>,
    /// `LocalMachine\CA` (Intermediate Certification Authorities).
    pub ca: Option<Vec<Der>>,
    /// `CurrentUser\Root` of the person who took the facts; the service does not see it.
    pub user_root: Option<Vec<Der>>,
}

/// One certificate as DER, base64 in JSON.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Der(pub Vec<u8>);

impl std::fmt::Debug for Der {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Der({} bytes)", self.0.len())
    }
}

impl Serialize for Der {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use base64::Engine as _;
        serializer.serialize_str(&base64::engine::general_purpose::STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Der {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use base64::Engine as _;
        let text = String::deserialize(deserializer)?;
        base64::engine::general_purpose::STANDARD.decode(text).map(Der).map_err(serde::de::Error::custom)
    }
}

/// How WSUS authenticates at the proxy, without the password.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProxyFacts {
    /// `ProxyUserName`.
    pub user: Option<String>,
    /// `ProxyUserDomain`.
    pub domain: Option<String>,
    /// `AllowProxyCredentialsOverNonSsl`: whether Basic may be used.
    pub allow_basic: Option<bool>,
}

/// Where the server takes update files from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContentFacts {
    /// `HostBinariesOnMicrosoftUpdate`.
    pub host_binaries_on_microsoft_update: Option<bool>,
    /// `GetContentFromMU`.
    pub get_content_from_mu: Option<bool>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_subject_survives_json() {
        let subject = Subject {
            step0: Step0 {
                sync_from_microsoft_update: Some(true),
                mu_url: Some(" https://sws.update.microsoft.com/".to_owned()),
                proxy_server_port: Some(8080),
                ..Step0::default()
            },
            host: HostFacts {
                now: Some(OffsetDateTime::UNIX_EPOCH),
                now_read_at: Some(OffsetDateTime::UNIX_EPOCH + time::Duration::seconds(90)),
                protocol_version: Some("1.20".to_owned()),
                tls: Some(TlsFacts { protocols: Some(vec![TlsVersion::Tls12]), ..TlsFacts::default() }),
                stores: Some(Stores { root: Some(vec![Der(vec![0x30, 0x00])]), ca: Some(vec![]), user_root: None }),
                proxy: Some(ProxyFacts { user: Some("wsus".to_owned()), ..ProxyFacts::default() }),
                content: Some(ContentFacts { get_content_from_mu: Some(true), ..ContentFacts::default() }),
                outputs: [("netsh".to_owned(), "Direct access".to_owned())].into(),
                ..HostFacts::default()
            },
        };
        let json = serde_json::to_string(&subject).unwrap();
        assert_eq!(serde_json::from_str::<Subject>(&json).unwrap(), subject);
    }

    #[test]
    fn the_proxy_of_winhttp_is_read_as_netsh_prints_it() {
        let through = |port| Some(Route::Through { host: "proxy.contoso.com".to_owned(), port });
        for (shown, route) in [
            ("Current WinHTTP proxy settings:\r\n\r\n    Direct access (no proxy server).", Some(Route::Direct)),
            ("    Direktzugriff (kein Proxyserver).", Some(Route::Direct)),
            ("    Proxy Server(s) :  proxy.contoso.com:8080\r\n    Bypass List     :  (none)", through(8080)),
            ("Proxy Server(s) :  http=Proxy.contoso.com:3128;https=other:8443", through(3128)),
            ("Bypass List :", None),
        ] {
            let host = HostFacts { winhttp_proxy: Some(shown.to_owned()), ..HostFacts::default() };
            assert_eq!(Subject { host, ..Subject::default() }.winhttp_route(), route, "{shown}");
        }
        assert_eq!(Subject::default().winhttp_route(), None);
    }

    #[test]
    fn step_0_is_written_with_the_names_of_the_wsus_api_in_their_order() {
        let json = serde_json::to_string(&Step0::default()).unwrap();
        let names = Step0::FIELDS.map(|field| format!("\"{field}\":null")).join(",");
        assert_eq!(json, format!("{{{names}}}"));
    }
}
