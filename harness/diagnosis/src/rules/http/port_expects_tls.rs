//! `http/port-expects-tls`: plain HTTP is configured, and the port speaks TLS.

use crate::evidence::{CallOutcome, Ended, Evidence, Purpose};
use crate::path::Scheme;
use crate::rule::{Appearance, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "http/port-expects-tls",
    title: "Plain HTTP is configured, and the port expects TLS",
    explanation: "The downstream server is not told to use SSL and given the HTTPS port of its upstream (8531 instead of 8530). \
        The upstream gets a request in clear where it expects a ClientHello, and hangs up without an answer; other web \
        servers answer 400. An upstream that crashes or a middlebox that cuts the connection gives the same exception; so \
        TLS is tried on the same port, and it completes.",
    modes: &["F-44a"],
    guide: "6",
    citation: "RFC 8446, 5.1; guide, section 6",
    appearances: &[
        Appearance::exception(
            "The underlying connection was closed: An unexpected error occurred on a receive.",
            Provenance::Recalled,
        ),
        Appearance::exception(
            "The underlying connection was closed: The connection was closed unexpectedly.",
            Provenance::Recalled,
        ),
        Appearance::exception("The request failed with HTTP status 400: Bad Request.", Provenance::Recalled),
    ],
    first_check: "(Get-WsusServer).GetConfiguration() | Select-Object UpstreamWsusServerPortNumber, UpstreamWsusServerUseSsl",
    // The request as .NET makes it would go to the configured URL, whose scheme is what is wrong.
    remedy: &[remedies::SET_UPSTREAM],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(path) = evidence.path().filter(|path| path.scheme == Scheme::Http) else { return Outcome::DoesNotApply };
    let Some(call) = evidence.last_call() else { return Outcome::DoesNotApply };
    let status = call.seen.exchange.answer.as_ref().map(|head| head.status);
    let hung_up = matches!(call.seen.exchange.ended, Ended::Closed | Ended::Reset | Ended::NotTheProtocol(_));
    let suspicious = match status {
        Some(400) => call.seen.outcome != CallOutcome::Answered,
        Some(_) => false,
        None => hung_up,
    };
    if !suspicious {
        return Outcome::ruled_out("the port does not hang up on plain HTTP");
    }
    if evidence.calls(Purpose::Path).any(|call| call.seen.outcome == CallOutcome::Answered) {
        return Outcome::ruled_out("the port answered other calls in clear");
    }
    let (host, port) = (safe(&path.host), path.port);
    match evidence.tls_at(port) {
        Some(index) => {
            let sentence = format!("{host}:{port} is configured for plain HTTP and speaks TLS");
            Finding::blocks(Step::Request, sentence).resting_on([call.index, index]).into()
        }
        None if evidence.of(Purpose::SchemeMatrix).next().is_none() => Outcome::cannot_tell(
            Step::Request,
            "whether the port completes a TLS handshake",
            "openssl s_client -connect {host}:{port}",
        ),
        None => Outcome::ruled_out("the port completes no TLS handshake either"),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Purpose, TlsEnd};
    use crate::path::Scheme;
    use crate::testing::*;

    #[test]
    fn a_port_that_hangs_up_on_http_and_completes_tls_is_the_cause() {
        for answer in
            [no_answer("GetAuthConfig", Scheme::Http), not_soap("GetAuthConfig", Scheme::Http, head(400, &[]))]
        {
            let evidence = http_upstream().stopped_by(answer);
            let evidence = evidence.and(Purpose::SchemeMatrix, UPSTREAM, 8530, handshake(Vec::new()));
            check(&RULE, evidence, "blocks Request: up.contoso.com:8530 is configured for plain HTTP and speaks TLS");
        }
    }

    #[test]
    fn until_tls_was_tried_it_stays_open() {
        check(&RULE, http_upstream().stopped_by(no_answer("GetAuthConfig", Scheme::Http)), "cannot tell Request");
    }

    #[test]
    fn a_port_that_answered_other_calls_speaks_plain_http() {
        let called = http_upstream().stopped_by(answered("GetAuthConfig", Scheme::Http));
        let evidence = called.then(no_answer("GetAuthorizationCookie", Scheme::Http));
        check(&RULE, evidence, "ruled out: the port answered other calls in clear");
    }

    #[test]
    fn a_port_without_tls_and_a_real_answer_are_other_causes() {
        let closed = http_upstream().stopped_by(no_answer("GetAuthConfig", Scheme::Http));
        let cell = failed_handshake(TlsEnd::NotTls, None);
        check(&RULE, closed.and(Purpose::SchemeMatrix, UPSTREAM, 8530, cell), "ruled out");
        check(&RULE, http_upstream().stopped_by(not_soap("GetAuthConfig", Scheme::Http, head(503, &[]))), "ruled out");
        check(&RULE, http_upstream(), "ruled out");
        check(&RULE, https_upstream(), "does not apply");
    }
}
