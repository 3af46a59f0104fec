//! Starting a world: what cannot be started says why, and how soon one is ready and gone.

use std::net::{IpAddr, Ipv4Addr, TcpListener};

use simulator::world::{Dns, Issuer, MicrosoftUpdate, Node, Proxy, Upstream};
use simulator::{StartError, StartOptions, World};

use crate::client::{UPSTREAM, beside, start, upstream, verified, world};

#[tokio::test]
async fn a_port_that_is_taken_is_one_clear_error() {
    let bind = IpAddr::V4(Ipv4Addr::new(127, 77, 0, 2));
    let _taken = TcpListener::bind((bind, 8531)).unwrap();
    let options = StartOptions { standard_ports: true, bind, ..StartOptions::default() };
    let error = upstream(Vec::new()).start(options).await.unwrap_err();
    assert_eq!(error.to_string(), "node upstream: cannot listen on 127.77.0.2:8531");
    assert!(matches!(error, StartError::Bind { .. }));
}

#[tokio::test]
async fn two_nodes_that_want_one_real_port_are_named() {
    let bind = IpAddr::V4(Ipv4Addr::new(127, 77, 0, 3));
    let options = StartOptions { standard_ports: true, bind, ..StartOptions::default() };
    let mut world = upstream(Vec::new());
    world.nodes.insert("zz".to_owned(), Node::Proxy(Proxy { port: 8530, ..Proxy::default() }));
    let error = world.start(options).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "node zz: its listener proxy needs 127.77.0.3:8530, which http of node upstream has taken; give one of them another port"
    );
}

#[tokio::test]
async fn nothing_is_left_of_a_world_that_could_not_start() {
    let bind = IpAddr::V4(Ipv4Addr::new(127, 77, 0, 4));
    let taken = TcpListener::bind((bind, 8531)).unwrap();
    let options = || StartOptions { standard_ports: true, bind, ..StartOptions::default() };
    assert!(upstream(Vec::new()).start(options()).await.is_err());
    drop(taken);
    upstream(Vec::new()).start(options()).await.unwrap().stop().await;
    upstream(Vec::new()).start(options()).await.unwrap().stop().await;
}

#[tokio::test]
async fn every_kind_of_node_starts_in_one_world_and_is_in_its_plan() {
    let running = start(&full()).await;
    let listeners: Vec<String> = running.listeners.iter().map(|l| format!("{} {} {}", l.kind, l.name, l.lab)).collect();
    let expected = [
        "dns dns 10.87.0.2:53",
        "microsoft-update sws 198.18.1.1:443",
        "microsoft-update sws1 198.18.1.2:443",
        "microsoft-update fe2 198.18.1.3:443",
        "proxy proxy 10.87.0.3:8080",
        "upstream http 10.87.0.10:8530",
        "upstream https 10.87.0.10:8531",
    ];
    assert_eq!(listeners, expected);
    for listener in &running.listeners {
        assert!(running.plan.closed.contains_key(&listener.lab.ip()));
    }
    assert_eq!(running.plan.real("www.example.org", 443), None);
    assert!(running.plan.connect_to().iter().any(|string| string.starts_with("wsus01:8531:127.0.0.1:")));
}

#[tokio::test]
async fn a_leaf_that_signed_itself_and_is_meant_to_be_trusted_is_told() {
    let node = Upstream { certificate: Issuer::Itself, ..Upstream::default() };
    let running = start(&world("upstream", Node::Upstream(node))).await;
    let leaf = running.trust.self_signed["upstream"].clone();
    let address = running.plan.real(UPSTREAM, 8531).unwrap();
    assert!(beside(move || verified(address, UPSTREAM, &leaf).is_ok()).await);
}

fn full() -> World {
    let nodes = [
        ("microsoft-update", Node::MicrosoftUpdate(MicrosoftUpdate::default())),
        ("upstream", Node::Upstream(Upstream::default())),
        ("proxy", Node::Proxy(Proxy::default())),
        ("dns", Node::Dns(Dns::default())),
    ];
    World { nodes: nodes.into_iter().map(|(name, node)| (name.to_owned(), node)).collect() }
}
