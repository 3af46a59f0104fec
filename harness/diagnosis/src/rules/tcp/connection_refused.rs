//! `tcp/connection-refused`: every address of the target answers SYN with RST.

use crate::evidence::{Evidence, HopEnd, Purpose, Seen, TlsEnd};
use crate::path::SyncPath;
use crate::rule::{Action, Appearance, Audience, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::{list, safe};

pub(crate) const RULE: Rule = Rule {
    code: "tcp/connection-refused",
    title: "The source refuses the connection",
    explanation: "Somebody answers for the address and says that nothing listens on that port: the web site of the upstream is \
        stopped or bound elsewhere, the port is wrong (8530 against 8531, 80 and 443 on old servers), or a firewall rejects \
        instead of dropping. The exception names address and port, which tells the target from a proxy. Do not judge by time: \
        Windows sends SYN again after a refusal, so it takes a second or more there too, and Test-NetConnection shows a \
        refusal and a silence alike.",
    modes: &["F-20", "F-44c"],
    guide: "4",
    citation: "RFC 9293, 3.10.7.1; KB175523",
    appearances: &[
        Appearance::exception(
            "Unable to connect to the remote server ---> System.Net.Sockets.SocketException: No connection could be made because the target machine actively refused it <ip>:<port>",
            Provenance::Seen,
        ),
        Appearance::hresult("0x80072EFD", Provenance::Seen),
        Appearance::hresult("10061", Provenance::Recalled),
    ],
    first_check: "Test-NetConnection {host} -Port {port}",
    remedy: &[
        Action::windows_powershell("Get-NetTCPConnection -State Listen -LocalPort {port}")
            .before("run it on the upstream server")
            .not_on("this server")
            .only_for(Audience::Downstream),
        remedies::SET_UPSTREAM,
        Action::person(
            "If the port is right, start the WSUS web site on the upstream and look at its bindings, or let the firewall in \
             between allow the connection.",
        ),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(path) = evidence.direct_path() else { return Outcome::DoesNotApply };
    match evidence.first_hop() {
        None => Outcome::DoesNotApply,
        Some(HopEnd::Connected) => Outcome::ruled_out("the target accepted the connection"),
        Some(HopEnd::Silent(_) | HopEnd::Otherwise) => Outcome::ruled_out("not every address refused"),
        Some(HopEnd::Refused(attempts)) => {
            let elsewhere = service_elsewhere(evidence, &path);
            let sentence = format!("{}:{} refuses the connection{elsewhere}", safe(&path.host), path.port);
            Finding::blocks(Step::Connect, sentence).resting_on(attempts).into()
        }
    }
}

/// Where the same host does serve WSUS, if the other ports and schemes were tried.
fn service_elsewhere(evidence: &Evidence, path: &SyncPath) -> String {
    let mut found: Vec<String> = Vec::new();
    for (_, observation) in evidence.of(Purpose::SchemeMatrix).filter(|(_, other)| other.port != path.port) {
        let what = match &observation.seen {
            Seen::Handshake(handshake) if handshake.ended == TlsEnd::Completed => "TLS",
            Seen::Exchange(exchange) if exchange.answer.is_some() => match exchange.scheme {
                crate::path::Scheme::Http => "plain HTTP",
                crate::path::Scheme::Https => "HTTPS",
            },
            _ => continue,
        };
        let place = format!("{what} on port {}", observation.port);
        if !found.contains(&place) {
            found.push(place);
        }
    }
    if found.is_empty() { String::new() } else { format!("; the same host answers {}", list(found)) }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{ConnectEnd, Purpose, Seen};
    use crate::path::Scheme;
    use crate::testing::*;

    #[test]
    fn a_refusal_at_every_address_is_the_cause() {
        let evidence = https_upstream().stopped_by(connect("10.87.0.10:8531", ConnectEnd::Refused));
        check(&RULE, evidence, "blocks Connect: up.contoso.com:8531 refuses the connection");
    }

    #[test]
    fn an_address_without_a_route_does_not_hide_the_refusal() {
        let evidence = https_upstream().stopped_by(connect("[fd00::1]:8531", ConnectEnd::Unreachable));
        check(&RULE, evidence.then(connect("10.87.0.10:8531", ConnectEnd::Refused)), "blocks Connect");
    }

    #[test]
    fn the_port_that_does_answer_is_named() {
        let evidence = https_upstream().stopped_by(connect("10.87.0.10:8531", ConnectEnd::Refused));
        let answer = Seen::Exchange(exchange(Scheme::Http, Some(head(200, &[]))));
        let expected =
            "blocks Connect: up.contoso.com:8531 refuses the connection; the same host answers plain HTTP on port 8530";
        check(&RULE, evidence.and(Purpose::SchemeMatrix, UPSTREAM, 8530, answer), expected);
    }

    #[test]
    fn a_silent_address_is_another_cause() {
        let evidence = https_upstream().stopped_by(connect("10.87.0.10:8531", ConnectEnd::Refused));
        check(&RULE, evidence.then(connect("10.87.0.11:8531", ConnectEnd::TimedOut)), "ruled out");
    }

    #[test]
    fn a_refusal_of_the_proxy_is_another_cause() {
        check(&RULE, through_proxy().stopped_by(connect("10.87.0.3:8080", ConnectEnd::Refused)), "does not apply");
        check(&RULE, microsoft_update(), "ruled out");
    }
}
