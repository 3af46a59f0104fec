//! `tls/handshake-refused`: the target answers every ClientHello with a fatal alert.

use crate::evidence::{Evidence, Purpose, TlsEnd};
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step};
use crate::words::{list, safe};

pub(crate) const RULE: Rule = Rule {
    code: "tls/handshake-refused",
    title: "The source refuses every TLS handshake",
    explanation: "Whatever version and suites are offered, the source answers with a fatal alert. So it is not this server's policy: \
        a client that can do everything is refused as well. Mostly the source has no certificate that it could use for any \
        client (Schannel then sends alert 40 or 80), wants a certificate of the client (116), does not know the name (112), or \
        is broken. A filter that denies access says 49, and an inspecting device may pass on what it thinks of the origin's \
        chain (42, 46, 48); one that cannot read the ClientHello says 47 or 50. The number of the alert is the source's own word and only a hint; a server that refuses versions or suites \
        completes at least one handshake of the matrix.",
    modes: &["F-43"],
    guide: "2",
    citation: "RFC 8446, 6.2; field notes 1.6 and F-43",
    appearances: &[
        Appearance::exception("The request was aborted: Could not create SSL/TLS secure channel.", Provenance::Derived),
        Appearance::hresult("0x80090326", Provenance::Seen),
        Appearance::event("Event 36887 (Schannel, System log): a fatal alert was received", Provenance::Recalled),
    ],
    first_check: "the System log of the source (Schannel 36870, 36871, 36874, 36888), or the log of the device in front of it",
    remedy: &[
        Action::person(
            "On the source: select in the HTTPS binding of the WSUS site a server certificate whose private key is there and \
             readable, and that asks no certificate of the client.",
        ),
        Action::cmd("netsh http show sslcert")
            .before("run it on the source: is there a certificate for this port at all?"),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(handshake) = evidence.path_handshake() else { return Outcome::DoesNotApply };
    let TlsEnd::Alert(ours) = handshake.seen.ended else {
        return Outcome::ruled_out("the target did not refuse the handshake with an alert");
    };
    if handshake.seen.asks_for_certificate {
        return Outcome::ruled_out("the target refuses only after it has asked for a certificate of the client");
    }
    let alert = |end: &TlsEnd| if let TlsEnd::Alert(code) = end { Some(*code) } else { None };
    let cells: Vec<_> = evidence.handshakes(Purpose::TlsMatrix).collect();
    if cells.is_empty() {
        return Outcome::DoesNotApply;
    }
    if cells.iter().any(|cell| alert(&cell.seen.ended).is_none()) {
        return Outcome::ruled_out("not every offer is answered with an alert");
    }
    let mut codes: Vec<u8> = cells.iter().filter_map(|cell| alert(&cell.seen.ended)).chain([ours]).collect();
    codes.sort_unstable();
    codes.dedup();
    let said = list(codes.iter().map(|code| format!("alert {code} ({})", name(*code))));
    let other = evidence.handshakes(Purpose::NameMatrix).find(|other| other.seen.ended == TlsEnd::Completed);
    let named = other.as_ref().map_or_else(String::new, |other| {
        let name = other.seen.offer.server_name.as_ref().map_or("no name".to_owned(), |name| safe(name));
        format!("; for {name} it completes one, so it does not know the name {}", safe(&handshake.observation.host))
    });
    let sentence = format!("the target refuses every version with every suite: {said}{named}");
    let rests_on = [handshake.index].into_iter().chain(cells.iter().map(|cell| cell.index));
    Finding::blocks(Step::Handshake, sentence).resting_on(rests_on).resting_on(other.map(|other| other.index)).into()
}

/// What the specification calls an alert (RFC 8446, B.2).
fn name(code: u8) -> &'static str {
    match code {
        10 => "unexpected_message",
        40 => "handshake_failure",
        42 => "bad_certificate",
        43 => "unsupported_certificate",
        44 => "certificate_revoked",
        45 => "certificate_expired",
        46 => "certificate_unknown",
        47 => "illegal_parameter",
        48 => "unknown_ca",
        49 => "access_denied",
        50 => "decode_error",
        51 => "decrypt_error",
        70 => "protocol_version",
        71 => "insufficient_security",
        80 => "internal_error",
        86 => "inappropriate_fallback",
        90 => "user_canceled",
        109 => "missing_extension",
        110 => "unsupported_extension",
        112 => "unrecognized_name",
        113 => "bad_certificate_status_response",
        116 => "certificate_required",
        120 => "no_application_protocol",
        _ => "not assigned to anything that belongs here",
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Evidence, HandshakeSeen, Purpose, Seen, TlsEnd};
    use crate::subject::TlsVersion;
    use crate::testing::*;

    fn refused(code: u8) -> Evidence {
        let evidence = https_upstream().stopped_by(failed_handshake(TlsEnd::Alert(code), None));
        evidence.version_cells_ending(&TlsEnd::Alert(code))
    }

    #[test]
    fn an_alert_to_every_offer_is_the_sources_own_fault() {
        check(
            &RULE,
            refused(40),
            "blocks Handshake: the target refuses every version with every suite: alert 40 (handshake_failure)",
        );
    }

    #[test]
    fn a_name_that_is_not_known_is_said_to_be_that() {
        let other = handshake_for(None, TlsEnd::Completed);
        let evidence = refused(112).and(Purpose::NameMatrix, UPSTREAM, 8531, other);
        let said = said(&(RULE.check)(&evidence));
        assert!(said.ends_with("for no name it completes one, so it does not know the name up.contoso.com"), "{said}");
    }

    #[test]
    fn a_source_that_completes_one_version_refuses_ours_only() {
        let evidence = https_upstream().stopped_by(failed_handshake(TlsEnd::Alert(70), None));
        check(&RULE, evidence.clone(), "does not apply");
        check(&RULE, evidence.accepting(&[TlsVersion::Tls13]), "ruled out");
        check(&RULE, https_upstream().stopped_by(silent_handshake(TlsEnd::Reset)), "ruled out");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }

    #[test]
    fn who_asks_for_a_certificate_does_not_refuse_every_handshake() {
        let Seen::Handshake(seen) = failed_handshake(TlsEnd::Alert(116), None) else { unreachable!() };
        let asks = HandshakeSeen { asks_for_certificate: true, ..seen };
        let evidence = https_upstream().stopped_by(Seen::Handshake(asks));
        check(&RULE, evidence, "ruled out: the target refuses only after it has asked for a certificate of the client");
    }
}
