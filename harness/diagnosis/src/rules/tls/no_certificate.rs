//! `tls/no-certificate`: the upstream's port takes connections and hangs up at every ClientHello.

use crate::evidence::{Evidence, HandshakeSeen, Purpose, TlsEnd};
use crate::path::{Route, Source};
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "tls/no-certificate",
    title: "The upstream's HTTPS port has no usable certificate",
    explanation: "The port accepts the connection and closes or resets it at every ClientHello, of every version, with every suite, \
        under every name, without a single byte of TLS; and it does not answer plain HTTP. That is how HTTP.SYS behaves where no \
        certificate is bound to the port, or one whose private key is missing or unreadable. From outside it cannot be told \
        from a program that is neither TLS nor HTTP, nor from a device that cuts everything; the upstream's System log \
        can (Schannel 36870, 36871, HttpEvent 15021). A client that is too old gets the same reset, but then some newer \
        version completes.",
    modes: &["F-43"],
    guide: "5",
    citation: "RFC 8446, 6; field note F-43",
    appearances: &[
        Appearance::exception(
            "The underlying connection was closed: An unexpected error occurred on a send. ---> System.IO.IOException: Unable to read data from the transport connection: An existing connection was forcibly closed by the remote host.",
            Provenance::Derived,
        ),
        Appearance::event(
            "Event 36870 or 36871 (Schannel), 15021 (HttpEvent), in the upstream's System log",
            Provenance::Recalled,
        ),
    ],
    first_check: BINDING,
    remedy: &[
        Action::cmd("netsh http show sslcert").before("run it on the upstream"),
        Action::person(
            "On the upstream: install a server certificate with its private key in Local Computer > Personal, and select it in \
             the HTTPS binding of the WSUS site.",
        ),
        Action::windows_powershell("& \"$env:ProgramFiles\\Update Services\\Tools\\wsusutil.exe\" configuressl {host}")
            .before("run it on the upstream, after the binding"),
    ],
    check,
};

const BINDING: &str = "netsh http show sslcert and the System log (Schannel, HttpEvent) on the upstream";

fn check(evidence: &Evidence) -> Outcome {
    let (Some(handshake), Some(path)) = (evidence.path_handshake(), evidence.path()) else {
        return Outcome::DoesNotApply;
    };
    if path.source != Source::Upstream {
        return Outcome::DoesNotApply;
    }
    let matrices = [Purpose::TlsMatrix, Purpose::NameMatrix, Purpose::SchemeMatrix];
    let others: Vec<_> = matrices.into_iter().flat_map(|purpose| evidence.handshakes(purpose)).collect();
    let others: Vec<_> = others.into_iter().filter(|other| other.observation.port == path.port).collect();
    if !hangs_up(handshake.seen) || !others.iter().all(|other| hangs_up(other.seen)) {
        return Outcome::ruled_out("the port says something in TLS, or nothing at all");
    }
    if evidence.handshakes(Purpose::TlsMatrix).next().is_none() {
        return Outcome::DoesNotApply;
    }
    if evidence.plain_http_answer(path.port).is_some() {
        return Outcome::ruled_out("the port answers plain HTTP");
    }
    if path.route != Route::Direct {
        return Outcome::cannot_tell(Step::Handshake, "who hangs up, the upstream or the proxy before it", BINDING);
    }
    let sentence = format!(
        "{}:{} accepts the connection and hangs up at every ClientHello, whatever version, suites and name it holds: most \
         likely no certificate is bound to the port, or its private key cannot be used",
        safe(&path.host),
        path.port
    );
    let rests_on = [handshake.index].into_iter().chain(others.iter().map(|other| other.index));
    Finding::blocks(Step::Handshake, sentence).resting_on(rests_on).into()
}

fn hangs_up(seen: &HandshakeSeen) -> bool {
    seen.bytes_received == 0 && matches!(seen.ended, TlsEnd::Reset | TlsEnd::Closed)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Evidence, Purpose, Seen, TlsEnd};
    use crate::path::Scheme;
    use crate::testing::*;

    fn hangs_up(evidence: Evidence, ended: &TlsEnd) -> Evidence {
        evidence.stopped_by(silent_handshake(ended.clone())).version_cells_ending(ended)
    }

    #[test]
    fn a_port_that_hangs_up_on_everybody_is_the_cause() {
        for ended in [TlsEnd::Reset, TlsEnd::Closed] {
            let expected =
                "blocks Handshake: up.contoso.com:8531 accepts the connection and hangs up at every ClientHello";
            check(&RULE, hangs_up(https_upstream(), &ended), expected);
        }
    }

    #[test]
    fn a_port_that_answers_anybody_or_in_clear_is_another_matter() {
        let another = handshake_for(None, TlsEnd::Completed);
        let evidence = hangs_up(https_upstream(), &TlsEnd::Reset);
        check(&RULE, evidence.clone().and(Purpose::NameMatrix, UPSTREAM, 8531, another), "ruled out");
        let http = Seen::Exchange(exchange(Scheme::Http, Some(head(403, &[]))));
        check(
            &RULE,
            evidence.and(Purpose::SchemeMatrix, UPSTREAM, 8531, http),
            "ruled out: the port answers plain HTTP",
        );
        check(&RULE, hangs_up(https_upstream(), &TlsEnd::TimedOut), "ruled out");
        check(&RULE, https_upstream(), "ruled out");
    }

    #[test]
    fn microsoft_update_is_never_without_a_certificate() {
        check(&RULE, hangs_up(microsoft_update(), &TlsEnd::Reset), "does not apply");
        check(&RULE, http_upstream(), "does not apply");
    }
}
