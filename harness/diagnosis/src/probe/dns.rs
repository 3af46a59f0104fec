//! One name lookup: at a DNS server, or by the system's resolver.

mod message;
mod system;

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use hickory_proto::rr::RecordType;

use crate::evidence::{NameEnd, NameSeen};
use crate::network::{ExamineError, Network};

/// Looks up `host`, which is to be dialled at `port`.
pub(crate) fn look_up(network: &Network, host: &str, port: u16, limit: Duration) -> Result<NameSeen, ExamineError> {
    if let Some(address) = literal(host) {
        return Ok(NameSeen { server: None, ended: NameEnd::Literal(address) });
    }
    if let Some(elsewhere) = dialled_elsewhere(network, host, port) {
        return Ok(NameSeen { server: None, ended: NameEnd::Addresses(vec![elsewhere.ip()]) });
    }
    match network.dns {
        Some(server) => {
            let ended = ask(network, server, host, limit)?;
            Ok(NameSeen { server: Some(server), ended })
        }
        // The system's resolver would leave the lab.
        None if network.plan.is_some() => {
            Ok(NameSeen { server: None, ended: NameEnd::Other("the address plan has no DNS server".to_owned()) })
        }
        None => Ok(NameSeen { server: None, ended: system::look_up(host, port, limit) }),
    }
}

/// What is to be dialled for a host whose lookup ended so, in order.
pub(crate) fn addresses(network: &Network, host: &str, port: u16, ended: &NameEnd) -> Vec<SocketAddr> {
    if let Some(elsewhere) = dialled_elsewhere(network, host, port) {
        return vec![elsewhere];
    }
    match ended {
        NameEnd::Addresses(found) => found.iter().map(|address| SocketAddr::new(*address, port)).collect(),
        NameEnd::Literal(address) => vec![SocketAddr::new(*address, port)],
        _ => Vec::new(),
    }
}

/// The address that a host is, where it is one; with or without the brackets of a URL.
pub(crate) fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn dialled_elsewhere(network: &Network, host: &str, port: u16) -> Option<SocketAddr> {
    network.connect_to.get(&(host.to_ascii_lowercase(), port)).copied()
}

/// Asks for IPv4 addresses, then for IPv6 addresses; each question has its own deadline.
fn ask(network: &Network, server: SocketAddr, host: &str, limit: Duration) -> Result<NameEnd, ExamineError> {
    let question = |kind| message::ask(network, server, host, kind, Instant::now() + limit);
    let mut found = match question(RecordType::A)? {
        NameEnd::Addresses(found) => found,
        NameEnd::NoAddress => Vec::new(),
        ended => return Ok(ended),
    };
    match question(RecordType::AAAA)? {
        NameEnd::Addresses(more) => found.extend(more),
        NameEnd::NoAddress => {}
        // Some servers answer A and stumble over AAAA; the addresses that came still count.
        ended if found.is_empty() => return Ok(ended),
        _ => {}
    }
    Ok(if found.is_empty() { NameEnd::NoAddress } else { NameEnd::Addresses(found) })
}

#[cfg(test)]
mod tests;
