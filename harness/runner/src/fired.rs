//! Whether the deviation of a scenario acted: a right answer to a question that was never asked proves nothing.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};
use simulator::World;
use simulator::fault::Fault;
use simulator::fault::tcp::TcpFault;
use simulator::journal::{Entry, Event};
use simulator::running::Listener;

/// How the deviation of a scenario acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fired {
    /// A seam signed the journal.
    Signed,
    /// The kernel enacts it, it has tried itself, and somebody dialled it.
    Armed,
    /// There is no fault, or all are hidden behind a setting; a setting signs nothing.
    Setting,
    /// A fault was set and did nothing.
    No,
}

impl Fired {
    /// Its name, as in the JSON form.
    pub fn name(self) -> &'static str {
        match self {
            Fired::Signed => "signed",
            Fired::Armed => "armed",
            Fired::Setting => "setting",
            Fired::No => "no",
        }
    }
}

/// What was seen of a world's faults.
#[derive(Clone, Copy, Debug)]
pub struct Traces<'a> {
    /// The journal.
    pub entries: &'a [Entry],
    /// Where the listeners are.
    pub listeners: &'a [Listener],
    /// The lab addresses that were dialled, as the evidence says; `None` where an examiner does not tell.
    pub dialled: Option<&'a BTreeSet<SocketAddr>>,
}

/// One fault of one node.
#[derive(Clone, Copy, Debug)]
struct Placed<'a> {
    node: &'a str,
    /// All faults of the node, in their order.
    among: &'a [Fault],
    fault: &'a Fault,
}

/// Judges by the traces. Every fault must have acted, wherever it is placed; one that has not is excused by a code of its
/// layer among those that the scenario says are `hidden` behind another, a code for a fault.
pub fn fired(world: &World, traces: Traces<'_>, hidden: &[String]) -> Fired {
    let mut codes: Vec<&str> = hidden.iter().map(String::as_str).collect();
    let (mut signed, mut armed) = (false, false);
    for placed in faults(world) {
        if traces.signed(placed) {
            signed = true;
        } else if traces.armed(placed) {
            armed = true;
        } else if let Some(excuse) =
            codes.iter().position(|code| placed.fault.layers().iter().any(|of| is_of(code, of)))
        {
            codes.swap_remove(excuse);
        } else {
            return Fired::No;
        }
    }
    match (signed, armed) {
        (true, _) => Fired::Signed,
        (false, true) => Fired::Armed,
        (false, false) => Fired::Setting,
    }
}

fn faults(world: &World) -> impl Iterator<Item = Placed<'_>> {
    world.nodes.iter().flat_map(|(node, kind)| {
        let among = kind.faults();
        among.iter().map(move |fault| Placed { node, among, fault })
    })
}

impl Placed<'_> {
    /// Whether an entry of this node and listener about the `nth` fault of a kind at that listener is about this one.
    fn is_nth(&self, entry: &Entry, nth: usize, of_kind: impl Fn(&Fault) -> bool) -> bool {
        let here = |fault: &&Fault| fault.is_on(&entry.listener) && of_kind(fault);
        entry.node == self.node
            && self.among.iter().filter(here).nth(nth).is_some_and(|it| std::ptr::eq(it, self.fault))
    }
}

/// The kernel enacts one fault at a listener, the first.
fn is_of_kernel(fault: &Fault) -> bool {
    matches!(fault.tcp, Some(TcpFault::Refuse {} | TcpFault::Drop {}))
}

impl Traces<'_> {
    fn signed(&self, placed: Placed<'_>) -> bool {
        self.entries.iter().any(|entry| match &entry.event {
            Event::Signed { fault, nth } => {
                placed.is_nth(entry, *nth, |other| other.layers().iter().any(|layer| is_of(fault, layer)))
            }
            _ => false,
        })
    }

    fn armed(&self, placed: Placed<'_>) -> bool {
        let armed =
            |entry: &&Entry| matches!(entry.event, Event::Armed { .. }) && placed.is_nth(entry, 0, is_of_kernel);
        self.entries.iter().filter(armed).any(|entry| self.dialled(placed.node, &entry.listener))
    }

    /// Whether somebody dialled the listener: the examiner itself, or the world's proxy on its behalf.
    fn dialled(&self, node: &str, listener: &str) -> bool {
        let Some(dialled) = self.dialled else { return true };
        let listener = self.listeners.iter().find(|known| known.node == node && known.name == listener);
        listener.is_none_or(|listener| dialled.contains(&listener.lab) || self.forwarded_to(listener))
    }

    fn forwarded_to(&self, listener: &Listener) -> bool {
        let wanted = target_of(&listener.url);
        self.entries.iter().any(|entry| match &entry.event {
            Event::Request { method, target, host, .. } if method == "CONNECT" => {
                [target, host].into_iter().any(|asked| asked.eq_ignore_ascii_case(&wanted))
            }
            _ => false,
        })
    }
}

fn is_of(fault: &str, layer: &str) -> bool {
    fault.split_once('/').is_some_and(|(of, _)| of == layer)
}

/// `host:port` of a URL.
fn target_of(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split('/').next().unwrap_or(rest);
    match authority.rsplit_once(':') {
        Some((_, port)) if port.parse::<u16>().is_ok() => authority.to_owned(),
        _ => format!("{authority}:{}", if scheme == "http" { 80 } else { 443 }),
    }
}

#[cfg(test)]
mod tests {
    use simulator::fault::http::HttpFault;
    use simulator::world::{Node, Upstream};

    use super::*;

    const LAB: &str = "10.87.0.10:8531";

    fn world(faults: Vec<Fault>) -> World {
        let node = Node::Upstream(Upstream { faults, ..Upstream::default() });
        World { nodes: [("upstream".to_owned(), node)].into() }
    }

    fn refuse() -> Fault {
        Fault { tcp: Some(TcpFault::Refuse {}), ..Fault::default() }
    }

    fn pool_stopped() -> Fault {
        Fault { http: Some(HttpFault::PoolStopped {}), ..Fault::default() }
    }

    fn entry(event: Event) -> Entry {
        Entry { at_ms: 0, node: "upstream".to_owned(), listener: "https".to_owned(), connection: 0, event }
    }

    fn check(faults: Vec<Fault>, events: Vec<Event>, dialled: Option<&[&str]>, hidden: &[&str], wanted: Fired) {
        let lab: SocketAddr = LAB.parse().expect("an address");
        let listeners = [Listener {
            node: "upstream".to_owned(),
            name: "https".to_owned(),
            kind: "upstream",
            lab,
            address: lab,
            url: "https://wsus01.corp.example:8531".to_owned(),
        }];
        let entries: Vec<Entry> = events.into_iter().map(entry).collect();
        let dialled = dialled.map(|all| all.iter().map(|one| one.parse().expect("an address")).collect());
        let traces = Traces { entries: &entries, listeners: &listeners, dialled: dialled.as_ref() };
        let hidden: Vec<String> = hidden.iter().map(|code| (*code).to_owned()).collect();
        assert_eq!(fired(&world(faults), traces, &hidden), wanted);
    }

    fn signed() -> Event {
        Event::Signed { fault: "http/pool-stopped".to_owned(), nth: 0 }
    }

    fn armed() -> Event {
        Event::Armed { fault: "tcp/refuse".to_owned() }
    }

    #[test]
    fn a_world_without_faults_has_settings() {
        check(vec![], vec![], Some(&[]), &[], Fired::Setting);
    }

    #[test]
    fn a_seam_signs() {
        check(vec![pool_stopped()], vec![signed()], Some(&[]), &[], Fired::Signed);
        check(vec![pool_stopped()], vec![], Some(&[LAB]), &[], Fired::No);
    }

    #[test]
    fn an_armed_fault_needs_a_dial_to_it() {
        check(vec![refuse()], vec![armed()], Some(&[LAB]), &[], Fired::Armed);
        check(vec![refuse()], vec![armed()], Some(&["10.87.0.10:8530"]), &[], Fired::No);
        check(vec![refuse()], vec![armed()], None, &[], Fired::Armed);
    }

    #[test]
    fn the_proxy_dials_on_behalf_of_the_examiner() {
        let target = "wsus01.corp.example:8531".to_owned();
        let connect = Event::Request { method: "CONNECT".to_owned(), host: target.clone(), target, operation: None };
        check(vec![refuse()], vec![armed(), connect], Some(&["10.87.0.3:8080"]), &[], Fired::Armed);
    }

    #[test]
    fn a_hidden_fault_need_not_act() {
        check(vec![refuse(), pool_stopped()], vec![armed()], Some(&[LAB]), &[], Fired::No);
        check(vec![refuse(), pool_stopped()], vec![armed()], Some(&[LAB]), &["http/service-unavailable"], Fired::Armed);
        check(vec![pool_stopped()], vec![], Some(&[]), &["http/service-unavailable"], Fired::Setting);
    }

    #[test]
    fn a_hidden_code_excuses_one_fault_of_its_layer() {
        let (hidden, acted) = (&["http/service-unavailable"][..], vec![armed()]);
        check(vec![refuse(), pool_stopped(), pool_stopped()], acted, Some(&[LAB]), hidden, Fired::No);
        check(vec![refuse()], vec![armed()], Some(&[]), hidden, Fired::No);
    }

    #[test]
    fn a_second_fault_of_a_layer_acts_for_itself() {
        let nth = |nth| Event::Signed { fault: "http/pool-stopped".to_owned(), nth };
        check(vec![pool_stopped(), pool_stopped()], vec![nth(0)], None, &[], Fired::No);
        check(vec![pool_stopped(), pool_stopped()], vec![nth(0), nth(1)], None, &[], Fired::Signed);
        let elsewhere = || Fault { on: Some("http".to_owned()), ..pool_stopped() };
        check(vec![elsewhere(), pool_stopped()], vec![nth(0)], None, &[], Fired::No);
        check(vec![refuse(), refuse()], vec![armed()], None, &[], Fired::No);
    }

    #[test]
    fn another_layer_of_the_same_node_is_another_fault() {
        check(vec![refuse()], vec![signed()], Some(&[LAB]), &[], Fired::No);
    }
}
