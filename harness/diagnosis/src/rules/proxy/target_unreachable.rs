//! `proxy/target-unreachable`: the proxy itself cannot resolve or reach the target.

use crate::evidence::{Author, Evidence, Head, ProxyVoice, Purpose, Refusal};
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step};
use crate::words::{list, safe};

pub(crate) const RULE: Rule = Rule {
    code: "proxy/target-unreachable",
    title: "The proxy cannot resolve or reach the source",
    explanation: "The proxy answers the request for a tunnel with 502, 503 or 504: its own DNS does not know the name, or it cannot \
        connect. The headers of that answer (X-Squid-Error, Proxy-Status, Via, Server) name the reason; no client shows them. \
        That the name resolves on this server, or that the target can be reached from here directly, proves nothing: behind a \
        proxy it is the proxy that resolves and connects. A 503 of an upstream whose application pool is stopped looks alike, \
        but reads \"HTTP status 503\" and comes only after the tunnel stands. So does that of a proxy that inspects TLS: it opens the \
        tunnel, and then answers in the target's place, because it cannot reach the target or rejects its certificate. The \
        chain and the answer without the proxy tell the two apart.",
    modes: &["F-16"],
    guide: "3",
    citation: "RFC 9110, 9.3.6 and 15.6; RFC 9209; guide, section 4",
    appearances: &[
        Appearance::exception("The remote server returned an error: (503) Server Unavailable.", Provenance::Derived),
        Appearance::exception("The remote server returned an error: (502) Bad Gateway.", Provenance::Derived),
        Appearance::exception("The remote server returned an error: (504) Gateway Timeout.", Provenance::Derived),
        Appearance::hresult("0x8024402C", Provenance::Seen),
        Appearance::hresult("0x80244021", Provenance::Seen),
    ],
    first_check: "the proxy's log for CONNECT {host}:{port}, and name resolution on the proxy itself",
    remedy: &[
        Action::person(
            "On the proxy: resolve {host}, and connect to {host} on port {port}. Mend its DNS or its way out.",
        ),
        Action::person(
            "Where the proxy inspects TLS and rejects the certificate of {host} (X-Squid-Error: ERR_SECURE_CONNECT_FAIL): mend that \
             certificate, or let the proxy trust its authority, or exempt {host} from inspection.",
        ),
        Action::person(
            "If {host} is an upstream WSUS server on the inside that the proxy is not meant to reach, do without the proxy: \
             WSUS has no bypass list of its own.",
        ),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some((path, _, _)) = evidence.proxied_path() else { return Outcome::DoesNotApply };
    let Some((index, head, asked, step)) = proxys_answer(evidence) else { return Outcome::DoesNotApply };
    if !(500..600).contains(&head.status) {
        return Outcome::ruled_out("the proxy did not report an error of its own on the way to the target");
    }
    let says: Vec<String> = ["X-Squid-Error", "Proxy-Status", "Via", "Server"]
        .iter()
        .filter_map(|name| head.header(name).map(|value| format!("{name}: {}", safe(value))))
        .collect();
    let says = if says.is_empty() { String::new() } else { format!(" ({})", list(says)) };
    let (status, reason) = (head.status, safe(&head.reason));
    let sentence =
        format!("the proxy answers {asked} with {status} {reason}{says}: it cannot reach {}", safe(&path.host));
    Finding::blocks(step, sentence).resting_on([index]).into()
}

/// The answer to CONNECT, or to a call in the tunnel where the proxy ends TLS in it; over plain HTTP the last answer that the
/// proxy calls its own.
fn proxys_answer(evidence: &Evidence) -> Option<(usize, &Head, String, Step)> {
    if let Some(tunnel) = evidence.tunnels(Purpose::Path).last() {
        if let Some(Refusal { call, head, .. }) = evidence.refusal().filter(|refusal| refusal.author == Author::Proxy) {
            return Some((call.index, head, safe(&call.seen.operation), Step::Request));
        }
        let head = tunnel.seen.answer.as_ref()?;
        return Some((tunnel.index, head, format!("CONNECT {}", safe(&tunnel.seen.target)), Step::Proxy));
    }
    let call = evidence.last_call()?;
    let head = call.seen.exchange.answer.as_ref().filter(|head| head.proxy_voice() == ProxyVoice::Own)?;
    Some((call.index, head, safe(&call.seen.operation), Step::Proxy))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::Purpose;
    use crate::path::Scheme;
    use crate::rules::http::service_unavailable;
    use crate::rules::proxy::connect_denied;
    use crate::testing::pki::Wanted;
    use crate::testing::*;

    #[test]
    fn a_503_to_connect_is_the_cause_and_its_headers_are_quoted() {
        let answer = tunnel(503, &[("Server", "squid/6.1"), ("X-Squid-Error", "ERR_DNS_FAIL 0")]);
        let expected = "blocks Proxy: the proxy answers CONNECT sws.update.microsoft.com:443 with 503 Service Unavailable \
            (X-Squid-Error: ERR_DNS_FAIL 0 and Server: squid/6.1): it cannot reach sws.update.microsoft.com";
        check(&RULE, through_proxy().stopped_by(answer), expected);
    }

    #[test]
    fn that_the_target_resolves_here_changes_nothing() {
        let evidence = through_proxy().stopped_by(tunnel(504, &[]));
        check(&RULE, evidence.and(Purpose::DirectComparison, SWS, 443, name(SWS, &["198.18.1.1"])), "blocks Proxy");
    }

    #[test]
    fn over_plain_http_only_the_proxys_own_503_counts() {
        let stopped = |headers: &[(&str, &str)]| {
            http_upstream_through_proxy().stopped_by(not_soap("GetAuthConfig", Scheme::Http, head(503, headers)))
        };
        check(
            &RULE,
            stopped(&[("X-Squid-Error", "ERR_CONNECT_FAIL 111")]),
            "blocks Proxy: the proxy answers GetAuthConfig",
        );
        check(&RULE, stopped(&[("Server", "Microsoft-HTTPAPI/2.0")]), "does not apply");
    }

    #[test]
    fn an_inspecting_proxys_own_503_counts_behind_the_tunnel() {
        let gateway = Wanted::authority("Contoso Web Gateway").self_signed();
        let shown = handshake(vec![Wanted::leaf(UPSTREAM).issued_by(&gateway).der, gateway.der]);
        let evidence = https_upstream_through_proxy().instead(shown);
        let own = |status| {
            let answer = not_soap("GetAuthConfig", Scheme::Https, head(status, &[("X-Squid-Error", "ERR_X 0")]));
            let evidence = evidence.clone().stopped_by(answer);
            evidence.and(Purpose::DirectComparison, UPSTREAM, 8531, handshake(pki::chain(UPSTREAM)))
        };
        check(&RULE, own(503), "blocks Request: the proxy answers GetAuthConfig with 503 Service Unavailable");
        check(&connect_denied::RULE, own(503), "ruled out");
        check(&connect_denied::RULE, own(403), "blocks Request: the proxy opens the tunnel, inspects TLS in it");
        check(&service_unavailable::RULE, own(503), "ruled out: the 503 is the proxy's own");
    }

    #[test]
    fn a_503_behind_the_tunnel_is_another_cause() {
        let evidence = through_proxy().stopped_by(not_soap("GetAuthConfig", Scheme::Https, head(503, &[])));
        check(&RULE, evidence, "ruled out");
        check(&RULE, through_proxy().stopped_by(tunnel(403, &[])), "ruled out");
        check(&RULE, microsoft_update(), "does not apply");
    }
}
