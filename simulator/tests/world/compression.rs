//! gzip: for whoever asks for it, and only where the upstream offers it.

use simulator::fault::Fault;
use simulator::fault::http::HttpFault;
use simulator::world::{Node, Upstream};

use crate::client::{SYNC, UPSTREAM, ask, beside, dial, signatures, start, world};

/// The value of `Content-Encoding` in the answer to a GET with that `Accept-Encoding`, and what was signed.
async fn coding(upstream: Upstream, accepted: &'static str) -> (Option<String>, Vec<String>) {
    let running = start(&world("upstream", Node::Upstream(upstream))).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let request =
        format!("GET {SYNC} HTTP/1.1\r\nHost: wsus01:8530\r\nAccept-Encoding: {accepted}\r\nConnection: close\r\n\r\n");
    let answer = beside(move || ask(&mut dial(address), &request)).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let coding = answer.lines().find_map(|line| line.strip_prefix("Content-Encoding: "));
    (coding.map(str::to_owned), signatures(&running))
}

#[tokio::test]
async fn a_usual_upstream_offers_no_gzip() {
    assert_eq!(coding(Upstream::default(), "gzip, deflate").await, (None, Vec::new()));
}

#[tokio::test]
async fn one_with_dynamic_compression_gives_it_to_who_asks() {
    let upstream = || Upstream { dynamic_compression: true, ..Upstream::default() };
    for (accepted, expected) in
        [("gzip, deflate", Some("gzip")), ("xpress", None), ("gzip;q=0", None), ("GZIP", Some("gzip"))]
    {
        let expected = expected.map(str::to_owned);
        assert_eq!(coding(upstream(), accepted).await, (expected, Vec::new()), "{accepted}");
    }
}

#[tokio::test]
async fn a_device_that_compresses_for_everybody_is_signed() {
    let faults = vec![Fault { http: Some(HttpFault::GzipUnasked {}), ..Fault::default() }];
    let upstream = Upstream { faults, ..Upstream::default() };
    let expected = (Some("gzip".to_owned()), vec!["http/gzip-unasked".to_owned()]);
    assert_eq!(coding(upstream, "identity").await, expected);
}
