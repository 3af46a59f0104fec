//! An upstream WSUS server: its listeners `http` and `https`, and IIS behind both.

use std::net::SocketAddr;
use std::sync::Arc;

use certs::{Chain, IssuedBy, Request};
use rustls::SupportedProtocolVersion;
use rustls::version::{TLS12, TLS13};
use time::OffsetDateTime;

use crate::layer::http::{self, Site};
use crate::layer::tcp::Conn;
use crate::layer::tls;
use crate::node::desk::{self, Desk};
use crate::node::iis::{Iis, Server};
use crate::running::StartError;
use crate::running::lab::{Lab, Place};
use crate::soap::ServiceSettings;
use crate::world::{Issuer, Upstream};
use course::Course;

mod course;

/// The first build of Windows whose Schannel has TLS 1.3.
const BUILD_WITH_TLS_1_3: u32 = 20348;

/// Binds an upstream server.
pub(crate) async fn start(name: &str, upstream: &Upstream, lab: &mut Lab) -> Result<(), StartError> {
    for known_as in std::iter::once(&upstream.name).chain(&upstream.aliases) {
        lab.enter_name(known_as, upstream.address);
    }
    let settings = ServiceSettings::wsus(name, &upstream.version, &upstream.protocol_version);
    let (lazy_sync, max_xml_per_request) = (upstream.lazy_sync, upstream.max_xml_per_request);
    let settings = ServiceSettings { lazy_sync, max_xml_per_request, ..settings };
    let base = upstream.catalogue.base(lab.catalogue());
    let server = match upstream.catalogue.changes.as_slice() {
        [] => Server::new(settings, base),
        changes => {
            let course = Course::new(base, changes, OffsetDateTime::now_utc());
            Server::new(settings, course.catalogue()).observed_by(Arc::new(course))
        }
    };
    let server = server.compressing(upstream.dynamic_compression);
    start_http(name, upstream, &server, lab).await?;
    match upstream.https_port {
        Some(port) => start_https(name, upstream, port, &server, lab).await,
        None => Ok(()),
    }
}

async fn start_http(name: &str, upstream: &Upstream, server: &Server, lab: &mut Lab) -> Result<(), StartError> {
    let place = place(name, upstream, "http", upstream.http_port);
    let Some(door) = lab.bind_tcp(&place, &upstream.faults).await? else { return Ok(()) };
    let (site, http) = site(lab, &place, upstream, server, false);
    lab.serve(move |grounds| Ok(door.serve(Arc::clone(grounds), move |conn| plain(conn, &site, &http))));
    Ok(())
}

fn plain(conn: Conn, site: &Arc<dyn Site>, http: &Arc<http::Place>) -> impl Future<Output = String> + Send + use<> {
    let visit = Arc::clone(conn.visit());
    http::serve(conn, visit, Arc::clone(site), Arc::clone(http))
}

async fn start_https(
    name: &str,
    upstream: &Upstream,
    port: u16,
    server: &Server,
    lab: &mut Lab,
) -> Result<(), StartError> {
    let place = place(name, upstream, "https", port);
    let manners = tls::Manners { versions: versions(&upstream.version), resets: false };
    // Asked for although nobody may come to see it: the subject may hold it in a store.
    let tls = tls::Plan::draw(lab, &place, manners, request(upstream), &upstream.faults);
    if upstream.certificate == Issuer::Itself {
        lab.trust_leaf(name, tls.good());
    }
    let Some(door) = lab.bind_tcp(&place, &upstream.faults).await? else { return Ok(()) };
    let (site, http) = site(lab, &place, upstream, server, true);
    desk::serve(name, door, vec![desk::Plan { names: Vec::new(), tls, desk: Desk { site, http } }], lab);
    Ok(())
}

fn place<'a>(name: &'a str, upstream: &Upstream, listener: &'static str, port: u16) -> Place<'a> {
    Place {
        node: name,
        kind: "upstream",
        listener,
        lab: SocketAddr::from((upstream.address, port)),
        url: format!("{listener}://{}:{port}/", upstream.name),
    }
}

fn site(
    lab: &Lab,
    place: &Place<'_>,
    upstream: &Upstream,
    server: &Server,
    secure: bool,
) -> (Arc<dyn Site>, Arc<http::Place>) {
    let mut limits = upstream.request_limits.clone();
    // In clear there is no TLS to renegotiate.
    limits.upload_read_ahead_size = limits.upload_read_ahead_size.filter(|_| secure);
    let site = Iis::new(lab, place, server, &upstream.faults, |_| {}).limited_to(limits);
    (Arc::new(site), http::Place::new(lab, place, secure, &upstream.faults))
}

/// The certificate of an upstream server.
pub(crate) fn request(upstream: &Upstream) -> Request {
    let issuer = match upstream.certificate {
        Issuer::Organisation => IssuedBy::Organisation,
        Issuer::Itself => IssuedBy::Itself,
    };
    let request = Chain::good_for(&upstream.name).issued_by(issuer).key(upstream.key.into());
    let request = if upstream.certified_address { request.at(upstream.address.into()) } else { request };
    if !upstream.pointers {
        return request;
    }
    let domain = upstream.name.split_once('.').map_or("corp.example", |(_, domain)| domain);
    request.aia(format!("http://pki.{domain}/issuer.cer")).crl(format!("http://pki.{domain}/issuer.crl"))
}

/// What Schannel of this version of Windows speaks, as far as rustls does.
fn versions(wsus_version: &str) -> &'static [&'static SupportedProtocolVersion] {
    let build = wsus_version.split('.').nth(2).and_then(|build| build.parse().ok()).unwrap_or(0);
    const NEW: &[&SupportedProtocolVersion] = &[&TLS13, &TLS12];
    const OLD: &[&SupportedProtocolVersion] = &[&TLS12];
    if wsus_version.starts_with("10.") && build >= BUILD_WITH_TLS_1_3 { NEW } else { OLD }
}
