//! Inspection of TLS: the proxy poses as the target, with a certificate that its own authority issued to the target's name,
//! and speaks TLS to the target itself.
//!
//! It verifies the target as a careful product does, and says in HTTP what it found where the target does not pass.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use certs::{Chain, IssuedBy};
use rustls::client::Resumption;
use rustls::crypto::ring;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::body::within;
use super::forward::Forwarding;
use super::page::Page;
use super::reach::{NoWay, names};
use super::target::Authority;
use super::{Exchange, ExplicitProxy, Next};
use crate::fault::Fault;
use crate::journal::Event;
use crate::layer::tcp::Conn;
use crate::layer::tls::{self, Behind, Manners};
use crate::layer::visit::Visit;
use crate::running::lab::{Lab, Place};
use crate::running::{Grounds, StartError};
use crate::seam::Moment;
use crate::world::Intercept;

/// As a product of today.
const MANNERS: Manners = Manners { versions: &[&TLS13, &TLS12], resets: false };
/// For the handshake with a target, which is in the world.
const TO_THE_TARGET: Duration = Duration::from_secs(1);
const HTTPS: u16 = 443;

/// The inspection of a proxy, before its certificates are made.
pub(crate) struct Plan(Vec<(String, tls::Plan)>);

/// The inspection of a proxy.
pub(crate) struct Inspection {
    /// What it poses with, by the name that it poses as.
    leaves: BTreeMap<String, tls::Endpoint>,
    to_the_target: TlsConnector,
}

impl Plan {
    /// Asks for a leaf for every name that the world has so far, but for those exempted.
    pub(crate) fn draw(lab: &mut Lab, place: &Place<'_>, intercept: &Intercept, faults: &[Fault]) -> Plan {
        let inspected = lab.names().into_iter().filter(|name| !names(&intercept.exempt, name));
        let leaves = inspected.map(|name| {
            let request = Chain::good_for(&name).issued_by(IssuedBy::Inspection).key(intercept.key.into());
            let plan = tls::Plan::draw(lab, place, MANNERS, request, faults);
            (name, plan)
        });
        Plan(leaves.collect())
    }

    /// Takes up the certificates.
    pub(crate) fn carry_out(self, node: &str, grounds: &Grounds) -> Result<Inspection, StartError> {
        let leaves = self.0.into_iter().map(|(name, plan)| Ok((name, plan.carry_out(node, grounds)?)));
        let leaves = leaves.collect::<Result<_, StartError>>()?;
        let to_the_target = connector(&grounds.roots).map_err(|error| StartError::Impossible {
            node: node.to_owned(),
            reason: format!("it cannot speak TLS to anybody: {error}"),
        })?;
        Ok(Inspection { leaves, to_the_target })
    }
}

/// A client that trusts the roots of the world and remembers no session.
fn connector(roots: &[Vec<u8>]) -> Result<TlsConnector, rustls::Error> {
    let mut store = RootCertStore::empty();
    for root in roots {
        store.add(CertificateDer::from(root.as_slice()))?;
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions()?;
    let mut config = builder.with_root_certificates(store).with_no_client_auth();
    config.resumption = Resumption::disabled();
    Ok(TlsConnector::from(Arc::new(config)))
}

impl Inspection {
    /// Whether tunnels to this host are inspected.
    pub(super) fn concerns(&self, host: &str) -> bool {
        self.leaves.contains_key(host)
    }
}

impl std::fmt::Debug for Inspection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.leaves.keys()).finish()
    }
}

/// A granted tunnel whose client is about to speak TLS with the proxy.
pub(crate) struct Caught<'a, S> {
    pub(super) proxy: &'a ExplicitProxy,
    pub(super) stream: S,
    /// What the client sent without waiting for the answer.
    pub(super) early: BytesMut,
    pub(super) target: Authority,
    pub(super) opened: TcpStream,
}

impl Caught<'_, Conn> {
    /// Poses as the target to the end of the connection; says in words how that came.
    pub(crate) async fn pose(self) -> String {
        let Caught { proxy, stream: mut conn, early, target, opened } = self;
        conn.put_back(early);
        let hello = match tls::read_hello(&mut conn).await {
            Ok(hello) => hello,
            Err(ended) => return ended,
        };
        let inspection = proxy.inspection.as_ref();
        let Some((inspection, leaf)) = inspection.and_then(|all| Some((all, all.leaves.get(&target.host)?))) else {
            return format!("closed: {} is not inspected", target.host);
        };
        leaf.serve(conn, &hello, Way { proxy, connector: &inspection.to_the_target, target, opened: Some(opened) })
            .await
    }
}

/// What goes on within TLS: requests in origin-form for the one target, each by a connection of its own.
struct Way<'a> {
    proxy: &'a ExplicitProxy,
    connector: &'a TlsConnector,
    target: Authority,
    /// The connection that was made before the tunnel was granted; the first request takes it.
    opened: Option<TcpStream>,
}

impl Behind for Way<'_> {
    async fn serve<S>(mut self, stream: S, visit: Arc<Visit>) -> String
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let mut exchange = Exchange { proxy: self.proxy, stream, buffer: BytesMut::new(), visit: &visit };
        let ended = loop {
            match exchange.next_within(&mut self).await {
                Next::Request => {}
                Next::Close(why) => break why,
                Next::Inspect { .. } => break "closed: a tunnel within a tunnel".to_owned(),
            }
        };
        exchange.close().await;
        ended
    }
}

impl Way<'_> {
    async fn open(&mut self) -> Result<TlsStream<TcpStream>, NoWay> {
        let stream = match self.opened.take() {
            Some(opened) => opened,
            None => self.proxy.reach.open(&self.target).await?,
        };
        let name = ServerName::try_from(self.target.host.clone()).map_err(|_| NoWay::NameNotFound)?;
        let shaken = within(TO_THE_TARGET, self.connector.connect(name, stream)).await;
        shaken.map_err(|error| match error.kind() {
            std::io::ErrorKind::TimedOut => NoWay::Unanswered,
            _ => NoWay::Insecure(error.to_string()),
        })
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Exchange<'_, S> {
    /// Reads a request to the target that the proxy poses as, and answers it as the target does.
    async fn next_within(&mut self, way: &mut Way<'_>) -> Next {
        let (request, framing) = match self.request().await {
            Ok(request) => request,
            Err(none) => return self.without_request(none).await,
        };
        let target = request.target.clone();
        let (method, host) = (request.method.clone(), way.target.to_string());
        self.visit.write(Event::Request { method, host, target: target.clone(), operation: None });
        if !target.starts_with('/') {
            return self.send(&Page::malformed_target(), &request, framing).await;
        }
        let opened = match way.open().await {
            Ok(opened) => opened,
            Err(no_way) => return self.send(&Page::no_way(&no_way, &way.target.host), &request, framing).await,
        };
        let origin = &way.target;
        let moment = Moment { connection: self.visit.connection, host: Some(&*origin.host), ..Moment::default() };
        let act = self.proxy.seams.ask(moment, |fault| fault.on_forward(&|name| request.fields.has(name)));
        let proxy = &self.proxy.name;
        let forwarding =
            Forwarding { request: &request, origin, path: &target, default_port: HTTPS, framing, proxy, act };
        self.pass(&forwarding, opened).await
    }
}
