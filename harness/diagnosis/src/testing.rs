//! Evidence for tests: healthy by default, a case states only its deviation.

#![allow(clippy::unwrap_used, reason = "tests")]

pub(crate) mod pki;

use time::OffsetDateTime;
use time::macros::datetime;

use crate::chain::Certificate;
use crate::deadlines::Deadlines;
use crate::evidence::{
    CallOutcome, CallSeen, ConfigSeen, ConnectEnd, ConnectSeen, ContentEnd, ContentSeen, Ended, Evidence, ExchangeSeen,
    FetchSeen, HandshakeSeen, Head, NameEnd, NameSeen, Observation, Offer, PartsEnd, Profile, Purpose, Seen,
    SoapFaultSeen, SyncSeen, TlsEnd, TunnelSeen,
};
use crate::path::{Route, Scheme};
use crate::rule::{Outcome, Rule, Weight};
use crate::subject::{ContentFacts, Der, HostFacts, ProxyFacts, Step0, Stores, Subject, TlsFacts, TlsVersion};

/// The examiner's clock in every test, and the server's.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-06-01 12:00 UTC);
pub(crate) const SWS: &str = "sws.update.microsoft.com";
pub(crate) const UPSTREAM: &str = "up.contoso.com";
pub(crate) const PROXY: &str = "proxy.contoso.com";
const ASMX: &str = "/ServerSyncWebService/ServerSyncWebService.asmx";

/// Asserts what a rule says of evidence; `expected` is the beginning of it.
#[track_caller]
pub(crate) fn check(rule: &Rule, evidence: Evidence, expected: &str) {
    let said = said(&(rule.check)(&evidence));
    assert!(said.starts_with(expected), "{}\n said     {said}\n expected {expected}", rule.code);
}

/// An outcome as one line.
pub(crate) fn said(outcome: &Outcome) -> String {
    match outcome {
        Outcome::DoesNotApply => "does not apply".to_owned(),
        Outcome::RuledOut(why) => format!("ruled out: {why}"),
        Outcome::CannotTell(doubt) => format!("cannot tell {:?}: {}", doubt.step, doubt.for_want_of),
        Outcome::Found(finding) => match finding.weight {
            Weight::Blocks(step) => format!("blocks {step:?}: {}", finding.sentence),
            Weight::Warns => format!("warns: {}", finding.sentence),
        },
    }
}

/// A server that synchronizes from Microsoft Update, directly and well.
pub(crate) fn microsoft_update() -> Evidence {
    let evidence = with_subject(Step0 {
        sync_from_microsoft_update: Some(true),
        mu_url: Some(format!("https://{SWS}")),
        use_proxy: Some(false),
        ..no_proxy()
    });
    let first = [name(SWS, &["198.18.1.1"]), connected("198.18.1.1:443")];
    let first = first.into_iter().chain([handshake(pki::chain(SWS))]);
    evidence.walk_of(Route::Direct, (SWS, 443), first, Scheme::Https).with_the_root_of_microsoft()
}

/// The same through a proxy that wants no credentials.
pub(crate) fn through_proxy() -> Evidence {
    let evidence = with_subject(Step0 {
        sync_from_microsoft_update: Some(true),
        mu_url: Some(format!("https://{SWS}")),
        use_proxy: Some(true),
        ..with_proxy()
    });
    let route = Route::Through { host: PROXY.to_owned(), port: 8080 };
    let first = [name(PROXY, &["10.87.0.3"]), connected("10.87.0.3:8080"), tunnel(200, &[])];
    let first = first.into_iter().chain([handshake(pki::chain(SWS))]);
    evidence.walk_of(route, (SWS, 443), first, Scheme::Https).with_the_root_of_microsoft()
}

/// A downstream server of an HTTPS upstream.
pub(crate) fn https_upstream() -> Evidence {
    let evidence = with_subject(upstream_step0(8531, true));
    let first = [name(UPSTREAM, &["10.87.0.10"]), connected("10.87.0.10:8531")];
    let handshake = handshake(pki::chain(UPSTREAM));
    evidence.walk_of(Route::Direct, (UPSTREAM, 8531), first.into_iter().chain([handshake]), Scheme::Https)
}

/// A downstream server of a plain-HTTP upstream.
pub(crate) fn http_upstream() -> Evidence {
    let evidence = with_subject(upstream_step0(8530, false));
    let first = [name(UPSTREAM, &["10.87.0.10"]), connected("10.87.0.10:8530")];
    evidence.walk_of(Route::Direct, (UPSTREAM, 8530), first, Scheme::Http)
}

/// A downstream server of a plain-HTTP upstream behind a proxy.
pub(crate) fn http_upstream_through_proxy() -> Evidence {
    let evidence = with_subject(Step0 { use_proxy: Some(true), ..upstream_step0(8530, false).and_proxy() });
    let route = Route::Through { host: PROXY.to_owned(), port: 8080 };
    let first = [name(PROXY, &["10.87.0.3"]), connected("10.87.0.3:8080")];
    evidence.walk_of(route, (UPSTREAM, 8530), first, Scheme::Http)
}

/// A downstream server of an HTTPS upstream behind a proxy.
pub(crate) fn https_upstream_through_proxy() -> Evidence {
    let evidence = with_subject(Step0 { use_proxy: Some(true), ..upstream_step0(8531, true).and_proxy() });
    let route = Route::Through { host: PROXY.to_owned(), port: 8080 };
    let first = [name(PROXY, &["10.87.0.3"]), connected("10.87.0.3:8080"), tunnel(200, &[])];
    let handshake = handshake(pki::chain(UPSTREAM));
    evidence.walk_of(route, (UPSTREAM, 8531), first.into_iter().chain([handshake]), Scheme::Https)
}

/// Every healthy default.
pub(crate) fn healthy() -> [Evidence; 6] {
    let [clear, secure] = [http_upstream_through_proxy(), https_upstream_through_proxy()];
    [microsoft_update(), through_proxy(), https_upstream(), http_upstream(), clear, secure]
}

impl Evidence {
    /// Changes what is known of the server.
    pub(crate) fn subject(mut self, change: impl FnOnce(&mut Subject)) -> Evidence {
        change(&mut self.subject);
        self
    }

    /// Changes Step 0.
    pub(crate) fn step0(self, change: impl FnOnce(&mut Step0)) -> Evidence {
        self.subject(|subject| change(&mut subject.step0))
    }

    /// Changes the host facts.
    pub(crate) fn host(self, change: impl FnOnce(&mut HostFacts)) -> Evidence {
        self.subject(|subject| change(&mut subject.host))
    }

    /// Changes the certificate stores.
    pub(crate) fn stores(self, change: impl FnOnce(&mut Stores)) -> Evidence {
        self.host(|host| change(host.stores.as_mut().unwrap()))
    }

    /// Changes the versions that the server may offer.
    pub(crate) fn protocols(self, versions: &[TlsVersion]) -> Evidence {
        self.host(|host| host.tls.as_mut().unwrap().protocols = Some(versions.to_vec()))
    }

    /// Changes whether WSUS may use Basic at the proxy.
    pub(crate) fn allow_basic(self, allowed: Option<bool>) -> Evidence {
        self.host(|host| host.proxy.as_mut().unwrap().allow_basic = allowed)
    }

    /// Configures proxy credentials.
    pub(crate) fn credentials(self) -> Evidence {
        self.step0(|step0| {
            step0.anonymous_proxy_access = Some(false);
            step0.has_proxy_password = Some(true);
        })
    }

    /// Replaces the first observation of that kind on the path, and the walk goes on.
    pub(crate) fn instead(mut self, seen: Seen) -> Evidence {
        let at = self.place_of(&seen);
        self.observations[at].seen = seen;
        self
    }

    /// Replaces the first observation of that kind on the path, and the walk stops there.
    pub(crate) fn stopped_by(mut self, seen: Seen) -> Evidence {
        let at = self.place_of(&seen);
        self.observations.truncate(at + 1);
        let stopped = if let Seen::Call(call) = &seen { Some(call.operation.clone()) } else { None };
        self.observations[at].seen = seen;
        if let Some(operation) = stopped {
            let sync = Seen::Sync(SyncSeen { stopped_at: Some(operation), ..SyncSeen::default() });
            self = self.then(sync);
        }
        self
    }

    /// One more observation at the end of the path, at the same place as the last.
    pub(crate) fn then(mut self, seen: Seen) -> Evidence {
        let last = self.observations.last().unwrap().clone();
        self.observations.push(Observation { seen, ..last });
        self
    }

    /// One observation that is not of the path.
    pub(crate) fn and(mut self, purpose: Purpose, host: &str, port: u16, seen: Seen) -> Evidence {
        let route = self.observations.last().map_or(Route::Direct, |last| last.route.clone());
        self.observations.push(Observation { purpose, route, host: host.to_owned(), port, elapsed_ms: 1, seen });
        self
    }

    /// Changes what the whole synchronization saw.
    pub(crate) fn synchronized(mut self, change: impl Fn(&mut SyncSeen)) -> Evidence {
        for observation in &mut self.observations {
            if let Seen::Sync(sync) = &mut observation.seen {
                change(sync);
            }
        }
        self
    }

    /// What GetConfigData told.
    pub(crate) fn config(mut self, protocol_version: Option<&str>) -> Evidence {
        for observation in &mut self.observations {
            if let Seen::Sync(sync) = &mut observation.seen {
                let protocol_version = protocol_version.map(str::to_owned);
                sync.config = Some(ConfigSeen { protocol_version, ..ConfigSeen::default() });
            }
        }
        self
    }

    /// The version matrix with every cell ending alike.
    pub(crate) fn version_cells_ending(self, ended: &TlsEnd) -> Evidence {
        let (host, port) = self.target();
        TlsVersion::ALL.into_iter().fold(self, |evidence, version| {
            let cell = cell(version, ended.clone());
            evidence.and(Purpose::TlsMatrix, &host, port, cell)
        })
    }

    /// The version matrix of a listener that completes these versions, each with a suite of RSA.
    pub(crate) fn accepting(self, versions: &[TlsVersion]) -> Evidence {
        let (host, port) = self.target();
        TlsVersion::ALL.into_iter().fold(self, |evidence, version| {
            let ended = if versions.contains(&version) { TlsEnd::Completed } else { TlsEnd::Reset };
            evidence.and(Purpose::TlsMatrix, &host, port, cell(version, ended))
        })
    }

    /// A file was fetched from the upstream by plain HTTP on port 8530; it came in two parts and matches.
    pub(crate) fn fetching_file(self, change: impl FnOnce(&mut ContentSeen)) -> Evidence {
        self.and(Purpose::Content, UPSTREAM, 8530, file(change))
    }

    /// An issuer was asked for by a way.
    pub(crate) fn fetching(mut self, route: Route, certificates: Vec<Der>) -> Evidence {
        let url = "http://pki.contoso.com/ca.cer".to_owned();
        let answer = Some(head(if certificates.is_empty() { 404 } else { 200 }, &[]));
        let seen = Seen::Fetch(FetchSeen { url, answer, certificates, ended: Ended::Complete });
        let (host, purpose) = ("pki.contoso.com".to_owned(), Purpose::IssuerFetch);
        self.observations.push(Observation { purpose, route, host, port: 80, elapsed_ms: 1, seen });
        self
    }

    /// The one root of these tests counts as Microsoft's too.
    fn with_the_root_of_microsoft(self) -> Evidence {
        let thumbprint = Certificate::read(&pki::root().der).unwrap().thumbprint();
        self.host(|host| host.microsoft_roots = Some(vec![thumbprint]))
    }

    fn target(&self) -> (String, u16) {
        self.path().map(|path| (path.host, path.port)).unwrap()
    }

    fn place_of(&self, seen: &Seen) -> usize {
        let alike = |observation: &Observation| match (&observation.seen, seen) {
            (Seen::Call(one), Seen::Call(other)) => one.operation == other.operation,
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        };
        self.observations.iter().position(alike).unwrap()
    }

    fn walk_of(
        mut self,
        route: Route,
        (host, port): (&str, u16),
        first: impl IntoIterator<Item = Seen>,
        scheme: Scheme,
    ) -> Evidence {
        let operations = ["GetAuthConfig", "GetAuthorizationCookie", "GetCookie", "GetConfigData"];
        let lists = ["GetRevisionIdList", "GetUpdateData", "GetRevisionIdList", "GetUpdateData"];
        let calls = operations.into_iter().chain(lists).map(|operation| answered(operation, scheme));
        for seen in first.into_iter().chain(calls).chain([whole_sync()]) {
            let (host, port) = match (&seen, &route) {
                (Seen::Name(_) | Seen::Connect(_), Route::Through { host, port }) => (host.clone(), *port),
                _ => (host.to_owned(), port),
            };
            let observation =
                Observation { purpose: Purpose::Path, route: route.clone(), host, port, elapsed_ms: 1, seen };
            self.observations.push(observation);
        }
        self
    }
}

impl Step0 {
    fn and_proxy(self) -> Step0 {
        let proxy = with_proxy();
        Step0 {
            proxy_name: proxy.proxy_name,
            proxy_server_port: proxy.proxy_server_port,
            anonymous_proxy_access: proxy.anonymous_proxy_access,
            has_proxy_password: proxy.has_proxy_password,
            ..self
        }
    }
}

pub(crate) fn name(_host: &str, addresses: &[&str]) -> Seen {
    let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
    Seen::Name(NameSeen { server: None, ended: NameEnd::Addresses(addresses) })
}

pub(crate) fn no_name(ended: NameEnd) -> Seen {
    Seen::Name(NameSeen { server: Some("10.87.0.2:53".parse().unwrap()), ended })
}

pub(crate) fn connected(address: &str) -> Seen {
    connect(address, ConnectEnd::Connected)
}

pub(crate) fn connect(address: &str, ended: ConnectEnd) -> Seen {
    Seen::Connect(ConnectSeen { address: address.parse().unwrap(), ended })
}

pub(crate) fn tunnel(status: u16, headers: &[(&str, &str)]) -> Seen {
    Seen::Tunnel(TunnelSeen {
        target: format!("{SWS}:443"),
        authenticated: false,
        answer: Some(head(status, headers)),
        body: String::new(),
        ended: Ended::Complete,
    })
}

pub(crate) fn authenticated(tunnel: Seen) -> Seen {
    match tunnel {
        Seen::Tunnel(tunnel) => Seen::Tunnel(TunnelSeen { authenticated: true, ..tunnel }),
        other => other,
    }
}

pub(crate) fn head(status: u16, headers: &[(&str, &str)]) -> Head {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let reason = match status {
        200 => "OK",
        407 => "Proxy Authentication Required",
        503 => "Service Unavailable",
        _ => "Whatever",
    };
    Head { status, reason: reason.to_owned(), headers }
}

pub(crate) fn handshake(chain: Vec<Der>) -> Seen {
    Seen::Handshake(HandshakeSeen {
        offer: offer(Profile::Subject, &[TlsVersion::Tls12]),
        ended: TlsEnd::Completed,
        bytes_received: 3000,
        first_bytes: "160303".to_owned(),
        server_version: Some(TlsVersion::Tls12),
        certificate_message: None,
        dh_bits: None,
        asks_for_certificate: false,
        suite: Some("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384".to_owned()),
        chain,
    })
}

pub(crate) fn failed_handshake(ended: TlsEnd, server_version: Option<TlsVersion>) -> Seen {
    Seen::Handshake(HandshakeSeen {
        offer: offer(Profile::Subject, &[TlsVersion::Tls12]),
        ended,
        bytes_received: 7,
        first_bytes: "15030100020246".to_owned(),
        server_version,
        certificate_message: None,
        dh_bits: None,
        asks_for_certificate: false,
        suite: None,
        chain: Vec::new(),
    })
}

/// One cell of the version matrix.
pub(crate) fn version_cell(version: TlsVersion, completes: bool) -> Seen {
    Seen::Handshake(HandshakeSeen {
        offer: offer(Profile::Everything, &[version]),
        ended: if completes { TlsEnd::Completed } else { TlsEnd::Alert(70) },
        bytes_received: 7,
        first_bytes: String::new(),
        server_version: completes.then_some(version),
        certificate_message: None,
        dh_bits: None,
        asks_for_certificate: false,
        suite: None,
        chain: Vec::new(),
    })
}

fn cell(version: TlsVersion, ended: TlsEnd) -> Seen {
    let completed = ended == TlsEnd::Completed;
    let Seen::Handshake(cell) = version_cell(version, completed) else { unreachable!() };
    let suite = completed.then(|| "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384".to_owned());
    let bytes_received = if matches!(ended, TlsEnd::Reset | TlsEnd::Closed | TlsEnd::TimedOut) { 0 } else { 7 };
    Seen::Handshake(HandshakeSeen { ended, bytes_received, suite, ..cell })
}

/// A handshake of this server's that got not a byte.
pub(crate) fn silent_handshake(ended: TlsEnd) -> Seen {
    let Seen::Handshake(failed) = failed_handshake(ended, None) else { unreachable!() };
    Seen::Handshake(HandshakeSeen { bytes_received: 0, first_bytes: String::new(), ..failed })
}

/// A handshake under another name; everything is offered.
pub(crate) fn handshake_for(server_name: Option<&str>, ended: TlsEnd) -> Seen {
    let Seen::Handshake(seen) = cell(TlsVersion::Tls12, ended) else { unreachable!() };
    let offer = Offer { server_name: server_name.map(str::to_owned), ..offer(Profile::Everything, &TlsVersion::ALL) };
    Seen::Handshake(HandshakeSeen { offer, ..seen })
}

fn offer(profile: Profile, versions: &[TlsVersion]) -> Offer {
    let server_name = Some(UPSTREAM.to_owned());
    Offer { profile, versions: versions.to_vec(), suites: Vec::new(), groups: Vec::new(), server_name }
}

/// A file that came in two parts and matches, but for the change.
pub(crate) fn file(change: impl FnOnce(&mut ContentSeen)) -> Seen {
    let path = "/Content/00/00.cab".to_owned();
    let exchange = |method: &str, status| ExchangeSeen {
        method: method.to_owned(),
        target: path.clone(),
        ..exchange(Scheme::Http, Some(head(status, &[])))
    };
    let (head, gets) = (Some(exchange("HEAD", 200)), vec![exchange("GET", 206), exchange("GET", 206)]);
    let (parts, ended) = (PartsEnd::Came, ContentEnd::Matches);
    let mut seen = ContentSeen {
        path: path.clone(),
        digest: "00".to_owned(),
        size: 9,
        is_licence: false,
        head,
        gets,
        parts,
        received: 9,
        ended,
    };
    change(&mut seen);
    Seen::Content(seen)
}

pub(crate) fn exchange(scheme: Scheme, answer: Option<Head>) -> ExchangeSeen {
    let ended = if answer.is_some() { Ended::Complete } else { Ended::Closed };
    ExchangeSeen { method: "POST".to_owned(), scheme, target: ASMX.to_owned(), answer, body: String::new(), ended }
}

pub(crate) fn answered(operation: &str, scheme: Scheme) -> Seen {
    let exchange = exchange(scheme, Some(head(200, &[])));
    Seen::Call(CallSeen { operation: operation.to_owned(), exchange, outcome: CallOutcome::Answered })
}

pub(crate) fn not_soap(operation: &str, scheme: Scheme, head: Head) -> Seen {
    let outcome = CallOutcome::NotSoap("the body is not XML".to_owned());
    Seen::Call(CallSeen { operation: operation.to_owned(), exchange: exchange(scheme, Some(head)), outcome })
}

pub(crate) fn no_answer(operation: &str, scheme: Scheme) -> Seen {
    let exchange = exchange(scheme, None);
    Seen::Call(CallSeen { operation: operation.to_owned(), exchange, outcome: CallOutcome::NoAnswer })
}

pub(crate) fn soap_fault(operation: &str, scheme: Scheme, error_code: &str) -> Seen {
    let fault = SoapFaultSeen {
        code: "soap:Client".to_owned(),
        text: "Fault occurred".to_owned(),
        actor: None,
        error_code: Some(error_code.to_owned()),
        message: None,
        method: None,
    };
    let exchange = exchange(scheme, Some(head(500, &[])));
    Seen::Call(CallSeen { operation: operation.to_owned(), exchange, outcome: CallOutcome::Fault(fault) })
}

fn whole_sync() -> Seen {
    let config = ConfigSeen { protocol_version: Some("1.20".to_owned()), ..ConfigSeen::default() };
    Seen::Sync(SyncSeen { config: Some(config), announced: 20, received: 20, ..SyncSeen::default() })
}

fn with_subject(step0: Step0) -> Evidence {
    let stores =
        Stores { root: Some(vec![pki::root().der.clone()]), ca: Some(Vec::new()), user_root: Some(Vec::new()) };
    let host = HostFacts {
        now: Some(NOW),
        now_read_at: Some(NOW),
        protocol_version: Some("1.20".to_owned()),
        tls: Some(TlsFacts { protocols: Some(vec![TlsVersion::Tls12]), ..TlsFacts::default() }),
        stores: Some(stores),
        proxy: Some(ProxyFacts { user: Some("wsus".to_owned()), domain: None, allow_basic: Some(true) }),
        content: Some(ContentFacts {
            host_binaries_on_microsoft_update: Some(false),
            get_content_from_mu: Some(false),
        }),
        ..HostFacts::default()
    };
    Evidence {
        schema: 1,
        taken_at: NOW,
        subject: Subject { step0, host },
        deadlines: Deadlines::LOOPBACK,
        proxy_password_at_hand: false,
        observations: Vec::new(),
    }
}

fn upstream_step0(port: u16, use_ssl: bool) -> Step0 {
    Step0 {
        sync_from_microsoft_update: Some(false),
        upstream_wsus_server_name: Some(UPSTREAM.to_owned()),
        upstream_wsus_server_port_number: Some(port),
        upstream_wsus_server_use_ssl: Some(use_ssl),
        use_proxy: Some(false),
        ..no_proxy()
    }
}

fn no_proxy() -> Step0 {
    Step0 { use_proxy: Some(false), is_replica_server: Some(false), ..Step0::default() }
}

fn with_proxy() -> Step0 {
    Step0 {
        use_proxy: Some(true),
        proxy_name: Some(PROXY.to_owned()),
        proxy_server_port: Some(8080),
        anonymous_proxy_access: Some(true),
        has_proxy_password: Some(false),
        is_replica_server: Some(false),
        ..Step0::default()
    }
}
