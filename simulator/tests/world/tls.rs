//! TLS: versions that really complete, refusals byte by byte, chains with defects.

use certs::Defect;
use openssl::ssl::SslVersion;
use simulator::fault::tls::{OldAnswer, OnlyTls10, TlsFault};
use simulator::fault::{Fault, When};
use simulator::journal::Event;
use simulator::world::{KeyKind, MicrosoftUpdate, Node, Upstream};

use crate::client::{
    MODERN, ONLY_1_0, ONLY_1_2, Offer, UPSTREAM, ask, beside, call, get, handshake, microsoft_update, signatures,
    start, upstream, verified, world,
};

#[tokio::test]
async fn a_client_of_tls_1_0_is_served_to_the_end() {
    for key in [KeyKind::P256, KeyKind::Rsa2048] {
        let node = Upstream { key, faults: vec![only_tls10(OldAnswer::Alert)], ..Upstream::default() };
        let running = start(&world("upstream", Node::Upstream(node))).await;
        let address = running.plan.real(UPSTREAM, 8531).unwrap();
        let (version, answer) = beside(move || {
            let mut stream = handshake(address, UPSTREAM, ONLY_1_0).unwrap();
            (stream.ssl().version_str(), ask(&mut stream, &call(UPSTREAM, "GetAuthConfig")))
        })
        .await;
        assert_eq!(version, "TLSv1");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert_eq!(signatures(&running), ["tls/only-tls10"]);
    }
}

#[tokio::test]
async fn whoever_offers_tls_1_0_to_1_3_gets_tls_1_0() {
    let running = start(&upstream(vec![only_tls10(OldAnswer::Alert)])).await;
    let address = running.plan.real(UPSTREAM, 8531).unwrap();
    let offer = Offer { from: SslVersion::TLS1, to: SslVersion::TLS1_3 };
    let version = beside(move || handshake(address, UPSTREAM, offer).unwrap().ssl().version_str()).await;
    assert_eq!(version, "TLSv1");
}

#[tokio::test]
async fn a_modern_client_gets_an_alert_from_openssl() {
    check_refusal(OldAnswer::Alert, MODERN, "alert protocol version").await;
    check_refusal(OldAnswer::Alert, ONLY_1_2, "alert protocol version").await;
}

#[tokio::test]
async fn a_modern_client_gets_an_old_server_hello_from_schannel() {
    check_refusal(OldAnswer::ServerHello, MODERN, "unsupported protocol").await;
    check_refusal(OldAnswer::ServerHello, ONLY_1_2, "unsupported protocol").await;
}

async fn check_refusal(answer: OldAnswer, offer: Offer, reason: &str) {
    let running = start(&upstream(vec![only_tls10(answer)])).await;
    let address = running.plan.real(UPSTREAM, 8531).unwrap();
    let refused = beside(move || handshake(address, UPSTREAM, offer).unwrap_err()).await;
    assert!(refused.contains(reason), "{refused}");
    assert_eq!(signatures(&running), ["tls/only-tls10"]);
}

#[tokio::test]
async fn the_alert_of_a_client_that_turns_away_is_in_the_journal() {
    let running = start(&upstream(vec![only_tls10(OldAnswer::ServerHello)])).await;
    let address = running.plan.real(UPSTREAM, 8531).unwrap();
    beside(move || handshake(address, UPSTREAM, MODERN).unwrap_err()).await;
    let ended = || running.journal.entries().into_iter().find(|entry| matches!(entry.event, Event::Ended(_)));
    while ended().is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!(ended().unwrap().event, Event::Ended("the peer refused with alert 70".to_owned()));
}

#[tokio::test]
async fn every_defect_is_sent_and_signed() {
    let expected = [
        (Defect::UntrustedRoot, "unable to get local issuer certificate"),
        (Defect::IncompleteChain, "unable to get local issuer certificate"),
        (Defect::WrongHost, "hostname mismatch"),
        (Defect::Expired, "certificate has expired"),
        (Defect::SelfSigned, "self-signed certificate"),
    ];
    for (defect, reason) in expected {
        let fault = Fault { tls: Some(TlsFault::Certificate(defect)), ..Fault::default() };
        let running = start(&upstream(vec![fault])).await;
        let address = running.plan.real(UPSTREAM, 8531).unwrap();
        let root = running.trust.organisation_root.clone();
        let refused = beside(move || verified(address, UPSTREAM, &root).unwrap_err()).await;
        assert!(refused.contains(reason), "{defect:?}: {refused}");
        assert_eq!(signatures(&running), ["tls/certificate"]);
    }
}

#[tokio::test]
async fn a_defect_is_not_signed_where_no_chain_was_sent() {
    let fault = Fault { tls: Some(TlsFault::Certificate(Defect::Expired)), ..Fault::default() };
    let running = start(&upstream(vec![fault])).await;
    let address = running.plan.real(UPSTREAM, 8531).unwrap();
    beside(move || handshake(address, UPSTREAM, ONLY_1_0).unwrap_err()).await;
    assert!(!running.journal.signed());
}

#[tokio::test]
async fn two_faults_of_tls_go_together() {
    let expired = Fault { tls: Some(TlsFault::Certificate(Defect::Expired)), ..Fault::default() };
    let running = start(&upstream(vec![only_tls10(OldAnswer::Alert), expired])).await;
    let address = running.plan.real(UPSTREAM, 8531).unwrap();
    beside(move || handshake(address, UPSTREAM, ONLY_1_0).map(drop).unwrap()).await;
    assert_eq!(signatures(&running), ["tls/only-tls10", "tls/certificate"]);
}

#[tokio::test]
async fn a_fault_for_one_name_leaves_the_other_alone() {
    let when = When { host: Some("wsus01".to_owned()), ..When::default() };
    let tls = Some(TlsFault::Certificate(Defect::Expired));
    let running = start(&upstream(vec![Fault { when: Some(when), tls, ..Fault::default() }])).await;
    let address = running.plan.real(UPSTREAM, 8531).unwrap();
    beside(move || handshake(address, UPSTREAM, MODERN).map(drop).unwrap()).await;
    assert!(!running.journal.signed());
    beside(move || handshake(address, "wsus01", MODERN).map(drop).unwrap()).await;
    assert!(running.journal.signed());
}

#[tokio::test]
async fn microsoft_update_resets_a_handshake_that_it_cannot_accept() {
    let running = start(&microsoft_update(MicrosoftUpdate::default())).await;
    let address = running.plan.real("sws.update.microsoft.com", 443).unwrap();
    let refused = beside(move || handshake(address, "sws.update.microsoft.com", ONLY_1_0).unwrap_err()).await;
    assert!(refused.contains("reset"), "{refused}");
}

#[tokio::test]
async fn an_older_windows_speaks_no_tls_1_3() {
    let node = Upstream { version: "10.0.17763.2931".to_owned(), ..Upstream::default() };
    let running = start(&world("upstream", Node::Upstream(node))).await;
    let address = running.plan.real(UPSTREAM, 8531).unwrap();
    let (version, answer) = beside(move || {
        let mut stream = handshake(address, UPSTREAM, MODERN).unwrap();
        (stream.ssl().version_str(), ask(&mut stream, &get(UPSTREAM, "/")))
    })
    .await;
    assert_eq!((version, answer.starts_with("HTTP/1.1 403 Forbidden\r\n")), ("TLSv1.2", true));
}

fn only_tls10(answer: OldAnswer) -> Fault {
    Fault { on: Some("https".to_owned()), tls: Some(TlsFault::OnlyTls10(OnlyTls10 { answer })), ..Fault::default() }
}

#[tokio::test]
async fn a_key_that_is_too_short_for_rustls_is_served_all_the_same() {
    for (defect, offer, version, bits) in
        [(Defect::Rsa512, ONLY_1_2, "TLSv1.2", 512), (Defect::Rsa1024, MODERN, "TLSv1.3", 1024)]
    {
        let tls = Some(TlsFault::Certificate(defect));
        let running = start(&upstream(vec![Fault { tls, ..Fault::default() }])).await;
        let address = running.plan.real(UPSTREAM, 8531).unwrap();
        let seen = beside(move || {
            let mut stream = handshake(address, UPSTREAM, offer).unwrap();
            let key = stream.ssl().peer_certificate().unwrap().public_key().unwrap().bits();
            (stream.ssl().version_str(), key, ask(&mut stream, &get(UPSTREAM, "/")))
        });
        let (spoken, key, answer) = seen.await;
        assert_eq!((spoken, key), (version, bits));
        assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
        assert_eq!(signatures(&running), ["tls/certificate"]);
    }
}
