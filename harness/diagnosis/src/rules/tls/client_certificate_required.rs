//! `tls/client-certificate-required`: the source insists on a certificate of the client, and WSUS has none.

use crate::evidence::{Ended, Evidence, HandshakeSeen, Purpose, TlsEnd};
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step};
use crate::subject::TlsVersion;
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "tls/client-certificate-required",
    title: "The source wants a certificate of the client, and WSUS has none",
    explanation: "In the handshake the source asks for a client certificate (CertificateRequest) and refuses who has none: alert 116 \
        (certificate_required), or 40 with older servers. A downstream server never presents one, so that this fails whatever its \
        stores hold. Reverse proxies and load balancers that do mutual TLS behave so; IIS itself completes the handshake and \
        answers 403 (403.7 in its log). A server that asks and does not insist does no harm. In TLS 1.3 the request is \
        encrypted and the handshake completes for the client; the alert is the first thing that comes after it, in place of an \
        answer to the first call.",
    modes: &["F-43"],
    guide: "2",
    citation: "RFC 5246, 7.4.4; RFC 8446, 4.4.2.4 and 6.2",
    appearances: &[
        Appearance::exception("The request was aborted: Could not create SSL/TLS secure channel.", Provenance::Derived),
        Appearance::event(
            "Event 36887 (Schannel, System log): a fatal alert was received, code 116 or 40",
            Provenance::Derived,
        ),
    ],
    first_check: "openssl s_client -connect {host}:{port} -tls1_2: does it print \"Acceptable client certificate CA names\" or \
        \"Requested Signature Algorithms\"?",
    remedy: &[
        Action::person(
            "On the source, or on the device in front of it: ask no certificate of clients on this port, or make an exception \
             for the paths of the WSUS services.",
        ),
        Action::cmd("netsh http show sslcert").before(
            "run it on the source where it is IIS: \"Negotiate Client Certificate\" should be disabled for this port",
        ),
    ],
    check,
};

/// The alerts with which a server refuses who shows no certificate, or none that it likes (RFC 8446, 6.2): 116, and before
/// that was invented 40 and those of certificates. Any other one may have had another reason.
const FOR_A_CERTIFICATE: [u8; 8] = [116, 40, 41, 42, 43, 46, 48, 49];

fn check(evidence: &Evidence) -> Outcome {
    let Some(handshake) = evidence.path_handshake() else { return Outcome::DoesNotApply };
    let Some((code, call)) = refusal(evidence, handshake.seen) else {
        return Outcome::ruled_out("the target did not refuse the handshake with an alert");
    };
    if !handshake.seen.asks_for_certificate {
        return Outcome::ruled_out("the target asked for no certificate of the client");
    }
    if !FOR_A_CERTIFICATE.contains(&code) {
        let want = format!(
            "the reason of alert {code}, which came after the target had asked for a certificate of the client"
        );
        return Outcome::cannot_tell(Step::Handshake, want, "the log of the source, or of the device in front of it");
    }
    let place = format!("{}:{}", safe(&handshake.observation.host), handshake.observation.port);
    let late = call.map_or("", |_| ", after the handshake as TLS 1.3 has it");
    let sentence =
        format!("{place} asks for a certificate of the client, gets none, and refuses with alert {code}{late}");
    Finding::blocks(Step::Handshake, sentence).resting_on([handshake.index]).resting_on(call).into()
}

/// The alert that ended the handshake, or came after one of TLS 1.3 in the place of the first answer, with its call.
fn refusal(evidence: &Evidence, handshake: &HandshakeSeen) -> Option<(u8, Option<usize>)> {
    match handshake.ended {
        TlsEnd::Alert(code) => Some((code, None)),
        TlsEnd::Completed if handshake.server_version == Some(TlsVersion::Tls13) => {
            let call = evidence.calls(Purpose::Path).next()?;
            match call.seen.exchange.ended {
                Ended::Alert(code) => Some((code, Some(call.index))),
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Ended, Evidence, HandshakeSeen, Seen, TlsEnd};
    use crate::path::Scheme;
    use crate::subject::TlsVersion;
    use crate::testing::*;

    fn refused(code: u8, asks_for_certificate: bool) -> Evidence {
        let Seen::Handshake(seen) = failed_handshake(TlsEnd::Alert(code), None) else { unreachable!() };
        https_upstream().stopped_by(Seen::Handshake(HandshakeSeen { asks_for_certificate, ..seen }))
    }

    #[test]
    fn who_asks_and_then_refuses_insists() {
        let expected = "blocks Handshake: up.contoso.com:8531 asks for a certificate of the client, gets none, and refuses with \
                        alert 116";
        check(&RULE, refused(116, true), expected);
        check(&RULE, refused(40, true), "blocks Handshake");
    }

    /// The handshake completes, and the first call gets an alert.
    fn refused_afterwards(version: TlsVersion, code: u8) -> Evidence {
        let Seen::Handshake(seen) = handshake(pki::chain(UPSTREAM)) else { unreachable!() };
        let server_version = Some(version);
        let asks = Seen::Handshake(HandshakeSeen { asks_for_certificate: true, server_version, ..seen });
        let Seen::Call(mut call) = no_answer("GetAuthConfig", Scheme::Https) else { unreachable!() };
        call.exchange.ended = Ended::Alert(code);
        https_upstream().instead(asks).stopped_by(Seen::Call(call))
    }

    #[test]
    fn in_tls_1_3_the_refusal_comes_in_the_place_of_an_answer() {
        let expected = "blocks Handshake: up.contoso.com:8531 asks for a certificate of the client, gets none, and refuses with \
                        alert 116, after the handshake as TLS 1.3 has it";
        check(&RULE, refused_afterwards(TlsVersion::Tls13, 116), expected);
        check(&RULE, refused_afterwards(TlsVersion::Tls13, 80), "cannot tell Handshake: the reason of alert 80");
        check(&RULE, refused_afterwards(TlsVersion::Tls12, 116), "ruled out");
    }

    #[test]
    fn a_refusal_without_the_question_is_another() {
        check(&RULE, refused(116, false), "ruled out");
    }

    #[test]
    fn an_alert_that_is_not_about_certificates_stays_open() {
        for code in [47, 50, 51, 80] {
            check(&RULE, refused(code, true), &format!("cannot tell Handshake: the reason of alert {code}"));
        }
    }

    #[test]
    fn who_asks_and_serves_all_the_same_does_no_harm() {
        let Seen::Handshake(seen) = handshake(pki::chain(UPSTREAM)) else { unreachable!() };
        let asks = Seen::Handshake(HandshakeSeen { asks_for_certificate: true, ..seen });
        check(&RULE, https_upstream().instead(asks), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
