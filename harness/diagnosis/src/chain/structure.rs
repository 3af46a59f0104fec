//! What is wrong with the links of a chain whatever the clock says: usage, constraints, keys and signatures, as CryptoAPI
//! sees them (RFC 5280, 6.1).

use super::{Digest, Key, Link, Origin, Problem, Status};

/// Windows refuses RSA keys below this (KB2661254).
const SHORTEST_RSA: usize = 1024;
/// Others refuse RSA keys below this.
const USUAL_RSA: usize = 2048;

/// What Windows objects to.
pub(super) fn problems(links: &[Link]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for at in 0..links.len() {
        problems.extend(usage(links, at));
        problems.extend(key(links, at));
        if 0 < at {
            problems.extend(authority(links, at));
        }
        let unknown = links[at].certificate.unknown_critical.first();
        problems.extend(unknown.map(|oid| {
            Problem::of(Status::UnknownCritical, at, format!("its critical extension {oid} is known to nobody"))
        }));
    }
    problems
}

/// RSA keys that Windows lets pass and others do not.
pub(super) fn short_keys(links: &[Link]) -> Vec<Problem> {
    let short = links.iter().enumerate().filter_map(|(at, link)| match link.certificate.key {
        Key::Rsa(bits @ SHORTEST_RSA..USUAL_RSA) => Some((at, bits)),
        _ => None,
    });
    short
        .map(|(at, bits)| Problem::of(Status::WeakSignature, at, format!("its RSA key has {bits} bits only")))
        .collect()
}

/// Signatures that Windows refuses below Microsoft's roots only. Nobody asks for that of a root: it is trusted by itself.
pub(super) fn weak_signatures(links: &[Link]) -> Vec<Problem> {
    let issued = links.iter().enumerate().filter(|(_, link)| !link.certificate.is_self_issued());
    let weak = issued.filter_map(|(at, link)| match link.certificate.digest {
        Digest::Md5 => Some((at, "MD5")),
        Digest::Sha1 => Some((at, "SHA-1")),
        Digest::Other => None,
    });
    weak.map(|(at, digest)| Problem::of(Status::WeakSignature, at, format!("it is signed over {digest}"))).collect()
}

fn usage(links: &[Link], at: usize) -> Option<Problem> {
    // The usages of a trust anchor are those that the store gives it.
    let refused = links[at].certificate.for_servers == Some(false) && links[at].origin != Origin::RootStore;
    let words = "its extended key usage does not hold server authentication (1.3.6.1.5.5.7.3.1)";
    refused.then(|| Problem::of(Status::WrongUsage, at, words))
}

fn key(links: &[Link], at: usize) -> Option<Problem> {
    match links[at].certificate.key {
        Key::Edwards => {
            let words = "its key is of a kind (Ed25519 or Ed448) that Windows cannot use in certificates";
            Some(Problem::of(Status::UnusableKey, at, words))
        }
        Key::Rsa(bits) if bits < SHORTEST_RSA => Some(Problem::of(
            Status::WeakSignature,
            at,
            format!("its RSA key has {bits} bits, and Windows refuses less than 1024"),
        )),
        _ => None,
    }
}

/// What an authority must be to stand above another certificate.
fn authority(links: &[Link], at: usize) -> Vec<Problem> {
    let certificate = &links[at].certificate;
    let anchor = links[at].origin == Origin::RootStore;
    let mut problems = Vec::new();
    if certificate.authority != Some(true) && !(anchor && certificate.authority.is_none()) {
        let words = "it issued a certificate and is no authority (basic constraints)";
        problems.push(Problem::of(Status::BasicConstraints, at, words));
    }
    let between = links[1..at].iter().filter(|link| !link.certificate.is_self_issued()).count();
    if certificate.path_length.is_some_and(|most| usize::try_from(most).unwrap_or(usize::MAX) < between) {
        let words = format!("more authorities stand below it ({between}) than its path length allows");
        problems.push(Problem::of(Status::BasicConstraints, at, words));
    }
    if certificate.may_sign_certificates == Some(false) {
        let words = "its key usage does not let it sign certificates";
        problems.push(Problem::of(Status::MayNotSign, at, words));
    }
    if let Some(constraints) = &certificate.constraints {
        let below = links[..at].iter().enumerate().filter(|(at, link)| *at == 0 || !link.certificate.is_self_issued());
        let forbidden = below.filter_map(|(_, link)| constraints.forbid(&link.certificate)).next();
        problems.extend(forbidden.map(|name| {
            Problem::of(Status::NameConstraints, at, format!("its name constraints forbid {name} below it"))
        }));
    }
    problems
}
