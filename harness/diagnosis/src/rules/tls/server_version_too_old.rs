//! `tls/server-version-too-old`: the upstream speaks TLS 1.0 or 1.1 only, and this server no longer does.

use crate::evidence::{Evidence, HandshakeSeen, Purpose, Sight, TlsEnd};
use crate::rule::{Action, Appearance, Effect, Finding, Outcome, Provenance, Rule, Step};
use crate::subject::TlsVersion;
use crate::words::list;

pub(crate) const RULE: Rule = Rule {
    code: "tls/server-version-too-old",
    title: "The source speaks only TLS 1.0 or 1.1, and this server does not offer them",
    explanation: "An old upstream server or an appliance in between completes a handshake with TLS 1.0 or 1.1 only, while this \
        server's policy offers newer versions only. Schannel answers the newer ClientHello with a ServerHello of the old \
        version, and this server gives up; OpenSSL answers with alert 70 (protocol_version). The exception is one of several \
        that a dozen causes share, so it is the version matrix that decides: each version offered alone. Microsoft Update is \
        never this. A server that lacks the cipher suites, not the version, answers alert 40 or resets.",
    modes: &["F-04", "F-18"],
    guide: "2",
    citation: "RFC 8446, 4.2.1 and 6.2; RFC 8996; guide, section 2",
    appearances: &[
        Appearance::exception("The request was aborted: Could not create SSL/TLS secure channel.", Provenance::Derived),
        Appearance::exception(
            "The client and server cannot communicate, because they do not possess a common algorithm",
            Provenance::Recalled,
        ),
        Appearance::hresult("0x80090302", Provenance::Seen),
        Appearance::event(
            "Event 36887 (Schannel, System log): a fatal alert was received, code 70",
            Provenance::Recalled,
        ),
        Appearance::log("SCHANNEL Protocol 'TLS 1.0' disabled", Provenance::Seen),
    ],
    first_check: "the SCHANNEL lines in SoftwareDistribution.log after a start of the service, on this server and on the upstream",
    remedy: &[Action::windows_powershell(
        "$key = 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server'\n\
             if (!(Test-Path $key)) { New-Item $key -Force | Out-Null }\n\
             New-ItemProperty $key -Name Enabled -Value 1 -PropertyType DWord -Force | Out-Null\n\
             New-ItemProperty $key -Name DisabledByDefault -Value 0 -PropertyType DWord -Force | Out-Null",
    )
    .that(Effect::AffectsOtherApplications)
    .before("the upstream has the update that brings TLS 1.2 to WSUS (Windows Server 2012 KB4022721, 2012 R2 KB4022720, or a later \
         monthly rollup); run it on the upstream and restart that machine")
    .not_on("this server: do not switch TLS 1.0 on again here")],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(handshake) = evidence.path_handshake() else { return Outcome::DoesNotApply };
    let accepted: Vec<TlsVersion> = evidence.completed_versions().into_iter().map(|(_, version)| version).collect();
    let newest = accepted.iter().chain(&handshake.seen.server_version).max().copied();
    let Some(newest) = newest else { return nothing_accepted(evidence, &handshake) };
    if TlsVersion::Tls11 < newest {
        return Outcome::ruled_out(format!("the target speaks {newest}"));
    }
    if untested_above(evidence, &handshake, newest) {
        return Outcome::cannot_tell(
            Step::Handshake,
            "the versions that the target accepts, each offered alone",
            MATRIX,
        );
    }
    let Some(offered) = evidence.subject_protocols() else {
        let want = format!("the TLS versions that this server may offer; the target speaks {newest} at most");
        return Outcome::cannot_tell(Step::Handshake, want, CLIENT_PROTOCOLS);
    };
    let spoken = |version: &TlsVersion| accepted.contains(version) || handshake.seen.server_version == Some(*version);
    if offered.iter().any(spoken) {
        return intolerant(evidence, &handshake, newest)
            .unwrap_or_else(|| Outcome::ruled_out(format!("this server offers {newest} or older as well")));
    }
    let ours = if offered.is_empty() { "no version at all".to_owned() } else { list(offered) };
    let foreign = match evidence.microsoft_path() {
        Some(_) => "; Microsoft Update is never like that, so something on the way ends TLS in its place",
        None => "",
    };
    let answer = answer(&handshake);
    let sentence = format!("the target speaks {newest} at most, and this server offers {ours}{answer}{foreign}");
    let rests_on = [handshake.index].into_iter().chain(evidence.completed_versions().into_iter().map(|(at, _)| at));
    Finding::blocks(Step::Handshake, sentence).resting_on(rests_on).into()
}

/// A target of old that says no to newer versions in place of taking the old one beside them (RFC 5246, E.1).
fn intolerant(evidence: &Evidence, handshake: &Sight<'_, HandshakeSeen>, newest: TlsVersion) -> Option<Outcome> {
    let offer = &handshake.seen.offer;
    let newer = offer.versions.iter().filter(|version| newest < **version).max()?;
    let refused = evidence.versions_refused_together(offer)?;
    if !evidence.version_cells().any(|(version, cell)| version == newest && cell.seen.ended == TlsEnd::Completed) {
        return None;
    }
    let sentence = format!(
        "the target speaks {newest} at most, and refuses a ClientHello that offers {newer} beside it, whatever suites come with \
         them{}",
        answer(handshake)
    );
    Some(Finding::blocks(Step::Handshake, sentence).resting_on([handshake.index, refused]).into())
}

const MATRIX: &str =
    "openssl s_client -connect {host}:{port} -tls1 (and -tls1_1, -tls1_2, -tls1_3), at security level 0";
const CLIENT_PROTOCOLS: &str = "Get-ChildItem 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols' \
    -Recurse (the Client keys), and the SCHANNEL lines in SoftwareDistribution.log";

fn nothing_accepted(evidence: &Evidence, handshake: &Sight<'_, HandshakeSeen>) -> Outcome {
    match handshake.seen.ended {
        TlsEnd::VersionNotOffered if is_of_ssl3(handshake) => {
            let sentence = "the target answers with SSL 3.0, which no client of today speaks (RFC 7568)";
            Finding::blocks(Step::Handshake, sentence).resting_on([handshake.index]).into()
        }
        TlsEnd::Alert(70) | TlsEnd::VersionNotOffered if evidence.handshakes(Purpose::TlsMatrix).next().is_none() => {
            Outcome::cannot_tell(Step::Handshake, "the versions that the target accepts, each offered alone", MATRIX)
        }
        _ => Outcome::ruled_out("the target completes a handshake with no old version either"),
    }
}

/// A ServerHello in a record of version 3.0 (RFC 6101, 5.2.1).
fn is_of_ssl3(handshake: &Sight<'_, HandshakeSeen>) -> bool {
    handshake.seen.server_version.is_none() && handshake.seen.first_bytes.starts_with("160300")
}

/// Whether a newer version might be accepted for all that was tried. A ServerHello of an old version to a newer offer
/// settles it: a server answers with the newest version that both have (RFC 5246, E.1).
fn untested_above(evidence: &Evidence, handshake: &Sight<'_, HandshakeSeen>, newest: TlsVersion) -> bool {
    let offered_above = |seen: &HandshakeSeen| seen.offer.versions.iter().any(|version| newest < *version);
    let answered_old = handshake.seen.server_version.is_some() && offered_above(handshake.seen);
    let matrix_above = evidence.handshakes(Purpose::TlsMatrix).any(|cell| offered_above(cell.seen));
    !answered_old && !matrix_above && handshake.seen.ended != TlsEnd::Completed
}

fn answer(handshake: &Sight<'_, HandshakeSeen>) -> String {
    match (&handshake.seen.ended, handshake.seen.server_version) {
        (TlsEnd::Alert(code), _) => format!("; it answers with alert {code}"),
        (TlsEnd::VersionNotOffered, Some(version)) => format!("; it answers with {version}"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Evidence, HandshakeSeen, Profile, Purpose, Seen, TlsEnd};
    use crate::subject::TlsVersion;
    use crate::testing::*;

    fn only(newest: TlsVersion, evidence: Evidence) -> Evidence {
        TlsVersion::ALL.into_iter().fold(evidence, |evidence, version| {
            evidence.and(Purpose::TlsMatrix, UPSTREAM, 8531, version_cell(version, version == newest))
        })
    }

    fn refused(ended: TlsEnd, server_version: Option<TlsVersion>) -> Evidence {
        https_upstream().stopped_by(failed_handshake(ended, server_version))
    }

    #[test]
    fn a_server_hello_of_tls_1_0_is_the_cause() {
        let expected = "blocks Handshake: the target speaks TLS 1.0 at most, and this server offers TLS 1.2; it answers with TLS 1.0";
        let evidence = refused(TlsEnd::VersionNotOffered, Some(TlsVersion::Tls10));
        check(&RULE, evidence.clone(), expected);
        check(&RULE, only(TlsVersion::Tls10, evidence), expected);
    }

    #[test]
    fn alert_70_is_the_cause_where_only_an_old_version_completes() {
        let expected = "blocks Handshake: the target speaks TLS 1.1 at most, and this server offers TLS 1.2; it answers with alert 70";
        check(&RULE, only(TlsVersion::Tls11, refused(TlsEnd::Alert(70), None)), expected);
    }

    #[test]
    fn ssl_3_0_is_older_than_everything() {
        let Seen::Handshake(seen) = failed_handshake(TlsEnd::VersionNotOffered, None) else { unreachable!() };
        let first_bytes = "1603000051020000".to_owned();
        let old = Seen::Handshake(HandshakeSeen { first_bytes, ..seen });
        check(&RULE, https_upstream().stopped_by(old), "blocks Handshake: the target answers with SSL 3.0");
    }

    #[test]
    fn in_microsofts_place_it_is_somebody_else() {
        let old = failed_handshake(TlsEnd::VersionNotOffered, Some(TlsVersion::Tls10));
        let said = said(&(RULE.check)(&microsoft_update().stopped_by(old)));
        assert!(said.ends_with("something on the way ends TLS in its place"), "{said}");
    }

    #[test]
    fn alert_70_alone_leaves_it_open() {
        check(&RULE, refused(TlsEnd::Alert(70), None), "cannot tell Handshake: the versions that the target accepts");
    }

    #[test]
    fn without_this_servers_policy_it_stays_open() {
        let evidence = https_upstream().host(|host| host.tls = None);
        let Seen::Handshake(mut old) = handshake(pki::chain(UPSTREAM)) else { unreachable!() };
        old.server_version = Some(TlsVersion::Tls10);
        check(
            &RULE,
            evidence.instead(Seen::Handshake(old)),
            "cannot tell Handshake: the TLS versions that this server may offer",
        );
    }

    #[test]
    fn a_server_that_still_offers_tls_1_0_gets_in() {
        let evidence = https_upstream().protocols(&[TlsVersion::Tls10]);
        let Seen::Handshake(mut old) = handshake(pki::chain(UPSTREAM)) else { unreachable!() };
        old.server_version = Some(TlsVersion::Tls10);
        check(&RULE, evidence.instead(Seen::Handshake(old)), "ruled out");
    }

    #[test]
    fn a_newer_version_beside_the_old_one_is_refused_with_all_suites() {
        let both = [TlsVersion::Tls10, TlsVersion::Tls12];
        let offering = |seen: Seen, profile: Profile| {
            let Seen::Handshake(mut seen) = seen else { unreachable!() };
            (seen.offer.profile, seen.offer.versions) = (profile, both.to_vec());
            Seen::Handshake(seen)
        };
        let refusal = || failed_handshake(TlsEnd::Alert(70), None);
        let evidence = https_upstream().protocols(&both).stopped_by(offering(refusal(), Profile::Subject));
        let evidence = only(TlsVersion::Tls10, evidence);
        check(&RULE, evidence.clone(), "ruled out: this server offers TLS 1.0 or older as well");
        let all_suites = offering(refusal(), Profile::Everything);
        let expected = "blocks Handshake: the target speaks TLS 1.0 at most, and refuses a ClientHello that offers TLS 1.2 beside \
                        it, whatever suites come with them; it answers with alert 70";
        check(&RULE, evidence.and(Purpose::TlsMatrix, UPSTREAM, 8531, all_suites), expected);
    }

    #[test]
    fn a_refusal_of_the_suites_is_another_cause() {
        let evidence = refused(TlsEnd::Alert(40), None).and(
            Purpose::TlsMatrix,
            UPSTREAM,
            8531,
            version_cell(TlsVersion::Tls12, true),
        );
        check(&RULE, evidence, "ruled out");
        check(&RULE, only(TlsVersion::Tls13, refused(TlsEnd::Alert(70), None)), "ruled out");
        check(&RULE, refused(TlsEnd::Reset, None), "ruled out");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
