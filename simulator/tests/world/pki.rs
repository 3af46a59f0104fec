//! The web server to which certificates point.

use std::io::{Read, Write};
use std::net::SocketAddr;

use certs::Defect;
use openssl::x509::{X509, X509Crl};
use simulator::fault::Fault;
use simulator::fault::tls::TlsFault;
use simulator::world::{Direct, Node, Pki, Proxy, Upstream};
use simulator::{Running, World};

use crate::client::{ONLY_1_2, UPSTREAM, beside, dial, get, handshake, start};

const HOST: &str = "pki.corp.example";

#[tokio::test]
async fn the_certificate_of_an_issuer_lies_where_the_leaf_says() {
    let running = start(&world(Defect::IncompleteChainAia, Pki::default())).await;
    let upstream = running.plan.real(UPSTREAM, 8531).unwrap();
    let leaf = beside(move || handshake(upstream, UPSTREAM, ONLY_1_2).unwrap().ssl().peer_certificate().unwrap()).await;
    let url = leaf.authority_info().unwrap()[0].location().uri().unwrap().to_owned();
    assert_eq!(url, "http://pki.corp.example/issuer.cer");
    let (head, body) = fetched(&running, "/issuer.cer").await;
    assert!(
        head.starts_with("HTTP/1.1 200 OK\r\n") && head.contains("\r\nContent-Type: application/pkix-cert\r\n"),
        "{head}"
    );
    let issuer = X509::from_der(&body).unwrap();
    assert!(leaf.verify(&issuer.public_key().unwrap()).unwrap());
}

#[tokio::test]
async fn a_revoked_certificate_stands_on_the_list() {
    let running = start(&world(Defect::Revoked, Pki::default())).await;
    let (head, body) = fetched(&running, "/issuer.crl").await;
    assert!(head.contains("\r\nContent-Type: application/pkix-crl\r\n"), "{head}");
    assert_eq!(X509Crl::from_der(&body).unwrap().get_revoked().unwrap().len(), 1);
}

#[tokio::test]
async fn nothing_else_is_there() {
    let running = start(&world(Defect::IncompleteChainAiaDead, Pki::default())).await;
    for path in ["/", "/issuer.cer", "/issuer.crl"] {
        assert!(fetched(&running, path).await.0.starts_with("HTTP/1.1 404 Not Found\r\n"), "{path}");
    }
    let elsewhere = Pki { name: "other.corp.example".to_owned(), ..Pki::default() };
    let running = start(&world(Defect::IncompleteChainAia, elsewhere)).await;
    let address = running.plan.real("other.corp.example", 80).unwrap();
    assert!(asked(address, get("other.corp.example", "/issuer.cer")).await.0.starts_with("HTTP/1.1 404 "));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn it_may_be_reached_through_the_proxy_alone() {
    let pki = Pki { direct: Direct::Dropped, ..Pki::default() };
    let mut world = world(Defect::IncompleteChainAia, pki);
    world.nodes.insert("proxy".to_owned(), Node::Proxy(Proxy::default()));
    let running = start(&world).await;
    let proxy = running.plan.real("proxy.corp.example", 8080).unwrap();
    let request = get(HOST, "http://pki.corp.example/issuer.cer");
    let (head, body) = asked(proxy, request).await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    assert!(X509::from_der(&body).is_ok());
}

fn world(defect: Defect, pki: Pki) -> World {
    let tls = Some(TlsFault::Certificate(defect));
    let upstream = Upstream { faults: vec![Fault { tls, ..Fault::default() }], ..Upstream::default() };
    let nodes = [("upstream", Node::Upstream(upstream)), ("pki", Node::Pki(pki))];
    World { nodes: nodes.into_iter().map(|(name, node)| (name.to_owned(), node)).collect() }
}

async fn fetched(running: &Running, path: &str) -> (String, Vec<u8>) {
    asked(running.plan.real(HOST, 80).unwrap(), get(HOST, path)).await
}

/// Head and body of the answer.
async fn asked(address: SocketAddr, request: String) -> (String, Vec<u8>) {
    beside(move || {
        let mut stream = dial(address);
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        let body = answer.split_off(end);
        (String::from_utf8(answer).unwrap(), body)
    })
    .await
}

#[tokio::test]
async fn a_good_certificate_may_point_there_too() {
    let upstream = Upstream { pointers: true, ..Upstream::default() };
    let nodes = [("upstream", Node::Upstream(upstream)), ("pki", Node::Pki(Pki::default()))];
    let running = start(&World { nodes: nodes.map(|(name, node)| (name.to_owned(), node)).into() }).await;
    for path in ["/issuer.cer", "/issuer.crl"] {
        assert!(fetched(&running, path).await.0.starts_with("HTTP/1.1 200 OK\r\n"), "{path}");
    }
}

#[tokio::test]
async fn two_issuers_of_one_server_lie_in_two_places() {
    let tls = Some(TlsFault::Certificate(Defect::WrongIntermediate));
    let upstream = Upstream { pointers: true, faults: vec![Fault { tls, ..Fault::default() }], ..Upstream::default() };
    let nodes = [("upstream", Node::Upstream(upstream)), ("pki", Node::Pki(Pki::default()))];
    let running = start(&World { nodes: nodes.map(|(name, node)| (name.to_owned(), node)).into() }).await;
    let upstream = running.plan.real(UPSTREAM, 8531).unwrap();
    let leaf = beside(move || handshake(upstream, UPSTREAM, ONLY_1_2).unwrap().ssl().peer_certificate().unwrap()).await;
    let url = leaf.authority_info().unwrap()[0].location().uri().unwrap().to_owned();
    let (_, body) = fetched(&running, url.strip_prefix("http://pki.corp.example").unwrap()).await;
    assert!(leaf.verify(&X509::from_der(&body).unwrap().public_key().unwrap()).unwrap());
    let (_, good) = fetched(&running, "/issuer.cer").await;
    assert!(!leaf.verify(&X509::from_der(&good).unwrap().public_key().unwrap()).unwrap());
}
