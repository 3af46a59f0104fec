//! `http/request-too-large`: the upstream takes small requests and refuses those that ask for much.

use crate::evidence::{CallOutcome, CallSeen, Evidence, Sight};
use crate::path::Source;
use crate::rule::{Action, Appearance, Effect, Finding, Outcome, Provenance, Rule, Step};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "http/request-too-large",
    title: "The upstream refuses requests for their size",
    explanation: "A downstream server asks for the metadata of a hundred revisions at once, some 14 KB, and its reports are larger \
        still. Three limits of IIS stand in the way, each with an answer of its own: request filtering \
        (maxAllowedContentLength, 30,000,000 bytes unless somebody lowered it) answers a plain 404, the 13 behind the point \
        stands in its log alone; ASP.NET (maxRequestLength, 4 MB) answers a SOAP fault with \"Maximum request length exceeded\"; \
        and where client certificates are asked for, whatever is longer than uploadReadAheadSize gets 413. Firewalls for web \
        applications in front of the upstream have limits too. The small calls at the beginning of a synchronization all \
        succeed, so that authorization, certificates and directories are not the cause; a request for a single revision tells.",
    modes: &["F-54"],
    guide: "6",
    citation: "RFC 9110, 15.5.14; field notes, F-54",
    appearances: &[
        Appearance::exception(
            "The request failed with HTTP status 413: Request Entity Too Large.",
            Provenance::Recalled,
        ),
        Appearance::exception("The request failed with HTTP status 404: Not Found.", Provenance::Recalled),
        Appearance::exception(
            "SoapException: There was an exception running the extensions specified in the config file. ---> Maximum request \
             length exceeded.",
            Provenance::Derived,
        ),
    ],
    first_check: "the status and sub-status of the refused call in the log of IIS on the upstream (404.13, 413, 500)",
    remedy: &[
        Action::windows_powershell(
            "Set-WebConfigurationProperty -PSPath 'IIS:\\Sites\\WSUS Administration' -Filter \
             system.webServer/security/requestFiltering/requestLimits -Name maxAllowedContentLength -Value 30000000",
        )
        .that(Effect::RestartsIis)
        .before("run it on the upstream, where its log says 404.13")
        .not_on("this server"),
        Action::person(
            "On the upstream, where the fault says \"Maximum request length exceeded\": in \"%ProgramFiles%\\Update \
             Services\\WebServices\\ServerSyncWebService\\web.config\" set maxRequestLength of httpRuntime to 4096 or more.",
        ),
        Action::person(
            "On the upstream, where its log says 413: IIS Manager > ServerSyncWebService > SSL Settings > Client certificates \
             > Ignore; or raise uploadReadAheadSize of system.webServer/serverRuntime.",
        ),
        Action::person(
            "Where the log of IIS has no line for the call: whoever runs the firewall or load balancer in front of the upstream \
             raises its limit for /ServerSyncWebService and /ReportingWebService.",
        ),
    ],
    check,
};

/// ASP.NET's words.
const EXCEEDED: &str = "Maximum request length exceeded";

fn check(evidence: &Evidence) -> Outcome {
    if let Some(call) = exceeded(evidence) {
        let operation = safe(&call.seen.operation);
        let sentence = format!("the upstream answers {operation} with the SOAP fault \"{EXCEEDED}\", of ASP.NET");
        return Finding::blocks(Step::Request, sentence).resting_on([call.index]).into();
    }
    let Some(refusal) = evidence.refusal() else { return Outcome::DoesNotApply };
    let smaller = evidence.answered_when_smaller();
    if refusal.head.status != 413 && smaller.is_none() {
        return Outcome::ruled_out("nothing was refused that is answered when it is smaller");
    }
    let decided_by = "the proxy's log for {host}:{port}, and the log of IIS on the upstream";
    if let Some(outcome) = refusal.not_of_the_target(decided_by) {
        return outcome;
    }
    if refusal.head.status != 413 && evidence.refused_for_its_size().is_none() {
        let want = format!("whether size is the reason of the {}, or something that has passed", refusal.head.status);
        return Outcome::cannot_tell(
            Step::Request,
            want,
            "the same examination once more: does it stop at the same call?",
        );
    }
    let sizes = smaller.map_or(String::new(), |smaller| {
        format!(", {} bytes long, and answers one of {} bytes", smaller.refused_bytes, smaller.bytes)
    });
    let sentence = format!("{}{sizes}: it is refused for its size{}", refusal.sentence(), refusal.signature());
    Finding::blocks(Step::Request, sentence).resting_on([refusal.call.index]).into()
}

/// The call that ASP.NET of an upstream refused.
fn exceeded(evidence: &Evidence) -> Option<Sight<'_, CallSeen>> {
    evidence.path().filter(|path| path.source == Source::Upstream)?;
    evidence.last_call().filter(|call| {
        matches!(&call.seen.outcome, CallOutcome::Fault(fault) if fault.error_code.is_none() && fault.text.contains(EXCEEDED))
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{CallOutcome, Evidence, Seen, SmallerRequest};
    use crate::path::Scheme;
    use crate::rules::http::{forbidden, html_instead_of_soap, not_found};
    use crate::rules::soap::server_fault;
    use crate::testing::*;

    fn refused(evidence: Evidence, status: u16, headers: &[(&str, &str)]) -> Evidence {
        evidence.stopped_by(not_soap("GetUpdateData", Scheme::Http, head(status, headers)))
    }

    fn smaller(evidence: Evidence, answered: bool) -> Evidence {
        evidence.synchronized(|sync| {
            sync.smaller_request = Some(SmallerRequest { refused_bytes: 14_000, bytes: 900, answered });
        })
    }

    #[test]
    fn what_is_answered_when_it_is_smaller_is_refused_for_its_size() {
        let expected = "blocks Request: up.contoso.com:8530 answers GetUpdateData with 404 Whatever, 14000 bytes long, and answers one of 900 bytes: it is refused for its size";
        let evidence = smaller(refused(http_upstream(), 404, &[]), true);
        check(&RULE, evidence.clone(), expected);
        check(&not_found::RULE, evidence, "ruled out");
        check(&forbidden::RULE, smaller(refused(http_upstream(), 403, &[]), true), "ruled out");
    }

    #[test]
    fn an_answer_that_is_not_given_for_a_size_does_not_tell() {
        let want = |status| format!("cannot tell Request: whether size is the reason of the {status}");
        for status in [200, 500, 502, 504] {
            check(&RULE, smaller(refused(http_upstream(), status, &[]), true), &want(status));
        }
        let page = smaller(refused(http_upstream(), 500, &[("Content-Type", "text/html")]), true);
        check(&html_instead_of_soap::RULE, page, "cannot tell Request: why a smaller request was answered");
    }

    #[test]
    fn a_413_says_so_itself() {
        let expected =
            "blocks Request: up.contoso.com:8530 answers GetUpdateData with 413 Whatever: it is refused for its size";
        check(&RULE, refused(http_upstream(), 413, &[]), expected);
        check(&RULE, refused(http_upstream_through_proxy(), 413, &[]), "cannot tell Request");
        check(&RULE, refused(http_upstream_through_proxy(), 413, &[("X-Squid-Error", "ERR_TOO_BIG 0")]), "ruled out");
    }

    #[test]
    fn asp_net_says_it_in_a_fault() {
        let Seen::Call(mut call) = soap_fault("GetUpdateData", Scheme::Http, "") else { panic!("no call") };
        if let CallOutcome::Fault(fault) = &mut call.outcome {
            fault.error_code = None;
            fault.text =
                "There was an exception running the extensions specified in the config file. ---> Maximum request \
                          length exceeded."
                    .to_owned();
        }
        let seen = Seen::Call(call);
        check(&RULE, http_upstream().stopped_by(seen.clone()), "blocks Request: the upstream answers GetUpdateData");
        check(&server_fault::RULE, http_upstream().stopped_by(seen.clone()), "ruled out");
        check(&RULE, microsoft_update().stopped_by(seen), "does not apply");
    }

    #[test]
    fn what_is_refused_whatever_its_size_is_not() {
        let evidence = smaller(refused(http_upstream(), 404, &[]), false);
        check(&RULE, evidence, "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
