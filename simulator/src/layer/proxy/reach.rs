//! Where the proxy may go, and how it gets there: by its own name resolution, never beyond the world unless allowed by name.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout_at};

use super::target::Authority;
use crate::plan::AddressPlan;
use crate::world::Proxy;

/// Longer than any loopback needs, and shorter than the two seconds that an impatient client waits for the answer.
const INSIDE: Duration = Duration::from_secs(1);
/// For resolving and connecting together where the Internet itself is asked.
const OUTSIDE: Duration = Duration::from_secs(10);

/// The rules of a proxy, and its way into the world.
#[derive(Debug)]
pub(super) struct Reach {
    plan: Arc<AddressPlan>,
    deny: Vec<String>,
    cannot_resolve: Vec<String>,
    allow_outside: Vec<String>,
}

/// Why there is no way to a target.
#[derive(Debug)]
pub(super) enum NoWay {
    /// A rule forbids it.
    Denied,
    /// It is outside the world, and not allowed.
    Outside,
    /// The proxy cannot resolve its name.
    NameNotFound,
    /// Nobody answered in time.
    Unanswered,
    /// The connection failed, as by a refusal.
    Failed(io::Error),
    /// The proxy's own TLS with it failed, or its certificate is not one that the proxy accepts; why.
    Insecure(String),
}

impl Reach {
    /// What a proxy with these settings can reach.
    pub(super) fn new(settings: &Proxy, plan: Arc<AddressPlan>) -> Reach {
        Reach {
            plan,
            deny: settings.deny.clone(),
            cannot_resolve: settings.cannot_resolve.clone(),
            allow_outside: settings.allow_outside.clone(),
        }
    }

    /// Opens a connection to a target.
    pub(super) async fn open(&self, target: &Authority) -> Result<TcpStream, NoWay> {
        if names(&self.deny, &target.host) {
            return Err(NoWay::Denied);
        }
        if names(&self.cannot_resolve, &target.host) {
            return Err(NoWay::NameNotFound);
        }
        let stream = match self.plan.real_from_proxies(&target.host, target.port) {
            Some(address) => dial(&[address], Instant::now() + INSIDE).await?,
            None if names(&self.allow_outside, &target.host) => {
                let deadline = Instant::now() + OUTSIDE;
                dial(&resolve(target, deadline).await?, deadline).await?
            }
            None => return Err(NoWay::Outside),
        };
        stream.set_nodelay(true).map_err(NoWay::Failed)?;
        Ok(stream)
    }
}

/// Whether a list of hosts has this one.
pub(super) fn names(list: &[String], host: &str) -> bool {
    list.iter().any(|named| named.strip_suffix('.').unwrap_or(named).eq_ignore_ascii_case(host))
}

/// Resolves a host outside the world as this machine does.
async fn resolve(target: &Authority, deadline: Instant) -> Result<Vec<SocketAddr>, NoWay> {
    if let Some(address) = target.address() {
        return Ok(vec![SocketAddr::new(address, target.port)]);
    }
    let found = timeout_at(deadline, lookup_host((target.host.as_str(), target.port))).await;
    let addresses: Vec<_> = found.map_err(|_| NoWay::NameNotFound)?.map_err(|_| NoWay::NameNotFound)?.collect();
    if addresses.is_empty() { Err(NoWay::NameNotFound) } else { Ok(addresses) }
}

/// Tries the addresses in order; the last failure is reported.
async fn dial(addresses: &[SocketAddr], deadline: Instant) -> Result<TcpStream, NoWay> {
    let mut failure = NoWay::Unanswered;
    for address in addresses {
        match timeout_at(deadline, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) if error.kind() == ErrorKind::TimedOut => failure = NoWay::Unanswered,
            Ok(Err(error)) => failure = NoWay::Failed(error),
            Err(_) => return Err(NoWay::Unanswered),
        }
    }
    Err(failure)
}
