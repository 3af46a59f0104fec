//! `tls/import-path-strong-crypto`: synchronization works, and the import from the Catalog would not.

use crate::evidence::{Evidence, Purpose, TlsEnd};
use crate::rule::{Action, Appearance, Effect, Finding, Outcome, Provenance, Rule};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "tls/import-path-strong-crypto",
    title: "The import from the Catalog uses .NET's old TLS defaults",
    explanation: "Updates are imported from the Microsoft Update Catalog by WSUS's web application, which is another client of the \
        same endpoint: without SchUseStrongCrypto .NET Framework 4 offers it TLS 1.0 only. Microsoft Update resets that, or, \
        where TLS 1.0 is disabled here, nothing is sent at all and the text speaks of a common algorithm. Synchronization is \
        fine meanwhile (event 384 goes on, no 386), which is what tells it from a server whose TLS is too old altogether. It is \
        a warning, since nothing is wrong with synchronization; if the complaint is a failed import, it is the cause.",
    modes: &["F-07"],
    guide: "2",
    citation: "field note F-07; guide, section 2",
    appearances: &[
        Appearance::exception(
            "The underlying connection was closed: An unexpected error occurred on a send.",
            Provenance::Seen,
        ),
        Appearance::exception(
            "The client and server cannot communicate, because they do not possess a common algorithm",
            Provenance::Seen,
        ),
        Appearance::log("ImportUpdateFromCatalogSite failed", Provenance::Seen),
    ],
    first_check: "(Get-ItemProperty HKLM:\\SOFTWARE\\Microsoft\\.NETFramework\\v4.0.30319).SchUseStrongCrypto",
    remedy: &[
        Action::windows_powershell(
            "'HKLM:\\SOFTWARE\\Microsoft\\.NETFramework\\v4.0.30319', \
             'HKLM:\\SOFTWARE\\WOW6432Node\\Microsoft\\.NETFramework\\v4.0.30319' | ForEach-Object { \
             New-ItemProperty $_ -Name SchUseStrongCrypto -Value 1 -PropertyType DWord -Force | Out-Null }",
        )
        .that(Effect::AffectsOtherApplications)
        .before("every .NET Framework 4 program of this server may use TLS 1.2"),
        Action::windows_powershell("Restart-Service WsusService, W3SVC").that(Effect::RestartsIis),
        Action::person("Restart the machine, as Microsoft adds: other processes read the value only then."),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let facts = evidence.subject.host.tls.as_ref();
    if facts.and_then(|facts| facts.sch_use_strong_crypto) == Some(true) {
        return Outcome::ruled_out("SchUseStrongCrypto is set");
    }
    let Some(import) = evidence.handshakes(Purpose::ImportPath).last() else { return Outcome::DoesNotApply };
    let target = safe(&import.observation.host);
    let how = match &import.seen.ended {
        TlsEnd::Completed => return Outcome::ruled_out("the target accepts what the import offers"),
        _ if import.seen.offer.versions.is_empty() => {
            "has no version to offer, because TLS 1.0 is disabled here".to_owned()
        }
        TlsEnd::Alert(code) => format!("offers TLS 1.0, which {target} refuses with alert {code}"),
        _ => format!("offers TLS 1.0, which {target} refuses"),
    };
    let sentence = format!(
        "SchUseStrongCrypto is not set, so the import from the Catalog {how}; synchronization itself is not concerned"
    );
    Finding::warns(sentence).resting_on([import.index]).into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::RULE;
    use crate::evidence::{Evidence, Purpose, TlsEnd};
    use crate::testing::*;

    fn import(ended: TlsEnd) -> Evidence {
        microsoft_update().and(Purpose::ImportPath, SWS, 443, silent_handshake(ended))
    }

    #[test]
    fn an_import_that_is_refused_deserves_a_warning() {
        let expected = "warns: SchUseStrongCrypto is not set, so the import from the Catalog offers TLS 1.0, which sws";
        check(&RULE, import(TlsEnd::Reset), expected);
    }

    #[test]
    fn an_import_that_is_let_in_or_modern_is_fine() {
        check(&RULE, import(TlsEnd::Completed), "ruled out");
        let modern = microsoft_update().host(|host| host.tls.as_mut().unwrap().sch_use_strong_crypto = Some(true));
        check(&RULE, modern, "ruled out");
        check(&RULE, microsoft_update(), "does not apply");
    }
}
