//! `soap/server-fault`: the upstream failed inside and says so in a SOAP fault.

use crate::evidence::{CallOutcome, Evidence, SoapFaultSeen};
use crate::path::Source;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "soap/server-fault",
    title: "The upstream answers with a SOAP fault: it failed inside",
    explanation: "The request arrived, was understood, and the upstream failed at answering it. WSUS says InternalServerError then, \
        ASP.NET below it \"Server was unable to process request\"; neither says why. The reason stands in the upstream's own \
        SoftwareDistribution.log and Application log, at the same second in UTC: a database that does not answer in time or \
        is full, a pool out of memory, metadata that it announces and no longer has. Microsoft's retired endpoints gave the \
        same fault; the host behind Actor tells the two apart, and MUUrl is not touched on a downstream server.",
    modes: &["F-49"],
    guide: "6",
    citation: "[MS-WSUSSS] 2.2.9.3; guide, section 6; field notes, F-49",
    appearances: &[
        Appearance::exception("SoapException: Fault occurred", Provenance::Seen),
        Appearance::log("USS ThrowException: Actor = <upstream>, … ErrorCode=InternalServerError", Provenance::Derived),
        Appearance::exception("SoapException: Server was unable to process request.", Provenance::Derived),
        Appearance::event("SynchronizationError UssInternalError", Provenance::Seen),
    ],
    first_check: "SoftwareDistribution.log and the Application log of the upstream at the second of the failure, in UTC",
    remedy: &[
        Action::windows_powershell(
            "Get-WinEvent -FilterHashtable @{LogName='Application'; Level=1,2,3; StartTime=(Get-Date).AddHours(-1)} | \
             Where-Object ProviderName -match 'Windows Server Update|ASP.NET|MSSQL|WAS'",
        )
        .before("run it on the upstream, after one more failed synchronization"),
        Action::person(
            "On the upstream: lines with DBLAYER or SqlException mean its database (re-index it, look for space, restart SQL \
             or the internal database); OutOfMemory means the private memory limit of WsusPool. Decline superseded updates \
             and run the cleanup where load was the reason.",
        ),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(path) = evidence.path().filter(|path| path.source == Source::Upstream) else {
        return Outcome::DoesNotApply;
    };
    let Some(call) = evidence.last_call() else { return Outcome::DoesNotApply };
    let CallOutcome::Fault(fault) = &call.seen.outcome else { return Outcome::ruled_out("no SOAP fault came") };
    let Some(words) = words(fault) else {
        return Outcome::ruled_out("the SOAP fault is not that of a server that failed inside");
    };
    let (host, port, operation) = (safe(&path.host), path.port, safe(&call.seen.operation));
    let actor = fault.actor.as_deref().map_or(String::new(), |actor| format!(" (Actor: {})", safe(actor)));
    let sentence = format!("{host}:{port} answers {operation} with {words}{actor}; why, its own logs tell");
    Finding::blocks(step(&call.seen.operation), sentence).resting_on([call.index]).into()
}

/// The fault in words, where it is that of a server that failed inside.
fn words(fault: &SoapFaultSeen) -> Option<String> {
    let unprocessed = fault.text.contains("Server was unable to process request");
    match fault.error_code.as_deref() {
        Some("InternalServerError") => Some("the SOAP fault InternalServerError".to_owned()),
        None if unprocessed => Some(format!("the SOAP fault \"{}\"", safe(fault.text.trim()))),
        _ => None,
    }
}

fn step(operation: &str) -> Step {
    match operation {
        "GetAuthConfig" | "GetAuthorizationCookie" | "GetCookie" | "GetConfigData" => Step::Authorization,
        _ => Step::Metadata,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{CallOutcome, Seen, SoapFaultSeen};
    use crate::path::Scheme;
    use crate::testing::*;

    fn raw_fault(text: &str) -> Seen {
        let Seen::Call(mut call) = soap_fault("GetCookie", Scheme::Http, "") else { return whole() };
        call.outcome = CallOutcome::Fault(SoapFaultSeen {
            code: "soap:Server".to_owned(),
            text: text.to_owned(),
            actor: None,
            error_code: None,
            message: None,
            method: None,
        });
        Seen::Call(call)
    }

    fn whole() -> Seen {
        answered("GetCookie", Scheme::Http)
    }

    #[test]
    fn an_internal_server_error_of_an_upstream_is_the_cause() {
        let evidence = http_upstream().stopped_by(soap_fault("GetUpdateData", Scheme::Http, "InternalServerError"));
        let expected =
            "blocks Metadata: up.contoso.com:8530 answers GetUpdateData with the SOAP fault InternalServerError; why";
        check(&RULE, evidence, expected);
        let evidence = https_upstream().stopped_by(soap_fault("GetCookie", Scheme::Https, "InternalServerError"));
        check(&RULE, evidence, "blocks Authorization");
    }

    #[test]
    fn a_fault_of_asp_net_is_quoted() {
        let evidence =
            http_upstream().stopped_by(raw_fault("Server was unable to process request. ---> Timeout expired."));
        let expected = "blocks Authorization: up.contoso.com:8530 answers GetCookie with the SOAP fault \"Server was unable to process request. ---> Timeout expired.\"";
        check(&RULE, evidence, expected);
        check(&RULE, http_upstream().stopped_by(raw_fault("Server was unable to read request.")), "ruled out");
    }

    #[test]
    fn other_faults_and_microsofts_are_other_causes() {
        check(&RULE, http_upstream().stopped_by(soap_fault("GetCookie", Scheme::Http, "InvalidCookie")), "ruled out");
        let fault = soap_fault("GetUpdateData", Scheme::Https, "InternalServerError");
        check(&RULE, microsoft_update().stopped_by(fault), "does not apply");
        check(&RULE, http_upstream(), "ruled out");
    }
}
