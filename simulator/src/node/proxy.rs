//! The explicit proxy.

use std::sync::Arc;

use crate::layer::proxy::{ExplicitProxy, InspectionPlan, ProxySeam, Served};
use crate::layer::tcp::Conn;
use crate::running::StartError;
use crate::running::lab::{Lab, Place};
use crate::seam::Seams;
use crate::world::Proxy;

/// Binds it; once the world stands, it forwards.
pub(super) async fn start(name: &str, node: &Proxy, lab: &mut Lab) -> Result<(), StartError> {
    lab.enter_name(&node.name, node.address);
    let place = Place {
        node: name,
        kind: "proxy",
        listener: "proxy",
        lab: (node.address, node.port).into(),
        url: format!("http://{}:{}/", node.name, node.port),
    };
    let Some(door) = lab.bind_tcp(&place, &node.faults).await? else { return Ok(()) };
    let mut seams: Seams<dyn ProxySeam> = lab.seams(&place);
    for fault in node.faults.iter().filter(|fault| fault.is_on(place.listener)) {
        if let Some((name, at_seam)) = fault.proxy.as_ref().map(|proxy| proxy.at_seam()) {
            seams.place(name, fault.when.clone(), at_seam);
        }
    }
    let intercept = node.intercept.as_ref();
    let inspection = intercept.map(|intercept| InspectionPlan::draw(lab, &place, intercept, &node.faults));
    let (name, settings) = (name.to_owned(), node.clone());
    lab.serve(move |grounds| {
        let mut proxy = ExplicitProxy::new(&settings, Arc::clone(&grounds.plan), seams);
        if let Some(plan) = inspection {
            proxy = proxy.inspecting(plan.carry_out(&name, grounds)?);
        }
        let proxy = Arc::new(proxy);
        Ok(door.serve(Arc::clone(grounds), move |conn| receive(Arc::clone(&proxy), conn)))
    });
    Ok(())
}

async fn receive(proxy: Arc<ExplicitProxy>, conn: Conn) -> String {
    let visit = Arc::clone(conn.visit());
    match proxy.serve(conn, &visit).await {
        Served::ToItsEnd(ended) => ended,
        Served::Inspected(caught) => caught.pose().await,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpListener, TcpStream};

    use crate::fault::proxy::ProxyFault;
    use crate::fault::{Fault, When};
    use crate::journal::Event;
    use crate::world::{Node, Proxy};
    use crate::{Running, StartOptions, World};

    async fn start(faults: Vec<Fault>) -> (Running, SocketAddr) {
        let proxy = Node::Proxy(Proxy { faults, ..Proxy::default() });
        let running =
            World { nodes: [("proxy".to_owned(), proxy)].into() }.start(StartOptions::default()).await.unwrap();
        let address = running.plan.real("proxy.corp.example", 8080).unwrap();
        (running, address)
    }

    /// The first line of the answer to a CONNECT.
    async fn connect(proxy: SocketAddr, target: &'static str) -> String {
        let asked = tokio::task::spawn_blocking(move || {
            let mut client = TcpStream::connect(proxy).unwrap();
            write!(client, "CONNECT {target} HTTP/1.1\r\nConnection: close\r\n\r\n").unwrap();
            let mut answer = String::new();
            client.read_to_string(&mut answer).unwrap();
            answer.lines().next().unwrap_or_default().to_owned()
        });
        asked.await.unwrap()
    }

    #[tokio::test]
    async fn a_closed_port_of_the_world_is_reached_and_refused() {
        let (running, proxy) = start(Vec::new()).await;
        assert_eq!(connect(proxy, "proxy.corp.example:9").await, "HTTP/1.1 503 Service Unavailable");
        let journal = running.stop().await;
        assert!(journal.entries().iter().all(|entry| entry.node == "proxy" && entry.connection == 1));
        assert!(matches!(journal.entries()[0].event, Event::Accepted(_)));
    }

    #[tokio::test]
    async fn a_fault_for_one_host_leaves_the_others_alone() {
        let when = When { host: Some("sws.update.microsoft.com".to_owned()), ..When::default() };
        let proxy = Some(ProxyFault::CloseWithoutAnswer {});
        let (running, proxy) = start(vec![Fault { when: Some(when), proxy, ..Fault::default() }]).await;
        assert_eq!(connect(proxy, "www.example.org:443").await, "HTTP/1.1 403 Forbidden");
        assert!(!running.journal.signed());
        assert_eq!(connect(proxy, "sws.update.microsoft.com:443").await, "");
        assert!(running.stop().await.signed());
    }

    #[tokio::test]
    async fn a_stopped_world_has_left_its_ports_even_with_a_client_connected() {
        let (running, proxy) = start(Vec::new()).await;
        let _client = TcpStream::connect(proxy).unwrap();
        running.stop().await;
        TcpListener::bind(proxy).unwrap();
    }
}
