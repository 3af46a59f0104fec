//! `tls/port-speaks-neither`: the port answers a ClientHello with something that is neither TLS nor HTTP.

use crate::evidence::{Evidence, TlsEnd};
use crate::path::{Route, Scheme};
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "tls/port-speaks-neither",
    title: "The port belongs to a service that speaks neither TLS nor HTTP",
    explanation: "The answer to the ClientHello begins with bytes that no TLS server sends and that are no HTTP either: another service \
        listens there (SSH, a mail server, a database), because the port or the name is wrong, or because a firewall forwards \
        the port to another machine. The first bytes often name it. .NET says that the handshake failed over an unexpected \
        packet format, as it does for plain HTTP on that port; the difference is what the port answers.",
    modes: &["F-44b"],
    guide: "6",
    citation: "RFC 8446, 5.1; guide, section 6",
    appearances: &[Appearance::exception(
        "The underlying connection was closed: An unexpected error occurred on a send. ---> System.IO.IOException: The \
             handshake failed due to an unexpected packet format.",
        Provenance::Derived,
    )],
    first_check: "Get-NetTCPConnection -LocalPort {port} -State Listen | Select-Object OwningProcess, on the source: whose port is it?",
    remedy: &[
        Action::person(
            "Find out on the source, or on the firewall that publishes it, which port the HTTPS binding of the WSUS site has.",
        ),
        remedies::SET_UPSTREAM,
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let path = evidence.path().filter(|path| path.scheme == Scheme::Https);
    let (Some(path), Some(handshake)) = (path, evidence.path_handshake()) else { return Outcome::DoesNotApply };
    if handshake.seen.ended != TlsEnd::NotTls {
        return Outcome::ruled_out("what the port answers begins like TLS, or it answers nothing");
    }
    let first = bytes(&handshake.seen.first_bytes);
    if first.to_ascii_uppercase().starts_with(b"HTTP/") || evidence.plain_http_answer(path.port).is_some() {
        return Outcome::ruled_out("the port speaks HTTP");
    }
    if let Route::Through { host, port } = &path.route {
        return Outcome::cannot_tell(
            Step::Handshake,
            format!(
                "who answers in clear inside the tunnel: the target, or the proxy {}:{port} or a portal behind it",
                safe(host)
            ),
            "the log of the proxy {proxy}:{proxy_port} for CONNECT {host}:{port}, and netstat -abno on {host}",
        );
    }
    let begins = safe(String::from_utf8_lossy(&first).lines().next().unwrap_or_default());
    let sentence = format!(
        "{}:{} answers a ClientHello with something that is neither TLS nor HTTP; it begins \"{begins}\"",
        safe(&path.host),
        path.port
    );
    Finding::blocks(Step::Handshake, sentence).resting_on([handshake.index]).into()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u32> = hex.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks_exact(2).filter_map(|pair| u8::try_from(16 * pair[0] + pair[1]).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Evidence, HandshakeSeen, Purpose, Seen, TlsEnd};
    use crate::path::Scheme;
    use crate::testing::*;

    fn beginning(text: &str) -> Evidence {
        let Seen::Handshake(seen) = failed_handshake(TlsEnd::NotTls, None) else { unreachable!() };
        let first_bytes = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        https_upstream().stopped_by(Seen::Handshake(HandshakeSeen { first_bytes, ..seen }))
    }

    #[test]
    fn a_banner_names_the_service() {
        check(
            &RULE,
            beginning("SSH-2.0-OpenSSH_9.2\r\n"),
            "blocks Handshake: up.contoso.com:8531 answers a ClientHello with something that is neither TLS nor HTTP; it \
             begins \"SSH-2.0-OpenSSH_9.2\"",
        );
    }

    #[test]
    fn inside_a_tunnel_the_proxy_may_be_the_one_who_answers() {
        let Seen::Handshake(seen) = failed_handshake(TlsEnd::NotTls, None) else { unreachable!() };
        let banner = HandshakeSeen { first_bytes: "5353482d".to_owned(), ..seen };
        let evidence = through_proxy().stopped_by(Seen::Handshake(banner));
        check(
            &RULE,
            evidence,
            "cannot tell Handshake: who answers in clear inside the tunnel: the target, or the proxy",
        );
    }

    #[test]
    fn http_and_tls_are_other_matters() {
        check(&RULE, beginning("HTTP/1.1 400 Bad Request"), "ruled out");
        let http = Seen::Exchange(exchange(Scheme::Http, Some(head(400, &[]))));
        check(&RULE, beginning("<html>").and(Purpose::SchemeMatrix, UPSTREAM, 8531, http), "ruled out");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
