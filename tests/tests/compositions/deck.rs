//! The faults that can be drawn, each with the codes that may be concluded from it. Both come from the catalogue: what a scenario
//! with this one fault expects. What the catalogue does not say, the list below adds, with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use simulator::fault::Fault;

/// A fault that can be drawn.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    /// As in a scenario file, without `on` and `when`.
    pub(crate) fault: Fault,
    /// The kind of node that has it in the catalogue.
    pub(crate) kinds: BTreeSet<&'static str>,
    /// What may be concluded from it, and warned of.
    pub(crate) codes: BTreeSet<&'static str>,
}

/// All of them.
pub(crate) static DECK: LazyLock<Vec<Card>> = LazyLock::new(|| {
    let mut deck: BTreeMap<String, Card> = BTreeMap::new();
    for scenario in scenarios::catalogue() {
        let placed =
            scenario.world.nodes.values().flat_map(|node| node.faults().iter().map(move |fault| (node, fault)));
        let placed: Vec<_> = placed.collect();
        let [(node, fault)] = placed[..] else { continue };
        let fault = Fault { on: None, when: None, ..fault.clone() };
        let card = deck.entry(text(&fault)).or_insert_with(|| Card::of(fault));
        let expect = &scenario.expect;
        card.kinds.insert(node.kind());
        card.codes.extend([&expect.cause].into_iter().chain(&expect.warnings).map(String::as_str));
    }
    let mut deck: Vec<Card> = deck.into_values().collect();
    for card in &mut deck {
        let whole = text(&card.fault);
        let further = ALSO.iter().filter(|(of, _, _)| *of == card.fault.name() || whole.contains(of));
        card.codes.extend(further.flat_map(|(_, codes, _)| codes.iter().copied()));
    }
    deck
});

/// What may be concluded as well from faults of this name, or with these words, and why.
const ALSO: &[(&str, &[&str], &str)] = &[
    (
        "dns/name-not-found",
        &["proxy/name-not-found"],
        "where there is a proxy, its name is the first that is asked for",
    ),
    ("tcp/drop", &["proxy/target-unreachable"], "the proxy says so where it is the one that waits"),
    ("tcp/drop", &["content/no-answer", "content/refused"], "files come over the HTTP port, or not"),
    ("tcp/refuse", &["content/no-answer", "content/refused"], "files come over the HTTP port, or not"),
    ("tcp/reset-after", &["proxy/target-unreachable"], "the proxy says so where it is the one that is cut off"),
    ("tcp/reset-after", &["tcp/reset-on-server-name"], "where it waits for a name, other names get through"),
    ("tcp/reset-after", &["content/no-answer", "content/refused"], "files come over the HTTP port, or not"),
    ("tcp/close-after", &["content/no-answer", "content/refused"], "files come over the HTTP port, or not"),
    ("tcp/stall-after", &["content/no-answer", "content/refused"], "files come over the HTTP port, or not"),
    ("http/close-without-answer", &["content/no-answer", "content/refused"], "files come over the HTTP port, or not"),
    (
        "http/close-without-answer",
        &["proxy/target-unreachable"],
        "the proxy says so where it is the one that is cut off",
    ),
    ("http/pool-stopped", &["content/refused"], "files come over the HTTP port, or not"),
    ("http/status", &["content/refused"], "files come over the HTTP port, or not"),
    ("http/status", &["content/head-refused"], "the first that is asked of a file is its head"),
    ("http/other-site", &["content/differs"], "files come over the HTTP port, or not"),
    (
        "proxy/close-without-answer",
        &["proxy/credentials-rejected"],
        "where it hangs up at the password, nobody can tell why",
    ),
    ("tls/reset", &["tls/no-certificate"], "an upstream without a certificate hangs up on everybody too"),
    ("tls/close", &["tls/no-certificate"], "an upstream without a certificate hangs up on everybody too"),
    ("tls/only-suites", &["healthy"], "the suites of the subject decide"),
    ("tls/only-tls10", &["tls/handshake-refused"], "the key may fit nothing that TLS 1.0 has"),
    ("tls/only-version", &["tls/handshake-refused"], "the key may fit nothing that the version has"),
    ("tls/only-suites", &["tls/handshake-refused"], "the key may fit none of the suites"),
    ("content/missing", &["content/missing"], "whether the upstream says that it has every file decides"),
    ("ServerChanged", &["undetermined"], "it is meant to be said once; nobody can tell why it does not end"),
    ("trailing-dot", &["tls/wrong-host"], "whether Windows takes such a name is not known"),
    ("wildcard-within-label", &["tls/wrong-host"], "whether Windows takes such a name is not known"),
    ("unicode-name", &["tls/wrong-host"], "whether Windows takes such a name is not known"),
    ("ip-as-dns-name", &["tls/wrong-host"], "whether Windows takes such a name is not known"),
    ("bad-key-usage", &["tls/wrong-usage"], "whether Windows minds is not known"),
    ("tls/certificate", &["tls/self-signed"], "only one certificate that signed itself is in the subject's store"),
    (
        "tls/certificate",
        &["tls/untrusted-root"],
        "a root that was made for a defect is in no store unless a scenario says so",
    ),
];

impl Card {
    fn of(fault: Fault) -> Card {
        Card { fault, kinds: BTreeSet::new(), codes: BTreeSet::new() }
    }
}

/// A fault as it stands in a scenario file.
pub(crate) fn text(fault: &Fault) -> String {
    toml::Value::try_from(fault).unwrap().to_string()
}
