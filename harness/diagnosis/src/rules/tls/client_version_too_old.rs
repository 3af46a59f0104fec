//! `tls/client-version-too-old`: the target wants a newer version of TLS than this server offers.

use crate::evidence::{Evidence, TlsEnd};
use crate::rule::{Action, Appearance, Effect, Finding, Outcome, Provenance, Rule, Step};
use crate::subject::TlsVersion;
use crate::words::list;

pub(crate) const RULE: Rule = Rule {
    code: "tls/client-version-too-old",
    title: "This server offers only TLS 1.0 or 1.1, and the source wants TLS 1.2",
    explanation: "An unpatched WSUS on Windows Server 2012 or 2012 R2, or a policy, offers TLS 1.0 or 1.1 at most. Microsoft Update \
        answers such a ClientHello with a reset and no alert; IIS and others send alert 70 (protocol_version) or reset as \
        well. The exception is the same as for suites that do not fit and for a firewall that cuts the connection, so the \
        version matrix decides: a newer version completes at the same listener, and none of this server's own does. On a \
        server that can do TLS 1.2, SoftwareDistribution.log has SCHANNEL lines at the start of the service; their absence is \
        the mark of the missing update.",
    modes: &["F-03"],
    guide: "2",
    citation: "RFC 8446, 4.2.1; RFC 8996; field note F-03; guide, section 2",
    appearances: &[
        Appearance::exception(
            "The underlying connection was closed: An unexpected error occurred on a send. ---> System.IO.IOException: Unable to read data from the transport connection: An existing connection was forcibly closed by the remote host.",
            Provenance::Seen,
        ),
        Appearance::exception("The request was aborted: Could not create SSL/TLS secure channel.", Provenance::Derived),
        Appearance::log(
            "ProcessWebServiceProxyException found Exception was WebException. Action: Retry.",
            Provenance::Seen,
        ),
        Appearance::hresult("0x80072EFE", Provenance::Recalled),
    ],
    first_check: "the SCHANNEL lines in SoftwareDistribution.log after a start of the service; none means that the update is missing",
    remedy: &[
        Action::person(
            "Install the latest monthly rollup on this server (Windows Server 2012 needs KB4022721, 2012 R2 KB4022720, or any \
             later one) and restart it.",
        ),
        Action::cmd("iisreset").that(Effect::AffectsOtherApplications),
        Action::windows_powershell("Restart-Service WsusService").that(Effect::RestartsIis),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(handshake) = evidence.path_handshake() else { return Outcome::DoesNotApply };
    if handshake.seen.ended == TlsEnd::Completed {
        return Outcome::ruled_out("the target accepts a version that this server offers");
    }
    let Some(offered @ [.., newest]) = evidence.subject_protocols() else { return Outcome::DoesNotApply };
    let accepted: Vec<(TlsVersion, usize)> = evidence
        .version_cells()
        .filter(|(_, cell)| cell.seen.ended == TlsEnd::Completed)
        .map(|(version, cell)| (version, cell.index))
        .collect();
    let Some(oldest) = accepted.iter().map(|(version, _)| *version).min() else {
        return Outcome::ruled_out("the target completes a handshake in no version that was tried");
    };
    if oldest <= *newest {
        return Outcome::ruled_out(format!("the target accepts {oldest}, and this server offers {newest}"));
    }
    if oldest == TlsVersion::Tls13 {
        return Outcome::ruled_out("the target wants TLS 1.3 and nothing older, which is a matter of its own");
    }
    let sentence = format!(
        "this server offers {} at most, and the target accepts {}",
        list(offered),
        list(accepted.iter().map(|(version, _)| version))
    );
    let rests_on = [handshake.index].into_iter().chain(accepted.iter().map(|(_, index)| *index));
    Finding::blocks(Step::Handshake, sentence).resting_on(rests_on).into()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Evidence, TlsEnd};
    use crate::subject::TlsVersion;
    use crate::testing::*;

    fn old_client(ended: TlsEnd, accepted: &[TlsVersion]) -> Evidence {
        let evidence = microsoft_update().protocols(&[TlsVersion::Tls10]).stopped_by(silent_handshake(ended));
        evidence.accepting(accepted)
    }

    #[test]
    fn a_newer_version_that_completes_where_ours_does_not_is_the_cause() {
        let expected =
            "blocks Handshake: this server offers TLS 1.0 at most, and the target accepts TLS 1.2 and TLS 1.3";
        for ended in [TlsEnd::Reset, TlsEnd::Alert(70), TlsEnd::Closed, TlsEnd::Alert(40)] {
            check(&RULE, old_client(ended, &[TlsVersion::Tls12, TlsVersion::Tls13]), expected);
        }
    }

    #[test]
    fn a_source_that_takes_the_version_or_none_at_all_is_another_matter() {
        check(&RULE, old_client(TlsEnd::Alert(40), &TlsVersion::ALL), "ruled out: the target accepts TLS 1.0");
        check(&RULE, old_client(TlsEnd::Reset, &[]), "ruled out: the target completes a handshake in no version");
        check(&RULE, old_client(TlsEnd::Reset, &[TlsVersion::Tls13]), "ruled out: the target wants TLS 1.3");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
