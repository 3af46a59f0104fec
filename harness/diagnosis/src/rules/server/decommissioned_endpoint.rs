//! `server/decommissioned-endpoint`: MUUrl names an address at which Microsoft no longer serves WSUS.

use crate::evidence::{Evidence, Purpose, Walk, WalkEnd};
use crate::path::{Scheme, SyncPath};
use crate::rule::{Appearance, Finding, Outcome, Provenance, Rule, Step, remedies};

pub(crate) const RULE: Rule = Rule {
    code: "server/decommissioned-endpoint",
    title: "MUUrl names an endpoint that Microsoft has switched off",
    explanation: "fe2.update.microsoft.com (and the older update.microsoft.com and www.update.microsoft.com) served WSUS until \
        July 2019. The host still serves Windows Update clients, so its name resolves, TCP connects and even TLS may \
        complete: a green Test-NetConnection proves nothing. What fails is the synchronization itself, with a SOAP fault \
        (InternalServerError) or a connection that closes without an answer. The same exception comes from a broken upstream \
        WSUS server; the host behind Actor in SoftwareDistribution.log tells them apart. Where the network stops the server \
        before it gets that far, the old address is not yet the cause, but it is the next one.",
    modes: &["F-01"],
    guide: "1",
    citation: "guide, section 1; KB4482416",
    appearances: &[
        Appearance::exception("SoapException: Fault occurred", Provenance::Seen),
        Appearance::exception(
            "The underlying connection was closed: An unexpected error occurred on a receive.",
            Provenance::Derived,
        ),
        Appearance::log(
            "SoapUtilities.LogException USS ThrowException: Actor = https://fe2.update.microsoft.com/v6/ServerSyncWebService/ServerSyncWebService.asmx, … ErrorCode=InternalServerError",
            Provenance::Seen,
        ),
        Appearance::hresult("0x80131501", Provenance::Derived),
    ],
    first_check: "(Get-WsusServer).GetConfiguration().MUUrl",
    remedy: remedies::USE_CURRENT_ENDPOINT,
    check,
};

const DECOMMISSIONED: &[&str] = &["fe2.update.microsoft.com", "update.microsoft.com", "www.update.microsoft.com"];

fn check(evidence: &Evidence) -> Outcome {
    let Some(path) = evidence.microsoft_path() else { return Outcome::DoesNotApply };
    if !DECOMMISSIONED.contains(&path.host.as_str()) {
        return Outcome::ruled_out("MUUrl names none of the decommissioned endpoints");
    }
    let (old, current) = (evidence.walk(Purpose::Path), evidence.walk(Purpose::CurrentEndpoint));
    let host = &path.host;
    match &old.end {
        WalkEnd::Stopped { index, how, .. } if reached(&old, &path) || old.reached < current.reached => {
            let sentence =
                format!("MUUrl names {host}, where Microsoft serves WSUS no more: {how}. {}", prospect(&current));
            Finding::blocks(Step::Configuration, sentence).resting_on([*index]).into()
        }
        WalkEnd::Stopped { .. } | WalkEnd::NotBegun => Finding::warns(format!(
            "MUUrl names {host}, which Microsoft has decommissioned; today the server does not even get that far, and \
             once it does this will stop it"
        ))
        .into(),
        WalkEnd::Open | WalkEnd::RanToItsEnd => Finding::warns(format!(
            "MUUrl names {host}, which Microsoft has decommissioned; it answers all the same, and cannot be relied on"
        ))
        .into(),
    }
}

/// Whether what failed, failed at the endpoint itself and not on the way there.
fn reached(walk: &Walk, path: &SyncPath) -> bool {
    let (Scheme::Http, crate::path::Route::Direct) = (path.scheme, &path.route) else {
        let step = if path.scheme == Scheme::Https { Step::Handshake } else { Step::Request };
        return walk.reached_at_least(step);
    };
    walk.reached_at_least(Step::Connect)
}

/// Whether moving to the current endpoint will help.
fn prospect(current: &Walk) -> String {
    match &current.end {
        WalkEnd::Open | WalkEnd::RanToItsEnd if current.reached_at_least(Step::Authorization) => {
            "sws.update.microsoft.com answers by the same way, so moving there will help".to_owned()
        }
        WalkEnd::Stopped { how, .. } => {
            format!(
                "By the same way sws.update.microsoft.com fails too ({how}), so a second problem waits behind this one"
            )
        }
        WalkEnd::NotBegun | WalkEnd::Open | WalkEnd::RanToItsEnd => {
            "Whether sws.update.microsoft.com answers by the same way was not seen".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Evidence, Purpose, TlsEnd};
    use crate::path::Scheme;
    use crate::testing::*;

    const FE2: &str = "fe2.update.microsoft.com";

    fn configured_for_fe2(evidence: Evidence) -> Evidence {
        evidence.step0(|step0| step0.mu_url = Some(format!("https://{FE2}/v6")))
    }

    fn sws_answers(evidence: Evidence) -> Evidence {
        evidence.and(Purpose::CurrentEndpoint, SWS, 443, handshake(pki::chain(SWS))).and(
            Purpose::CurrentEndpoint,
            SWS,
            443,
            answered("GetAuthConfig", Scheme::Https),
        )
    }

    #[test]
    fn an_endpoint_that_closes_after_tls_is_the_cause() {
        let evidence = configured_for_fe2(microsoft_update()).stopped_by(no_answer("GetAuthConfig", Scheme::Https));
        check(&RULE, sws_answers(evidence), "blocks Configuration: MUUrl names fe2.update.microsoft.com, where");
    }

    #[test]
    fn the_fault_of_2019_is_the_cause() {
        let fault = soap_fault("GetUpdateData", Scheme::Https, "InternalServerError");
        check(&RULE, configured_for_fe2(microsoft_update()).stopped_by(fault), "blocks Configuration");
    }

    #[test]
    fn an_endpoint_that_is_gone_while_the_current_one_answers_is_the_cause() {
        let gone = configured_for_fe2(microsoft_update()).stopped_by(failed_handshake(TlsEnd::Reset, None));
        check(&RULE, sws_answers(gone), "blocks Configuration");
    }

    #[test]
    fn behind_a_proxy_that_stops_both_it_is_a_warning() {
        let evidence = configured_for_fe2(through_proxy()).stopped_by(tunnel(407, &[]));
        check(&RULE, evidence.and(Purpose::CurrentEndpoint, SWS, 443, tunnel(407, &[])), "warns: MUUrl names");
    }

    #[test]
    fn when_it_works_all_the_same_it_is_a_warning() {
        check(&RULE, configured_for_fe2(microsoft_update()), "warns");
    }

    #[test]
    fn the_current_endpoint_is_ruled_out_and_an_upstream_is_another_question() {
        let failed = microsoft_update().stopped_by(no_answer("GetAuthConfig", Scheme::Https));
        check(&RULE, failed, "ruled out");
        check(&RULE, https_upstream(), "does not apply");
    }
}
