//! A world as data: its nodes with their settings and faults. Good by default; a scenario names only its deviation.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use crate::fault::Fault;

mod catalogue;
mod change;
mod request_limits;

pub use catalogue::{Catalogue, Generated};
pub use change::{After, Call, Change, Number, Replace};
pub use request_limits::RequestLimits;

/// All nodes of a world, by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct World {
    /// The nodes. The stock names `microsoft-update`, `upstream`, `proxy`, `dns` and `pki` imply their kind in a scenario file.
    pub nodes: BTreeMap<String, Node>,
}

/// One actor in the lab.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Node {
    /// `sws`, `sws1` and `fe2` of `update.microsoft.com`.
    MicrosoftUpdate(MicrosoftUpdate),
    /// A WSUS server that others synchronize from.
    Upstream(Upstream),
    /// An explicit proxy.
    Proxy(Proxy),
    /// The DNS server of the subject's network.
    Dns(Dns),
    /// The web server to which the certificates of the world point.
    Pki(Pki),
}

/// Microsoft Update: three names, each with its own behaviour and lab address, all on port 443.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct MicrosoftUpdate {
    /// Lab address of `sws.update.microsoft.com`; `sws1` and `fe2` follow it.
    pub address: Ipv4Addr,
    /// What `fe2.update.microsoft.com` does to the synchronization paths.
    pub fe2: Fe2,
    /// Whether it is reached without a proxy.
    pub direct: Direct,
    /// Key type of its certificates.
    pub key: KeyKind,
    /// What goes wrong, if anything. Listeners: `sws`, `sws1`, `fe2`; without `on` a fault is on all three.
    pub faults: Vec<Fault>,
}

impl MicrosoftUpdate {
    /// Listener, name and lab address of each of its hosts; all listen on port 443.
    pub fn hosts(&self) -> [(&'static str, &'static str, Ipv4Addr); 3] {
        let nth = |n| Ipv4Addr::from_bits(self.address.to_bits().wrapping_add(n));
        [
            ("sws", "sws.update.microsoft.com", nth(0)),
            ("sws1", "sws1.update.microsoft.com", nth(1)),
            ("fe2", "fe2.update.microsoft.com", nth(2)),
        ]
    }
}

/// What becomes of connections that do not come from a proxy of the world. A setting: the guide's central trap is a network in
/// which only the proxy gets out, and in which a server that uses it is healthy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direct {
    /// They are served like any other.
    #[default]
    Open,
    /// Every SYN is left unanswered, as by a firewall that lets only the proxy pass.
    Dropped,
}

/// What `fe2.update.microsoft.com` does to the synchronization paths (F-01).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fe2 {
    /// As today: TLS completes, and the connection is closed without an answer.
    #[default]
    Closes,
    /// As in July 2019: all works until GetUpdateData, which gives the SOAP fault InternalServerError.
    FaultOf2019,
}

/// A WSUS server that others synchronize from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Upstream {
    /// Lab address.
    pub address: Ipv4Addr,
    /// Full name; the certificate is issued to it.
    pub name: String,
    /// Further names that resolve to it, as the short one.
    pub aliases: Vec<String>,
    /// Port of the web services without TLS.
    pub http_port: u16,
    /// Port of the web services with TLS; `None` where the site has no HTTPS binding.
    pub https_port: Option<u16>,
    /// Component version, as `10.0.20348.2227`.
    pub version: String,
    /// `ProtocolVersion` in GetConfigData; `"none"` leaves it out, as WSUS 2.0 does.
    pub protocol_version: String,
    /// `LazySync` in GetConfigData: it keeps files only of what was approved. Without, it has every file.
    pub lazy_sync: bool,
    /// `MaxXmlPerRequestInServerSync`: near so many bytes of metadata an answer of GetUpdateData ends, without a word.
    pub max_xml_per_request: u32,
    /// Dynamic compression of IIS: who asks for gzip gets it. No downstream server asks, and real ones have it off.
    pub dynamic_compression: bool,
    /// Who issued its certificate.
    pub certificate: Issuer,
    /// Key type of its certificate.
    pub key: KeyKind,
    /// Whether its certificate is for its lab address too, so that it may be called by that.
    pub certified_address: bool,
    /// Whether its certificate says, as that of an enterprise authority does, where its issuer and its revocation list lie: at
    /// `pki.` in its domain.
    pub pointers: bool,
    /// How much a request may bring.
    pub request_limits: RequestLimits,
    /// What it offers.
    pub catalogue: Catalogue,
    /// What goes wrong, if anything. Listeners: `http`, `https`; without `on` a fault is on both.
    pub faults: Vec<Fault>,
}

/// Who issued a certificate: a setting, since each of these can be healthy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Issuer {
    /// The organisation's root, by an intermediate.
    #[default]
    Organisation,
    /// The server itself.
    Itself,
}

/// Key type of a certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyKind {
    /// ECDSA on P-256.
    #[default]
    P256,
    /// RSA with 2048 bits.
    Rsa2048,
}

impl From<KeyKind> for certs::KeyType {
    fn from(key: KeyKind) -> certs::KeyType {
        match key {
            KeyKind::P256 => certs::KeyType::P256,
            KeyKind::Rsa2048 => certs::KeyType::Rsa2048,
        }
    }
}

/// An explicit proxy: CONNECT and absolute-form, with a name resolution of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Proxy {
    /// Lab address.
    pub address: Ipv4Addr,
    /// Its name in the DNS.
    pub name: String,
    /// Its port.
    pub port: u16,
    /// Whether it asks for credentials, and how.
    pub auth: Option<ProxyAuth>,
    /// Hosts to which it refuses to open a tunnel (403).
    pub deny: Vec<String>,
    /// Names of the world that it cannot resolve (503, `X-Squid-Error: ERR_DNS_FAIL 0`).
    pub cannot_resolve: Vec<String>,
    /// Hosts outside the world to which it forwards all the same; empty: it is no open relay.
    pub allow_outside: Vec<String>,
    /// Whether it inspects TLS; without, it carries tunnels unread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intercept: Option<Intercept>,
    /// What goes wrong, if anything. Listener: `proxy`.
    pub faults: Vec<Fault>,
}

/// How a proxy inspects TLS (F-18): it poses as the target with a certificate of its own authority, reads what is said, and
/// speaks TLS to the target itself, which it verifies. A setting: an organisation may do so, and its servers may trust it.
///
/// Only hosts of the world that are asked for by name are inspected. No key of the authority outlives the start, so that
/// nothing can be issued later; tunnels to an address, and to hosts outside the world, are carried unread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Intercept {
    /// Hosts whose tunnels it carries unread all the same.
    pub exempt: Vec<String>,
    /// Key type of the certificates that it issues.
    pub key: KeyKind,
}

/// How a proxy asks for credentials.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum ProxyAuth {
    /// RFC 7617.
    Basic(BasicAuth),
}

/// The account that a proxy knows.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BasicAuth {
    /// User name, without the domain.
    pub user: String,
    /// Password; a lab's, worth nothing outside.
    #[serde(default = "BasicAuth::lab_password")]
    pub password: String,
}

impl BasicAuth {
    /// The password of every lab account that does not name one.
    pub fn lab_password() -> String {
        "lab-only-password".to_owned()
    }
}

impl std::fmt::Debug for BasicAuth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BasicAuth {{ user: {:?}, password: redacted }}", self.user)
    }
}

/// The DNS server of the subject's network: answers for the world's names only, over UDP and TCP.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Dns {
    /// Lab address; the port is 53.
    pub address: Ipv4Addr,
    /// Names of the world that this server does not know, as in a network where only the proxy resolves public names.
    pub unknown: Vec<String>,
    /// What goes wrong, if anything. Listener: `dns`.
    pub faults: Vec<Fault>,
}

/// The web server to which the certificates of the world point: it publishes issuers' certificates and revocation lists over
/// plain HTTP, on port 80, as those addresses have it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Pki {
    /// Lab address.
    pub address: Ipv4Addr,
    /// Its name: only what certificates say to be at this name is found here.
    pub name: String,
    /// Whether it is reached without a proxy.
    pub direct: Direct,
    /// What goes wrong, if anything. Listener: `http`.
    pub faults: Vec<Fault>,
}

impl Default for MicrosoftUpdate {
    fn default() -> Self {
        MicrosoftUpdate {
            address: Ipv4Addr::new(198, 18, 1, 1),
            fe2: Fe2::default(),
            direct: Direct::default(),
            key: KeyKind::default(),
            faults: Vec::new(),
        }
    }
}

impl Default for Upstream {
    fn default() -> Self {
        Upstream {
            address: Ipv4Addr::new(10, 87, 0, 10),
            name: "wsus01.corp.example".to_owned(),
            aliases: vec!["wsus01".to_owned()],
            http_port: 8530,
            https_port: Some(8531),
            version: "10.0.20348.2227".to_owned(),
            protocol_version: "1.20".to_owned(),
            lazy_sync: true,
            max_xml_per_request: 2_000_000,
            dynamic_compression: false,
            certificate: Issuer::default(),
            key: KeyKind::default(),
            certified_address: false,
            pointers: false,
            request_limits: RequestLimits::default(),
            catalogue: Catalogue::default(),
            faults: Vec::new(),
        }
    }
}

impl Default for Proxy {
    fn default() -> Self {
        Proxy {
            address: Ipv4Addr::new(10, 87, 0, 3),
            name: "proxy.corp.example".to_owned(),
            port: 8080,
            auth: None,
            deny: Vec::new(),
            cannot_resolve: Vec::new(),
            allow_outside: Vec::new(),
            intercept: None,
            faults: Vec::new(),
        }
    }
}

impl Default for Dns {
    fn default() -> Self {
        Dns { address: Ipv4Addr::new(10, 87, 0, 2), unknown: Vec::new(), faults: Vec::new() }
    }
}

impl Default for Pki {
    fn default() -> Self {
        Pki {
            address: Ipv4Addr::new(10, 87, 0, 20),
            name: "pki.corp.example".to_owned(),
            direct: Direct::default(),
            faults: Vec::new(),
        }
    }
}
