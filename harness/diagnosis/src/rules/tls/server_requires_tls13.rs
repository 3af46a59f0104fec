//! `tls/server-requires-tls13`: the target accepts TLS 1.3 and nothing older.

use crate::evidence::{Evidence, TlsEnd};
use crate::rule::{Action, Appearance, Effect, Finding, Outcome, Provenance, Rule, Step};
use crate::subject::TlsVersion;
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "tls/server-requires-tls13",
    title: "The source accepts TLS 1.3 only",
    explanation: "The upstream, or what stands in front of it, completes a handshake with TLS 1.3 and refuses every older version. \
        WSUS is a .NET Framework program and takes what Schannel gives it: up to Windows Server 2019 that is TLS 1.2 at most, \
        so the synchronization fails there for certain. Windows Server 2022 and later can do TLS 1.3; whether WSUS of that \
        build negotiates it is not settled, so the question is left open there. Alert 70 alone does not tell which version \
        is wanted; the version matrix does.",
    modes: &["F-04"],
    guide: "2",
    citation: "RFC 8446, 4.2.1; field notes, section 9, 4",
    appearances: &[
        Appearance::exception("The request was aborted: Could not create SSL/TLS secure channel.", Provenance::Derived),
        Appearance::hresult("0x80090302", Provenance::Seen),
        Appearance::event("Event 36887 (Schannel, System log): a fatal alert was received, code 70", Provenance::Recalled),
    ],
    first_check: "the versions that the upstream's TLS settings, or those of the device in front of it, allow",
    remedy: &[Action::windows_powershell(
        "$key = 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server'\n\
         if (!(Test-Path $key)) { New-Item $key -Force | Out-Null }\n\
         New-ItemProperty $key -Name Enabled -Value 1 -PropertyType DWord -Force | Out-Null\n\
         New-ItemProperty $key -Name DisabledByDefault -Value 0 -PropertyType DWord -Force | Out-Null",
    )
    .that(Effect::AffectsOtherApplications)
    .before("the upstream itself ends TLS; where a device in front of it does, allow TLS 1.2 there. Restart that machine afterwards")
    .not_on("this server: nothing here makes an older Windows speak TLS 1.3")],
    check,
};

/// The build of Windows Server 2022, the first whose Schannel speaks TLS 1.3.
const FIRST_WITH_1_3: u32 = 20348;

fn check(evidence: &Evidence) -> Outcome {
    let Some(handshake) = evidence.path_handshake() else { return Outcome::DoesNotApply };
    let completed = evidence.completed_versions();
    let Some((newest, _)) = completed.iter().find(|(_, version)| *version == TlsVersion::Tls13) else {
        return Outcome::ruled_out("the target was not seen to speak TLS 1.3");
    };
    let older = completed.iter().any(|(_, version)| *version < TlsVersion::Tls13);
    let refused = evidence.version_cells().any(|(version, cell)| {
        // Whoever asks for a certificate has taken the version.
        version == TlsVersion::Tls12 && refuses(&cell.seen.ended) && !cell.seen.asks_for_certificate
    });
    if older || !refused {
        return Outcome::ruled_out("the target accepts TLS 1.2, or was not seen to refuse it");
    }
    let place = format!("{}:{}", safe(&handshake.observation.host), handshake.observation.port);
    let host = &evidence.subject.host;
    let too_old =
        evidence.subject_protocols().is_some_and(|known| known.iter().all(|known| *known < TlsVersion::Tls12));
    let build = host.wsus_version.as_deref().and_then(build_of);
    let version = host.wsus_version.as_deref().map(safe);
    match (build, version) {
        (Some(build), Some(version)) if build < FIRST_WITH_1_3 || too_old => {
            let sentence = format!("{place} accepts TLS 1.3 only, which WSUS {version} does not speak");
            Finding::blocks(Step::Handshake, sentence).resting_on([handshake.index, *newest]).into()
        }
        (_, version) => {
            let version = version.unwrap_or_else(|| "of an unknown version".to_owned());
            Outcome::cannot_tell(
                Step::Handshake,
                format!(
                    "whether WSUS {version} on its Windows negotiates TLS 1.3, the only version that {place} accepts"
                ),
                "Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion' CurrentBuild, and a capture of the ClientHello",
            )
        }
    }
}

/// Whether the target itself said no; what the examiner's library dislikes is no word of the target's.
fn refuses(ended: &TlsEnd) -> bool {
    !matches!(ended, TlsEnd::Completed | TlsEnd::Other(_) | TlsEnd::NotTls)
}

/// The third number of a version, which is the build of Windows.
fn build_of(version: &str) -> Option<u32> {
    version.split('.').nth(2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Evidence, HandshakeSeen, Purpose, Seen, TlsEnd};
    use crate::subject::TlsVersion;
    use crate::testing::*;

    fn only_1_3(wsus_version: Option<&str>) -> Evidence {
        let refused = https_upstream().stopped_by(failed_handshake(TlsEnd::Alert(70), None));
        let version = wsus_version.map(str::to_owned);
        refused.accepting(&[TlsVersion::Tls13]).host(|host| host.wsus_version = version)
    }

    #[test]
    fn up_to_server_2019_it_is_the_cause() {
        check(
            &RULE,
            only_1_3(Some("10.0.17763.1")),
            "blocks Handshake: up.contoso.com:8531 accepts TLS 1.3 only, which WSUS 10.0.17763.1 does not speak",
        );
        check(&RULE, only_1_3(Some("6.3.9600.18838")), "blocks Handshake");
    }

    #[test]
    fn on_server_2022_and_on_an_unknown_one_it_is_open() {
        check(&RULE, only_1_3(Some("10.0.20348.2227")), "cannot tell Handshake: whether WSUS 10.0.20348.2227");
        check(&RULE, only_1_3(None), "cannot tell Handshake: whether WSUS of an unknown version");
    }

    #[test]
    fn a_source_that_takes_tls_1_2_and_wants_a_certificate_is_fine() {
        let Seen::Handshake(cell) = version_cell(TlsVersion::Tls12, false) else { unreachable!() };
        let asks = Seen::Handshake(HandshakeSeen { asks_for_certificate: true, ended: TlsEnd::Alert(116), ..cell });
        let Seen::Handshake(seen) = handshake(pki::chain(UPSTREAM)) else { unreachable!() };
        let newest = Seen::Handshake(HandshakeSeen { server_version: Some(TlsVersion::Tls13), ..seen });
        let evidence = https_upstream().instead(newest).and(Purpose::TlsMatrix, UPSTREAM, 8531, asks);
        check(&RULE, evidence, "ruled out");
    }

    #[test]
    fn a_source_that_takes_tls_1_2_as_well_is_fine() {
        let both = https_upstream().stopped_by(failed_handshake(TlsEnd::Alert(40), None));
        check(&RULE, both.accepting(&[TlsVersion::Tls12, TlsVersion::Tls13]), "ruled out");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
