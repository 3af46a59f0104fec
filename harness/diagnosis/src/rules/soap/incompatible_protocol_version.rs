//! `soap/incompatible-protocol-version`: the upstream refuses the protocol version that this server speaks.

use crate::evidence::{CallOutcome, Evidence};
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "soap/incompatible-protocol-version",
    title: "The upstream refuses this server's protocol version",
    explanation: "The upstream answers with the SOAP fault IncompatibleProtocolVersion. By the specification it does so only where \
        the first number of the version differs, and that number is 1 in every WSUS there is; so the fault speaks for \
        something unusual: a damaged cookie, a product that only resembles WSUS, or a server that judges more strictly than \
        it should. It is not what an upstream of an older release says; that one answers, and this server stops by itself \
        after GetConfigData. The version order (never newer than the upstream) is worth checking all the same.",
    modes: &["F-55"],
    guide: "6",
    citation: "[MS-WSUSSS] 2.2.9.3, 3.1.4.3; field notes, correction 7",
    appearances: &[
        Appearance::exception("SoapException: Fault occurred", Provenance::Seen),
        Appearance::log("ErrorCode=IncompatibleProtocolVersion", Provenance::Recalled),
        Appearance::event("SynchronizationError IncompatibleProtocolVersion (16)", Provenance::Seen),
        Appearance::hresult("0x80131501", Provenance::Derived),
    ],
    first_check: "Get-WsusServer | Select-Object Version, ServerProtocolVersion, on this server and on the upstream",
    remedy: &[
        Action::windows_powershell("Get-WsusServer | Select-Object Version, ServerProtocolVersion")
            .before("run it on this server and on the upstream, and compare"),
        Action::person(
            "Bring the upstream to the same release as this server or a later one, with current updates; then synchronize again.",
        ),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(call) = evidence.last_call() else { return Outcome::DoesNotApply };
    let CallOutcome::Fault(fault) = &call.seen.outcome else {
        return Outcome::ruled_out("no SOAP fault came");
    };
    if fault.error_code.as_deref() != Some("IncompatibleProtocolVersion") {
        return Outcome::ruled_out("the SOAP fault is another one");
    }
    let ours = match &evidence.subject.host.protocol_version {
        Some(version) => format!("this server speaks {}", safe(version)),
        None => "which version this server speaks is not known".to_owned(),
    };
    let sentence = format!(
        "the upstream answers {} with IncompatibleProtocolVersion; {ours}. By the specification that is for another major version only",
        safe(&call.seen.operation)
    );
    Finding::blocks(Step::Authorization, sentence).resting_on([call.index]).into()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::path::Scheme;
    use crate::testing::*;

    #[test]
    fn the_fault_is_the_cause_and_the_specification_is_quoted() {
        let evidence =
            https_upstream().stopped_by(soap_fault("GetCookie", Scheme::Https, "IncompatibleProtocolVersion"));
        let expected = "blocks Authorization: the upstream answers GetCookie with IncompatibleProtocolVersion; this server speaks 1.20. By the specification";
        check(&RULE, evidence.clone(), expected);
        let unknown = evidence.host(|host| host.protocol_version = None);
        check(
            &RULE,
            unknown,
            "blocks Authorization: the upstream answers GetCookie with IncompatibleProtocolVersion; which version",
        );
    }

    #[test]
    fn another_fault_and_an_old_upstream_are_ruled_out() {
        let evidence = https_upstream().stopped_by(soap_fault("GetCookie", Scheme::Https, "InvalidCookie"));
        check(&RULE, evidence, "ruled out");
        check(&RULE, https_upstream().config(None), "ruled out");
        check(&RULE, https_upstream(), "ruled out");
    }
}
