//! What is looked at around a handshake: suites, names, the import's own offer, and issuers that were not presented.

use openssl::ssl::SslContextBuilder;
use openssl::x509::X509;

use super::lab::Lab;
use super::story::story;
use crate::chain::Trust;
use crate::evidence::{Purpose, TlsEnd};
use crate::path::Scheme;
use crate::scripted_peer::{self, answer, answer_requests};
use crate::subject::{Stores, TlsFacts, TlsVersion};
use crate::testing::pki;

/// A listener of OpenSSL; `cut` says at which ClientHello it resets.
fn listener(adjust: fn(&mut SslContextBuilder), cut: fn(&[u8]) -> bool) -> std::net::SocketAddr {
    let acceptor = scripted_peer::acceptor(adjust);
    scripted_peer::each(move |stream, _| {
        let mut hello = [0; 4096];
        let length = stream.peek(&mut hello).unwrap_or(0);
        if !cut(&hello[..length]) {
            let _ = acceptor.accept(stream).map(|stream| answer_requests(stream, |_| None));
        }
    })
}

fn names_the_upstream(hello: &[u8]) -> bool {
    String::from_utf8_lossy(hello).contains("up.contoso.com")
}

fn https(real: std::net::SocketAddr) -> Lab {
    let mut lab = Lab::upstream(Scheme::Https, 8531).at(8531, real);
    lab.offer_only_tls_1_2();
    lab
}

#[test]
fn the_suites_of_a_policy_are_offered_and_then_those_of_the_listener_found_out() {
    let only = |builder: &mut SslContextBuilder| {
        builder.set_cipher_list("ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0").unwrap();
        builder.set_max_proto_version(Some(openssl::ssl::SslVersion::TLS1_2)).unwrap();
    };
    let mut lab = https(listener(only, |_| false));
    let suites = ["TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384_P384"].map(str::to_owned);
    lab.subject.host.tls.as_mut().unwrap().suites = Some(suites.to_vec());
    let evidence = lab.examine().unwrap();
    let story = story(&evidence);
    let expected = [
        "path handshake subject 1.2 2 suites: alert 40",
        "tls-matrix handshake everything 1.0: alert 40",
        "tls-matrix handshake everything 1.1: alert 40",
        "tls-matrix handshake everything 1.2: completed",
        "tls-matrix handshake everything 1.3: alert 70",
        "again handshake subject 1.2 2 suites: alert 40",
        "tls-matrix handshake everything 1.2 34 suites: completed",
        "tls-matrix handshake everything 1.2 33 suites: completed",
        "tls-matrix handshake everything 1.2 32 suites: alert 40",
    ];
    assert_eq!(story[2..11], expected, "{story:#?}");
    let accepted = ["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"];
    assert_eq!(evidence.accepted_suites(), accepted);
    assert_eq!(crate::conclude(&evidence).cause, "tls/no-common-cipher");
}

#[test]
fn a_policy_without_a_usable_suite_sends_nothing() {
    let mut lab = https(listener(|_| {}, |_| false));
    lab.subject.host.tls.as_mut().unwrap().suites = Some(vec!["TLS_AES_128_GCM_SHA256".to_owned()]);
    let evidence = lab.examine().unwrap();
    assert_eq!(evidence.path_handshake().unwrap().seen.bytes_received, 0);
    assert_eq!(crate::conclude(&evidence).cause, "tls/no-common-cipher");
}

#[test]
fn an_offer_that_fails_once_is_made_again() {
    let acceptor = scripted_peer::acceptor(|_| {});
    let peer = scripted_peer::each(move |stream, nth| {
        // The first connection is cut.
        if 0 < nth {
            let _ = acceptor.accept(stream).map(|stream| answer_requests(stream, |_| None));
        }
    });
    let evidence = https(peer).examine().unwrap();
    let again = evidence.handshakes(Purpose::Again).next().unwrap();
    assert_eq!(
        (&again.seen.offer, &again.seen.ended),
        (&evidence.path_handshake().unwrap().seen.offer, &TlsEnd::Completed)
    );
    let diagnosis = crate::conclude(&evidence);
    assert_eq!(diagnosis.cause, "undetermined");
    assert!(
        diagnosis.sentence.contains("the same offer was accepted when it was made again"),
        "{}",
        diagnosis.sentence
    );
}

#[test]
fn versions_that_are_refused_together_are_offered_with_all_suites() {
    let only = |builder: &mut SslContextBuilder| {
        builder.set_max_proto_version(Some(openssl::ssl::SslVersion::TLS1_2)).unwrap();
    };
    // A version of TLS 1.3 among those that are offered.
    let is_new = |hello: &[u8]| hello.windows(2).any(|bytes| bytes == [3, 4]);
    let mut lab = Lab::upstream(Scheme::Https, 8531).at(8531, listener(only, is_new));
    let tls = lab.subject.host.tls.get_or_insert_default();
    tls.protocols = Some(vec![TlsVersion::Tls12, TlsVersion::Tls13]);
    let story = story(&lab.examine().unwrap());
    assert!(story.contains(&"tls-matrix handshake everything 1.2 1.3: reset".to_owned()), "{story:#?}");
}

#[test]
fn a_name_that_is_cut_is_told_by_another_name() {
    let evidence = https(listener(|_| {}, names_the_upstream)).examine().unwrap();
    let others: Vec<_> = evidence.handshakes(Purpose::NameMatrix).collect();
    assert_eq!(others.len(), 2);
    assert_eq!(crate::conclude(&evidence).cause, "tcp/reset-on-server-name");
}

#[test]
fn a_listener_that_hangs_up_on_everybody_is_asked_by_every_name() {
    let evidence = https(listener(|_| {}, |_| true)).examine().unwrap();
    assert_eq!(evidence.handshakes(Purpose::NameMatrix).count(), 2);
    assert_eq!(crate::conclude(&evidence).cause, "tls/no-certificate");
}

#[test]
fn a_listener_that_answers_everybody_with_an_alert_refuses_them() {
    let alert = vec![21, 3, 3, 0, 2, 2, 80];
    let refuses = scripted_peer::listener(vec![
        scripted_peer::Act::Read,
        scripted_peer::Act::Send(alert),
        scripted_peer::Act::Silence,
    ]);
    assert_eq!(crate::conclude(&https(refuses).examine().unwrap()).cause, "tls/handshake-refused");
}

#[test]
fn a_listener_of_tls_1_3_alone_fails_server_2019_and_leaves_server_2022_open() {
    let newest = |builder: &mut SslContextBuilder| {
        builder.set_min_proto_version(Some(openssl::ssl::SslVersion::TLS1_3)).unwrap();
    };
    let mut lab = https(listener(newest, |_| false));
    for (version, cause) in [("10.0.17763.2931", "tls/server-requires-tls13"), ("10.0.20348.2227", "undetermined")] {
        lab.subject.host.wsus_version = Some(version.to_owned());
        assert_eq!(crate::conclude(&lab.examine().unwrap()).cause, cause, "{version}");
    }
}

#[test]
fn the_import_is_tried_with_what_net_offers_of_old() {
    let mut lab = Lab::microsoft_update("sws.update.microsoft.com", "198.18.1.1");
    let modern = |builder: &mut SslContextBuilder| {
        builder.set_min_proto_version(Some(openssl::ssl::SslVersion::TLS1_2)).unwrap();
    };
    lab.listen("198.18.1.1", 443, listener(modern, |_| false));
    for (protocols, expected) in [
        (vec![TlsVersion::Tls10, TlsVersion::Tls12], "import-path handshake import 1.0: alert 70"),
        (vec![TlsVersion::Tls12], "import-path handshake import: other"),
    ] {
        let (protocols, sch_use_strong_crypto) = (Some(protocols), Some(false));
        lab.subject.host.tls = Some(TlsFacts { protocols, sch_use_strong_crypto, ..TlsFacts::default() });
        let story = story(&lab.examine().unwrap());
        assert_eq!(story.last().map(String::as_str), Some(expected), "{story:#?}");
    }
}

#[test]
fn an_issuer_that_was_not_presented_is_fetched_from_where_the_leaf_says() {
    let leaf = pki::pointing_leaf();
    let (key, certificate) = (leaf.key.clone(), X509::from_der(&leaf.der.0).unwrap());
    let acceptor = scripted_peer::acceptor(|builder| {
        builder.set_certificate(&certificate).unwrap();
        builder.set_private_key(&key).unwrap();
    });
    let upstream = scripted_peer::each(move |stream, _| {
        let _ = acceptor.accept(stream).map(|stream| answer_requests(stream, |_| None));
    });
    let place = scripted_peer::each(|stream, _| {
        let der = pki::intermediate().der.0.clone();
        let head = answer("200 OK", "application/pkix-cert", "");
        let head =
            String::from_utf8_lossy(&head).replace("Content-Length: 0", &format!("Content-Length: {}", der.len()));
        answer_requests(stream, |_| Some([head.as_bytes(), &der].concat()));
    });
    let mut lab = https(upstream);
    let root = Some(vec![pki::root().der.clone()]);
    lab.subject.host.stores = Some(Stores { root, ca: Some(Vec::new()), user_root: None });
    lab.name("pki.contoso.com", 80, "10.87.0.20");
    assert!(matches!(lab.examine().unwrap().chain_verdict().unwrap().1.trust, Trust::Partial { .. }));
    lab.listen("10.87.0.20", 80, place);
    let evidence = lab.examine().unwrap();
    assert_eq!(evidence.fetches().count(), 1, "{:#?}", story(&evidence));
    let (_, verdict) = evidence.chain_verdict().unwrap();
    assert!(verdict.trust == Trust::Trusted && verdict.needs_fetching(), "{:#?}", verdict.drawing());
}
