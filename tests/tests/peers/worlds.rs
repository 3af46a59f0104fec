//! Every TLS listener of the worlds under `tcp/` and `tls/`, and what each claims to be: by the words of its world alone, so that
//! a peer that agrees agrees with the scenario and not with the code that plays it.

use std::collections::BTreeSet;

use scenarios::Scenario;
use simulator::fault::Fault;
use simulator::fault::tcp::TcpFault;
use simulator::fault::tls::{OldAnswer, OneVersion, Suites, TlsFault};
use simulator::world::{Direct, KeyKind, Node, Upstream};

/// A TLS listener of a world.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) scenario: &'static Scenario,
    pub(crate) node: &'static str,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) claims: Claims,
}

/// What a listener claims to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claims {
    /// The versions with which a client that can do anything completes a handshake.
    pub(crate) versions: BTreeSet<&'static str>,
    /// The suites, where the scenario or the key type names them; `None` for whatever its library has.
    pub(crate) suites: Option<BTreeSet<String>>,
    /// Whether who offers newer versions alone gets a ServerHello of an old one.
    pub(crate) hello_unasked: bool,
}

/// All of them. A listener that the kernel refuses or drops in place of is none.
pub(crate) fn all() -> Vec<Target> {
    let under = |scenario: &&Scenario| scenario.id.starts_with("tls/") || scenario.id.starts_with("tcp/");
    scenarios::catalogue().iter().filter(under).flat_map(of_scenario).collect()
}

fn of_scenario(scenario: &'static Scenario) -> Vec<Target> {
    let listener = |node: &'static str, listener: &str, host: &str, port: u16, faults: &[Fault], base: Claims| {
        let faults = || faults.iter().filter(|fault| fault.is_on(listener));
        let by_kernel = |fault: &Fault| matches!(fault.tcp, Some(TcpFault::Refuse {} | TcpFault::Drop {}));
        let claims = faults().fold(base, |claims, fault| claims.under(fault, host));
        let host = host.to_owned();
        (!faults().any(by_kernel)).then_some(Target { scenario, node, host, port, claims })
    };
    let nodes = scenario.world.nodes.iter().filter_map(|(name, node)| match node {
        Node::Upstream(upstream) => {
            let port = upstream.https_port?;
            listener(name, "https", &upstream.name, port, &upstream.faults, Claims::of_upstream(upstream))
        }
        // What drops whoever comes without the proxy cannot be asked directly.
        Node::MicrosoftUpdate(node) if node.direct == Direct::Open => {
            let claims = Claims::of(&["1.2"], node.key);
            listener(name, "sws", "sws.update.microsoft.com", 443, &node.faults, claims)
        }
        _ => None,
    });
    nodes.collect()
}

impl Claims {
    fn of_upstream(upstream: &Upstream) -> Claims {
        // Windows Server 2022 is build 20348, and the first with TLS 1.3.
        let build: u32 = upstream.version.split('.').nth(2).and_then(|build| build.parse().ok()).unwrap_or(0);
        Claims::of(if build < 20348 { &["1.2"] } else { &["1.2", "1.3"] }, upstream.key)
    }

    fn of(versions: &[&'static str], key: KeyKind) -> Claims {
        let signature = match key {
            KeyKind::P256 => "ECDSA",
            KeyKind::Rsa2048 => "RSA",
        };
        let of_1_2 = ["AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256"];
        let suites = versions.iter().flat_map(|version| {
            of_1_2.map(|suite| match *version {
                "1.3" => format!("TLS_{suite}"),
                _ => format!("TLS_ECDHE_{signature}_WITH_{suite}"),
            })
        });
        let versions = versions.iter().copied().collect();
        Claims { versions, suites: Some(suites.collect()), hello_unasked: false }
    }

    /// The same listener with a fault on it.
    fn under(self, fault: &Fault, host: &str) -> Claims {
        let for_another = fault.when.as_ref().and_then(|when| when.host.as_deref()).is_some_and(|only| only != host);
        match (&fault.tls, &fault.tcp) {
            _ if for_another => self,
            (Some(fault), _) => self.under_tls(fault),
            // What the scenarios of these folders count are bytes of the handshake.
            (None, Some(_)) => Claims::nothing(),
            (None, None) => self,
        }
    }

    fn under_tls(self, fault: &TlsFault) -> Claims {
        let only = |version, hello_unasked| Claims { versions: [version].into(), suites: None, hello_unasked };
        match fault {
            TlsFault::OnlyTls10(fault) => only("1.0", fault.answer == OldAnswer::ServerHello),
            TlsFault::OnlyVersion(fault) => match fault.version {
                OneVersion::Tls11 => only("1.1", false),
                OneVersion::Tls12 => self.only("1.2"),
                OneVersion::Tls13 => self.only("1.3"),
            },
            TlsFault::OnlySuites(fault) => Claims::with(&fault.suites),
            TlsFault::OnlyDhe(fault) if fault.bits.completes() => only("1.2", false),
            TlsFault::OnlyDhe(_) => Claims::nothing(),
            // The suites follow the key, and a defect may change that.
            TlsFault::Certificate(_) => Claims { suites: None, ..self },
            // The server's half of the handshake is whole before it refuses a client that has no certificate.
            TlsFault::ClientCertificate(_) => self,
            TlsFault::Alert(_)
            | TlsFault::Banner(_)
            | TlsFault::Close(_)
            | TlsFault::CloseAfterRecord(_)
            | TlsFault::CloseInsideRecord(_)
            | TlsFault::OnlySsl3(_)
            | TlsFault::OversizedRecord(_)
            | TlsFault::Reset(_)
            | TlsFault::Stall(_) => Claims::nothing(),
        }
    }

    fn only(self, version: &'static str) -> Claims {
        let of_1_3 = |suite: &String| !suite.contains("_WITH_");
        let suites =
            self.suites.clone().map(|all| all.into_iter().filter(|s| of_1_3(s) == (version == "1.3")).collect());
        Claims { versions: [version].into(), suites, ..self }
    }

    fn with(suites: &Suites) -> Claims {
        let suites: BTreeSet<String> = Vec::from(suites.clone()).into_iter().collect();
        let versions = suites.iter().map(|suite| if suite.contains("_WITH_") { "1.2" } else { "1.3" });
        Claims { versions: versions.collect(), suites: Some(suites), hello_unasked: false }
    }

    fn nothing() -> Claims {
        Claims { versions: BTreeSet::new(), suites: None, hello_unasked: false }
    }
}
