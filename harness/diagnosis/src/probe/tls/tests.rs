//! Servers of every kind of bad manners, and OpenSSL's own server for the good ones.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

use openssl::ssl::SslContextBuilder;

use super::*;
use crate::scripted_peer::{self, Act, answer};

#[test]
fn a_listener_that_refuses_with_an_alert_is_told_from_one_that_only_leaves() {
    check(vec![Act::Read, Act::Send(vec![21, 3, 3, 0, 2, 2, 70]), Act::Reset], TlsEnd::Alert(70));
    check(vec![Act::Read, Act::Reset], TlsEnd::Reset);
    check(vec![Act::ReadUntil("up.contoso.com"), Act::Pause(20), Act::Reset], TlsEnd::Reset);
    let silent = scripted_peer::listener(vec![Act::Silence]);
    let seen = see_within(silent, &TlsVersion::ALL, Duration::from_millis(200));
    assert_eq!(seen.ended, TlsEnd::TimedOut);
}

#[test]
fn fin_without_a_record_is_closed() {
    let address = scripted_peer::each(|mut stream, _| {
        // Everything must be read, or the kernel would send RST.
        let mut hello = [0; 16 * 1024];
        let _ = std::io::Read::read(&mut stream, &mut hello);
    });
    assert_eq!(see(address, &TlsVersion::ALL).ended, TlsEnd::Closed);
}

#[test]
fn a_port_that_speaks_http_or_nonsense_is_not_tls() {
    check(
        vec![Act::Read, Act::Send(answer("400 Bad Request", "text/html", "Bad Request")), Act::Silence],
        TlsEnd::NotTls,
    );
    check(vec![Act::Read, Act::Send(b"220 smtp.contoso.com\r\n".to_vec()), Act::Silence], TlsEnd::NotTls);
}

#[test]
fn the_first_bytes_are_kept_raw() {
    let seen = see(
        scripted_peer::listener(vec![Act::Read, Act::Send(vec![21, 3, 3, 0, 2, 2, 40]), Act::Silence]),
        &TlsVersion::ALL,
    );
    assert_eq!((seen.first_bytes.as_str(), seen.bytes_received), ("15030300020228", 7));
}

#[test]
fn every_version_can_be_asked_for_alone() {
    let server = server(|_| {});
    for version in TlsVersion::ALL {
        let seen = see(server, &[version]);
        assert_eq!((seen.ended, seen.server_version), (TlsEnd::Completed, Some(version)));
        assert_eq!(seen.chain.len(), 1);
        assert!(seen.suite.unwrap().starts_with("TLS_"));
    }
}

#[test]
fn a_request_for_a_certificate_is_seen_in_every_version() {
    let asks = server(|context| {
        context.set_verify_callback(openssl::ssl::SslVerifyMode::PEER, |_, _| true);
    });
    let asks_not = server(|_| {});
    for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
        let seen = |address| see(address, &[version]).asks_for_certificate;
        assert_eq!((seen(asks), seen(asks_not)), (true, false), "{version}");
    }
}

#[test]
fn an_old_server_says_alert_70_to_a_newer_client() {
    let server = server(|context| context.set_max_proto_version(Some(SslVersion::TLS1)).unwrap());
    assert_eq!(see(server, &[TlsVersion::Tls12, TlsVersion::Tls13]).ended, TlsEnd::Alert(70));
    assert_eq!(see(server, &TlsVersion::ALL).server_version, Some(TlsVersion::Tls10));
}

#[test]
fn a_server_hello_of_a_version_that_was_not_offered_is_seen_as_such() {
    let hello = [&[22, 3, 1, 0, 45, 2, 0, 0, 41, 3, 1][..], &[7; 32], &[0, 0, 0x2f, 0, 0, 0, 0]].concat();
    let address = scripted_peer::listener(vec![Act::Read, Act::Send(hello), Act::Silence]);
    let seen = see(address, &[TlsVersion::Tls12]);
    assert_eq!((seen.ended, seen.server_version), (TlsEnd::VersionNotOffered, Some(TlsVersion::Tls10)));
}

#[test]
fn a_hole_in_the_policy_is_refused_when_the_server_picks_it() {
    let server = server(|context| context.set_max_proto_version(Some(SslVersion::TLS1_1)).unwrap());
    let seen = see(server, &[TlsVersion::Tls10, TlsVersion::Tls12]);
    assert_eq!((seen.ended, seen.server_version), (TlsEnd::VersionNotOffered, Some(TlsVersion::Tls11)));
}

#[test]
fn a_policy_without_any_version_sends_nothing() {
    let seen = see(scripted_peer::listener(vec![Act::Silence]), &[]);
    assert_eq!(seen.ended, TlsEnd::Other("no version of TLS is allowed, so nothing was sent".to_owned()));
}

#[test]
fn an_address_is_not_sent_as_server_name() {
    assert_eq!(offer("10.87.0.10", Profile::Everything, &TlsVersion::ALL).server_name, None);
    assert_eq!(offer("up", Profile::Everything, &TlsVersion::ALL).server_name, Some("up".to_owned()));
}

fn check(acts: Vec<Act>, ended: TlsEnd) {
    assert_eq!(see(scripted_peer::listener(acts), &TlsVersion::ALL).ended, ended);
}

fn see(address: SocketAddr, versions: &[TlsVersion]) -> HandshakeSeen {
    see_within(address, versions, Duration::from_secs(10))
}

fn see_within(address: SocketAddr, versions: &[TlsVersion], limit: Duration) -> HandshakeSeen {
    let stream = Watched::new(TcpStream::connect(address).unwrap(), Instant::now());
    let offer = offer("up.contoso.com", Profile::Everything, versions);
    shake(stream, &offer, limit).unwrap().0
}

fn server(adjust: impl Fn(&mut SslContextBuilder)) -> SocketAddr {
    let acceptor = scripted_peer::acceptor(adjust);
    scripted_peer::each(move |stream, _| {
        let _ = acceptor.accept(stream).map(|mut stream| stream.ssl_read(&mut [0]));
    })
}
