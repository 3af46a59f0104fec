//! A proxy that inspects TLS: it poses as its target, and is a client of the target itself.

use certs::Defect;
use openssl::x509::X509;
use simulator::fault::Fault;
use simulator::fault::tls::{OldAnswer, OnlyTls10, TlsFault};
use simulator::journal::Event;
use simulator::world::{Intercept, Issuer, Node, Proxy, Upstream};
use simulator::{Running, World};

use crate::client::{MODERN, ONLY_1_0, Offer, UPSTREAM, ask, beside, call, get, shake_through, signatures, start};

#[tokio::test]
async fn a_call_passes_through_and_the_authority_is_the_proxys() {
    let running = start(&inspected(Upstream::default(), Vec::new())).await;
    let (issuer, answer) = through(&running, MODERN).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("GetAuthConfigResponse"), "{answer}");
    assert_eq!(issuer, issuer_of(&running, "inspection"));
    let events: Vec<String> = running.journal.entries().into_iter().filter_map(told).collect();
    assert_eq!(
        events,
        [
            "proxy CONNECT wsus01.corp.example:8531",
            "proxy saw wsus01.corp.example",
            "proxy spoke TLS 1.3",
            "proxy POST /ServerSyncWebService/ServerSyncWebService.asmx",
            "upstream saw wsus01.corp.example",
            "upstream spoke TLS 1.3",
            "upstream POST /ServerSyncWebService/ServerSyncWebService.asmx",
        ]
    );
}

#[tokio::test]
async fn several_requests_share_a_connection_of_the_client() {
    let running = start(&inspected(Upstream::default(), Vec::new())).await;
    let proxy = running.plan.real("proxy.corp.example", 8080).unwrap();
    let answers = beside(move || {
        let mut stream = shake_through(proxy, UPSTREAM, 8531, MODERN).unwrap();
        let keep = get(UPSTREAM, "/").replace("close", "keep-alive");
        ask(&mut stream, &format!("{keep}{}", get(UPSTREAM, "/")))
    })
    .await;
    assert_eq!(answers.matches("HTTP/1.1 ").count(), 2, "{answers}");
}

#[tokio::test]
async fn an_exempted_host_shows_its_own_chain() {
    let intercept = Intercept { exempt: vec![UPSTREAM.to_owned()], ..Intercept::default() };
    let proxy = Proxy { intercept: Some(intercept), ..Proxy::default() };
    let running = start(&world(Upstream::default(), proxy)).await;
    let (issuer, _) = through(&running, MODERN).await.unwrap();
    assert_ne!(Some(issuer), running.trust.further_roots.get("inspection").map(|root| subject(root)));
}

#[tokio::test]
async fn faults_of_tls_act_at_the_proxy() {
    let expired = Fault { tls: Some(TlsFault::Certificate(Defect::Expired)), ..Fault::default() };
    let running = start(&inspected(Upstream::default(), vec![expired])).await;
    through(&running, MODERN).await.unwrap();
    assert_eq!(signatures(&running), ["tls/certificate"]);

    let old = TlsFault::OnlyTls10(OnlyTls10 { answer: OldAnswer::Alert });
    let old = Fault { tls: Some(old), ..Fault::default() };
    let running = start(&inspected(Upstream::default(), vec![old])).await;
    assert!(through(&running, MODERN).await.is_err());
    let (_, answer) = through(&running, ONLY_1_0).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}

#[tokio::test]
async fn a_target_that_does_not_pass_is_said_to_be_one_in_http() {
    let faults = vec![Fault { tls: Some(TlsFault::Certificate(Defect::Expired)), ..Fault::default() }];
    let running = start(&inspected(Upstream { faults, ..Upstream::default() }, Vec::new())).await;
    let (_, answer) = through(&running, MODERN).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{answer}");
    assert!(answer.contains("\r\nX-Squid-Error: ERR_SECURE_CONNECT_FAIL 71\r\n"), "{answer}");
}

#[tokio::test]
async fn a_target_that_signed_itself_passes_where_the_world_trusts_it() {
    let upstream = Upstream { certificate: Issuer::Itself, ..Upstream::default() };
    let running = start(&inspected(upstream, Vec::new())).await;
    let (_, answer) = through(&running, MODERN).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}

fn inspected(upstream: Upstream, faults: Vec<Fault>) -> World {
    world(upstream, Proxy { intercept: Some(Intercept::default()), faults, ..Proxy::default() })
}

fn world(upstream: Upstream, proxy: Proxy) -> World {
    let nodes = [("proxy", Node::Proxy(proxy)), ("upstream", Node::Upstream(upstream))];
    World { nodes: nodes.into_iter().map(|(name, node)| (name.to_owned(), node)).collect() }
}

/// Who issued the issuer of what is shown, and the answer to a call.
async fn through(running: &Running, offer: Offer) -> Result<(String, String), String> {
    let proxy = running.plan.real("proxy.corp.example", 8080).unwrap();
    beside(move || {
        let mut stream = shake_through(proxy, UPSTREAM, 8531, offer)?;
        let chain = stream.ssl().peer_cert_chain().unwrap();
        let last = chain.iter().last().unwrap();
        let issuer = format!("{:?}", last.issuer_name());
        Ok((issuer, ask(&mut stream, &call(UPSTREAM, "GetAuthConfig"))))
    })
    .await
}

fn issuer_of(running: &Running, root: &str) -> String {
    subject(&running.trust.further_roots[root])
}

fn subject(der: &[u8]) -> String {
    format!("{:?}", X509::from_der(der).unwrap().subject_name())
}

fn told(entry: simulator::journal::Entry) -> Option<String> {
    let what = match entry.event {
        Event::Request { method, target, .. } => format!("{method} {target}"),
        Event::ClientHello { server_name } => format!("saw {}", server_name.unwrap_or_default()),
        Event::Handshake { version } => format!("spoke {version}"),
        _ => return None,
    };
    Some(format!("{} {what}", entry.node))
}
