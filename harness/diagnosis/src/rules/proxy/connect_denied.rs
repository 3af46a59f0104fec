//! `proxy/connect-denied`: the proxy refuses to open a tunnel to the target, by policy.

use crate::evidence::{Author, Evidence, Purpose, Refusal};
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "proxy/connect-denied",
    title: "The proxy denies the way to the source",
    explanation: "The proxy answers CONNECT with 403: its policy forbids this host, this port (8531 is often not among the ports \
        that may be tunnelled) or this server. The exception shows the number in parentheses and comes from \
        GetRequestStream; a 403 of the upstream's own IIS reads \"HTTP status 403\" and comes from ReadResponse. Another 4xx \
        (400, 404, 405) says rather that what listens on that port is a web server and no proxy.",
    modes: &["F-15", "F-14"],
    guide: "3",
    citation: "RFC 9110, 9.3.6 and 15.5.4; guide, sections 3 and 4",
    appearances: &[
        Appearance::exception("The remote server returned an error: (403) Forbidden.", Provenance::Derived),
        Appearance::exception("The remote server returned an error: (405) Method Not Allowed.", Provenance::Derived),
        Appearance::log("TCP_DENIED/403 … CONNECT (the proxy's own log, where it is squid)", Provenance::Seen),
        Appearance::hresult("0x80244018", Provenance::Seen),
    ],
    first_check: "the proxy's log for CONNECT {host}:{port} from this server",
    remedy: &[
        Action::person(
            "Let the proxy allow CONNECT to {host}:{port} for this server; for Microsoft Update allow the documented domains \
             by name, not by address.",
        ),
        Action::person(
            "If it is an upstream WSUS server on the inside, do without the proxy: WSUS has no bypass list of its own.",
        ),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    if evidence.proxied_path().is_none() {
        return Outcome::DoesNotApply;
    }
    let Some(tunnel) = evidence.tunnels(Purpose::Path).last() else { return Outcome::DoesNotApply };
    let Some(head) = &tunnel.seen.answer else { return Outcome::ruled_out("the proxy gave no answer to CONNECT") };
    let (target, status) = (safe(&tunnel.seen.target), head.status);
    let found = |what: &str| {
        let sentence = format!("the proxy answers CONNECT {target} with {status} {}: {what}", safe(&head.reason));
        Finding::blocks(Step::Proxy, sentence).resting_on([tunnel.index]).into()
    };
    match status {
        407 => Outcome::ruled_out("the proxy asks for credentials; it does not deny the way"),
        403 | 451 => found("its policy denies the way"),
        200..=299 => within_the_tunnel(evidence),
        400..=499 => found("it denies the way, or what listens there is no proxy"),
        _ => Outcome::ruled_out("the proxy did not deny the way"),
    }
}

/// A proxy that inspects TLS may open the tunnel, and deny the call in it.
fn within_the_tunnel(evidence: &Evidence) -> Outcome {
    let denied = |refusal: &Refusal<'_>| refusal.author == Author::Proxy && matches!(refusal.head.status, 403 | 451);
    let Some(Refusal { call, head, .. }) = evidence.refusal().filter(denied) else {
        return Outcome::ruled_out("the proxy did not deny the way");
    };
    let (operation, status, reason) = (safe(&call.seen.operation), head.status, safe(&head.reason));
    let sentence = format!(
        "the proxy opens the tunnel, inspects TLS in it, and answers {operation} with {status} {reason}: its policy denies the way"
    );
    Finding::blocks(Step::Request, sentence).resting_on([call.index]).into()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::*;

    #[test]
    fn a_403_to_connect_is_the_cause() {
        let expected = "blocks Proxy: the proxy answers CONNECT sws.update.microsoft.com:443 with 403";
        check(&RULE, through_proxy().stopped_by(tunnel(403, &[])), expected);
    }

    #[test]
    fn a_web_server_in_the_proxys_place_is_said_to_be_possible() {
        let expected = "blocks Proxy: the proxy answers CONNECT sws.update.microsoft.com:443 with 405 Whatever: it denies the way, or";
        check(&RULE, through_proxy().stopped_by(tunnel(405, &[])), expected);
    }

    #[test]
    fn a_407_a_503_and_a_tunnel_that_opens_are_ruled_out() {
        for status in [407, 503, 200] {
            check(&RULE, through_proxy().stopped_by(tunnel(status, &[])), "ruled out");
        }
        check(&RULE, microsoft_update(), "does not apply");
        check(&RULE, http_upstream_through_proxy(), "does not apply");
    }
}
