//! `http/service-unavailable`: the upstream answers 503, mostly because its application pool does not run.

use crate::evidence::{Author, CallOutcome, Evidence, Head};
use crate::path::Source;
use crate::rule::{Action, Appearance, Effect, Finding, Outcome, Provenance, Rule, Step};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "http/service-unavailable",
    title: "The upstream answers 503: its application pool does not run",
    explanation: "HTTP.SYS, the part of Windows below IIS, answers 503 itself (Server: Microsoft-HTTPAPI/2.0) when WsusPool is \
        stopped: by its memory limit, by rapid-fail protection after several crashes, or by hand. The request then stands in \
        HTTPERR and not in the log of IIS. A 503 that a proxy gives to the request for a tunnel reads \"(503) Server \
        Unavailable\" in parentheses and comes before the upstream is reached; this one reads \"HTTP status 503\". A 503 with \
        another Server field comes from whatever stands in front of the upstream. Where the page for clients opens beside it, \
        ServerSyncWebService lies in a pool of its own, which Get-WebApplication names.",
    modes: &["F-47"],
    guide: "6",
    citation: "RFC 9110, 15.6.4; guide, section 6",
    appearances: &[
        Appearance::exception("The request failed with HTTP status 503: Service Unavailable.", Provenance::Seen),
        Appearance::hresult("0x80244022", Provenance::Seen),
        Appearance::event(
            "Event 12072 on the upstream: the WSUS content directory is not accessible … (503) Server Unavailable",
            Provenance::Seen,
        ),
        Appearance::event(
            "Event 5002 or 5059 (WAS, System log of the upstream): the application pool was disabled",
            Provenance::Recalled,
        ),
    ],
    first_check: "Get-WebAppPoolState WsusPool, on the upstream",
    remedy: &[
        Action::windows_powershell("Import-Module WebAdministration; Start-WebAppPool WsusPool")
            .before("run it on the upstream")
            .not_on("this server"),
        Action::windows_powershell(
            "Set-ItemProperty IIS:\\AppPools\\WsusPool -Name recycling.periodicRestart.privateMemory -Value 4000000\n\
             Set-ItemProperty IIS:\\AppPools\\WsusPool -Name queueLength -Value 2000",
        )
        .that(Effect::RestartsIis)
        .before("run it on the upstream, where the memory is to spare (8000000 or 0, no limit, on large servers)")
        .not_on("this server"),
        Action::person(
            "On the upstream: find out why the pool stopped (System log, source WAS; Application log; SoftwareDistribution.log) \
             and decline superseded updates and re-index its database if load was the reason.",
        ),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let (Some(call), Some(path)) = (evidence.last_call(), evidence.path()) else { return Outcome::DoesNotApply };
    let Some(head) = call.seen.exchange.answer.as_ref() else { return Outcome::ruled_out("no HTTP answer came") };
    if head.status != 503 || call.seen.outcome == CallOutcome::Answered {
        return Outcome::ruled_out("the target did not answer 503");
    }
    if path.source == Source::MicrosoftUpdate {
        return Outcome::ruled_out("the 503 comes from Microsoft Update, where no application pool is yours to start");
    }
    match evidence.author_of(head, &path) {
        Author::Target => {}
        Author::Proxy => return Outcome::ruled_out("the 503 is the proxy's own"),
        Author::Unclear => {
            return Outcome::cannot_tell(
                Step::Request,
                "whether the 503 is the proxy's or the upstream's",
                "the proxy's log for {host}:{port}, or Get-WebAppPoolState WsusPool on the upstream",
            );
        }
    }
    let who = match (is_http_sys(head), head.header("Server")) {
        (true, _) => "HTTP.SYS answers in its place, so its application pool does not run".to_owned(),
        (false, Some(server)) => format!("the answer is by {}, not by HTTP.SYS", safe(server)),
        (false, None) => "the answer does not say by whom it was written".to_owned(),
    };
    let (place, operation) = (evidence.answerer_of(head, &path), safe(&call.seen.operation));
    let page = evidence.client_page().filter(|_| is_http_sys(head));
    let though =
        page.as_ref().map_or("", |_| "; the page for clients opens all the same, so that its pool is another one");
    let sentence = format!("{place} answers {operation} with 503 {}: {who}{though}", safe(&head.reason));
    let proof = [call.index].into_iter().chain(page.map(|page| page.index));
    Finding::blocks(Step::Request, sentence).resting_on(proof).into()
}

fn is_http_sys(head: &Head) -> bool {
    head.header("Server").is_some_and(|server| server.to_ascii_lowercase().starts_with("microsoft-httpapi"))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Evidence, Purpose, Seen};
    use crate::path::Scheme;
    use crate::testing::*;

    const HTTP_SYS: &[(&str, &str)] = &[("Server", "Microsoft-HTTPAPI/2.0")];

    fn stopped(evidence: Evidence, scheme: Scheme, status: u16, headers: &[(&str, &str)]) -> Evidence {
        evidence.stopped_by(not_soap("GetAuthConfig", scheme, head(status, headers)))
    }

    #[test]
    fn a_503_of_http_sys_is_the_cause() {
        let expected = "blocks Request: up.contoso.com:8531 answers GetAuthConfig with 503 Service Unavailable: HTTP.SYS answers in its place";
        check(&RULE, stopped(https_upstream(), Scheme::Https, 503, HTTP_SYS), expected);
        check(&RULE, stopped(http_upstream_through_proxy(), Scheme::Http, 503, HTTP_SYS), "blocks Request");
    }

    #[test]
    fn a_page_for_clients_that_opens_lies_in_another_pool() {
        let page = Seen::Exchange(exchange(Scheme::Https, Some(head(200, &[]))));
        let stopped = stopped(https_upstream(), Scheme::Https, 503, HTTP_SYS);
        let expected = "blocks Request: up.contoso.com:8531 answers GetAuthConfig with 503 Service Unavailable: HTTP.SYS answers in its place, so its application pool does not run; the page for clients opens all the same, so that its pool is another one";
        check(&RULE, stopped.and(Purpose::ClientPage, UPSTREAM, 8531, page), expected);
    }

    #[test]
    fn a_503_of_somebody_else_is_said_to_be_theirs() {
        let expected = "blocks Request: up.contoso.com:8530 answers GetAuthConfig with 503 Service Unavailable: the answer is by nginx";
        check(&RULE, stopped(http_upstream(), Scheme::Http, 503, &[("Server", "nginx")]), expected);
    }

    #[test]
    fn a_proxys_503_is_another_cause_and_an_unsigned_one_stays_open() {
        let own = [("X-Squid-Error", "ERR_DNS_FAIL 0")];
        check(&RULE, stopped(http_upstream_through_proxy(), Scheme::Http, 503, &own), "ruled out");
        check(&RULE, stopped(http_upstream_through_proxy(), Scheme::Http, 503, &[]), "cannot tell Request");
        check(&RULE, through_proxy().stopped_by(tunnel(503, &[])), "does not apply");
    }

    #[test]
    fn other_answers_and_microsofts_503_are_ruled_out() {
        check(&RULE, stopped(https_upstream(), Scheme::Https, 500, HTTP_SYS), "ruled out");
        check(&RULE, stopped(microsoft_update(), Scheme::Https, 503, &[]), "ruled out");
        check(&RULE, https_upstream(), "ruled out");
    }
}
