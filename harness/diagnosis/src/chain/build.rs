//! Building the best chain that the presented certificates and the machine's stores allow.
//!
//! Windows prefers a chain that ends at a trust anchor, and among those one whose dates are right. The search is bounded,
//! whatever a peer sends: so many certificates, so many links, so many signatures.

use std::collections::HashMap;

use time::OffsetDateTime;

use super::{Certificate, Link, Open, Origin, Trust, structure};
use crate::subject::{Der, Stores};
use crate::words::safe;

/// More than any real peer presents; what comes after is ignored.
const MOST_PRESENTED: usize = 128;
/// The longest chain that is followed.
const MOST_LINKS: usize = 128;
/// The most signatures that one evaluation verifies.
const MOST_SIGNATURES: usize = 512;
/// The most steps of one search: authorities that have all signed each other have more ways than can be gone.
const MOST_STEPS: usize = 20_000;

pub(super) struct Built {
    pub(super) links: Vec<Link>,
    pub(super) trust: Trust,
}

pub(super) fn build(presented: &[Der], fetched: &[Der], stores: &Stores, now: Option<OffsetDateTime>) -> Built {
    let pool = pool(presented, fetched, stores);
    match presented.first().map(Certificate::read) {
        Some(Ok(_)) => {}
        Some(Err(why)) => return Built { links: Vec::new(), trust: Trust::Unreadable(why) },
        None => return Built { links: Vec::new(), trust: Trust::Unreadable("no certificate came".to_owned()) },
    }
    let mut search =
        Search { pool: &pool, now, signatures: HashMap::new(), steps: 0, best: vec![0], quality: Quality::LOWEST };
    search.extend(&mut vec![0]);
    let links: Vec<Link> = search.best.iter().map(|&at| pool[at].clone()).collect();
    let trust = trust(&links, &pool, stores);
    Built { links, trust }
}

/// Everything a chain can be made of: the leaf at index 0, anchors before the rest so that short chains are found first.
fn pool(presented: &[Der], fetched: &[Der], stores: &Stores) -> Vec<Link> {
    let read =
        |origin: Origin| move |der: &Der| Certificate::read(der).ok().map(|certificate| Link { certificate, origin });
    let mut presented = presented.iter().take(MOST_PRESENTED).filter_map(read(Origin::Presented));
    let leaf = presented.next();
    let roots = stores.root.iter().flatten().filter_map(read(Origin::RootStore));
    let intermediates = stores.ca.iter().flatten().filter_map(read(Origin::CaStore));
    let fetched = fetched.iter().take(MOST_PRESENTED).filter_map(read(Origin::Fetched));
    leaf.into_iter().chain(roots).chain(presented).chain(intermediates).chain(fetched).collect()
}

struct Search<'a> {
    pool: &'a [Link],
    now: Option<OffsetDateTime>,
    signatures: HashMap<(usize, usize), bool>,
    steps: usize,
    best: Vec<usize>,
    quality: Quality,
}

/// How good a chain is; compared field by field.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct Quality {
    end: u8,
    sound: bool,
    in_time: bool,
    length: i32,
}

impl Quality {
    const LOWEST: Quality = Quality { end: 0, sound: false, in_time: false, length: i32::MIN };
}

impl Search<'_> {
    fn extend(&mut self, chain: &mut Vec<usize>) {
        let last = chain[chain.len() - 1];
        if self.ends_here(last) {
            return self.consider(chain);
        }
        let mut extended = false;
        for candidate in 0..self.pool.len() {
            self.steps += 1;
            if MOST_LINKS <= chain.len() || MOST_STEPS < self.steps || self.settled() {
                break;
            }
            let repeated = chain.iter().any(|&used| self.der(used) == self.der(candidate));
            if !repeated && self.signs(candidate, last) {
                extended = true;
                chain.push(candidate);
                self.extend(chain);
                chain.pop();
            }
        }
        if !extended {
            self.consider(chain);
        }
    }

    fn der(&self, at: usize) -> &Der {
        &self.pool[at].certificate.der
    }

    /// A self-issued certificate has no issuer to look for, unless a namesake made it.
    fn ends_here(&mut self, at: usize) -> bool {
        self.pool[at].certificate.is_self_issued() && self.signs(at, at)
    }

    fn signs(&mut self, issuer: usize, subject: usize) -> bool {
        let (above, below) = (&self.pool[issuer].certificate, &self.pool[subject].certificate);
        if !below.names_as_issuer(above) {
            return false;
        }
        if let Some(&known) = self.signatures.get(&(issuer, subject)) {
            return known;
        }
        let signs = self.signatures.len() < MOST_SIGNATURES && below.is_signed_by(above);
        self.signatures.insert((issuer, subject), signs);
        signs
    }

    fn settled(&self) -> bool {
        self.quality.end == 3 && self.quality.sound && self.quality.in_time
    }

    fn consider(&mut self, chain: &[usize]) {
        let quality = self.quality_of(chain);
        if self.quality < quality {
            self.quality = quality;
            self.best = chain.to_vec();
        }
    }

    fn quality_of(&self, chain: &[usize]) -> Quality {
        let last = &self.pool[chain[chain.len() - 1]];
        let anchored = is_anchor(last, self.pool);
        let end = match (anchored, last.certificate.is_self_issued()) {
            (true, _) => 3,
            (false, true) => 2,
            (false, false) => 1,
        };
        let in_time = self.now.is_none_or(|now| {
            let certificate = |at: &usize| &self.pool[*at].certificate;
            chain.iter().map(certificate).all(|link| link.not_before <= now && now <= link.not_after)
        });
        // A finished chain is better when short, an unfinished one when long.
        let links = i32::try_from(chain.len()).unwrap_or(i32::MAX);
        let length = if end == 1 { links } else { -links };
        let links: Vec<Link> = chain.iter().map(|at| self.pool[*at].clone()).collect();
        let sound = structure::problems(&links).is_empty();
        Quality { end, sound, in_time, length }
    }
}

/// Only a self-issued certificate in the machine's root store is a trust anchor; an intermediate put there is none.
fn is_anchor(link: &Link, pool: &[Link]) -> bool {
    link.certificate.is_self_issued()
        && pool.iter().any(|at| at.origin == Origin::RootStore && at.certificate.der == link.certificate.der)
}

fn trust(links: &[Link], pool: &[Link], stores: &Stores) -> Trust {
    let Some(last) = links.last() else { return Trust::Unreadable("no chain".to_owned()) };
    if is_anchor(last, pool) {
        return Trust::Trusted;
    }
    let certificate = &last.certificate;
    let finished = certificate.is_self_issued() && certificate.is_signed_by(certificate);
    let alone = links.len() == 1;
    let decided = stores.root.is_some() && (finished || stores.ca.is_some());
    if !decided {
        return Trust::Unknown(match (finished, alone) {
            (true, true) => Open::SelfSignedLeaf,
            (false, true) => Open::LeafAlone,
            (_, false) => Open::Root,
        });
    }
    let holds = |store: &Option<Vec<Der>>| store.iter().flatten().any(|der| *der == certificate.der);
    match (finished, alone) {
        (true, true) => Trust::SelfSigned { in_user_store: holds(&stores.user_root) },
        (true, false) => {
            Trust::UntrustedRoot { in_user_store: holds(&stores.user_root), in_ca_store: holds(&stores.ca) }
        }
        (false, _) => partial(certificate, pool, stores),
    }
}

fn partial(last: &Certificate, pool: &[Link], stores: &Stores) -> Trust {
    let namesakes: Vec<_> = pool.iter().filter(|link| last.names_as_issuer(&link.certificate)).collect();
    let user = stores.user_root.iter().flatten().filter_map(|der| Certificate::read(der).ok());
    Trust::Partial {
        issuer: safe(&last.issuer),
        wrong_key: !namesakes.is_empty() && !namesakes.iter().any(|link| last.is_signed_by(&link.certificate)),
        broken_signature: namesakes.iter().any(|link| last.means(&link.certificate)),
        fetched_from: last.issuer_locations.clone(),
        in_user_store: user.into_iter().any(|root| last.names_as_issuer(&root) && last.is_signed_by(&root)),
    }
}
