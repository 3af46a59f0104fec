//! `tls/certificate-too-long`: the message with the certificates is longer than Schannel takes.

use crate::evidence::{Evidence, Purpose};
use crate::rule::{Action, Appearance, Audience, Effect, Finding, Outcome, Provenance, Rule, Step, remedies};

pub(crate) const RULE: Rule = Rule {
    code: "tls/certificate-too-long",
    title: "The certificates are longer than Windows takes",
    explanation: "A client on Windows takes handshake messages of at most 32 KiB (MessageLimitClient, 0x8000 by default), and the \
        source's certificates together are longer: mostly one certificate with thousands of names, or a whole store that was put \
        into the chain. Schannel gives up in the handshake (SEC_E_ILLEGAL_MESSAGE, 0x80090326), before any chain is judged. Others \
        stop elsewhere: Go and rustls at 64 KiB, OpenSSL at 100 KiB, browsers later, so that a test with them proves nothing.",
    modes: &["F-06"],
    guide: "5",
    citation: "Microsoft, TLS registry settings, Messaging - fragment parsing; RFC 8446, 4",
    appearances: &[
        Appearance::exception("The message received was unexpected or badly formatted", Provenance::Seen),
        Appearance::hresult("0x80090326", Provenance::Seen),
    ],
    first_check: "the number of names in the certificate that the source presents, and how many certificates it sends",
    remedy: &[
        Action::person(
            "On the source: bind a certificate with the names of that server alone, and send with it the intermediates that \
             signed it and nothing else.",
        )
        .only_for(Audience::Downstream),
        Action::cmd(
            "reg add HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Messaging \
             /v MessageLimitClient /t REG_DWORD /d 0x10000",
        )
        .that(Effect::AffectsOtherApplications)
        .before("the source cannot be changed, and its certificates are below 64 KiB, which is the most that Windows can be told"),
        remedies::REQUEST_AS_SERVICE,
    ],
    check,
};

/// `MessageLimitClient` where nobody has set it.
const LIMIT: u32 = 0x8000;

fn check(evidence: &Evidence) -> Outcome {
    let Some(handshake) = evidence.path_handshake() else { return Outcome::DoesNotApply };
    // TLS 1.3 hides the message; the same listener shows it to an older version offered alone.
    let cells = evidence.handshakes(Purpose::TlsMatrix);
    let mut seen = std::iter::once(handshake).chain(cells);
    let told = seen.find_map(|sight| sight.seen.certificate_message.map(|length| (sight.index, length)));
    let Some((shown_by, length)) = told else { return Outcome::DoesNotApply };
    if length <= LIMIT {
        return Outcome::ruled_out(format!(
            "the message with the certificates has {length} bytes, and Windows takes {LIMIT}"
        ));
    }
    let sentence = format!(
        "the message with the source's certificates has {length} bytes, and Windows takes no more than {LIMIT}"
    );
    Finding::blocks(Step::Handshake, sentence).resting_on([shown_by]).into()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Evidence, Purpose, Seen, TlsEnd};
    use crate::subject::TlsVersion;
    use crate::testing::*;

    fn of_length(seen: Seen, length: Option<u32>) -> Seen {
        let Seen::Handshake(mut handshake) = seen else { unreachable!() };
        handshake.certificate_message = length;
        Seen::Handshake(handshake)
    }

    fn completed(length: Option<u32>) -> Evidence {
        https_upstream().instead(of_length(handshake(pki::chain(UPSTREAM)), length))
    }

    #[test]
    fn more_than_windows_takes_is_the_cause_whether_the_examiner_took_it_or_not() {
        let expected = "blocks Handshake: the message with the source's certificates has 32769 bytes, and Windows takes no more \
            than 32768";
        check(&RULE, completed(Some(0x8001)), expected);
        let failed = failed_handshake(TlsEnd::Other("excessive message size".to_owned()), None);
        check(&RULE, https_upstream().stopped_by(of_length(failed, Some(240_000))), "blocks Handshake: the message");
    }

    #[test]
    fn in_tls_1_3_an_older_version_offered_alone_shows_the_length() {
        let cell = of_length(version_cell(TlsVersion::Tls12, false), Some(240_000));
        let failed = failed_handshake(TlsEnd::Other("excessive message size".to_owned()), None);
        let evidence = https_upstream().stopped_by(failed).and(Purpose::TlsMatrix, UPSTREAM, 8531, cell);
        check(&RULE, evidence, "blocks Handshake: the message with the source's certificates has 240000 bytes");
    }

    #[test]
    fn what_windows_takes_is_not_accused() {
        check(&RULE, completed(Some(0x8000)), "ruled out: the message with the certificates has 32768 bytes");
        check(&RULE, completed(None), "does not apply");
        check(&RULE, http_upstream(), "does not apply");
    }
}
