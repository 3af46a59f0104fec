//! What can be made to go wrong, as data: seven layers in their order. Each fault acts at a seam of its layer.

use serde::{Deserialize, Serialize};

pub mod content;
pub mod dns;
pub mod http;
pub mod proxy;
pub mod soap;
pub mod tcp;
pub mod tls;

/// One fault on a node: exactly one of the seven layers is given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the seven layers are the design's words")]
pub struct Fault {
    /// Which listener of the node; all of them without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// When the seam lets it act; always without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dns: Option<dns::DnsFault>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tcp: Option<tcp::TcpFault>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy: Option<proxy::ProxyFault>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<tls::TlsFault>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http: Option<http::HttpFault>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub soap: Option<soap::SoapFaultKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<content::ContentFault>,
}

/// When a fault may act. All that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct When {
    /// Only during this operation of the protocol, as `GetCookie`.
    pub operation: Option<String>,
    /// Only at the nth such moment, counted from 1.
    pub call: Option<u64>,
    /// Only for this host (SNI, Host, CONNECT target or DNS name).
    pub host: Option<String>,
}

impl Fault {
    /// Whether it is on this listener of its node.
    pub fn is_on(&self, listener: &str) -> bool {
        self.on.as_deref().is_none_or(|on| on == listener)
    }

    /// The layers that are given, in their order; a fault that makes sense has one.
    pub fn layers(&self) -> Vec<&'static str> {
        let given = [
            ("dns", self.dns.is_some()),
            ("tcp", self.tcp.is_some()),
            ("proxy", self.proxy.is_some()),
            ("tls", self.tls.is_some()),
            ("http", self.http.is_some()),
            ("soap", self.soap.is_some()),
            ("content", self.content.is_some()),
        ];
        given.into_iter().filter_map(|(layer, given)| given.then_some(layer)).collect()
    }
}
