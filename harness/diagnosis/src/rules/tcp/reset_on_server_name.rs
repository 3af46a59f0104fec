//! `tcp/reset-on-server-name`: the same address answers another name, and falls silent or resets at this one.

use crate::evidence::{Evidence, HandshakeSeen, Purpose, TlsEnd};
use crate::path::Route;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "tcp/reset-on-server-name",
    title: "Something on the way cuts the connection for the name in the ClientHello",
    explanation: "TCP connects, and then the ClientHello is answered by a reset, a close or by nothing, whatever versions and \
        suites it offers; but the same address answers as soon as the ClientHello names another server, or none. So neither \
        the address nor the versions nor the suites are refused, it is the name: a firewall or filter with deep inspection \
        on the way, seldom a server with a broken binding for that name. The exception is the one of a server that dislikes \
        the client's TLS version or suites, and Test-NetConnection is green in all these cases.",
    modes: &["F-26"],
    guide: "4",
    citation: "RFC 6066, 3; RFC 9293, 3.10.7; field note F-26",
    appearances: &[
        Appearance::exception(
            "The underlying connection was closed: An unexpected error occurred on a send. ---> System.IO.IOException: Unable to read data from the transport connection: An existing connection was forcibly closed by the remote host.",
            Provenance::Seen,
        ),
        Appearance::hresult("0x80072EFE", Provenance::Seen),
        Appearance::hresult("10054", Provenance::Recalled),
    ],
    first_check: "curl.exe -vk --connect-to www.example.com:443:{host}:{port} https://www.example.com/",
    remedy: &[
        Action::person(
            "Let the firewall or filter pass TLS to {host}. For Microsoft Update allow the documented domains by name, with \
             their subdomains, and exempt them from inspection.",
        ),
        Action::person(
            "Compare by another way out (another line, a phone): if {host} answers there, the device is on this network's way.",
        ),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let (Some(handshake), Some(path)) = (evidence.path_handshake(), evidence.path()) else {
        return Outcome::DoesNotApply;
    };
    if handshake.seen.ended == TlsEnd::Completed {
        return Outcome::ruled_out("the target completes a handshake under its own name");
    }
    let cells: Vec<_> = evidence.handshakes(Purpose::TlsMatrix).collect();
    if !is_cut(handshake.seen) || !cells.iter().all(|cell| is_cut(cell.seen)) {
        return Outcome::ruled_out("the target says something in TLS under its own name");
    }
    let mut others = evidence.handshakes(Purpose::NameMatrix).peekable();
    if cells.is_empty() || others.peek().is_none() {
        return Outcome::DoesNotApply;
    }
    let Some(other) = others.find(|other| 0 < other.seen.bytes_received && other.seen.ended != TlsEnd::NotTls) else {
        return Outcome::ruled_out("another name at the same address gets no answer either");
    };
    let name = other.seen.offer.server_name.as_ref().map_or("no name at all".to_owned(), |name| safe(name));
    let behind = if path.route == Route::Direct { "" } else { "; the proxy, or something behind it, does that" };
    let sentence = format!(
        "a ClientHello for {} gets no byte of TLS in any version, one for {name} gets an answer at the same address{behind}",
        safe(&path.host)
    );
    Finding::blocks(Step::Handshake, sentence).resting_on([handshake.index, other.index]).into()
}

/// Not a byte came.
fn is_cut(seen: &HandshakeSeen) -> bool {
    seen.bytes_received == 0 && matches!(seen.ended, TlsEnd::Reset | TlsEnd::Closed | TlsEnd::TimedOut)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Evidence, Purpose, TlsEnd};
    use crate::testing::*;

    fn cut(other: TlsEnd) -> Evidence {
        let evidence = https_upstream().stopped_by(silent_handshake(TlsEnd::Reset));
        let cells = evidence.version_cells_ending(&TlsEnd::Reset);
        cells.and(Purpose::NameMatrix, UPSTREAM, 8531, handshake_for(Some("www.example.com"), other))
    }

    #[test]
    fn an_answer_to_another_name_alone_is_the_cause() {
        check(
            &RULE,
            cut(TlsEnd::Completed),
            "blocks Handshake: a ClientHello for up.contoso.com gets no byte of TLS in any version, one for www.example.com",
        );
        check(&RULE, cut(TlsEnd::Alert(112)), "blocks Handshake");
    }

    #[test]
    fn silence_to_every_name_is_another_matter() {
        check(&RULE, cut(TlsEnd::Reset), "ruled out: another name");
    }

    #[test]
    fn an_alert_is_an_answer() {
        let refused = https_upstream().stopped_by(failed_handshake(TlsEnd::Alert(70), None));
        check(&RULE, refused, "ruled out");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
