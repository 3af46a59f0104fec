//! Questions that rules ask of evidence. They select and never judge; a rule should read as its own definition.

use time::OffsetDateTime;

use super::{
    CallSeen, ConfigSeen, ConnectEnd, ConnectSeen, Evidence, ExchangeSeen, FetchSeen, HandshakeSeen, Head, NameSeen,
    Observation, Offer, Purpose, Seen, SyncSeen, TlsEnd, TunnelSeen,
};
use crate::path::{PathUnknown, Route, Scheme, Source, SyncPath};
use crate::subject::{Der, TlsVersion};

/// One observation of a certain kind, with its place in [`Evidence::observations`].
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a, T> {
    /// Index into [`Evidence::observations`].
    pub index: usize,
    /// The whole observation.
    pub observation: &'a Observation,
    /// What it saw.
    pub seen: &'a T,
}

/// What a proxy said of itself in the head of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyVoice {
    /// The answer names the proxy as its author (`X-Squid-Error`, `Proxy-Status`, `Proxy-Authenticate`).
    Own,
    /// Nothing tells whether the proxy or the origin wrote it.
    Unknown,
}

/// How the TCP connection to the first hop ended, over all its addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HopEnd {
    /// One address accepted.
    Connected,
    /// Every address that could be reached refused; the observations.
    Refused(Vec<usize>),
    /// No address answered before the deadline; the observations.
    Silent(Vec<usize>),
    /// Something else, or not the same everywhere.
    Otherwise,
}

impl Evidence {
    /// The path that the server uses, where Step 0 lets it be derived.
    pub fn path(&self) -> Option<SyncPath> {
        SyncPath::of(&self.subject.step0).ok()
    }

    /// The path, or what stands in the way of deriving it.
    pub fn path_or_reason(&self) -> Result<SyncPath, PathUnknown> {
        SyncPath::of(&self.subject.step0)
    }

    /// The path, where it leads straight to the target.
    pub fn direct_path(&self) -> Option<SyncPath> {
        self.path().filter(|path| path.route == Route::Direct)
    }

    /// The path and the proxy's host and port, where it leads through one.
    pub fn proxied_path(&self) -> Option<(SyncPath, String, u16)> {
        let path = self.path()?;
        match path.route.clone() {
            Route::Direct => None,
            Route::Through { host, port } => Some((path, host, port)),
        }
    }

    /// The path, where the source is Microsoft Update.
    pub fn microsoft_path(&self) -> Option<SyncPath> {
        self.path().filter(|path| path.source == Source::MicrosoftUpdate)
    }

    /// Observations of one purpose, in order, with their indices.
    pub fn of(&self, purpose: Purpose) -> impl Iterator<Item = (usize, &Observation)> {
        self.observations.iter().enumerate().filter(move |(_, observation)| observation.purpose == purpose)
    }

    /// Name lookups of one purpose.
    pub fn names(&self, purpose: Purpose) -> impl Iterator<Item = Sight<'_, NameSeen>> {
        self.sights(purpose, |seen| if let Seen::Name(name) = seen { Some(name) } else { None })
    }

    /// TCP connections of one purpose.
    pub fn connects(&self, purpose: Purpose) -> impl Iterator<Item = Sight<'_, ConnectSeen>> {
        self.sights(purpose, |seen| if let Seen::Connect(connect) = seen { Some(connect) } else { None })
    }

    /// CONNECT requests of one purpose.
    pub fn tunnels(&self, purpose: Purpose) -> impl Iterator<Item = Sight<'_, TunnelSeen>> {
        self.sights(purpose, |seen| if let Seen::Tunnel(tunnel) = seen { Some(tunnel) } else { None })
    }

    /// TLS handshakes of one purpose.
    pub fn handshakes(&self, purpose: Purpose) -> impl Iterator<Item = Sight<'_, HandshakeSeen>> {
        self.sights(purpose, |seen| if let Seen::Handshake(handshake) = seen { Some(handshake) } else { None })
    }

    /// Plain exchanges of one purpose.
    pub fn exchanges(&self, purpose: Purpose) -> impl Iterator<Item = Sight<'_, ExchangeSeen>> {
        self.sights(purpose, |seen| if let Seen::Exchange(exchange) = seen { Some(exchange) } else { None })
    }

    /// Calls of one purpose.
    pub fn calls(&self, purpose: Purpose) -> impl Iterator<Item = Sight<'_, CallSeen>> {
        self.sights(purpose, |seen| if let Seen::Call(call) = seen { Some(call) } else { None })
    }

    /// Certificates that were fetched because they were not presented.
    pub fn fetches(&self) -> impl Iterator<Item = Sight<'_, FetchSeen>> {
        self.sights(Purpose::IssuerFetch, |seen| if let Seen::Fetch(fetch) = seen { Some(fetch) } else { None })
    }

    /// The synchronization as a whole, where it began.
    pub fn sync(&self) -> Option<Sight<'_, SyncSeen>> {
        self.sights(Purpose::Path, |seen| if let Seen::Sync(sync) = seen { Some(sync) } else { None }).last()
    }

    /// The handshake on the path: the last one, as a reconnect repeats it.
    pub fn path_handshake(&self) -> Option<Sight<'_, HandshakeSeen>> {
        self.handshakes(Purpose::Path).last()
    }

    /// The certificates that the target presented on the path, leaf first.
    pub fn presented_chain(&self) -> Option<Sight<'_, HandshakeSeen>> {
        self.handshakes(Purpose::Path).filter(|handshake| !handshake.seen.chain.is_empty()).last()
    }

    /// The handshake with the target itself, where the path leads through a proxy and both were compared.
    pub fn handshake_without_the_proxy(&self) -> Option<Sight<'_, HandshakeSeen>> {
        self.handshakes(Purpose::DirectComparison).last()
    }

    /// The last call on the path, which is the failed one where any failed.
    pub fn last_call(&self) -> Option<Sight<'_, CallSeen>> {
        self.calls(Purpose::Path).last()
    }

    /// How TCP to the first hop ended; `None` where it was not tried.
    ///
    /// An address without a route (IPv6 on a network that has none) does not count while another one gave an answer.
    pub fn first_hop(&self) -> Option<HopEnd> {
        let since = self.names(Purpose::Path).last().map_or(0, |name| name.index);
        let attempts: Vec<_> = self.connects(Purpose::Path).filter(|connect| since <= connect.index).collect();
        let ended = |end: ConnectEnd| move |attempt: &&Sight<'_, ConnectSeen>| attempt.seen.ended == end;
        if attempts.is_empty() {
            return None;
        }
        if attempts.iter().any(|attempt| ended(ConnectEnd::Connected)(&attempt)) {
            return Some(HopEnd::Connected);
        }
        let routed: Vec<_> = attempts.iter().filter(|attempt| !ended(ConnectEnd::Unreachable)(attempt)).collect();
        let all = |end: ConnectEnd| !routed.is_empty() && routed.iter().all(|attempt| attempt.seen.ended == end);
        let indices = || routed.iter().map(|attempt| attempt.index).collect();
        Some(match (all(ConnectEnd::Refused), all(ConnectEnd::TimedOut)) {
            (true, _) => HopEnd::Refused(indices()),
            (_, true) => HopEnd::Silent(indices()),
            _ => HopEnd::Otherwise,
        })
    }

    /// What GetConfigData of the upstream told.
    pub fn upstream_config(&self) -> Option<(usize, &ConfigSeen)> {
        self.sync().and_then(|sync| sync.seen.config.as_ref().map(|config| (sync.index, config)))
    }

    /// Now, by the clock of the server under examination; `None` where its clock is unknown.
    pub fn subject_now(&self) -> Option<OffsetDateTime> {
        let host = &self.subject.host;
        self.taken_at.checked_add(host.now? - host.now_read_at?)
    }

    /// The versions that the server may offer.
    pub fn subject_protocols(&self) -> Option<&[TlsVersion]> {
        self.subject.host.tls.as_ref()?.protocols.as_deref()
    }

    /// Its trusted roots, where they are known.
    pub fn root_store(&self) -> Option<&[Der]> {
        self.subject.host.stores.as_ref()?.root.as_deref()
    }

    /// Every version that the listener on the path completed a handshake with, whoever offered it.
    pub fn completed_versions(&self) -> Vec<(usize, TlsVersion)> {
        let both = self.handshakes(Purpose::Path).chain(self.handshakes(Purpose::TlsMatrix));
        both.filter(|handshake| handshake.seen.ended == TlsEnd::Completed)
            .filter_map(|handshake| handshake.seen.server_version.map(|version| (handshake.index, version)))
            .collect()
    }

    /// The suites that the listener on the path is known to accept, in the order in which it took them.
    pub fn accepted_suites(&self) -> Vec<String> {
        let both = self.handshakes(Purpose::Path).chain(self.handshakes(Purpose::TlsMatrix));
        let mut accepted: Vec<String> = Vec::new();
        for suite in both.filter_map(|handshake| handshake.seen.suite.as_ref()) {
            if !accepted.contains(suite) {
                accepted.push(suite.clone());
            }
        }
        accepted
    }

    /// The cells of the version matrix in which everything was offered: one version each.
    pub fn version_cells(&self) -> impl Iterator<Item = (TlsVersion, Sight<'_, HandshakeSeen>)> {
        self.handshakes(Purpose::TlsMatrix).filter_map(|cell| match cell.seen.offer.versions.as_slice() {
            [version] if cell.seen.offer.suites.is_empty() => Some((*version, cell)),
            _ => None,
        })
    }

    /// The refusal of an offer of the same versions with everything else, where there are several of them.
    pub fn versions_refused_together(&self, offer: &Offer) -> Option<usize> {
        let same = |cell: &Sight<'_, HandshakeSeen>| {
            cell.seen.offer.versions == offer.versions && cell.seen.offer.suites.is_empty()
        };
        let mut cells = self.handshakes(Purpose::TlsMatrix).filter(same);
        let refused = cells.find(|cell| cell.seen.ended != TlsEnd::Completed)?;
        (1 < offer.versions.len()).then_some(refused.index)
    }

    /// An HTTP answer that the port gave to plain HTTP when schemes and ports were tried. What a proxy says in its own voice is
    /// none of the port's.
    pub fn plain_http_answer(&self, port: u16) -> Option<(usize, &Head)> {
        self.exchanges(Purpose::SchemeMatrix)
            .filter(|exchange| exchange.observation.port == port && exchange.seen.scheme == Scheme::Http)
            .find_map(|exchange| exchange.seen.answer.as_ref().map(|head| (exchange.index, head)))
            .filter(|(_, head)| head.proxy_voice() != ProxyVoice::Own)
    }

    /// The completed handshake with that port when schemes and ports were tried.
    pub fn tls_at(&self, port: u16) -> Option<usize> {
        self.handshakes(Purpose::SchemeMatrix)
            .find(|handshake| handshake.observation.port == port && handshake.seen.ended == TlsEnd::Completed)
            .map(|handshake| handshake.index)
    }

    fn sights<'a, T: 'a>(
        &'a self,
        purpose: Purpose,
        pick: impl Fn(&'a Seen) -> Option<&'a T>,
    ) -> impl Iterator<Item = Sight<'a, T>> {
        self.of(purpose).filter_map(move |(index, observation)| {
            pick(&observation.seen).map(|seen| Sight { index, observation, seen })
        })
    }
}

impl Head {
    /// Every field of that name, whatever its case.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.iter().filter(move |(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Whether a proxy says that it wrote this answer itself.
    pub fn proxy_voice(&self) -> ProxyVoice {
        let own = ["X-Squid-Error", "Proxy-Status", "Proxy-Authenticate"];
        if own.iter().any(|name| self.header(name).is_some()) { ProxyVoice::Own } else { ProxyVoice::Unknown }
    }
}
