//! `tls/no-common-cipher`: the suites of this server's policy and those that the target accepts have none in common.

use crate::chain::Status;
use crate::evidence::{Evidence, Profile, Purpose, TlsEnd};
use crate::rule::{Action, Appearance, Effect, Finding, Outcome, Provenance, Rule, Step};
use crate::subject::TlsVersion;
use crate::suites::{BY_DEFAULT, OF_1_3, Suite, of_windows};
use crate::words::{list, safe};

pub(crate) const RULE: Rule = Rule {
    code: "tls/no-common-cipher",
    title: "This server's cipher suites and those of the source have none in common",
    explanation: "A policy (SSL Cipher Suite Order) or the registry leaves this server with suites of which the source accepts \
        none: only ECDSA suites against a certificate with an RSA key, only RSA key exchange against a source that wants ECDHE, \
        or curves that it does not have. Microsoft Update resets such a ClientHello without an alert; IIS sends alert 40 \
        (handshake_failure), others 71. The texts are those of a version that is too old and of a firewall that cuts the \
        connection. What decides: the same listener completes one of this server's own versions with all suites, and refuses \
        this server's list; both lists stand below.",
    modes: &["F-06"],
    guide: "2",
    citation: "RFC 5246, 7.4.1.3; RFC 8446, 4.1.2; field note F-06; guide, section 2",
    appearances: &[
        Appearance::exception(
            "The underlying connection was closed: An unexpected error occurred on a send. ---> System.IO.IOException: Unable to read data from the transport connection: An existing connection was forcibly closed by the remote host.",
            Provenance::Seen,
        ),
        Appearance::exception("The request was aborted: Could not create SSL/TLS secure channel.", Provenance::Derived),
        Appearance::hresult("0x80090331", Provenance::Seen),
        Appearance::event("Event 36887 (Schannel, System log): a fatal alert was received, code 40", Provenance::Recalled),
    ],
    first_check: POLICY,
    remedy: &[
        Action::cmd("gpresult /scope computer /h GPReport.html"),
        Action::windows_powershell("Enable-TlsCipherSuite -Name TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 -Position 0")
            .that(Effect::AffectsOtherApplications)
            .before("no Group Policy sets SSL Cipher Suite Order; where one does, add the suite there or remove the policy. Restart the machine afterwards"),
    ],
    check,
};

/// How a person gets the policy's list.
const POLICY: &str = "(Get-ItemProperty \
    'HKLM:\\SOFTWARE\\Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002').Functions, else (Get-TlsCipherSuite).Name";

fn check(evidence: &Evidence) -> Outcome {
    let Some(handshake) = evidence.path_handshake() else { return Outcome::DoesNotApply };
    let offer = &handshake.seen.offer;
    if handshake.seen.ended == TlsEnd::Completed {
        return Outcome::ruled_out("the target accepts a suite that this server offers");
    }
    if evidence.handshakes(Purpose::Again).any(|again| again.seen.ended == TlsEnd::Completed) {
        return Outcome::ruled_out("the target accepts the same offer when it is made again");
    }
    if offer.profile != Profile::Subject {
        return Outcome::ruled_out("every suite was offered");
    }
    let completes = evidence
        .version_cells()
        .find(|(version, cell)| offer.versions.contains(version) && cell.seen.ended == TlsEnd::Completed);
    let Some((version, cell)) = completes else {
        return Outcome::ruled_out("the target refuses this server's versions whatever suites come with them");
    };
    if evidence.versions_refused_together(offer).is_some() {
        return Outcome::ruled_out("the target refuses the versions that are offered together, not the suites");
    }
    if evidence
        .chain_verdict_of_anyone()
        .is_some_and(|(_, verdict)| verdict.having(Status::UnusableKey).next().is_some())
    {
        return Outcome::ruled_out("it is the key of the certificate that does not fit, not the suites");
    }
    // A suite of TLS 1.3 is none for a server that does not offer that version.
    let offered = |suite: &String| offer.versions.contains(&TlsVersion::Tls13) || !OF_1_3.contains(&suite.as_str());
    let theirs: Vec<String> = evidence.accepted_suites().into_iter().filter(offered).collect();
    let shown = list(theirs.iter().map(|suite| safe(suite)));
    let found = |ours: String| {
        let sentence = format!("with {version} the target accepts {shown}; {ours}; they have none in common");
        Finding::blocks(Step::Handshake, sentence).resting_on([handshake.index, cell.index]).into()
    };
    let policy = evidence.subject.host.tls.as_ref().and_then(|tls| tls.suites.as_deref()).unwrap_or_default();
    let ours = Suite::names(policy);
    let is_common = |suite: &String| ours.contains(suite);
    let by_default = |suite: &String| BY_DEFAULT.iter().chain(&OF_1_3).any(|known| known == suite);
    let by_policy = |suite: &String| of_windows().any(|known| known == suite);
    match policy {
        [] if !theirs.iter().any(|suite| by_default(suite) || by_policy(suite)) => {
            found("no Windows offers any of them".to_owned())
        }
        [] if !theirs.iter().any(by_default) => Outcome::cannot_tell(
            Step::Handshake,
            format!(
                "whether a policy lets this server offer {shown}, which no Windows since Server 2016 does without one"
            ),
            POLICY,
        ),
        [] => Outcome::cannot_tell(Step::Handshake, "the cipher suites that this server offers", POLICY),
        entries if !theirs.iter().any(is_common) => {
            found(format!("this server offers only {}", list(entries.iter().take(40).map(|entry| safe(entry)))))
        }
        _ => Outcome::cannot_tell(
            Step::Handshake,
            format!(
                "the curves and signatures that this server offers; it has {} in common with the target",
                list(theirs.iter().filter(|suite| is_common(suite)).map(|suite| safe(suite)))
            ),
            "Get-TlsEccCurve, and the policy ECC Curve Order",
        ),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::RULE;
    use crate::evidence::{Evidence, Purpose, TlsEnd};
    use crate::subject::TlsVersion;
    use crate::testing::*;

    /// The policy's list against a server that accepts one suite.
    fn policy(functions: &str, ended: TlsEnd) -> Evidence {
        let suites: Vec<String> = functions.split(',').filter(|entry| !entry.is_empty()).map(str::to_owned).collect();
        let evidence = https_upstream().host(|host| host.tls.as_mut().unwrap().suites = Some(suites));
        evidence.stopped_by(silent_handshake(ended)).accepting(&[TlsVersion::Tls12])
    }

    #[test]
    fn two_lists_without_a_common_suite_are_printed() {
        let expected = "blocks Handshake: with TLS 1.2 the target accepts TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384; this server \
            offers only TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384_P384 and TLS_RSA_WITH_AES_128_CBC_SHA; they have none in common";
        let functions = "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384_P384,TLS_RSA_WITH_AES_128_CBC_SHA";
        check(&RULE, policy(functions, TlsEnd::Reset), expected);
        check(&RULE, policy(functions, TlsEnd::Alert(40)), expected);
    }

    #[test]
    fn a_common_suite_leaves_the_curves_open_and_an_unknown_list_the_suites() {
        let common = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384_P384";
        check(&RULE, policy(common, TlsEnd::Alert(40)), "cannot tell Handshake: the curves and signatures");
        check(&RULE, policy("", TlsEnd::Alert(40)), "cannot tell Handshake: the cipher suites that this server offers");
    }

    #[test]
    fn a_suite_of_tls_1_3_is_not_common_where_tls_1_3_is_not_offered() {
        let expected = "blocks Handshake: with TLS 1.2 the target accepts TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384; this server \
            offers only TLS_AES_256_GCM_SHA384; they have none in common";
        check(&RULE, policy("TLS_AES_256_GCM_SHA384", TlsEnd::Reset).accepting(&[TlsVersion::Tls13]), expected);
    }

    #[test]
    fn a_version_that_is_refused_with_every_suite_is_another_matter() {
        let refused = https_upstream().stopped_by(silent_handshake(TlsEnd::Reset)).accepting(&[TlsVersion::Tls13]);
        check(&RULE, refused, "ruled out: the target refuses this server's versions");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }

    #[test]
    fn an_offer_that_succeeds_the_second_time_had_a_common_suite() {
        let again = handshake(pki::chain(UPSTREAM));
        let evidence = policy("", TlsEnd::Reset).and(Purpose::Again, UPSTREAM, 8531, again);
        check(&RULE, evidence, "ruled out: the target accepts the same offer when it is made again");
    }
}
