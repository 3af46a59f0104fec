//! Microsoft Update: the listeners `sws`, `sws1` and `fe2`, each with a name and a certificate of its own.

use std::net::SocketAddr;
use std::sync::Arc;

use certs::{Chain, IssuedBy, Request};
use rustls::version::TLS12;

use crate::layer::http::{self, Asked, Reply, Site};
use crate::layer::tcp::Door;
use crate::layer::tls;
use crate::node::desk::{self, Desk};
use crate::node::iis::{self, Iis, Server};
use crate::running::StartError;
use crate::running::lab::{Lab, Place};
use crate::soap::ServiceSettings;
use crate::world::{Direct, Fe2, MicrosoftUpdate};

mod fault_of_2019;

/// Schannel there speaks TLS 1.2 and nothing else, and answers a handshake that fails with RST.
const MANNERS: tls::Manners = tls::Manners { versions: &[&TLS12], resets: true };

/// Older names under which synchronization was once found; they lie with `fe2`.
const OLD_NAMES: [&str; 2] = ["update.microsoft.com", "www.update.microsoft.com"];

/// The path in front of the services of `fe2`, as `MUUrl` has it.
const BASE_OF_FE2: &str = "/v6";

/// Binds Microsoft Update.
pub(crate) async fn start(name: &str, node: &MicrosoftUpdate, lab: &mut Lab) -> Result<(), StartError> {
    let mut open: Vec<(Option<Door>, Vec<desk::Plan>)> = Vec::new();
    let places = node.hosts().map(|(listener, host, address)| {
        let lab = SocketAddr::from((address, 443));
        (host, Place { node: name, kind: "microsoft-update", listener, lab, url: format!("https://{host}/") })
    });
    let servers = Servers::new(lab);
    for (host, place) in &places {
        for known_as in names(place.listener, host) {
            lab.enter_name(known_as, place.lab.ip());
        }
        let plan = draw(node, place, host, &servers, lab);
        match open.last_mut() {
            // All three have the same port, and there it is one socket: the name in the ClientHello tells them apart.
            Some((_, desks)) if lab.standard_ports() => {
                lab.share_tcp(places[0].1.lab, place);
                desks.push(plan);
            }
            _ => open.push((lab.bind_tcp(place, shared_faults(name, node, lab)?).await?, vec![plan])),
        }
    }
    if node.direct == Direct::Dropped {
        for (_, place) in &places {
            lab.only_from_proxies(place).await?;
        }
    }
    for (door, desks) in open {
        if let Some(door) = door {
            desk::serve(name, door, desks, lab);
        }
    }
    Ok(())
}

/// What stands behind the names.
struct Servers {
    /// `sws` and `sws1` are two names of one service.
    sws: Server,
    fe2: Server,
}

impl Servers {
    fn new(lab: &Lab) -> Servers {
        let server = |base| Server::new(ServiceSettings::microsoft_update(base), lab.catalogue());
        Servers { sws: server(None), fe2: server(Some(BASE_OF_FE2)) }
    }
}

/// The faults, unless one would be on a part of a socket.
fn shared_faults<'a>(
    name: &str,
    node: &'a MicrosoftUpdate,
    lab: &Lab,
) -> Result<&'a [crate::fault::Fault], StartError> {
    let on_a_part = node.faults.iter().find(|fault| fault.tcp.is_some() && fault.on.is_some());
    match on_a_part {
        Some(_) if lab.standard_ports() => Err(StartError::Impossible {
            node: name.to_owned(),
            reason: "with standard ports its three listeners share one socket, so that a fault of the layer tcp cannot be on \
                     one of them"
                .to_owned(),
        }),
        _ => Ok(&node.faults),
    }
}

fn names<'a>(listener: &str, host: &'a str) -> impl Iterator<Item = &'a str> {
    let old = if listener == "fe2" { &OLD_NAMES[..] } else { &[] };
    std::iter::once(host).chain(old.iter().copied())
}

fn draw(node: &MicrosoftUpdate, place: &Place<'_>, host: &str, servers: &Servers, lab: &mut Lab) -> desk::Plan {
    let names = names(place.listener, host);
    let request = Request { names: names.map(str::to_owned).collect(), ..Chain::good_for(host) };
    let request = request.issued_by(IssuedBy::Microsoft).key(node.key.into());
    let tls = tls::Plan::draw(lab, place, MANNERS, request.clone(), &node.faults);
    let (site, http) = (site(node, place, servers, lab), http::Place::new(lab, place, true, &node.faults));
    desk::Plan { names: request.names, tls, desk: Desk { site, http } }
}

fn site(node: &MicrosoftUpdate, place: &Place<'_>, servers: &Servers, lab: &Lab) -> Arc<dyn Site> {
    let iis = |server, of_2019| {
        Iis::new(lab, place, server, &node.faults, |seams| {
            if of_2019 {
                seams.place_setting(Box::new(fault_of_2019::FaultOf2019));
            }
        })
    };
    match (place.listener, node.fe2) {
        ("fe2", Fe2::Closes) => Arc::new(Decommissioned(iis(&servers.fe2, false))),
        ("fe2", Fe2::FaultOf2019) => Arc::new(iis(&servers.fe2, true)),
        _ => Arc::new(iis(&servers.sws, false)),
    }
}

/// `fe2` today: whoever asks for a service of synchronization is cut off, anything else is not found.
#[derive(Debug)]
struct Decommissioned(Iis);

impl Site for Decommissioned {
    fn answer(&self, asked: &Asked) -> Reply {
        let path = iis::plain_path(asked);
        let rest = path.strip_prefix(BASE_OF_FE2).unwrap_or(&path);
        if ["/serversyncwebservice/", "/dssauthwebservice/"].iter().any(|service| rest.starts_with(service)) {
            return Reply::Close;
        }
        Reply::Answer(self.0.answer_other(asked, rest))
    }
}
