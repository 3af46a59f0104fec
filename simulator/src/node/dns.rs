//! The DNS server of the subject's network, on UDP and TCP with one port number.
//!
//! hickory-server reads the requests and writes the responses. Its own accept loop is not used: that spawns tasks which the
//! world could not wait for when it stops.

use std::sync::Arc;

use crate::layer::dns::{DnsSeam, Resolver, serve_datagrams, serve_stream};
use crate::running::StartError;
use crate::running::lab::{Lab, Place};
use crate::seam::Seams;
use crate::world::Dns;

/// Binds it; once the world stands, it answers for all names of the world that it may know.
pub(super) async fn start(name: &str, node: &Dns, lab: &mut Lab) -> Result<(), StartError> {
    let place = Place {
        node: name,
        kind: "dns",
        listener: "dns",
        lab: (node.address, 53).into(),
        url: format!("dns://{}/", node.address),
    };
    let (door, socket) = lab.bind_tcp_and_udp(&place)?;
    let mut seams: Seams<dyn DnsSeam> = lab.seams(&place);
    for fault in node.faults.iter().filter(|fault| fault.is_on(place.listener)) {
        if let Some((name, at_seam)) = fault.dns.as_ref().map(|dns| dns.at_seam()) {
            seams.place(name, fault.when.clone(), at_seam);
        }
    }
    let (at, unknown) = (lab.at(&place), node.unknown.clone());
    lab.serve(move |grounds| {
        let resolver = Arc::new(Resolver::new(grounds.plan.names.clone(), &unknown, seams, at));
        let datagrams = serve_datagrams(Arc::clone(&resolver), socket);
        let streams = door.serve(Arc::clone(grounds), move |conn| {
            let resolver = Arc::clone(&resolver);
            async move {
                let (peer, connection) = (conn.visit().peer, conn.visit().connection);
                serve_stream(&resolver, conn, peer, connection).await
            }
        });
        Ok(async {
            tokio::join!(datagrams, streams);
        })
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

    use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};

    use crate::world::{Dns, Node};
    use crate::{StartOptions, World};

    #[tokio::test]
    async fn udp_and_tcp_share_a_port_that_is_free_again_once_the_world_has_stopped() {
        let world = World { nodes: [("dns".to_owned(), Node::Dns(Dns::default()))].into() };
        let running = world.start(StartOptions::default()).await.unwrap();
        let lab = SocketAddr::from((Ipv4Addr::new(10, 87, 0, 2), 53));
        let (tcp, udp) = (running.plan.tcp[&lab], running.plan.udp[&lab]);
        assert_eq!(tcp, udp);
        running.stop().await;
        TcpListener::bind(tcp).unwrap();
        UdpSocket::bind(udp).unwrap();
    }
}
