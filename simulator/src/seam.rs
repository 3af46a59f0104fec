//! Seams: the named places of an honest layer where a fault may act. The seam signs the journal, not the fault's author.
//!
//! Each layer has one trait whose methods answer an act and proceed by default. A fault implements the trait of its layer;
//! the layer asks [`Seams`] and does as told. No layer knows which faults there are.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::fault::When;
use crate::journal::{Event, Journal};

mod standing;

pub use standing::{Stage, Standing};

/// An answer of a fault at a seam.
pub trait Act: Sized {
    /// What an honest world does.
    fn proceed() -> Self;
    /// Whether this is what an honest world does.
    fn proceeds(&self) -> bool;
}

/// What a seam knows when it asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moment<'a> {
    /// Number of the connection; 0 where there is none.
    pub connection: u64,
    /// SNI, Host, CONNECT target or DNS name, as far as known.
    pub host: Option<&'a str>,
    /// Operation of the protocol, as far as known.
    pub operation: Option<&'a str>,
    /// Path of a request, without percent-encoding, as far as known.
    pub path: Option<&'a str>,
}

/// The faults that act at the seams of one layer of one listener.
pub struct Seams<S: ?Sized> {
    placed: Vec<Placed<S>>,
    journal: Journal,
    node: String,
    listener: String,
}

struct Placed<S: ?Sized> {
    /// `None` for a setting, which signs nothing.
    name: Option<&'static str>,
    /// How many faults were placed before it.
    nth: usize,
    when: When,
    moments: AtomicU64,
    fault: Box<S>,
}

impl<S: ?Sized> Seams<S> {
    /// Seams at which nothing is placed.
    pub fn new(journal: Journal, node: &str, listener: &str) -> Seams<S> {
        Seams { placed: Vec::new(), journal, node: node.to_owned(), listener: listener.to_owned() }
    }

    /// Places a fault; `name` is its layer and its file, as `tcp/reset-after`.
    pub fn place(&mut self, name: &'static str, when: Option<When>, fault: Box<S>) {
        let (when, nth) = (when.unwrap_or_default(), self.faults_so_far());
        self.placed.push(Placed { name: Some(name), nth, when, moments: AtomicU64::new(0), fault });
    }

    /// Places a setting that acts as a fault would: a legitimate property of a node, which signs nothing.
    pub fn place_setting(&mut self, setting: Box<S>) {
        let (when, nth) = (When::default(), self.faults_so_far());
        self.placed.push(Placed { name: None, nth, when, moments: AtomicU64::new(0), fault: setting });
    }

    /// Settings do not count: they stand in no list of faults.
    fn faults_so_far(&self) -> usize {
        self.placed.iter().filter(|placed| placed.name.is_some()).count()
    }

    /// Whether nothing is placed here.
    pub fn is_empty(&self) -> bool {
        self.placed.is_empty()
    }

    /// The faults placed here, for a layer that must prepare what they will ask for.
    pub fn faults(&self) -> impl Iterator<Item = &S> {
        self.placed.iter().map(|placed| &*placed.fault)
    }

    /// An occasion at which the layer will ask more than once: who may act is decided now, and counted once.
    pub fn occasion(self: &Arc<Self>, moment: Moment<'_>) -> Occasion<S> {
        let occasion = Occasion::undecided(self, moment.connection);
        occasion.decide(moment, |_| true);
        occasion
    }

    /// An occasion that begins before host and request are known: a connection at its transport.
    pub fn unfolding(self: &Arc<Self>, connection: u64) -> Occasion<S> {
        let occasion = Occasion::undecided(self, connection);
        let moment = Moment { connection, ..Moment::default() };
        occasion.decide(moment, |when| when.host.is_none() && !waits_for_a_request(when));
        occasion
    }

    /// Asks the faults in the order in which they were placed. The first that does not proceed acts, and is signed.
    pub fn ask<A: Act>(&self, moment: Moment<'_>, ask: impl Fn(&S) -> A) -> A {
        for placed in self.placed.iter().filter(|placed| placed.may_act(moment)) {
            let act = ask(&placed.fault);
            if !act.proceeds() {
                self.sign(placed, moment.connection);
                return act;
            }
        }
        A::proceed()
    }

    fn sign(&self, placed: &Placed<S>, connection: u64) {
        let Some(name) = placed.name else { return };
        let signed = Event::Signed { fault: name.to_owned(), nth: placed.nth };
        self.journal.write(&self.node, &self.listener, connection, signed);
    }
}

/// A connection or a request during which a layer asks several times. Each fault counts it as one moment.
pub struct Occasion<S: ?Sized> {
    seams: Arc<Seams<S>>,
    connection: u64,
    may_act: Box<[AtomicBool]>,
    signed: Box<[AtomicBool]>,
    host_known: AtomicBool,
}

/// The right to sign for a fault that has decided to act, to be used when it has acted.
#[must_use = "a fault that acted must be signed"]
pub struct Signature<S: ?Sized> {
    seams: Arc<Seams<S>>,
    connection: u64,
    placed: usize,
}

impl<S: ?Sized> Occasion<S> {
    /// Tells the host, once: faults that wait for a host alone are decided now.
    pub fn learn_host(&self, host: &str) {
        if self.may_act.is_empty() || self.host_known.swap(true, Ordering::Relaxed) {
            return;
        }
        let moment = Moment { connection: self.connection, host: Some(host), ..Moment::default() };
        self.decide(moment, |when| when.host.is_some() && !waits_for_a_request(when));
    }

    /// Tells of each request: faults that wait for an operation or a path are decided anew.
    pub fn learn_request(&self, request: Moment<'_>) {
        self.decide(Moment { connection: self.connection, ..request }, waits_for_a_request);
    }

    /// As [`Seams::ask`], for the faults that may act on this occasion. Each signs once.
    pub fn ask<A: Act>(&self, ask: impl Fn(&S) -> A) -> A {
        let Some((index, act)) = self.first_to_act(ask) else { return A::proceed() };
        if !self.signed[index].swap(true, Ordering::Relaxed) {
            self.seams.sign(&self.seams.placed[index], self.connection);
        }
        act
    }

    /// As [`Occasion::ask`], for an act that is carried out later: whoever carries it out signs.
    pub fn ask_now_sign_later<A: Act>(&self, ask: impl Fn(&S) -> A) -> (A, Option<Signature<S>>) {
        let Some((placed, act)) = self.first_to_act(ask) else { return (A::proceed(), None) };
        let signature = Signature { seams: Arc::clone(&self.seams), connection: self.connection, placed };
        (act, Some(signature))
    }

    /// The least that the faults which may act allow.
    pub fn least(&self, allowance: impl Fn(&S) -> u64) -> u64 {
        self.acting().map(|(_, placed)| allowance(&placed.fault)).min().unwrap_or(u64::MAX)
    }

    fn undecided(seams: &Arc<Seams<S>>, connection: u64) -> Occasion<S> {
        let nobody = || seams.placed.iter().map(|_| AtomicBool::new(false)).collect();
        let (may_act, signed) = (nobody(), nobody());
        Occasion { seams: Arc::clone(seams), connection, may_act, signed, host_known: AtomicBool::new(false) }
    }

    fn decide(&self, moment: Moment<'_>, ripe: impl Fn(&When) -> bool) {
        for (placed, may_act) in self.seams.placed.iter().zip(&self.may_act) {
            if ripe(&placed.when) {
                may_act.store(placed.may_act(moment), Ordering::Relaxed);
            }
        }
    }

    fn first_to_act<A: Act>(&self, ask: impl Fn(&S) -> A) -> Option<(usize, A)> {
        self.acting().map(|(index, placed)| (index, ask(&placed.fault))).find(|(_, act)| !act.proceeds())
    }

    fn acting(&self) -> impl Iterator<Item = (usize, &Placed<S>)> {
        let may_act = self.may_act.iter().map(|may_act| may_act.load(Ordering::Relaxed));
        self.seams.placed.iter().enumerate().zip(may_act).filter_map(|(placed, may_act)| may_act.then_some(placed))
    }
}

impl<S: ?Sized> Signature<S> {
    /// Signs: the fault has acted.
    pub fn sign(self) {
        self.seams.sign(&self.seams.placed[self.placed], self.connection);
    }
}

impl<S: ?Sized> Placed<S> {
    fn may_act(&self, moment: Moment<'_>) -> bool {
        let host = holds(self.when.host.as_deref(), moment.host, |wanted, given| wanted.eq_ignore_ascii_case(given));
        let operation = holds(self.when.operation.as_deref(), moment.operation, |wanted, given| wanted == given);
        let path = holds(self.when.path.as_deref(), moment.path, is_below);
        if !(host && operation && path) {
            return false;
        }
        let nth = self.moments.fetch_add(1, Ordering::Relaxed) + 1;
        self.when.call.is_none_or(|call| call == nth)
    }
}

impl<S: ?Sized> std::fmt::Debug for Seams<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.placed.iter().map(|placed| placed.name)).finish()
    }
}

impl<S: ?Sized> std::fmt::Debug for Occasion<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.acting().map(|(_, placed)| placed.name)).finish()
    }
}

impl<S: ?Sized> std::fmt::Debug for Signature<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.seams.placed[self.placed].name.unwrap_or("setting"))
    }
}

/// Whether it is decided by what the head of a request says.
fn waits_for_a_request(when: &When) -> bool {
    when.operation.is_some() || when.path.is_some()
}

/// Whether the given path is the wanted one or lies below it; case and doubled slashes do not matter.
pub(crate) fn is_below(wanted: &str, given: &str) -> bool {
    let mut given = segments(given);
    segments(wanted).all(|segment| given.next().is_some_and(|given| given.eq_ignore_ascii_case(segment)))
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

fn holds(wanted: Option<&str>, given: Option<&str>, same: impl Fn(&str, &str) -> bool) -> bool {
    match (wanted, given) {
        (None, _) => true,
        (Some(wanted), Some(given)) => same(wanted, given),
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    trait Greeter: Send + Sync {
        fn greet(&self) -> Greeting;
    }

    #[derive(Debug, PartialEq)]
    enum Greeting {
        Proceed,
        Rude,
    }

    impl Act for Greeting {
        fn proceed() -> Self {
            Greeting::Proceed
        }

        fn proceeds(&self) -> bool {
            *self == Greeting::Proceed
        }
    }

    struct Rude;

    struct Polite;

    impl Greeter for Polite {
        fn greet(&self) -> Greeting {
            Greeting::Proceed
        }
    }

    impl Greeter for Rude {
        fn greet(&self) -> Greeting {
            Greeting::Rude
        }
    }

    #[test]
    fn an_occasion_is_counted_once_however_often_it_asks() {
        let (seams, journal) = seams(When { call: Some(2), ..When::default() });
        let acts: Vec<Greeting> = (1..=3)
            .flat_map(|connection| {
                let occasion = seams.occasion(Moment { connection, ..Moment::default() });
                [occasion.ask(|fault| fault.greet()), occasion.ask(|fault| fault.greet())]
            })
            .collect();
        assert_eq!(acts[..2], [Greeting::Proceed, Greeting::Proceed]);
        assert_eq!(acts[2..4], [Greeting::Rude, Greeting::Rude]);
        assert_eq!(acts[4..], [Greeting::Proceed, Greeting::Proceed]);
        assert_eq!(signatures(&journal), [2]);
    }

    #[test]
    fn a_connection_learns_its_operation_and_forgets_it_again() {
        let (seams, journal) = seams(When { operation: Some("GetCookie".to_owned()), ..When::default() });
        let occasion = seams.unfolding(7);
        assert_eq!(occasion.ask(|fault| fault.greet()), Greeting::Proceed);
        let learn = |operation| {
            occasion.learn_request(Moment { host: Some("wsus01"), operation: Some(operation), ..Moment::default() });
        };
        learn("GetCookie");
        assert_eq!(occasion.ask(|fault| fault.greet()), Greeting::Rude);
        learn("GetConfigData");
        assert_eq!(occasion.ask(|fault| fault.greet()), Greeting::Proceed);
        assert_eq!(signatures(&journal), [7]);
    }

    #[test]
    fn a_connection_learns_its_host_once() {
        let (seams, _) = seams(When { host: Some("WSUS01".to_owned()), call: Some(1), ..When::default() });
        let occasion = seams.unfolding(1);
        occasion.learn_host("wsus01");
        occasion.learn_host("other");
        assert_eq!(occasion.ask(|fault| fault.greet()), Greeting::Rude);
    }

    #[test]
    fn a_connection_learns_the_path_of_each_request() {
        let (seams, journal) = seams(When { path: Some("/ServerSyncWebService".to_owned()), ..When::default() });
        let occasion = seams.unfolding(7);
        let learn = |path| {
            occasion.learn_request(Moment { path: Some(path), ..Moment::default() });
            occasion.ask(|fault| fault.greet())
        };
        assert_eq!(occasion.ask(|fault| fault.greet()), Greeting::Proceed);
        assert_eq!(learn("/ClientWebService/client.asmx"), Greeting::Proceed);
        assert_eq!(learn("//serversyncwebservice/x.asmx"), Greeting::Rude);
        assert_eq!(signatures(&journal), [7]);
    }

    #[test]
    fn a_directory_holds_itself_and_all_below_it() {
        let below = ["/a/b", "/A/B/", "//a//b", "/a/b/c.asmx", "a/b"];
        assert!(below.iter().all(|path| is_below("/a/b", path) && is_below("/A/b/", path)));
        let beside = ["/", "/a", "/a/bc", "/b/a/b", ""];
        assert!(beside.iter().all(|path| !is_below("/a/b", path)));
        assert!(is_below("/", "/anything"));
    }

    #[test]
    fn who_acts_later_signs_later() {
        let (seams, journal) = seams(When::default());
        let occasion = seams.occasion(Moment { connection: 3, ..Moment::default() });
        let (act, signature) = occasion.ask_now_sign_later(|fault| fault.greet());
        assert_eq!((act, signatures(&journal)), (Greeting::Rude, vec![]));
        if let Some(signature) = signature {
            signature.sign();
        }
        assert_eq!(signatures(&journal), [3]);
    }

    #[test]
    fn each_fault_signs_for_itself() {
        let (journal, first) = (Journal::new(), When { call: Some(1), ..When::default() });
        let mut seams: Seams<dyn Greeter> = Seams::new(journal.clone(), "upstream", "http");
        seams.place_setting(Box::new(Polite));
        seams.place("http/rude", Some(first), Box::new(Rude));
        seams.place("http/rude", None, Box::new(Rude));
        for _ in 0..2 {
            seams.ask(Moment::default(), |fault| fault.greet());
        }
        let nth = |entry: crate::journal::Entry| match entry.event {
            Event::Signed { nth, .. } => Some(nth),
            _ => None,
        };
        assert_eq!(journal.entries().into_iter().map(nth).collect::<Vec<_>>(), [Some(0), Some(1)]);
    }

    #[test]
    fn a_setting_signs_nothing() {
        let journal = Journal::new();
        let mut seams: Seams<dyn Greeter> = Seams::new(journal.clone(), "upstream", "http");
        seams.place_setting(Box::new(Rude));
        assert_eq!(seams.ask(Moment::default(), |fault| fault.greet()), Greeting::Rude);
        assert_eq!(signatures(&journal), [] as [u64; 0]);
    }

    fn seams(when: When) -> (Arc<Seams<dyn Greeter>>, Journal) {
        let journal = Journal::new();
        let mut seams: Seams<dyn Greeter> = Seams::new(journal.clone(), "upstream", "http");
        seams.place("http/rude", Some(when), Box::new(Rude));
        (Arc::new(seams), journal)
    }

    /// The connections on which something was signed.
    fn signatures(journal: &Journal) -> Vec<u64> {
        journal.entries().into_iter().map(|entry| entry.connection).collect()
    }
}
