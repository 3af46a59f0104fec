//! `proxy/no-answer`: no address of the proxy answers SYN.

use crate::evidence::{Evidence, HopEnd};
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "proxy/no-answer",
    title: "The proxy does not answer",
    explanation: "SYN to the proxy goes out and nothing comes back until the deadline: the proxy is down, its address is wrong or \
        stale, or a firewall between this server and the proxy drops the packets (often because the server stands in \
        another network than the clients). The address and port in the SocketException are the proxy's, which tells it from \
        a target that does not answer. The direct way is of no account while UseProxy is true.",
    modes: &["F-14", "F-12"],
    guide: "3",
    citation: "guide, section 3; RFC 9293, 3.8.3",
    appearances: &[
        Appearance::exception(
            "Unable to connect to the remote server ---> System.Net.Sockets.SocketException: A connection attempt failed because the connected party did not properly respond after a period of time, or established connection failed because connected host has failed to respond <proxyip>:<port>",
            Provenance::Seen,
        ),
        Appearance::hresult("0x80072EE2", Provenance::Seen),
        Appearance::hresult("0x80072F85", Provenance::Derived),
    ],
    first_check: "Test-NetConnection {proxy} -Port {proxy_port}",
    remedy: &[
        Action::windows_powershell("Test-NetConnection {proxy} -Port {proxy_port}"),
        Action::person("Let the firewall allow this server to reach {proxy} on port {proxy_port}, or start the proxy."),
        remedies::PROXY_PAGE,
        remedies::SEPARATE_PROXY,
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some((_, proxy, port)) = evidence.proxied_path() else { return Outcome::DoesNotApply };
    match evidence.first_hop() {
        None => Outcome::DoesNotApply,
        Some(HopEnd::Connected) => Outcome::ruled_out("the proxy accepted the connection"),
        Some(HopEnd::Refused(_) | HopEnd::Otherwise) => {
            Outcome::ruled_out("an answer came from an address of the proxy")
        }
        Some(HopEnd::Silent(attempts)) => {
            let within = evidence.deadlines.connect_ms;
            let sentence = format!("the proxy {}:{port} does not answer within {within} ms", safe(&proxy));
            Finding::blocks(Step::Connect, sentence).resting_on(attempts).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::ConnectEnd;
    use crate::testing::*;

    #[test]
    fn a_silent_proxy_is_the_cause() {
        let expected = "blocks Connect: the proxy proxy.contoso.com:8080 does not answer within 400 ms";
        check(&RULE, through_proxy().stopped_by(connect("10.87.0.3:8080", ConnectEnd::TimedOut)), expected);
    }

    #[test]
    fn a_silent_target_is_another_cause() {
        check(&RULE, microsoft_update().stopped_by(connect("198.18.1.1:443", ConnectEnd::TimedOut)), "does not apply");
        check(&RULE, through_proxy().stopped_by(connect("10.87.0.3:8080", ConnectEnd::Refused)), "ruled out");
        check(&RULE, http_upstream_through_proxy(), "ruled out");
    }
}
