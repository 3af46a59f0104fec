//! `proxy/connection-refused`: every address of the proxy answers SYN with RST.

use crate::evidence::{Evidence, HopEnd};
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "proxy/connection-refused",
    title: "The proxy refuses the connection: most often the port is wrong",
    explanation: "The machine named as proxy answers, and nothing listens on the port that WSUS has. The default of \
        ProxyServerPort is 80, while most proxies listen on 8080 or 3128. The exception looks like a refusal by Microsoft \
        Update or by the upstream; the address and port in its SocketException are the proxy's. That the target can be \
        reached directly changes nothing: WSUS does not go that way while UseProxy is true.",
    modes: &["F-14", "F-12"],
    guide: "3",
    citation: "guide, section 3; RFC 9293, 3.10.7.1",
    appearances: &[
        Appearance::exception(
            "Unable to connect to the remote server ---> System.Net.Sockets.SocketException: No connection could be made because the target machine actively refused it <proxyip>:<port>",
            Provenance::Seen,
        ),
        Appearance::hresult("0x80072EFD", Provenance::Seen),
        Appearance::hresult("0x80072F85", Provenance::Derived),
    ],
    first_check: "Test-NetConnection {proxy} -Port {proxy_port}",
    remedy: &[
        Action::windows_powershell("Test-NetConnection {proxy} -Port {proxy_port}"),
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
        Some(HopEnd::Silent(_) | HopEnd::Otherwise) => Outcome::ruled_out("not every address of the proxy refused"),
        Some(HopEnd::Refused(attempts)) => {
            let sentence = format!("the proxy {}:{port} refuses the connection", safe(&proxy));
            Finding::blocks(Step::Connect, sentence).resting_on(attempts).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{ConnectEnd, Purpose};
    use crate::testing::*;

    #[test]
    fn a_proxy_that_refuses_is_the_cause_even_if_the_target_can_be_reached_directly() {
        let evidence = through_proxy().stopped_by(connect("10.87.0.3:8080", ConnectEnd::Refused));
        let evidence = evidence.and(Purpose::DirectComparison, SWS, 443, connected("198.18.1.1:443"));
        check(&RULE, evidence, "blocks Connect: the proxy proxy.contoso.com:8080 refuses the connection");
    }

    #[test]
    fn a_target_that_refuses_is_another_cause() {
        check(&RULE, microsoft_update().stopped_by(connect("198.18.1.1:443", ConnectEnd::Refused)), "does not apply");
        check(&RULE, through_proxy().stopped_by(connect("10.87.0.3:8080", ConnectEnd::TimedOut)), "ruled out");
        check(&RULE, through_proxy(), "ruled out");
    }
}
