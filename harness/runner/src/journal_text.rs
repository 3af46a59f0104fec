//! The journal for people: what the world really did, a line each.

use simulator::journal::{Entry, Event};

/// One entry as a line: `upstream/https #3: request POST wsus01 /…`.
pub fn line(entry: &Entry) -> String {
    let connection = if entry.connection == 0 { String::new() } else { format!(" #{}", entry.connection) };
    format!("{}/{}{connection}: {}", entry.node, entry.listener, event(&entry.event))
}

/// The entries that explain a verdict: no more than `most`, those of faults first of all, in their order.
pub fn telling(entries: &[Entry], most: usize) -> Vec<String> {
    let fault = |entry: &&Entry| matches!(entry.event, Event::Signed { .. } | Event::Armed { .. });
    let talk = |entry: &&Entry| {
        matches!(
            entry.event,
            Event::ClientHello { .. } | Event::Question { .. } | Event::Request { .. } | Event::Response { .. }
        )
    };
    let faults = entries.iter().filter(fault).count();
    let mut room = most.saturating_sub(faults.min(most));
    let mut lines = Vec::new();
    for entry in entries {
        if fault(&entry) && lines.len() < most {
            lines.push(line(entry));
        } else if talk(&entry) && 0 < room {
            room -= 1;
            lines.push(line(entry));
        }
    }
    lines
}

fn event(event: &Event) -> String {
    match event {
        Event::Accepted(peer) => format!("accepted {peer}"),
        Event::ClientHello { server_name } => {
            format!("ClientHello for {}", server_name.as_deref().map_or("no name".to_owned(), safe))
        }
        Event::Handshake { version } => format!("handshake completed with {version}"),
        Event::ChainSent { certificates } => format!("sent a chain of {}", certificates.len()),
        Event::Question { name, answer } => format!("asked for {}, answered {answer}", safe(name)),
        Event::Request { method, host, target, operation } => {
            let operation = operation.as_deref().map_or(String::new(), |operation| format!(" ({})", safe(operation)));
            format!("request {} {} {}{operation}", safe(method), safe(host), safe(target))
        }
        Event::Response { status } => format!("answered {status}"),
        Event::Forwarded { target } => format!("forwarded to {}", safe(target)),
        Event::Signed { fault, .. } => format!("fault {fault} acted"),
        Event::Armed { fault } => format!("fault {fault} is armed"),
        Event::Ended(how) => format!("ended: {}", safe(how)),
        // A world may come to see more than this program knows words for.
        #[allow(unreachable_patterns, reason = "events are added by the simulator")]
        other => format!("{other:?}").escape_debug().to_string(),
    }
}

/// A client wrote it: no control character may reach the terminal.
fn safe(text: &str) -> String {
    let shown: String = text.chars().take(120).collect();
    shown.escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(event: Event) -> Entry {
        Entry { at_ms: 1, node: "proxy".to_owned(), listener: "proxy".to_owned(), connection: 2, event }
    }

    #[test]
    fn an_entry_is_one_harmless_line() {
        let event = Event::ClientHello { server_name: Some("a\u{1b}[2Jb".to_owned()) };
        assert_eq!(line(&entry(event)), "proxy/proxy #2: ClientHello for a\\u{1b}[2Jb");
    }

    #[test]
    fn faults_are_never_crowded_out() {
        let mut entries = vec![entry(Event::Response { status: 200 }); 9];
        entries.push(entry(Event::Signed { fault: "proxy/x".to_owned(), nth: 0 }));
        let lines = telling(&entries, 3);
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[2], "proxy/proxy #2: fault proxy/x acted");
    }
}
