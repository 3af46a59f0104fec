//! What was seen, a line for each look: what the diagnosis rests on, for a person.

use crate::evidence::{
    DeploymentsSeen, Evidence, NameEnd, Observation, Offer, Purpose, Reaction, Seen, SyncSeen, TlsEnd, success,
};
use crate::path::Route;
use crate::rule::Step;
use crate::words::{list, moment, safe};

/// The most lines; a hostile evidence file shall not flood a terminal.
const MOST: usize = 200;

/// Else the calls above would seem to be this server's.
const LOOKED_BEHIND: &str = "note: this server would have stopped at that chain; the examiner accepts any, in order to look \
    at what lies behind it";

pub(super) fn of(evidence: &Evidence) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut last: Option<(String, usize)> = None;
    for observation in &evidence.observations {
        let line = line(observation, evidence);
        match &mut last {
            Some((text, times)) if *text == line.text => {
                *times += 1;
                lines.pop();
                lines.push(format!("{text} ({times} times)"));
            }
            _ => {
                lines.push(format!("{} ({} ms)", line.text, line.elapsed));
                last = Some((line.text, 1));
            }
        }
    }
    if let Some((_, verdict)) = evidence.chain_verdict_of_anyone() {
        lines.extend(verdict.drawing());
        if !verdict.is_clean() && evidence.walk(Purpose::Path).reached_at_least(Step::Request) {
            lines.push(LOOKED_BEHIND.to_owned());
        }
    }
    if let Some((_, verdict)) = evidence.chain_verdict_without_the_proxy() {
        let label = label(Purpose::DirectComparison);
        lines.extend(verdict.drawing().into_iter().map(|line| format!("{label}{line}")));
    }
    lines.extend(suites(evidence));
    lines.extend(context(evidence));
    lines.truncate(MOST);
    lines
}

struct Line {
    text: String,
    elapsed: u64,
}

fn line(observation: &Observation, evidence: &Evidence) -> Line {
    let what = match success(observation) {
        Ok(_) => success_in_words(observation),
        Err((_, how)) => {
            let (said, deadline) = (headers(observation), deadline(observation, evidence));
            format!("{}{how}{said}{deadline}", offered(observation))
        }
    };
    Line { text: format!("{}{what}", label(observation.purpose)), elapsed: observation.elapsed_ms }
}

fn label(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Path => "",
        Purpose::DirectComparison => "[for comparison, without the proxy] ",
        Purpose::TlsMatrix => "[version matrix] ",
        Purpose::Again => "[once more] ",
        Purpose::NameMatrix => "[other server names] ",
        Purpose::ImportPath => "[as the import from the Catalog] ",
        Purpose::IssuerFetch => "[missing issuer] ",
        Purpose::ClientPage => "[the page for clients] ",
        Purpose::SchemeMatrix => "[other ports and schemes] ",
        Purpose::CurrentEndpoint => "[current endpoint] ",
        Purpose::Content => "[files] ",
        Purpose::ContentWithoutProxy => "[files, without the proxy] ",
    }
}

fn success_in_words(observation: &Observation) -> String {
    let (host, place) = (safe(&observation.host), format!("{}:{}", safe(&observation.host), observation.port));
    match &observation.seen {
        Seen::Name(name) => match &name.ended {
            NameEnd::Addresses(addresses) => format!("{host} resolves to {}", list(addresses.iter().take(8))),
            _ => format!("{host} is an address"),
        },
        Seen::Connect(connect) => {
            let hop = if observation.route == Route::Direct { "" } else { "proxy " };
            format!("{hop}{place} accepted the connection at {}", connect.address)
        }
        Seen::Tunnel(tunnel) => {
            let with = if tunnel.authenticated { " with credentials" } else { "" };
            format!("the proxy opened the way to {}{with}", safe(&tunnel.target))
        }
        Seen::Handshake(handshake) => {
            let version = handshake.server_version.map_or_else(String::new, |version| format!(" with {version}"));
            let suite = handshake.suite.as_ref().map_or_else(String::new, |suite| format!(", {}", safe(suite)));
            format!("{}{place} completed TLS{version}{suite}", offered(observation))
        }
        Seen::Exchange(exchange) => {
            let status = exchange.answer.as_ref().map_or(0, |head| head.status);
            format!("{place} answered {} over {} with {status}", safe(&exchange.method), exchange.scheme)
        }
        Seen::Call(call) => format!("{place} answered {}", safe(&call.operation)),
        Seen::Fetch(fetch) => format!("fetched {} {}", safe(&fetch.url), by_way(&observation.route)),
        Seen::Sync(sync) => match &sync.stopped_at {
            Some(operation) => format!("the synchronization stopped at {}{}", safe(operation), beside(sync)),
            None => {
                let sample = if sync.sampled { " (a sample)" } else { "" };
                let (received, announced) = (sync.received, sync.announced);
                let more = beside(sync);
                format!(
                    "the synchronization ran to its end: {received} of {announced} revisions received{sample}{more}"
                )
            }
        },
        Seen::Content(file) => file.told(&place).unwrap_or_else(|how| how),
    }
}

/// A way that is not the one of the observation's neighbours is worth a word.
fn by_way(route: &Route) -> String {
    match route {
        Route::Direct => "directly".to_owned(),
        Route::Through { host, port } => format!("through {}:{port}", safe(host)),
    }
}

/// What a synchronization saw beside its revisions, as far as there is anything.
fn beside(sync: &SyncSeen) -> String {
    let mut more = Vec::new();
    if let Some(DeploymentsSeen { groups, deployments, unannounced }) = &sync.deployments {
        more.push(format!("{deployments} deployments to {groups} groups"));
        more.push(told(unannounced, "deployed revisions were not announced"));
    }
    more.push(told(&sync.without_url, "files of the metadata have no URL"));
    more.push(told(&sync.unlisted, "files of the metadata are on no list of digests"));
    more.push(told(&sync.without_sha256, "files of the metadata have no SHA-256"));
    more.push(told(&sync.without_keys, "revisions with encrypted files have no key"));
    for seen in &sync.reactions {
        let (code, operation) = (safe(&seen.error_code), safe(&seen.operation));
        let done = match seen.reaction {
            Reaction::BeganAgain => "began again",
            Reaction::ResetAnchors => "went on without anchors",
            Reaction::Stopped => "stopped",
        };
        more.push(format!("{done} after {code} at {operation}"));
    }
    more.retain(|what| !what.is_empty());
    more.truncate(8);
    more.iter().map(|what| format!("; {what}")).collect()
}

fn told(list: &[String], what: &str) -> String {
    match list {
        [] => String::new(),
        [first, ..] => format!("{} {what}, as {}", list.len(), safe(first)),
    }
}

fn offered(observation: &Observation) -> String {
    match &observation.seen {
        Seen::Handshake(handshake) if observation.purpose == Purpose::NameMatrix => {
            let name = handshake.offer.server_name.as_ref().map_or("no server name".to_owned(), |name| safe(name));
            format!("for {name}, {}", offer(&handshake.offer))
        }
        Seen::Handshake(handshake) => offer(&handshake.offer),
        _ => String::new(),
    }
}

/// The fields of a refusal that tell who wrote it and why.
fn headers(observation: &Observation) -> String {
    let head = match &observation.seen {
        Seen::Tunnel(tunnel) => tunnel.answer.as_ref(),
        Seen::Call(call) => call.exchange.answer.as_ref(),
        _ => None,
    };
    let telling = ["Proxy-Authenticate", "X-Squid-Error", "Proxy-Status", "Via", "Server", "Location"];
    let fields = telling
        .iter()
        .flat_map(|name| head.into_iter().flat_map(move |head| head.all(name).map(move |value| (name, value))));
    let fields: Vec<String> = fields.take(8).map(|(name, value)| format!("{name}: {}", safe(value))).collect();
    if fields.is_empty() { String::new() } else { format!(" [{}]", fields.join("; ")) }
}

fn offer(offer: &Offer) -> String {
    if offer.versions.is_empty() {
        return String::new();
    }
    let versions = list(offer.versions.iter().take(8));
    match offer.suites.as_slice() {
        [] => format!("offered {versions}: "),
        [only] => format!("offered {versions} with {}: ", safe(only)),
        suites => format!("offered {versions} with {} suites: ", suites.len()),
    }
}

/// The deadline that passed, where one did.
fn deadline(observation: &Observation, evidence: &Evidence) -> String {
    use crate::evidence::{ConnectEnd, Ended};
    let deadlines = &evidence.deadlines;
    let passed = match &observation.seen {
        Seen::Name(name) if name.ended == NameEnd::TimedOut => deadlines.dns_ms,
        Seen::Connect(connect) if connect.ended == ConnectEnd::TimedOut => deadlines.connect_ms,
        Seen::Handshake(handshake) if handshake.ended == TlsEnd::TimedOut => deadlines.handshake_ms,
        Seen::Tunnel(tunnel) if tunnel.ended == Ended::TimedOut => deadlines.answer_ms,
        Seen::Exchange(exchange) if exchange.ended == Ended::TimedOut => deadlines.answer_ms,
        Seen::Call(call) if call.exchange.ended == Ended::TimedOut => deadlines.answer_ms,
        _ => return String::new(),
    };
    format!(" [deadline {passed} ms]")
}

/// Both lists of suites and what they share, where a handshake failed and both are known.
fn suites(evidence: &Evidence) -> Vec<String> {
    let failed = evidence.path_handshake().filter(|handshake| handshake.seen.ended != TlsEnd::Completed);
    let offered = failed.map(|handshake| handshake.seen.offer.suites.clone()).unwrap_or_default();
    let accepted = evidence.accepted_suites();
    if offered.is_empty() || accepted.is_empty() {
        return Vec::new();
    }
    let common: Vec<&String> = offered.iter().filter(|suite| accepted.contains(suite)).collect();
    let named = |suites: &[String]| list(suites.iter().take(40).map(|suite| safe(suite)));
    let shared =
        if common.is_empty() { "none".to_owned() } else { list(common.into_iter().take(40).map(|suite| safe(suite))) };
    vec![
        format!("suites that this server offers: {}", named(&offered)),
        format!("suites that the target accepts, as far as it was asked: {}", named(&accepted)),
        format!("suites in common: {shared}"),
    ]
}

fn context(evidence: &Evidence) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(now) = evidence.subject_now() {
        let skew = (now - evidence.taken_at).whole_minutes();
        if 5 <= skew.abs() {
            let (ours, theirs) = (moment(evidence.taken_at), moment(now));
            lines.push(format!("clocks: the server's reads {theirs}, the examiner's {ours} ({skew} minutes apart)"));
        }
    }
    if let Some(proxy) = &evidence.subject.host.winhttp_proxy {
        lines.push(format!("context: netsh winhttp shows \"{}\"; synchronization does not use it, except that CryptoAPI fetches missing certificates by it", safe(proxy)));
    }
    for name in evidence.subject.host.outputs.keys().take(8) {
        lines.push(format!("context: output of {} was given; it is no proof of the path that WSUS uses", safe(name)));
    }
    lines
}
