//! Where a browser or OpenSSL would judge otherwise than Windows: what a test with them would wrongly accuse, or excuse.

use super::{Certificate, NameVerdict, Origin, Status, Verdict};
use crate::words::list;

/// What holds, and what others make of it.
type Remark = (fn(&Verdict) -> bool, &'static str);

const REMARKS: [Remark; 12] = [
    (
        |verdict| verdict.name == NameVerdict::MatchesByCommonName,
        "Windows falls back to the common name; browsers, Go and Java want a subject alternative name and refuse",
    ),
    (
        |verdict| matches!(verdict.name, NameVerdict::Unclear { .. }),
        "clients read this name differently: browsers and Go refuse it, OpenSSL takes a wildcard within a label and no other oddity",
    ),
    (
        |verdict| comes_from(verdict, Origin::Fetched),
        "Windows fetched the issuer that was not presented; OpenSSL, Java and Firefox fetch none and refuse",
    ),
    (
        |verdict| comes_from(verdict, Origin::CaStore),
        "Windows took an intermediate from its own store; OpenSSL and other machines do not have it and refuse",
    ),
    (
        |verdict| !verdict.weaknesses.is_empty(),
        "Windows lets this strength pass below a private root; OpenSSL at its usual level and browsers refuse",
    ),
    (
        |verdict| of_leaf(verdict, |leaf| leaf.may_sign_handshakes == Some(false)),
        "the key usage of the leaf lets it sign no handshake; Windows is not known to ask, OpenSSL (for ECDSA) and browsers do",
    ),
    (
        |verdict| of_leaf(verdict, |leaf| leaf.for_anything_in_one_word),
        "Windows takes the purpose \"any\" for servers too; OpenSSL and others want server authentication by name and refuse",
    ),
    (
        |verdict| verdict.misordered,
        "the certificates are not presented in the order of the chain; Windows sorts them, some older clients do not and refuse",
    ),
    (
        |verdict| FEW_AUTHORITIES < verdict.links.len().saturating_sub(2),
        "Windows and OpenSSL follow so long a chain; others stop after a few authorities (rustls after six) and refuse",
    ),
    (
        |verdict| verdict.having(Status::Expired).any(|problem| is_anchor(verdict, problem.link)),
        "Windows and OpenSSL look at the dates of a trust anchor; rustls and Java take its name and key only, and accept",
    ),
    (
        |verdict| verdict.having(Status::UnusableKey).next().is_some(),
        "OpenSSL, and what is built on it, use such keys; Schannel and browsers do not",
    ),
    (
        |verdict| verdict.having(Status::UntrustedRoot).next().is_some(),
        "another machine, or another account of this one, may hold that certificate in its own store and accept",
    ),
];

/// More authorities between leaf and root are too many for some.
const FEW_AUTHORITIES: usize = 6;

pub(super) fn remarks(verdict: &Verdict) -> Vec<String> {
    let fixed = REMARKS.iter().filter(|(holds, _)| holds(verdict)).map(|(_, words)| (*words).to_owned());
    fixed.chain(superfluous(verdict)).chain(revocation(verdict)).collect()
}

fn superfluous(verdict: &Verdict) -> Option<String> {
    let count = verdict.superfluous;
    let plural = if count == 1 { "certificate is" } else { "certificates are" };
    (0 < count).then(|| {
        format!(
            "{count} presented {plural} no part of it; Windows looks for its own way, older OpenSSL follows what is presented"
        )
    })
}

fn revocation(verdict: &Verdict) -> Option<String> {
    let places: Vec<&String> = verdict.leaf().into_iter().flat_map(|leaf| &leaf.revocation_locations).take(3).collect();
    (!places.is_empty()).then(|| {
        format!(
            "a synchronization does not check revocation unless .NET is told to; certutil -verify -urlfetch does, at {}",
            list(places)
        )
    })
}

fn comes_from(verdict: &Verdict, origin: Origin) -> bool {
    verdict.links.iter().any(|link| link.origin == origin)
}

fn of_leaf(verdict: &Verdict, holds: fn(&Certificate) -> bool) -> bool {
    verdict.leaf().is_some_and(holds)
}

fn is_anchor(verdict: &Verdict, link: usize) -> bool {
    verdict.links.get(link).is_some_and(|link| link.origin == Origin::RootStore)
}
