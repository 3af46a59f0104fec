//! `tcp/no-answer`: no address of the target answers SYN.

use crate::evidence::{Evidence, HopEnd};
use crate::path::Source;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "tcp/no-answer",
    title: "The source does not answer: its packets or ours are dropped",
    explanation: "SYN goes out and nothing comes back until the deadline: a firewall drops it, a route is missing, or the address \
        is wrong. On a server whose network reaches the outside only through a proxy this is what happens when WSUS has no \
        proxy configured, whatever netsh winhttp shows. It differs from a slow upstream: there the connection stands and \
        the answer is late (The operation has timed out). It cannot be told from a refusal by time or by Test-NetConnection; \
        the answer on the wire decides.",
    modes: &["F-19", "F-13"],
    guide: "4",
    citation: "RFC 9293, 3.8.3; guide, section 4",
    appearances: &[
        Appearance::exception(
            "Unable to connect to the remote server ---> System.Net.Sockets.SocketException: A connection attempt failed because the connected party did not properly respond after a period of time, or established connection failed because connected host has failed to respond <ip>:<port>",
            Provenance::Seen,
        ),
        Appearance::hresult("0x80072EE2", Provenance::Seen),
        Appearance::hresult("10060", Provenance::Recalled),
    ],
    first_check: "Test-NetConnection {host} -Port {port}",
    remedy: &[
        Action::person(
            "Let the firewall allow this server to reach {host} on port {port}. For Microsoft Update allow the documented \
             domains by name, over HTTP and HTTPS; rules by IP address are not supported, the addresses change.",
        ),
        Action::person(
            "If this network reaches the outside only through a proxy, name it in Options > Update Source and Proxy Server > \
             Proxy Server; the WinHTTP proxy does not count for synchronization.",
        ),
        Action::windows_powershell("Find-NetRoute -RemoteIPAddress (Resolve-DnsName {host} -Type A).IPAddress[0]"),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(path) = evidence.direct_path() else { return Outcome::DoesNotApply };
    match evidence.first_hop() {
        None => Outcome::DoesNotApply,
        Some(HopEnd::Connected) => Outcome::ruled_out("the target accepted the connection"),
        Some(HopEnd::Refused(_) | HopEnd::Otherwise) => {
            Outcome::ruled_out("an answer came from an address of the target")
        }
        Some(HopEnd::Silent(attempts)) => {
            let within = evidence.deadlines.connect_ms;
            let hint = match path.source {
                Source::MicrosoftUpdate if evidence.subject.step0.use_proxy == Some(false) => {
                    "; WSUS has no proxy configured, so it goes there directly"
                }
                _ => "",
            };
            let sentence = format!("{}:{} does not answer within {within} ms{hint}", safe(&path.host), path.port);
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
    fn silence_at_every_address_is_the_cause() {
        let evidence = microsoft_update().stopped_by(connect("198.18.1.1:443", ConnectEnd::TimedOut));
        check(
            &RULE,
            evidence,
            "blocks Connect: sws.update.microsoft.com:443 does not answer within 400 ms; WSUS has no proxy",
        );
    }

    #[test]
    fn a_refusal_that_took_long_is_still_a_refusal() {
        let mut evidence = microsoft_update().stopped_by(connect("198.18.1.1:443", ConnectEnd::Refused));
        evidence.observations[1].elapsed_ms = 21_000;
        check(&RULE, evidence, "ruled out");
    }

    #[test]
    fn silence_of_the_proxy_is_another_cause() {
        check(&RULE, through_proxy().stopped_by(connect("10.87.0.3:8080", ConnectEnd::TimedOut)), "does not apply");
        check(&RULE, http_upstream(), "ruled out");
    }
}
