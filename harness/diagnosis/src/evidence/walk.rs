//! How far a walk along the path got, and what stopped it. Says what happened; why is for the rules.

use super::{
    CallOutcome, CallSeen, ConnectEnd, Ended, Evidence, ExchangeSeen, FetchSeen, HandshakeSeen, NameEnd, NameSeen,
    Observation, Purpose, Seen, TlsEnd, TunnelSeen,
};
use crate::path::Scheme;
use crate::rule::Step;
use crate::words::safe;

/// A walk from the name to the metadata, made for one purpose.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    /// The last step that succeeded; `None` where none did.
    pub reached: Option<Step>,
    /// How it ended.
    pub end: WalkEnd,
}

/// How a walk ended.
#[derive(Clone, Debug, PartialEq)]
pub enum WalkEnd {
    /// Nothing was looked at.
    NotBegun,
    /// Everything that was looked at succeeded, and there was no more to look at.
    Open,
    /// The last thing looked at failed.
    Stopped {
        /// Index into [`Evidence::observations`].
        index: usize,
        /// The step that failed.
        step: Step,
        /// What was seen, as the end of a sentence.
        how: String,
    },
    /// The whole synchronization was seen.
    RanToItsEnd,
}

impl Walk {
    /// Whether the target itself was reached, so that what failed, failed there.
    pub fn reached_at_least(&self, step: Step) -> bool {
        self.reached.is_some_and(|reached| step <= reached)
    }

    /// The step that failed.
    pub fn stopped_at(&self) -> Option<Step> {
        match &self.end {
            WalkEnd::Stopped { step, .. } => Some(*step),
            WalkEnd::NotBegun | WalkEnd::Open | WalkEnd::RanToItsEnd => None,
        }
    }
}

impl Evidence {
    /// The walk that was made for `purpose`.
    pub fn walk(&self, purpose: Purpose) -> Walk {
        let mut walk = Walk { reached: None, end: WalkEnd::NotBegun };
        for (index, observation) in self.of(purpose) {
            match (&observation.seen, success(observation)) {
                (Seen::Sync(sync), _) => walk.end = end_of_sync(walk.end, index, sync.stopped_at.as_deref()),
                (_, Ok(step)) => {
                    walk.reached = walk.reached.max(Some(step));
                    walk.end = WalkEnd::Open;
                }
                (_, Err((step, how))) => walk.end = WalkEnd::Stopped { index, step, how },
            }
        }
        walk
    }
}

fn end_of_sync(before: WalkEnd, index: usize, stopped_at: Option<&str>) -> WalkEnd {
    match (stopped_at, before) {
        (None, _) => WalkEnd::RanToItsEnd,
        (Some(_), stopped @ WalkEnd::Stopped { .. }) => stopped,
        (Some(operation), _) => WalkEnd::Stopped {
            index,
            step: step_of(operation),
            how: format!("the synchronization stopped at {}", safe(operation)),
        },
    }
}

/// The step that an observation passed, or the one it failed and how.
pub(crate) fn success(observation: &Observation) -> Result<Step, (Step, String)> {
    let place = format!("{}:{}", safe(&observation.host), observation.port);
    match &observation.seen {
        Seen::Name(name) => name_end(name).map_err(|how| (Step::Name, format!("{} {how}", safe(&observation.host)))),
        Seen::Connect(connect) => {
            connect_end(&connect.ended).map_err(|how| (Step::Connect, format!("{} ({place}) {how}", connect.address)))
        }
        Seen::Tunnel(tunnel) => tunnel_end(tunnel).map_err(|how| (Step::Proxy, how)),
        Seen::Handshake(handshake) => handshake_end(handshake, &place).map_err(|how| (Step::Handshake, how)),
        Seen::Exchange(exchange) => exchange_end(exchange, &place).map_err(|how| (Step::Request, how)),
        Seen::Call(call) => call_end(call, &place),
        Seen::Sync(_) => Ok(Step::Metadata),
        Seen::Fetch(fetch) => fetch_end(fetch).map_err(|how| (Step::Certificate, how)),
        Seen::Content(file) => file.told(&place).map(|_| Step::Content).map_err(|how| (Step::Content, how)),
    }
}

fn name_end(name: &NameSeen) -> Result<Step, String> {
    match &name.ended {
        NameEnd::Addresses(found) if !found.is_empty() => Ok(Step::Name),
        NameEnd::Literal(_) => Ok(Step::Name),
        NameEnd::NoSuchName => Err("does not exist in DNS (NXDOMAIN)".to_owned()),
        NameEnd::NoAddress | NameEnd::Addresses(_) => Err("exists in DNS and has no address".to_owned()),
        NameEnd::Failure(code) => Err(format!("was answered with the DNS response code {code}")),
        NameEnd::TimedOut => Err("got no answer from DNS before the deadline".to_owned()),
        NameEnd::Other(what) => Err(format!("could not be looked up: {}", safe(what))),
    }
}

fn connect_end(ended: &ConnectEnd) -> Result<Step, String> {
    match ended {
        ConnectEnd::Connected => Ok(Step::Connect),
        ConnectEnd::Refused => Err("refused the connection".to_owned()),
        ConnectEnd::TimedOut => Err("did not answer before the deadline".to_owned()),
        ConnectEnd::Unreachable => Err("cannot be reached: there is no route".to_owned()),
        ConnectEnd::Other(what) => Err(format!("could not be connected to: {}", safe(what))),
    }
}

fn tunnel_end(tunnel: &TunnelSeen) -> Result<Step, String> {
    match &tunnel.answer {
        Some(head) if (200..300).contains(&head.status) => Ok(Step::Proxy),
        Some(head) => {
            let with = if tunnel.authenticated { " with credentials" } else { "" };
            let target = safe(&tunnel.target);
            Err(format!("the proxy answered CONNECT {target}{with} with {} {}", head.status, safe(&head.reason)))
        }
        None => Err(format!("the proxy did not answer CONNECT {}: {}", safe(&tunnel.target), ended(&tunnel.ended))),
    }
}

fn handshake_end(handshake: &HandshakeSeen, place: &str) -> Result<Step, String> {
    let received = handshake.bytes_received;
    Err(match &handshake.ended {
        TlsEnd::Completed => return Ok(Step::Handshake),
        TlsEnd::Alert(code) => format!("{place} ended the TLS handshake with alert {code}"),
        TlsEnd::VersionNotOffered => match handshake.server_version {
            Some(version) => format!("{place} answered with {version}, which was not offered"),
            None => format!("{place} answered with a TLS version that was not offered"),
        },
        TlsEnd::Reset => format!("{place} reset the connection in the TLS handshake after {received} bytes"),
        TlsEnd::Closed => format!("{place} closed the connection in the TLS handshake after {received} bytes"),
        TlsEnd::TimedOut => format!("{place} stopped answering in the TLS handshake after {received} bytes"),
        TlsEnd::NotTls => format!("{place} answered the ClientHello with something that is not TLS"),
        TlsEnd::Other(what) => format!("the TLS handshake with {place} failed: {}", safe(what)),
    })
}

fn exchange_end(exchange: &ExchangeSeen, place: &str) -> Result<Step, String> {
    let scheme = match exchange.scheme {
        Scheme::Http => "plain HTTP",
        Scheme::Https => "HTTPS",
    };
    match &exchange.answer {
        Some(_) => Ok(Step::Request),
        None => Err(format!("{place} gave no HTTP answer over {scheme}: {}", ended(&exchange.ended))),
    }
}

fn fetch_end(fetch: &FetchSeen) -> Result<Step, String> {
    let url = safe(&fetch.url);
    match (&fetch.answer, fetch.certificates.len()) {
        (None, _) => Err(format!("{url} was not fetched: {}", ended(&fetch.ended))),
        (Some(head), 0) => Err(format!("{url} was answered with {} and no certificate", head.status)),
        _ => Ok(Step::Certificate),
    }
}

fn call_end(call: &CallSeen, place: &str) -> Result<Step, (Step, String)> {
    let operation = safe(&call.operation);
    let step = step_of(&call.operation);
    match &call.outcome {
        CallOutcome::Answered => Ok(step),
        CallOutcome::Fault(fault) => {
            let code = fault.error_code.as_deref().unwrap_or("none");
            let text = safe(&fault.text);
            Err((step, format!("{place} answered {operation} with a SOAP fault: {text} (ErrorCode {})", safe(code))))
        }
        CallOutcome::NotSoap(why) => {
            let status = call.exchange.answer.as_ref().map_or(String::new(), |head| format!("HTTP {}, ", head.status));
            let step = if call.operation == "GetAuthConfig" { Step::Request } else { step };
            Err((step, format!("{place} answered {operation} with no SOAP response: {status}{}", safe(why))))
        }
        CallOutcome::NoAnswer => {
            let step = if call.operation == "GetAuthConfig" { Step::Request } else { step };
            Err((step, format!("{place} gave no whole answer to {operation}: {}", ended(&call.exchange.ended))))
        }
    }
}

/// How a stream ended, as the end of a sentence.
pub(crate) fn ended(ended: &Ended) -> String {
    match ended {
        Ended::Complete => "the answer is whole".to_owned(),
        Ended::Closed => "the connection was closed".to_owned(),
        Ended::Reset => "the connection was reset".to_owned(),
        Ended::TimedOut => "nothing more came before the deadline".to_owned(),
        Ended::TooLarge => "the answer is larger than the examiner reads".to_owned(),
        Ended::Alert(code) => format!("TLS was ended with alert {code}"),
        Ended::NotTheProtocol(bytes) => format!("the bytes are not of the protocol: {}", safe(bytes)),
        Ended::Other(what) => safe(what),
    }
}

fn step_of(operation: &str) -> Step {
    match operation {
        "GetRevisionIdList" | "GetUpdateData" | "GetUpdateDecryptionData" | "GetDeployments" => Step::Metadata,
        _ => Step::Authorization,
    }
}
