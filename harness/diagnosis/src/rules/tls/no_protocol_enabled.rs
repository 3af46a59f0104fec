//! `tls/no-protocol-enabled`: this server's policy leaves no version of TLS, so that nothing is sent.

use crate::evidence::Evidence;
use crate::path::Scheme;
use crate::rule::{Action, Appearance, Effect, Finding, Outcome, Provenance, Rule, Step};
use crate::words::list;

pub(crate) const RULE: Rule = Rule {
    code: "tls/no-protocol-enabled",
    title: "No version of TLS is enabled on this server",
    explanation: "Every protocol that WSUS could use as a client is disabled on this server, so the connection is opened and closed \
        again without a ClientHello. The text that speaks of a common algorithm sounds as if both sides had been asked; it is a \
        local refusal and no evidence about the remote side at all. It happens where TLS 1.0 and 1.1 were disabled before this \
        build of Windows or WSUS could do TLS 1.2. A server that refuses the offered version sends an alert or a reset instead, \
        and a capture shows a ClientHello before that.",
    modes: &["F-05"],
    guide: "2",
    citation: "RFC 8446, 4.1.2; field note F-05; guide, section 2",
    appearances: &[
        Appearance::exception(
            "The underlying connection was closed: An unexpected error occurred on a receive. ---> System.ComponentModel.Win32Exception: The client and server cannot communicate, because they do not possess a common algorithm",
            Provenance::Seen,
        ),
        Appearance::hresult("0x80090331", Provenance::Seen),
        Appearance::log("SCHANNEL Protocol 'TLS 1.0' disabled", Provenance::Seen),
    ],
    first_check: "the SCHANNEL lines in SoftwareDistribution.log after a start of the service",
    remedy: &[
        Action::windows_powershell(
            "$key = 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Client'\n\
             if (!(Test-Path $key)) { New-Item $key -Force | Out-Null }\n\
             New-ItemProperty $key -Name Enabled -Value 1 -PropertyType DWord -Force | Out-Null\n\
             New-ItemProperty $key -Name DisabledByDefault -Value 0 -PropertyType DWord -Force | Out-Null",
        )
        .that(Effect::AffectsOtherApplications)
        .before("the latest rollup is installed, so that WSUS on this build can do TLS 1.2; restart the machine afterwards"),
        Action::cmd("iisreset").that(Effect::AffectsOtherApplications),
        Action::windows_powershell("Restart-Service WsusService").that(Effect::RestartsIis),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(path) = evidence.path().filter(|path| path.scheme == Scheme::Https) else { return Outcome::DoesNotApply };
    match evidence.subject_protocols() {
        None => Outcome::DoesNotApply,
        Some([]) => {
            let handshake = evidence.path_handshake().map(|handshake| handshake.index);
            let host = crate::words::safe(&path.host);
            let sentence = format!("no version of TLS is enabled on this server, so it sends no ClientHello to {host}");
            Finding::blocks(Step::Handshake, sentence).resting_on(handshake).into()
        }
        Some(versions) => Outcome::ruled_out(format!("{} is enabled", list(versions))),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::*;

    #[test]
    fn a_policy_without_a_version_is_the_cause() {
        check(&RULE, https_upstream().protocols(&[]), "blocks Handshake: no version of TLS is enabled on this server");
    }

    #[test]
    fn plain_http_needs_none_and_an_unknown_policy_is_not_accused() {
        check(&RULE, https_upstream(), "ruled out: TLS 1.2 is enabled");
        check(&RULE, https_upstream().host(|host| host.tls = None), "does not apply");
        check(&RULE, http_upstream().protocols(&[]), "does not apply");
    }
}
