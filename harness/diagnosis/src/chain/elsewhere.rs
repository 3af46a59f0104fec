//! Where a browser or OpenSSL would judge otherwise than Windows: what a test with them would wrongly accuse, or excuse.

use super::{NameVerdict, Origin, Verdict};
use crate::words::list;

pub(super) fn remarks(verdict: &Verdict) -> Vec<String> {
    let mut remarks = Vec::new();
    let mut say = |when: bool, words: &str| {
        if when {
            remarks.push(words.to_owned());
        }
    };
    say(
        verdict.name == NameVerdict::MatchesByCommonName,
        "Windows falls back to the common name; browsers, Go and Java want a subject alternative name and refuse",
    );
    let from = |origin: Origin| verdict.links.iter().any(|link| link.origin == origin);
    say(
        from(Origin::Fetched),
        "Windows fetched the issuer that was not presented; OpenSSL, Java and Firefox fetch none and refuse",
    );
    say(
        from(Origin::CaStore),
        "Windows took an intermediate from its own store; OpenSSL and other machines do not have it and refuse",
    );
    say(
        !verdict.weaknesses.is_empty(),
        "Windows lets this strength pass below a private root; OpenSSL at its usual level and browsers refuse",
    );
    say(
        verdict.leaf().is_some_and(|leaf| leaf.may_sign_handshakes == Some(false)),
        "the key usage of the leaf lets it sign no handshake; Windows is not known to ask, OpenSSL (for ECDSA) and browsers do",
    );
    let superfluous = verdict.superfluous;
    let plural = if superfluous == 1 { "certificate is" } else { "certificates are" };
    say(
        0 < superfluous,
        &format!(
            "{superfluous} presented {plural} no part of it; Windows looks for its own way, older OpenSSL follows what is presented"
        ),
    );
    let revocation: Vec<&String> =
        verdict.leaf().into_iter().flat_map(|leaf| &leaf.revocation_locations).take(3).collect();
    if !revocation.is_empty() {
        remarks.push(format!(
            "a synchronization does not check revocation unless .NET is told to; certutil -verify -urlfetch does, at {}",
            list(revocation)
        ));
    }
    remarks
}
