//! Evidence, one line per observation: enough to see what was looked at, in which order, and what came of it.

use crate::evidence::{CallOutcome, Ended, Evidence, ExchangeSeen, HandshakeSeen, Observation, Seen, TlsEnd};
use crate::subject::TlsVersion;

pub(super) fn story(evidence: &Evidence) -> Vec<String> {
    evidence.observations.iter().map(line).collect()
}

fn line(observation: &Observation) -> String {
    let place = format!("{}:{}", observation.host, observation.port);
    let seen = match &observation.seen {
        Seen::Name(name) => format!("name {place} {}", word(&name.ended)),
        Seen::Connect(connect) => format!("connect {} {}", connect.address, word(&connect.ended)),
        Seen::Tunnel(tunnel) => {
            let with = if tunnel.authenticated { " with credentials" } else { "" };
            let status = tunnel.answer.as_ref().map_or(word(&tunnel.ended), |head| head.status.to_string());
            format!("tunnel {}{with} {status}", tunnel.target)
        }
        Seen::Handshake(handshake) => hands(handshake),
        Seen::Exchange(exchange) => {
            format!("{} {}:{} {}", exchange.method, exchange.scheme, observation.port, status(exchange))
        }
        Seen::Call(call) => format!(
            "{} {}",
            call.operation,
            match &call.outcome {
                CallOutcome::Answered => "answered".to_owned(),
                CallOutcome::Fault(fault) => format!("fault {}", fault.error_code.as_deref().unwrap_or("")),
                CallOutcome::NotSoap(reason) => format!("not soap: {reason}"),
                CallOutcome::NoAnswer => format!("no answer: {}", word(&call.exchange.ended)),
            }
        ),
        Seen::Sync(sync) => {
            let stopped = sync.stopped_at.as_deref().map_or("to its end".to_owned(), |at| format!("stopped at {at}"));
            format!("sync {stopped}, {} of {}", sync.received, sync.announced)
        }
        Seen::Fetch(fetch) => format!("fetch {} {}", fetch.url, fetch.certificates.len()),
        Seen::Content(file) => format!("file {} {}", file.path, word(&file.ended)),
    };
    format!("{} {seen}", word(&observation.purpose))
}

fn hands(handshake: &HandshakeSeen) -> String {
    let versions = match handshake.offer.versions.as_slice() {
        all if all == TlsVersion::ALL => String::new(),
        some => some.iter().map(|version| format!(" {}", word(version))).collect(),
    };
    let ended = match &handshake.ended {
        TlsEnd::Alert(code) => format!("alert {code}"),
        other => word(other),
    };
    let suites = match handshake.offer.suites.len() {
        0 => String::new(),
        count => format!(" {count} suites"),
    };
    format!("handshake {}{versions}{suites}: {ended}", word(&handshake.offer.profile))
}

fn status(exchange: &ExchangeSeen) -> String {
    match (&exchange.answer, &exchange.ended) {
        (Some(head), Ended::Complete) => head.status.to_string(),
        (_, ended) => format!("no answer: {}", word(ended)),
    }
}

/// The name that a variant has in JSON.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(serde_json::Value::Object(fields)) => fields.keys().next().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}
