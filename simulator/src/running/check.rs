//! Whether a world makes sense: said in clear words before anything is bound.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use crate::fault::Fault;
use crate::fault::tls::TlsFault;
use crate::node::upstream::request;
use crate::running::StartError;
use crate::world::{Fe2, Node, Proxy, Upstream, World};

mod together;

impl World {
    /// Refuses a world that contradicts itself: a fault on a listener or a layer that its node does not have, two listeners at
    /// one lab address, one name for two nodes.
    pub fn check(&self) -> Result<(), StartError> {
        let mut places: BTreeMap<SocketAddr, &str> = BTreeMap::new();
        let mut names: BTreeMap<String, &str> = BTreeMap::new();
        for (node_name, node) in &self.nodes {
            node.check_faults().map_err(|(_, reason)| impossible(node_name, reason))?;
            if let Node::Upstream(upstream) = node {
                upstream.catalogue.check().map_err(|reason| impossible(node_name, reason))?;
            }
            for place in node.places() {
                if let Some(other) = places.insert(place, node_name) {
                    return Err(impossible(node_name, format!("its lab address {place} is taken by node {other}")));
                }
            }
            for name in node.names() {
                let name = name.to_ascii_lowercase();
                if let Some(other) = names.insert(name.clone(), node_name) {
                    return Err(impossible(node_name, format!("its name {name} is taken by node {other}")));
                }
            }
        }
        Ok(())
    }
}

impl Node {
    /// Its kind, as the scenario file spells it.
    pub fn kind(&self) -> &'static str {
        match self {
            Node::MicrosoftUpdate(_) => "microsoft-update",
            Node::Upstream(_) => "upstream",
            Node::Proxy(_) => "proxy",
            Node::Dns(_) => "dns",
            Node::Pki(_) => "pki",
        }
    }

    /// What goes wrong with it.
    pub fn faults(&self) -> &[Fault] {
        match self {
            Node::MicrosoftUpdate(node) => &node.faults,
            Node::Upstream(node) => &node.faults,
            Node::Proxy(node) => &node.faults,
            Node::Dns(node) => &node.faults,
            Node::Pki(node) => &node.faults,
        }
    }

    /// Refuses a fault that cannot be there or could never act: its number in the list, counted from 0, and why.
    ///
    /// # Errors
    ///
    /// At the first such fault.
    pub fn check_faults(&self) -> Result<(), (usize, String)> {
        for (number, fault) in self.faults().iter().enumerate() {
            check_fault(self, fault).map_err(|reason| (number, reason))?;
        }
        together::check(self)
    }

    /// Its listeners and the layers at which each can go wrong.
    pub fn listeners(&self) -> Vec<(&'static str, &'static [&'static str])> {
        const PLAIN: &[&str] = &["tcp", "http", "soap", "content"];
        const SECURE: &[&str] = &["tcp", "tls", "http", "soap", "content"];
        const MICROSOFT: &[&str] = &["tcp", "tls", "http", "soap"];
        /// As today: nothing that is asked of its services is heard.
        const CUT: &[&str] = &["tcp", "tls", "http"];
        match self {
            Node::MicrosoftUpdate(node) => {
                vec![
                    ("sws", MICROSOFT),
                    ("sws1", MICROSOFT),
                    ("fe2", if node.fe2 == Fe2::Closes { CUT } else { MICROSOFT }),
                ]
            }
            Node::Upstream(Upstream { https_port: None, .. }) => vec![("http", PLAIN)],
            Node::Upstream(_) => vec![("http", PLAIN), ("https", SECURE)],
            Node::Proxy(Proxy { intercept: None, .. }) => vec![("proxy", &["tcp", "proxy"])],
            Node::Proxy(_) => vec![("proxy", &["tcp", "proxy", "tls"])],
            Node::Dns(_) => vec![("dns", &["dns"])],
            Node::Pki(_) => vec![("http", &["tcp", "http"])],
        }
    }

    /// Lab addresses and ports of its TCP listeners.
    fn places(&self) -> Vec<SocketAddr> {
        match self {
            Node::MicrosoftUpdate(node) => {
                node.hosts().into_iter().map(|(_, _, address)| (address, 443).into()).collect()
            }
            Node::Upstream(node) => {
                let ports = std::iter::once(node.http_port).chain(node.https_port);
                ports.map(|port| (node.address, port).into()).collect()
            }
            Node::Proxy(node) => vec![(node.address, node.port).into()],
            Node::Dns(node) => vec![(node.address, 53).into()],
            Node::Pki(node) => vec![(node.address, 80).into()],
        }
    }

    fn names(&self) -> Vec<&str> {
        match self {
            Node::MicrosoftUpdate(node) => node.hosts().into_iter().map(|(_, name, _)| name).collect(),
            Node::Upstream(node) => std::iter::once(&node.name).chain(&node.aliases).map(String::as_str).collect(),
            Node::Proxy(node) => vec![&node.name],
            Node::Pki(node) => vec![&node.name],
            Node::Dns(_) => Vec::new(),
        }
    }
}

/// The layers whose seams are told the operation of a request.
const KNOW_THE_OPERATION: [&str; 3] = ["tcp", "http", "soap"];
/// Those whose seams are told its path.
const KNOW_THE_PATH: [&str; 4] = ["tcp", "http", "soap", "content"];

fn check_fault(node: &Node, fault: &Fault) -> Result<(), String> {
    let layer = match fault.layers()[..] {
        [layer] => layer,
        [] => {
            return Err("a fault names no layer; one of dns, tcp, proxy, tls, http, soap, content is needed".to_owned());
        }
        ref several => return Err(format!("a fault names the layers {}; each fault has one", several.join(" and "))),
    };
    let listeners = node.listeners();
    let known = || listeners.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    if let Some(on) = fault.on.as_deref()
        && !listeners.iter().any(|(name, _)| *name == on)
    {
        return Err(format!("a fault is on the listener {on:?}, and the node has only {}", known()));
    }
    if !listeners.iter().any(|(name, layers)| fault.is_on(name) && layers.contains(&layer)) {
        let at = fault.on.as_deref().map_or_else(|| "this kind of node".to_owned(), |on| format!("its listener {on}"));
        return Err(format!("a fault of the layer {layer} cannot be at {at}, which has no such layer"));
    }
    if let (Node::Upstream(upstream), Some(TlsFault::Certificate(defect))) = (node, &fault.tls) {
        let request = request(upstream).with(*defect);
        request
            .check()
            .map_err(|reason| format!("the fault tls/certificate cannot be on this certificate: {reason}"))?;
    }
    let by_kernel = fault.tcp.as_ref().and_then(|tcp| tcp.enacted_by_kernel()).is_some();
    if by_kernel && fault.when.is_some() {
        return Err("the kernel refuses or drops every connection: such a fault cannot have a \"when\"".to_owned());
    }
    let Some(when) = &fault.when else { return Ok(()) };
    if when.call == Some(0) {
        return Err("a \"call\" is counted from 1, so that there is no call 0".to_owned());
    }
    if when.operation.is_some() && !KNOW_THE_OPERATION.contains(&layer) {
        let knowing = KNOW_THE_OPERATION.join(", ");
        return Err(format!("at the layer {layer} no operation is known; a \"when\" with one is for {knowing}"));
    }
    if let Some(path) = &when.path {
        check_path(layer, path)?;
    }
    let acts_during = fault.standing().and_then(|standing| standing.operations);
    match (&when.operation, acts_during) {
        (Some(operation), Some(during)) if !during.contains(&operation.as_str()) => {
            Err(format!("the fault {} acts during {} and never during {operation}", fault.name(), during.join(", ")))
        }
        _ => Ok(()),
    }
}

fn check_path(layer: &str, path: &str) -> Result<(), String> {
    if !KNOW_THE_PATH.contains(&layer) {
        let knowing = KNOW_THE_PATH.join(", ");
        return Err(format!("at the layer {layer} no path is known; a \"when\" with one is for {knowing}"));
    }
    if !path.starts_with('/') || path.contains(['?', '%']) {
        return Err(format!(
            "the path {path:?} is none: it begins with a slash and has neither a query nor an encoding"
        ));
    }
    Ok(())
}

fn impossible(node: &str, reason: String) -> StartError {
    StartError::Impossible { node: node.to_owned(), reason }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod tests {
    use super::*;
    use crate::fault::When;
    use crate::fault::http::HttpFault;
    use crate::fault::tcp::TcpFault;
    use crate::world::{Catalogue, Dns, Generated, Issuer, MicrosoftUpdate, Pki};

    #[test]
    fn a_world_with_every_kind_of_node_makes_sense() {
        let nodes = [
            ("microsoft-update", Node::MicrosoftUpdate(MicrosoftUpdate::default())),
            ("upstream", Node::Upstream(Upstream::default())),
            ("proxy", Node::Proxy(Proxy::default())),
            ("dns", Node::Dns(Dns::default())),
            ("pki", Node::Pki(Pki::default())),
        ];
        let world = World { nodes: nodes.into_iter().map(|(name, node)| (name.to_owned(), node)).collect() };
        assert!(world.check().is_ok());
    }

    #[test]
    fn a_fault_without_a_layer_is_refused() {
        check(Fault::default(), "a fault names no layer; one of dns, tcp, proxy, tls, http, soap, content is needed");
    }

    #[test]
    fn a_fault_of_two_layers_is_refused() {
        let fault = Fault { tcp: refuse(), http: pool_stopped(), ..Fault::default() };
        check(fault, "a fault names the layers tcp and http; each fault has one");
    }

    #[test]
    fn a_fault_on_an_unknown_listener_is_refused() {
        let fault = Fault { on: Some("ftp".to_owned()), tcp: refuse(), ..Fault::default() };
        check(fault, "a fault is on the listener \"ftp\", and the node has only http, https");
    }

    #[test]
    fn a_fault_of_tls_on_a_plain_listener_is_refused() {
        let tls = Some(TlsFault::Certificate(certs::Defect::Expired));
        let fault = Fault { on: Some("http".to_owned()), tls, ..Fault::default() };
        check(fault, "a fault of the layer tls cannot be at its listener http, which has no such layer");
    }

    #[test]
    fn a_condition_on_what_the_kernel_enacts_is_refused() {
        let fault = Fault { tcp: refuse(), when: Some(When::default()), ..Fault::default() };
        check(fault, "the kernel refuses or drops every connection: such a fault cannot have a \"when\"");
    }

    #[test]
    fn a_path_at_a_layer_that_knows_none_is_refused() {
        let fault = |path: &str| Fault {
            when: Some(When { path: Some(path.to_owned()), ..When::default() }),
            tls: Some(TlsFault::Certificate(certs::Defect::Expired)),
            ..Fault::default()
        };
        let reason = "at the layer tls no path is known; a \"when\" with one is for tcp, http, soap, content";
        check(fault("/ServerSyncWebService"), reason);
        let fault = Fault { tls: None, http: pool_stopped(), ..fault("ServerSyncWebService") };
        let reason =
            "the path \"ServerSyncWebService\" is none: it begins with a slash and has neither a query nor an encoding";
        check(fault, reason);
    }

    #[test]
    fn a_defect_that_the_certificate_cannot_have_is_refused() {
        let tls = Some(TlsFault::Certificate(certs::Defect::WildcardTooDeep));
        let reason =
            "the fault tls/certificate cannot be on this certificate: `wildcard-too-deep` needs names of four labels";
        check(Fault { tls, ..Fault::default() }, reason);
    }

    #[test]
    fn a_defect_of_an_authority_that_there_is_not_is_refused() {
        let tls = Some(TlsFault::Certificate(certs::Defect::ExpiredIntermediate));
        let faults = vec![Fault { tls, ..Fault::default() }];
        let reason = "the fault tls/certificate cannot be on this certificate: `expired-intermediate` needs an \
                      authority above the leaf";
        check_upstream(Upstream { certificate: Issuer::Itself, faults, ..Upstream::default() }, reason);
    }

    #[test]
    fn two_listeners_at_one_lab_address_are_refused() {
        let upstream = Upstream { https_port: Some(8530), ..Upstream::default() };
        check_upstream(upstream, "its lab address 10.87.0.10:8530 is taken by node upstream");
    }

    #[test]
    fn a_generated_catalogue_beyond_all_bounds_is_refused() {
        let generated = Some(Generated { seed: 1, size: 10_000_001 });
        let upstream = Upstream { catalogue: Catalogue { generated, ..Catalogue::default() }, ..Upstream::default() };
        check_upstream(upstream, "a generated catalogue has at most 10000000 updates, not 10000001");
    }

    fn check(fault: Fault, reason: &str) {
        check_upstream(Upstream { faults: vec![fault], ..Upstream::default() }, reason);
    }

    fn check_upstream(upstream: Upstream, reason: &str) {
        let world = World { nodes: [("upstream".to_owned(), Node::Upstream(upstream))].into() };
        assert_eq!(world.check().unwrap_err().to_string(), format!("node upstream: {reason}"));
    }

    fn refuse() -> Option<TcpFault> {
        Some(TcpFault::Refuse {})
    }

    fn pool_stopped() -> Option<HttpFault> {
        Some(HttpFault::PoolStopped {})
    }
}
