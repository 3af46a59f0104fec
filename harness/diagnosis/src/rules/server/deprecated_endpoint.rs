//! `server/deprecated-endpoint`: MUUrl names an endpoint that works today and is to be retired.

use crate::evidence::{Evidence, Profile, Purpose, TlsEnd};
use crate::rule::{Appearance, Finding, Outcome, Provenance, Rule, remedies};

pub(crate) const RULE: Rule = Rule {
    code: "server/deprecated-endpoint",
    title: "MUUrl names an old endpoint that Microsoft plans to retire",
    explanation: "sws1.update.microsoft.com still works and accepts TLS 1.0, 1.1 and 1.2, while sws.update.microsoft.com insists \
        on TLS 1.2 with a handful of suites. So this is a warning and never the cause of a failure that is seen today. A \
        server that works with sws1 and fails with sws has a TLS problem that the old endpoint has been hiding: check \
        TLS 1.2 before moving, or the move will break what works.",
    modes: &["F-02"],
    guide: "1",
    citation: "guide, section 1; Troubleshoot WSUS synchronization and import issues",
    appearances: &[Appearance::log(
        "SCHANNEL Protocols subkey for 'TLS 1.2' not found. Protocol is enabled",
        Provenance::Seen,
    )],
    first_check: "SoftwareDistribution.log after a restart of the service: it should say that TLS 1.2 is enabled",
    remedy: remedies::USE_CURRENT_ENDPOINT,
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(path) = evidence.microsoft_path() else { return Outcome::DoesNotApply };
    if path.host != "sws1.update.microsoft.com" {
        return Outcome::ruled_out("MUUrl does not name sws1.update.microsoft.com");
    }
    let handshake = evidence.handshakes(Purpose::CurrentEndpoint).last();
    let move_there = match handshake.map(|handshake| (&handshake.seen.ended, handshake.seen.offer.profile)) {
        Some((TlsEnd::Completed, Profile::Subject)) => {
            "with this server's TLS sws.update.microsoft.com answers, so it can move"
        }
        Some((TlsEnd::Completed, Profile::Everything)) => {
            "sws.update.microsoft.com answers a modern client; whether this server's TLS is enough is not known"
        }
        Some(_) => "sws.update.microsoft.com does not complete TLS by the same way: find out why before moving",
        None => "whether this server reaches sws.update.microsoft.com was not seen: check TLS 1.2 before moving",
    };
    Finding::warns(format!("MUUrl names sws1.update.microsoft.com, which Microsoft plans to retire; {move_there}"))
        .into()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Purpose, TlsEnd};
    use crate::testing::*;

    #[test]
    fn the_old_endpoint_is_a_warning_that_says_whether_moving_is_safe() {
        let sws1 =
            || microsoft_update().step0(|step0| step0.mu_url = Some("https://SWS1.update.microsoft.com".to_owned()));
        let can = sws1().and(Purpose::CurrentEndpoint, SWS, 443, handshake(Vec::new()));
        check(
            &RULE,
            can,
            "warns: MUUrl names sws1.update.microsoft.com, which Microsoft plans to retire; with this server's",
        );
        let cannot = sws1().and(Purpose::CurrentEndpoint, SWS, 443, failed_handshake(TlsEnd::Reset, None));
        check(
            &RULE,
            cannot,
            "warns: MUUrl names sws1.update.microsoft.com, which Microsoft plans to retire; sws.update.m",
        );
    }

    #[test]
    fn the_current_endpoint_is_ruled_out() {
        check(&RULE, microsoft_update(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
