//! `tls/port-speaks-http`: HTTPS is configured, and the port speaks plain HTTP.

use crate::evidence::{Evidence, ExchangeSeen, Purpose, Sight, TlsEnd};
use crate::path::{Route, Scheme};
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "tls/port-speaks-http",
    title: "HTTPS is configured, and the port speaks plain HTTP",
    explanation: "The downstream server is told to use SSL and given the plain-HTTP port of its upstream (8530 instead of 8531). \
        The upstream gets a ClientHello where it expects a request line; it answers 400 in clear or hangs up, which .NET \
        reports as an unexpected packet format or a connection that failed on a send. Bytes that are neither TLS nor HTTP, \
        and a reset by a middlebox, give the same texts; so the same port is asked over plain HTTP, and its neighbours over \
        both.",
    modes: &["F-44b"],
    guide: "6",
    citation: "RFC 8446, 5.1; guide, section 6",
    appearances: &[
        Appearance::exception("The handshake failed due to an unexpected packet format.", Provenance::Derived),
        Appearance::exception(
            "The underlying connection was closed: An unexpected error occurred on a send.",
            Provenance::Derived,
        ),
    ],
    first_check: "Test-NetConnection {host} -Port 8531, and the bindings of the WSUS web site on the upstream",
    remedy: &[
        remedies::SET_UPSTREAM,
        Action::person(
            "Or, where the upstream is meant to be used without SSL, clear Use SSL when synchronizing update information in \
             Options > Update Source and Proxy Server; metadata then travels in clear.",
        ),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let (Some(handshake), Some(path)) = (evidence.path_handshake(), evidence.path()) else {
        return Outcome::DoesNotApply;
    };
    match handshake.seen.ended {
        TlsEnd::NotTls | TlsEnd::Closed | TlsEnd::Reset => {}
        TlsEnd::Completed => return Outcome::ruled_out("the port completes a TLS handshake"),
        _ => return Outcome::ruled_out("the port does not answer a ClientHello in clear"),
    }
    if evidence.tls_at(path.port).is_some() {
        return Outcome::ruled_out("the port completes a TLS handshake with a modern client");
    }
    let found = |more: &[usize]| {
        let sentence = format!("{}:{} is configured for HTTPS and speaks plain HTTP", safe(&path.host), path.port);
        Finding::blocks(Step::Handshake, sentence).resting_on([handshake.index]).resting_on(more.iter().copied()).into()
    };
    // "HTTP/": the answer to the ClientHello itself.
    let spoke_http = handshake.seen.first_bytes.to_ascii_lowercase().starts_with("485454502f");
    match evidence.plain_http_answer(path.port) {
        Some((index, _)) if handshake.seen.ended == TlsEnd::NotTls => found(&[index]),
        // A TLS port may answer plain HTTP with 400; where nothing but that was seen, the port may be TLS all the same.
        Some((index, head)) if head.status != 400 => found(&[index]),
        _ if spoke_http => found(&[]),
        _ if handshake.seen.ended == TlsEnd::NotTls && asked_in_clear(evidence, path.port) => {
            Outcome::ruled_out("the port does not answer plain HTTP")
        }
        _ if handshake.seen.ended == TlsEnd::NotTls => undecided(&path.route),
        _ => Outcome::ruled_out("the port does not answer plain HTTP"),
    }
}

/// Whether plain HTTP was tried, and directly.
fn asked_in_clear(evidence: &Evidence, port: u16) -> bool {
    let tried =
        |exchange: &Sight<'_, ExchangeSeen>| exchange.observation.port == port && exchange.seen.scheme == Scheme::Http;
    evidence.direct_path().is_some() && evidence.exchanges(Purpose::SchemeMatrix).any(|exchange| tried(&exchange))
}

/// A proxy that grants a tunnel may answer in the target's place, as a captive portal behind it does; a request around the
/// proxy would decide nothing then.
fn undecided(route: &Route) -> Outcome {
    match route {
        Route::Direct => Outcome::cannot_tell(
            Step::Handshake,
            "what the port answers to plain HTTP",
            "curl -v http://{host}:{port}/ServerSyncWebService/ServerSyncWebService.asmx",
        ),
        Route::Through { host, port } => Outcome::cannot_tell(
            Step::Handshake,
            format!(
                "who answers in clear inside the tunnel: the target, or the proxy {}:{port} or a portal behind it",
                safe(host)
            ),
            "the log of the proxy {proxy}:{proxy_port} for CONNECT {host}:{port}, and curl -v -p -x http://{proxy}:{proxy_port} \
             http://{host}:{port}/ServerSyncWebService/ServerSyncWebService.asmx",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Evidence, Purpose, Seen, TlsEnd};
    use crate::path::Scheme;
    use crate::testing::*;

    fn answered_in_clear(ended: TlsEnd, status: u16) -> Evidence {
        let http = Seen::Exchange(exchange(Scheme::Http, Some(head(status, &[]))));
        https_upstream().stopped_by(failed_handshake(ended, None)).and(Purpose::SchemeMatrix, UPSTREAM, 8531, http)
    }

    #[test]
    fn a_port_that_answers_in_clear_is_the_cause() {
        let expected = "blocks Handshake: up.contoso.com:8531 is configured for HTTPS and speaks plain HTTP";
        check(&RULE, answered_in_clear(TlsEnd::NotTls, 400), expected);
        check(&RULE, answered_in_clear(TlsEnd::Closed, 200), expected);
    }

    #[test]
    fn a_proxys_own_502_is_no_answer_of_the_port() {
        let own = head(502, &[("X-Squid-Error", "ERR_ZERO_SIZE_OBJECT 0")]);
        let http = Seen::Exchange(exchange(Scheme::Http, Some(own)));
        let evidence = https_upstream().stopped_by(failed_handshake(TlsEnd::Closed, None));
        check(&RULE, evidence.and(Purpose::SchemeMatrix, UPSTREAM, 8531, http), "ruled out: the port does not answer");
    }

    #[test]
    fn bytes_that_are_not_tls_leave_it_open_until_http_was_tried() {
        let evidence = https_upstream().stopped_by(failed_handshake(TlsEnd::NotTls, None));
        check(&RULE, evidence, "cannot tell Handshake: what the port answers to plain HTTP");
    }

    #[test]
    fn behind_a_proxy_it_is_the_proxy_that_is_asked() {
        let evidence = through_proxy().stopped_by(failed_handshake(TlsEnd::NotTls, None));
        check(
            &RULE,
            evidence,
            "cannot tell Handshake: who answers in clear inside the tunnel: the target, or the proxy",
        );
    }

    #[test]
    fn a_tls_port_that_hung_up_and_answers_400_in_clear_is_not_accused() {
        check(&RULE, answered_in_clear(TlsEnd::Reset, 400), "ruled out");
        let tls = handshake(Vec::new());
        check(
            &RULE,
            answered_in_clear(TlsEnd::Closed, 200).and(Purpose::SchemeMatrix, UPSTREAM, 8531, tls),
            "ruled out",
        );
        check(&RULE, https_upstream().stopped_by(failed_handshake(TlsEnd::Alert(70), None)), "ruled out");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
