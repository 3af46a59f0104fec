//! The WSUS server of a scenario: what its administrator could read off it, as deviations from a server that fits its world.

mod defaults;
mod duration;

use serde::{Deserialize, Serialize};

pub(crate) use defaults::good;
pub use duration::Offset;

/// The subject of a scenario, complete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Subject {
    /// From whom it synchronizes.
    pub from: From,
    /// What Step 0 prints.
    pub step0: Step0,
    /// What else is known of the host.
    pub host: Host,
    /// What is left out of the subject folder, as `MUUrl` or `host.stores`.
    pub absent: Vec<String>,
    /// Which proxy password the administrator has at hand.
    pub proxy_password: Password,
}

/// From whom a server synchronizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say all")]
pub enum From {
    MicrosoftUpdate,
    Upstream,
}

/// Which proxy password is at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Password {
    /// The one that the proxy accepts.
    Right,
    /// Another one.
    Wrong,
    /// None.
    Absent,
}

/// The fields of Step 0 in their order. `None` in a scenario file means: as it must be in this world.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
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

/// Facts about the host beside Step 0, in the spelling of `host.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Host {
    /// How far the server's clock is from the true time.
    pub clock: Option<Offset>,
    /// Component version of WSUS.
    pub wsus_version: Option<String>,
    /// Numbers of the installed updates, as `KB4484071`.
    pub updates: Option<Vec<String>>,
    /// Version of the server-to-server protocol.
    pub protocol_version: Option<String>,
    /// What Schannel and .NET may offer.
    pub tls: Option<Tls>,
    /// What the certificate stores hold.
    pub stores: Stores,
    /// How WSUS authenticates at the proxy.
    pub proxy: ProxyFacts,
    /// Where the server takes update files from.
    pub content: ContentFacts,
    /// What `netsh winhttp show proxy` says.
    pub winhttp_proxy: Option<String>,
}

/// What the host's TLS policy allows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// Enabled client protocols, as `1.2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocols: Option<Vec<TlsVersion>>,
    /// The policy's value `Functions`: suites by Windows's names, between commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub functions: Option<String>,
    /// `SchUseStrongCrypto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sch_use_strong_crypto: Option<bool>,
}

/// A protocol version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// What the certificate stores hold, each certificate by what it is in this world.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stores {
    /// `LocalMachine\Root`.
    pub root: Option<Vec<Certificate>>,
    /// `LocalMachine\CA`.
    pub ca: Option<Vec<Certificate>>,
    /// `CurrentUser\Root`.
    pub user_root: Option<Vec<Certificate>>,
}

/// A certificate of the world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Certificate {
    /// `organisation`: the organisation's root.
    Organisation,
    /// `organisation-intermediate`: the authority below it that issues servers' certificates.
    OrganisationIntermediate,
    /// `microsoft`: the root that plays Microsoft's.
    Microsoft,
    /// `inspection`: the root of a proxy that inspects TLS.
    Inspection,
    /// `node:NAME`: the certificate that this node presents.
    Node(String),
    /// `root-of:DEFECT`: the root that was made for a chain with this defect, as `root-of:expired-root`.
    RootOf(String),
}

/// How WSUS authenticates at the proxy, without the password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProxyFacts {
    /// `ProxyUserName`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// `ProxyUserDomain`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// `AllowProxyCredentialsOverNonSsl`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_basic: Option<bool>,
}

/// Where the server takes update files from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContentFacts {
    /// `HostBinariesOnMicrosoftUpdate`: it keeps no files of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_binaries_on_microsoft_update: Option<bool>,
    /// `GetContentFromMU`: it fetches them from Microsoft although it has an upstream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub get_content_from_mu: Option<bool>,
}

/// What `absent` may leave out beside the fields of Step 0.
pub const ABSENT_HOST_FACTS: [&str; 14] = [
    "host",
    "host.now",
    "host.wsus_version",
    "host.protocol_version",
    "host.tls",
    "host.stores",
    "host.stores.root",
    "host.stores.ca",
    "host.stores.user_root",
    "host.microsoft_roots",
    "host.proxy",
    "host.proxy.user",
    "host.proxy.allow_basic",
    "host.content",
];

impl Step0 {
    /// Every field with its value as JSON, in the order in which Step 0 prints them.
    pub fn fields(&self) -> [(&'static str, Option<serde_json::Value>); 15] {
        let text = |value: &Option<String>| value.clone().map(serde_json::Value::from);
        let flag = |value: Option<bool>| value.map(serde_json::Value::from);
        let port = |value: Option<u16>| value.map(serde_json::Value::from);
        [
            ("SyncFromMicrosoftUpdate", flag(self.sync_from_microsoft_update)),
            ("IsReplicaServer", flag(self.is_replica_server)),
            ("MUUrl", text(&self.mu_url)),
            ("RedirectorChangeNumber", self.redirector_change_number.map(serde_json::Value::from)),
            ("UpstreamWsusServerName", text(&self.upstream_wsus_server_name)),
            ("UpstreamWsusServerPortNumber", port(self.upstream_wsus_server_port_number)),
            ("UpstreamWsusServerUseSsl", flag(self.upstream_wsus_server_use_ssl)),
            ("UseProxy", flag(self.use_proxy)),
            ("ProxyName", text(&self.proxy_name)),
            ("ProxyServerPort", port(self.proxy_server_port)),
            ("AnonymousProxyAccess", flag(self.anonymous_proxy_access)),
            ("HasProxyPassword", flag(self.has_proxy_password)),
            ("UseSeparateProxyForSsl", flag(self.use_separate_proxy_for_ssl)),
            ("SslProxyName", text(&self.ssl_proxy_name)),
            ("SslProxyServerPort", port(self.ssl_proxy_server_port)),
        ]
    }

    /// These fields, and the others as in `good`.
    pub(crate) fn over(self, good: Step0) -> Step0 {
        Step0 {
            sync_from_microsoft_update: self.sync_from_microsoft_update.or(good.sync_from_microsoft_update),
            is_replica_server: self.is_replica_server.or(good.is_replica_server),
            mu_url: self.mu_url.or(good.mu_url),
            redirector_change_number: self.redirector_change_number.or(good.redirector_change_number),
            upstream_wsus_server_name: self.upstream_wsus_server_name.or(good.upstream_wsus_server_name),
            upstream_wsus_server_port_number: self
                .upstream_wsus_server_port_number
                .or(good.upstream_wsus_server_port_number),
            upstream_wsus_server_use_ssl: self.upstream_wsus_server_use_ssl.or(good.upstream_wsus_server_use_ssl),
            use_proxy: self.use_proxy.or(good.use_proxy),
            proxy_name: self.proxy_name.or(good.proxy_name),
            proxy_server_port: self.proxy_server_port.or(good.proxy_server_port),
            anonymous_proxy_access: self.anonymous_proxy_access.or(good.anonymous_proxy_access),
            has_proxy_password: self.has_proxy_password.or(good.has_proxy_password),
            use_separate_proxy_for_ssl: self.use_separate_proxy_for_ssl.or(good.use_separate_proxy_for_ssl),
            ssl_proxy_name: self.ssl_proxy_name.or(good.ssl_proxy_name),
            ssl_proxy_server_port: self.ssl_proxy_server_port.or(good.ssl_proxy_server_port),
        }
    }
}

impl Host {
    /// These facts, and the others as in `good`.
    pub(crate) fn over(self, good: Host) -> Host {
        Host {
            clock: self.clock.or(good.clock),
            wsus_version: self.wsus_version.or(good.wsus_version),
            updates: self.updates.or(good.updates),
            protocol_version: self.protocol_version.or(good.protocol_version),
            tls: self.tls.or(good.tls),
            stores: Stores {
                root: self.stores.root.or(good.stores.root),
                ca: self.stores.ca.or(good.stores.ca),
                user_root: self.stores.user_root.or(good.stores.user_root),
            },
            proxy: ProxyFacts {
                user: self.proxy.user.or(good.proxy.user),
                domain: self.proxy.domain.or(good.proxy.domain),
                allow_basic: self.proxy.allow_basic.or(good.proxy.allow_basic),
            },
            content: ContentFacts {
                host_binaries_on_microsoft_update: self
                    .content
                    .host_binaries_on_microsoft_update
                    .or(good.content.host_binaries_on_microsoft_update),
                get_content_from_mu: self.content.get_content_from_mu.or(good.content.get_content_from_mu),
            },
            winhttp_proxy: self.winhttp_proxy.or(good.winhttp_proxy),
        }
    }
}

impl Stores {
    /// Every certificate that a store is said to hold.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        [&self.root, &self.ca, &self.user_root].into_iter().flatten().flatten()
    }
}

impl TryFrom<String> for Certificate {
    type Error = String;

    fn try_from(text: String) -> Result<Certificate, String> {
        match text.as_str() {
            "organisation" => Ok(Certificate::Organisation),
            "organisation-intermediate" => Ok(Certificate::OrganisationIntermediate),
            "microsoft" => Ok(Certificate::Microsoft),
            "inspection" => Ok(Certificate::Inspection),
            _ => match text.split_once(':') {
                Some(("node", name)) if !name.is_empty() => Ok(Certificate::Node(name.to_owned())),
                Some(("root-of", name)) if !name.is_empty() => Ok(Certificate::RootOf(name.to_owned())),
                _ => Err(format!(
                    "unknown certificate `{text}`, expected `organisation`, `organisation-intermediate`, `microsoft`, \
                     `inspection`, `node:` and a node's name, or `root-of:` and a defect"
                )),
            },
        }
    }
}

impl std::convert::From<Certificate> for String {
    fn from(certificate: Certificate) -> String {
        match certificate {
            Certificate::Organisation => "organisation".to_owned(),
            Certificate::OrganisationIntermediate => "organisation-intermediate".to_owned(),
            Certificate::Microsoft => "microsoft".to_owned(),
            Certificate::Inspection => "inspection".to_owned(),
            Certificate::Node(name) => format!("node:{name}"),
            Certificate::RootOf(name) => format!("root-of:{name}"),
        }
    }
}
