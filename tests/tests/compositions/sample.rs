//! A world to be examined: a healthy ground, and the faults on it.

use std::fmt;
use std::fmt::Write as _;

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use scenarios::Scenario;
use simulator::fault::{Fault, When};

use crate::deck::{Card, DECK};

/// A world, as it would stand in a scenario file.
#[derive(Clone)]
pub(crate) struct Sample {
    ground: Ground,
    /// What goes wrong.
    pub(crate) faults: Vec<Injected>,
}

/// A fault on a node of the world.
#[derive(Clone, Debug)]
pub(crate) struct Injected {
    /// Name of the node.
    pub(crate) node: &'static str,
    card: &'static Card,
    fault: Fault,
}

/// A healthy world: settings only.
#[derive(Clone, Debug)]
struct Ground {
    source: Source,
    proxy: Option<ProxyKind>,
    key: &'static str,
    version: &'static str,
    ports: (u16, u16),
    itself: bool,
    lazy_sync: bool,
    generated: Option<u64>,
    replica: bool,
    protocols: &'static [&'static str],
    fe2: &'static str,
    only_the_proxy: bool,
    clock: &'static str,
    winhttp_proxy: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    MicrosoftUpdate,
    OverHttp,
    OverHttps,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ProxyKind {
    Open,
    Authenticating,
}

/// Healthy worlds.
pub(crate) fn healthy() -> impl Fn() -> BoxedStrategy<Sample> + Sync {
    || ground().prop_map(|ground| Sample { ground, faults: Vec::new() }).boxed()
}

/// Worlds with one, two or three faults.
pub(crate) fn with_faults() -> impl Fn() -> BoxedStrategy<Sample> + Sync {
    || {
        let grounds = ground().prop_flat_map(|ground| {
            let faults = vec(injected(&ground), 1..=3);
            (Just(ground), faults)
        });
        grounds.prop_map(|(ground, faults)| Sample { ground, faults }).boxed()
    }
}

fn ground() -> impl Strategy<Value = Ground> {
    let source = select(vec![Source::MicrosoftUpdate, Source::OverHttp, Source::OverHttps]);
    let proxy = select(vec![None, Some(ProxyKind::Open), Some(ProxyKind::Authenticating)]);
    let key = select(vec!["p256", "rsa2048"]);
    let version =
        select(vec!["10.0.14393.5127", "10.0.17763.2989", "10.0.20348.2227", "10.0.26100.1742", "6.3.9600.18838"]);
    let ports = select(vec![(8530, 8531), (80, 443), (8442, 8443)]);
    let generated = weighted(0.1, 1..40_u64);
    const PROTOCOLS: &[&[&str]] = &[&["1.2"], &["1.2", "1.3"], &["1.0", "1.1", "1.2"]];
    let fe2 = select(vec!["closes", "fault-of2019"]);
    let clock = select(vec!["+0s", "+90s", "-90s"]);
    let winhttp_proxy =
        select(vec![None, Some("Direct access (no proxy server)."), Some("Proxy Server(s) : other:3128")]);
    let upstream = (key, version, ports, any::<bool>(), any::<bool>(), generated);
    let subject = (any::<bool>(), select(PROTOCOLS), clock, winhttp_proxy);
    (source, proxy, upstream, subject, fe2, any::<bool>()).prop_map(
        |(source, proxy, upstream, subject, fe2, closed)| {
            let (key, version, ports, itself, lazy_sync, generated) = upstream;
            let (replica, protocols, clock, winhttp_proxy) = subject;
            Ground {
                source,
                proxy,
                key,
                version,
                ports,
                itself,
                lazy_sync,
                generated,
                replica: replica && source != Source::MicrosoftUpdate,
                protocols,
                fe2,
                only_the_proxy: closed && proxy.is_some(),
                clock,
                winhttp_proxy,
            }
        },
    )
}

fn injected(ground: &Ground) -> impl Strategy<Value = Injected> + use<> {
    let source = match ground.source {
        Source::MicrosoftUpdate => ("microsoft-update", &["sws", "sws1", "fe2"][..]),
        Source::OverHttp | Source::OverHttps => ("upstream", &["http", "https"][..]),
    };
    let mut nodes = vec![source, source, ("dns", &["dns"][..])];
    if ground.proxy.is_some() {
        nodes.push(("proxy", &["proxy"][..]));
    }
    const HOSTS: &[&str] =
        &["sws.update.microsoft.com", "wsus01.corp.example", "proxy.corp.example", "fe2.update.microsoft.com"];
    const OPERATIONS: &[&str] = &["GetAuthConfig", "GetCookie", "GetConfigData", "GetRevisionIdList", "GetUpdateData"];
    let when = (weighted(0.6, select(HOSTS)), weighted(0.3, 1..3_u64), weighted(0.3, select(OPERATIONS)));
    let when = weighted(
        0.3,
        when.prop_map(|(host, call, operation)| When {
            host: host.map(str::to_owned),
            call,
            operation: operation.map(str::to_owned),
            ..When::default()
        }),
    );
    let placed = select(nodes).prop_flat_map(|(node, listeners)| {
        (Just(node), weighted(0.7, select(listeners)), any::<prop::sample::Selector>())
    });
    (placed, when).prop_filter_map("the catalogue has no such fault there", |((node, on, selector), when)| {
        let card = selector.try_select(DECK.iter().filter(|card| card.kinds.contains(node)))?;
        let fault = Fault { on: on.map(str::to_owned), when, ..card.fault.clone() };
        Some(Injected { node, card, fault })
    })
}

impl Sample {
    /// The world with its subject.
    pub(crate) fn scenario(&self) -> Result<Scenario, scenarios::ReadError> {
        scenarios::read("sampled", "sampled.toml", &self.toml())
    }

    /// Whether the subject's own requests come to this listener.
    pub(crate) fn is_on_the_way(&self, node: &str, listener: &str) -> bool {
        let listeners = match self.ground.source {
            Source::MicrosoftUpdate => ("microsoft-update", "sws"),
            Source::OverHttp => ("upstream", "http"),
            Source::OverHttps => ("upstream", "https"),
        };
        (node, listener) == listeners || (node, listener) == ("proxy", "proxy")
    }

    /// As a file for `wsuslab run`.
    pub(crate) fn toml(&self) -> String {
        let mut text = "title = \"Sampled\"\n".to_owned();
        // Writing to a string cannot fail.
        self.write(&mut text).unwrap();
        text
    }

    fn write(&self, text: &mut String) -> fmt::Result {
        let ground = &self.ground;
        match ground.source {
            Source::MicrosoftUpdate => self.write_microsoft_update(text)?,
            Source::OverHttp | Source::OverHttps => self.write_upstream(text)?,
        }
        if let Some(kind) = ground.proxy {
            writeln!(text, "\n[world.proxy]")?;
            if kind == ProxyKind::Authenticating {
                writeln!(text, "auth = {{ basic = {{ user = \"wsus\" }} }}")?;
            }
            self.write_faults(text, "proxy")?;
        }
        writeln!(text, "\n[world.dns]")?;
        if ground.only_the_proxy && ground.source == Source::MicrosoftUpdate {
            writeln!(text, "unknown = [\"sws.update.microsoft.com\", \"fe2.update.microsoft.com\"]")?;
        }
        self.write_faults(text, "dns")?;
        self.write_subject(text)?;
        writeln!(text, "\n[expect]\ncause = \"healthy\"")?;
        writeln!(
            text,
            "\n[lesson]\nsymptom = \"-\"\ncause = \"-\"\ntell-apart = \"-\"\nremedy = \"-\"\nreferences = [\"-\"]"
        )
    }

    fn write_microsoft_update(&self, text: &mut String) -> fmt::Result {
        let ground = &self.ground;
        writeln!(text, "\n[world.microsoft-update]\nkey = {:?}\nfe2 = {:?}", ground.key, ground.fe2)?;
        if ground.only_the_proxy {
            writeln!(text, "direct = \"dropped\"")?;
        }
        self.write_faults(text, "microsoft-update")
    }

    fn write_upstream(&self, text: &mut String) -> fmt::Result {
        let Ground { key, version, ports: (http, https), lazy_sync, .. } = &self.ground;
        writeln!(
            text,
            "\n[world.upstream]\nkey = {key:?}\nversion = {version:?}\nhttp-port = {http}\nhttps-port = {https}"
        )?;
        writeln!(text, "lazy-sync = {lazy_sync}")?;
        if self.ground.itself {
            writeln!(text, "certificate = \"itself\"")?;
        }
        if let Some(size) = self.ground.generated {
            writeln!(text, "catalogue = {{ generated = {{ seed = 1, size = {size} }} }}")?;
        }
        self.write_faults(text, "upstream")
    }

    fn write_faults(&self, text: &mut String, node: &str) -> fmt::Result {
        let faults: Vec<String> = self
            .faults
            .iter()
            .filter(|fault| fault.node == node)
            .map(|fault| crate::deck::text(&fault.fault))
            .collect();
        if faults.is_empty() { Ok(()) } else { writeln!(text, "faults = [\n    {},\n]", faults.join(",\n    ")) }
    }

    fn write_subject(&self, text: &mut String) -> fmt::Result {
        let Ground { source, replica, protocols, clock, .. } = &self.ground;
        let from = if *source == Source::MicrosoftUpdate { "microsoft-update" } else { "upstream" };
        writeln!(text, "\n[subject]\nfrom = \"{from}\"\n[subject.step0]\nIsReplicaServer = {replica}")?;
        if *source == Source::OverHttp {
            let port = self.ground.ports.0;
            writeln!(text, "UpstreamWsusServerUseSsl = false\nUpstreamWsusServerPortNumber = {port}")?;
        }
        writeln!(text, "[subject.host]\nclock = {clock:?}\ntls.protocols = {protocols:?}")?;
        if let Some(words) = self.ground.winhttp_proxy {
            writeln!(text, "winhttp_proxy = {words:?}")?;
        }
        if self.ground.itself && *source != Source::MicrosoftUpdate {
            writeln!(text, "stores.root = [\"organisation\", \"microsoft\", \"node:upstream\"]")?;
        }
        Ok(())
    }
}

impl Injected {
    /// As it signs.
    pub(crate) fn name(&self) -> &'static str {
        self.fault.name()
    }

    /// What may be concluded from it.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &'static str> {
        self.card.codes.iter().copied()
    }

    /// Whether a synchronization may succeed in spite of it.
    pub(crate) fn may_be_harmless(&self) -> bool {
        self.strikes_now_and_then() || self.card.codes.contains("healthy")
    }

    /// Whether what fails succeeds when it is tried again.
    pub(crate) fn strikes_now_and_then(&self) -> bool {
        self.fault.when.as_ref().is_some_and(|when| when.call.is_some())
    }
}

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.toml())
    }
}
