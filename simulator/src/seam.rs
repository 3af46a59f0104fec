//! Seams: the named places of an honest layer where a fault may act. The seam signs the journal, not the fault's author.
//!
//! Each layer has one trait whose methods answer an act and proceed by default. A fault implements the trait of its layer;
//! the layer asks [`Seams`] and does as told. No layer knows which faults there are.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::fault::When;
use crate::journal::{Event, Journal};

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
}

/// The faults that act at the seams of one layer of one listener.
pub struct Seams<S: ?Sized> {
    placed: Vec<Placed<S>>,
    journal: Journal,
    node: String,
    listener: String,
}

struct Placed<S: ?Sized> {
    name: &'static str,
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
        self.placed.push(Placed { name, when: when.unwrap_or_default(), moments: AtomicU64::new(0), fault });
    }

    /// Asks the faults in the order in which they were placed. The first that does not proceed acts, and is signed.
    pub fn ask<A: Act>(&self, moment: Moment<'_>, ask: impl Fn(&S) -> A) -> A {
        for placed in self.placed.iter().filter(|placed| placed.may_act(moment)) {
            let act = ask(&placed.fault);
            if !act.proceeds() {
                let fault = placed.name.to_owned();
                self.journal.write(&self.node, &self.listener, moment.connection, Event::Signed { fault });
                return act;
            }
        }
        A::proceed()
    }
}

impl<S: ?Sized> Placed<S> {
    fn may_act(&self, moment: Moment<'_>) -> bool {
        let host = holds(self.when.host.as_deref(), moment.host, |wanted, given| wanted.eq_ignore_ascii_case(given));
        let operation = holds(self.when.operation.as_deref(), moment.operation, |wanted, given| wanted == given);
        if !(host && operation) {
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

fn holds(wanted: Option<&str>, given: Option<&str>, same: impl Fn(&str, &str) -> bool) -> bool {
    match (wanted, given) {
        (None, _) => true,
        (Some(wanted), Some(given)) => same(wanted, given),
        (Some(_), None) => false,
    }
}
