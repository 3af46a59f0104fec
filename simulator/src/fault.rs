//! What can be made to go wrong, as data: seven layers in their order. Each fault acts at a seam of its layer.

use serde::{Deserialize, Serialize};

use crate::running::KernelFault;
use crate::seam::Standing;

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
    /// Only for this virtual directory or file and all below it, as `/ServerSyncWebService`; as blind to case as IIS.
    pub path: Option<String>,
}

impl Fault {
    /// Whether it is on this listener of its node.
    pub fn is_on(&self, listener: &str) -> bool {
        self.on.as_deref().is_none_or(|on| on == listener)
    }

    /// The name under which it signs, as `tls/alert`.
    pub fn name(&self) -> &'static str {
        self.name_and_standing().0
    }

    /// What it takes for itself; `None` where it does not act always.
    pub(crate) fn standing(&self) -> Option<Standing> {
        self.name_and_standing().1
    }

    fn name_and_standing(&self) -> (&'static str, Option<Standing>) {
        match self {
            Fault { dns: Some(fault), .. } => asked(fault.at_seam(), |seam| seam.standing()),
            Fault { tcp: Some(fault), .. } => match (fault.at_seam(), fault.enacted_by_kernel()) {
                (Some(at_seam), _) => asked(at_seam, |seam| seam.standing()),
                (None, kernel) => kernel.map_or(NAMELESS, |kernel| (kernel.name(), Some(KernelFault::STANDING))),
            },
            Fault { proxy: Some(fault), .. } => asked(fault.at_seam(), |seam| seam.standing()),
            Fault { tls: Some(fault), .. } => asked(fault.at_seam(), |seam| seam.standing()),
            Fault { http: Some(fault), .. } => asked(fault.at_seam(), |seam| seam.standing()),
            Fault { soap: Some(fault), .. } => asked(fault.at_seam(), |seam| seam.standing()),
            Fault { content: Some(fault), .. } => asked(fault.at_seam(), |seam| seam.standing()),
            Fault { .. } => NAMELESS,
        }
    }

    /// The layers that are given, in their order; a fault that makes sense has one.
    pub fn layers(&self) -> Vec<&'static str> {
        self.given().into_iter().filter_map(|(layer, given)| given.then_some(layer)).collect()
    }

    /// Where its layer stands in the order of the seven; behind all of them without one.
    pub(crate) fn nth_layer(&self) -> usize {
        self.given().into_iter().take_while(|(_, given)| !given).count()
    }

    fn given(&self) -> [(&'static str, bool); 7] {
        [
            ("dns", self.dns.is_some()),
            ("tcp", self.tcp.is_some()),
            ("proxy", self.proxy.is_some()),
            ("tls", self.tls.is_some()),
            ("http", self.http.is_some()),
            ("soap", self.soap.is_some()),
            ("content", self.content.is_some()),
        ]
    }
}

/// What can be said of a fault that names no layer, which no world accepts.
const NAMELESS: (&str, Option<Standing>) = ("", None);

fn asked<S: ?Sized>(
    (name, seam): (&'static str, Box<S>),
    standing: impl Fn(&S) -> Option<Standing>,
) -> (&'static str, Option<Standing>) {
    (name, standing(&seam))
}
