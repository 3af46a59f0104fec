//! A way to a target whose first hop has been resolved.

use std::net::SocketAddr;

use super::examiner::Place;
use crate::evidence::{NameEnd, Offer, Profile, Purpose};
use crate::network::Network;
use crate::path::{Route, Scheme, SyncPath};
use crate::probe::dns;
use crate::probe::http::authority;
use crate::probe::tls;
use crate::subject::{Subject, TlsVersion};

/// The way.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) path: SyncPath,
    /// How the lookup of the first hop ended.
    pub(super) name: NameEnd,
    /// What is dialled, in order; after a success only what connected.
    pub(super) addresses: Vec<SocketAddr>,
    /// What is offered in a TLS handshake.
    pub(super) offer: Offer,
}

impl Way {
    /// Host and port of the first hop.
    pub(super) fn first_hop(path: &SyncPath) -> (&str, u16) {
        match &path.route {
            Route::Direct => (&path.host, path.port),
            Route::Through { host, port } => (host, *port),
        }
    }

    /// The same way to another port by another scheme, at the same address; everything is offered.
    pub(super) fn to(&self, network: &Network, port: u16, scheme: Scheme) -> Way {
        let path = SyncPath { port, scheme, ..self.path.clone() };
        let (hop, hop_port) = Way::first_hop(&path);
        let mut addresses = dns::addresses(network, hop, hop_port, &self.name);
        if let Some(known) = self.addresses.first() {
            addresses.sort_by_key(|address| address.ip() != known.ip());
        }
        addresses.truncate(1);
        Way { addresses, path, name: self.name.clone(), offer: self.offer.clone() }.offering(&TlsVersion::ALL)
    }

    /// The same way with another offer.
    pub(super) fn with(self, offer: Offer) -> Way {
        Way { offer, ..self }
    }

    /// The same way with other versions on offer, whatever the subject may do.
    pub(super) fn offering(self, versions: &[TlsVersion]) -> Way {
        Way { offer: tls::offer(&self.path.host, Profile::Everything, versions), ..self }
    }

    /// Where observations of the target are made.
    pub(super) fn target(&self, purpose: Purpose) -> Place<'_> {
        Place { purpose, route: &self.path.route, host: &self.path.host, port: self.path.port }
    }

    /// Where observations of the first hop are made.
    pub(super) fn hop(&self, purpose: Purpose) -> Place<'_> {
        let (host, port) = Way::first_hop(&self.path);
        Place { purpose, route: &self.path.route, host, port }
    }

    /// Whether the proxy itself reads the requests, because they are in clear.
    pub(super) fn is_forwarded(&self) -> bool {
        self.path.scheme == Scheme::Http && self.path.route != Route::Direct
    }

    /// What stands in the first line of a request: the whole URL where a proxy reads it (RFC 9112, 3.2.2).
    pub(super) fn request_target(&self, local: &str) -> String {
        if self.is_forwarded() {
            format!("{}://{}{local}", self.path.scheme, self.host_field())
        } else {
            local.to_owned()
        }
    }

    /// The field `Host`.
    pub(super) fn host_field(&self) -> String {
        authority(&self.path.host, self.path.port, Some(self.path.scheme.default_port()))
    }

    /// The name of the field that asks a hop to stay.
    pub(super) fn connection_field(&self) -> &'static str {
        if self.is_forwarded() { "Proxy-Connection" } else { "Connection" }
    }
}

/// What the subject would offer to `host`; everything, where its versions are unknown.
pub(super) fn subject_offer(subject: &Subject, host: &str) -> Offer {
    let facts = subject.host.tls.as_ref();
    let Some(versions) = facts.and_then(|facts| facts.protocols.as_deref()) else {
        return tls::offer(host, Profile::Everything, &TlsVersion::ALL);
    };
    let offer = tls::offer(host, Profile::Subject, versions);
    match facts.and_then(|facts| facts.suites.as_deref()) {
        Some(entries) if !entries.is_empty() => tls::with_suites(offer, entries),
        _ => offer,
    }
}
