//! Tests only: what two verifiers that nobody here wrote make of a chain, at a fixed time and for a given host.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::time::Duration;

use openssl::stack::Stack;
use openssl::x509::store::{X509Store, X509StoreBuilder};
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use openssl::x509::{CrlStatus, X509, X509Crl, X509PurposeId, X509StoreContext, X509VerifyResult};
use rustls::client::ServerCertVerifierBuilder;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, ServerName, UnixTime};
use rustls::{CertificateError, RootCertStore};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::{Authority, Chain, KeyPool, Request};

/// The time of all worlds in these tests. Not today's: neither the crate nor its verifiers may look at a clock here.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

/// Issues the leaf in a world of its own and asks both verifiers about it, the subject's store
/// holding all roots of the world but the stranger's.
pub(crate) fn check(request: Request, host: &str, expected: &str) {
    let authority = Authority::mint_for([&request], NOW).unwrap();
    let chain = authority.issue(request, &KeyPool::default()).unwrap();
    let trust = authority.trust().unwrap();
    let mut roots = vec![trust.organisation_root.as_slice(), &trust.microsoft_root];
    roots.extend(trust.further_roots.values().map(Vec::as_slice));
    assert_eq!(judged(&chain, &roots, host), expected);
}

/// Issues the leaf in a world of its own and asks what OpenSSL reads in a certificate that is sent, the leaf being the first.
pub(crate) fn says(request: &Request, nth: usize, text: &str) {
    let read = read(request, nth);
    assert!(read.contains(text), "no {text:?} in {read}");
}

/// The contrary of [`says`].
pub(crate) fn does_not_say(request: &Request, nth: usize, text: &str) {
    let read = read(request, nth);
    assert!(!read.contains(text), "{text:?} in {read}");
}

fn read(request: &Request, nth: usize) -> String {
    let chain = Authority::mint_for([request], NOW).unwrap().issue(request.clone(), &KeyPool::default()).unwrap();
    let text = X509::from_der(&chain.certificates()[nth]).unwrap().to_text().unwrap();
    // One name to the line is easier to ask for.
    String::from_utf8(text).unwrap().replace(", DNS:", "\nDNS:")
}

/// As `openssl: ok · webpki: ok`, or each one's reason.
pub(crate) fn judged(chain: &Chain, roots: &[&[u8]], host: &str) -> String {
    format!("openssl: {} · webpki: {}", by_openssl(chain, roots, host), by_webpki(chain, roots, host))
}

/// Both verifiers' word on a revocation list that the subject has fetched. rust-openssl hands no list to the verifier of OpenSSL,
/// so OpenSSL is asked whether the issuer signed the list, and whether the leaf stands on it.
pub(crate) fn judged_with_list(chain: &Chain, root: &[u8], host: &str, list: &[u8]) -> String {
    let read = X509Crl::from_der(list).unwrap();
    let [leaf, issuer] = [0, 1].map(|nth: usize| X509::from_der(&chain.certificates()[nth]).unwrap());
    assert!(read.verify(&issuer.public_key().unwrap()).unwrap());
    let found = match read.get_by_cert(&leaf) {
        CrlStatus::Revoked(_) => "revoked",
        CrlStatus::NotRevoked => "ok",
        CrlStatus::RemoveFromCrl(_) => "removed",
    };
    let lists = [CertificateRevocationListDer::from(list.to_vec())];
    let verifier = verifier(&[root]).with_crls(lists).only_check_end_entity_revocation().build().unwrap();
    format!("openssl: {found} · webpki: {}", webpkis_word(&verifier, chain, host))
}

fn by_openssl(chain: &Chain, roots: &[&[u8]], host: &str) -> String {
    let leaf = X509::from_der(chain.leaf()).unwrap();
    let mut sent = Stack::new().unwrap();
    for der in &chain.certificates()[1..] {
        sent.push(X509::from_der(der).unwrap()).unwrap();
    }
    let mut context = X509StoreContext::new().unwrap();
    context
        .init(&store(roots, host), &leaf, &sent, |context| {
            let good = context.verify_cert()?;
            Ok(if good { "ok".to_owned() } else { reason(context.error(), context.error_depth()) })
        })
        .unwrap()
}

fn reason(error: X509VerifyResult, depth: u32) -> String {
    format!("{} {} at depth {depth}", error.as_raw(), error.error_string())
}

fn store(roots: &[&[u8]], host: &str) -> X509Store {
    let mut param = X509VerifyParam::new().unwrap();
    param.set_purpose(X509PurposeId::SSL_SERVER).unwrap();
    param.set_time(NOW.unix_timestamp());
    // By the letter of RFC 5280, as Python 3.13 asks; nothing weaker than 112 bits, as Debian's OpenSSL asks.
    param.set_flags(X509VerifyFlags::X509_STRICT).unwrap();
    param.set_auth_level(2);
    match host.parse() {
        Ok(address) => param.set_ip(address).unwrap(),
        Err(_) => param.set_host(host).unwrap(),
    }
    let mut store = X509StoreBuilder::new().unwrap();
    for root in roots {
        store.add_cert(X509::from_der(root).unwrap()).unwrap();
    }
    store.set_param(&param).unwrap();
    store.build()
}

fn by_webpki(chain: &Chain, roots: &[&[u8]], host: &str) -> String {
    webpkis_word(&verifier(roots).build().unwrap(), chain, host)
}

fn verifier(roots: &[&[u8]]) -> ServerCertVerifierBuilder {
    let mut store = RootCertStore::empty();
    for root in roots {
        store.add(CertificateDer::from(root.to_vec())).unwrap();
    }
    let provider = rustls::crypto::ring::default_provider().into();
    WebPkiServerVerifier::builder_with_provider(store.into(), provider)
}

fn webpkis_word(verifier: &WebPkiServerVerifier, chain: &Chain, host: &str) -> String {
    let now = UnixTime::since_unix_epoch(Duration::from_secs(NOW.unix_timestamp().unsigned_abs()));
    let sent = chain.to_rustls();
    let host = ServerName::try_from(host).unwrap();
    match verifier.verify_server_cert(&sent[0], &sent[1..], &host, &[], now) {
        Ok(_) => "ok".to_owned(),
        Err(rustls::Error::InvalidCertificate(error)) => in_words(&error),
        Err(other) => other.to_string(),
    }
}

fn in_words(error: &CertificateError) -> String {
    match error {
        CertificateError::ExpiredContext { .. } => "expired".to_owned(),
        CertificateError::NotValidYetContext { .. } => "not yet valid".to_owned(),
        CertificateError::InvalidPurposeContext { .. } => "wrong purpose".to_owned(),
        CertificateError::UnsupportedSignatureAlgorithmContext { .. } => "unsupported signature algorithm".to_owned(),
        CertificateError::NotValidForNameContext { .. } => "not valid for name".to_owned(),
        CertificateError::UnknownIssuer => "unknown issuer".to_owned(),
        CertificateError::Other(other) => other.to_string(),
        unexpected => format!("{unexpected:?}"),
    }
}
