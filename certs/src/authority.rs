//! The authorities of one world: the organisation's, Microsoft's stand-in, that of an inspecting proxy, and one that nobody is
//! told of.
//!
//! Each is minted when it is first needed, so that a world without Microsoft's names never holds a key for them.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use time::OffsetDateTime;

use crate::ca::{Ca, Sent};
use crate::chain::Chain;
use crate::constraints::Constraints;
use crate::defect::Defect;
use crate::error::CertsError;
use crate::leaf::{Leaf, Signer};
use crate::line::{self, Line, Whose};
use crate::names::Names;
use crate::pool::{self, Holder, KeyPool};
use crate::published::{Ledger, Published};
use crate::request::{KeyType, Request};
use crate::trust::Trust;
use crate::validity;

/// What issues the certificates of one world.
///
/// All its roots are constrained to the names and addresses told when it was minted, and end within days. Their keys live
/// as long as it does, so let go of it once the leaves are issued.
pub struct Authority {
    now: OffsetDateTime,
    constraints: Constraints,
    lines: Mutex<BTreeMap<Which, Arc<Ca>>>,
    ledgers: Mutex<BTreeMap<Which, Ledger>>,
    /// How many RSA keys of the process this world has used: within a world no two certificates share one.
    taken: Mutex<BTreeMap<(KeyType, Holder), usize>>,
}

/// Which line of authorities. A line that a defect changes serves all leaves with that defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Which {
    whose: Whose,
    deviation: Option<(Option<Defect>, KeyType)>,
}

impl Authority {
    /// Prepares the roots for a world whose leaves carry these names and addresses, wrong ones included.
    ///
    /// The wrong ones must be among them because a wrong name would otherwise be a violation of the constraints, which
    /// is another failure. [`Authority::mint_for`] collects them from the requests themselves.
    pub fn mint(names: &[String], addresses: &[IpAddr], now: OffsetDateTime) -> Result<Self, CertsError> {
        let names = Names { dns: names.to_vec(), addresses: addresses.to_vec() };
        names.check()?;
        Self::permitting(&names, now)
    }

    /// Prepares the roots for exactly these leaves.
    pub fn mint_for<'a>(
        requests: impl IntoIterator<Item = &'a Request>,
        now: OffsetDateTime,
    ) -> Result<Self, CertsError> {
        let mut names = Names::default();
        for request in requests {
            request.asked().check()?;
            let permitted = request.permitted();
            names.dns.extend(permitted.dns);
            names.addresses.extend(permitted.addresses);
        }
        Self::permitting(&names, now)
    }

    /// Issues a leaf and assembles what its server will send.
    pub fn issue(&self, request: Request, keys: &KeyPool) -> Result<Chain, CertsError> {
        let leaf = Leaf::for_request(&request, self.now)?;
        if leaf.signer != Signer::Itself {
            self.constraints.cover(&request.permitted())?;
        }
        self.sign(leaf, &request, keys)
    }

    /// What a subject may be told of this world's authorities; its self-signed leaves are for the caller to add.
    ///
    /// Ask after all leaves are issued: the further roots are those that the leaves so far have needed.
    pub fn trust(&self) -> Result<Trust, CertsError> {
        let organisation = self.worlds(Whose::Organisation)?;
        Ok(Trust {
            organisation_root: organisation.root.der.clone(),
            organisation_intermediate: organisation.issuer().der.clone(),
            microsoft_root: self.worlds(Whose::Microsoft)?.root.der.clone(),
            self_signed: BTreeMap::new(),
            further_roots: self.further_roots(),
        })
    }

    /// What a web server of the world must offer under the addresses that stand in the leaves issued so far.
    pub fn published(&self) -> Result<Vec<Published>, CertsError> {
        let mut published: BTreeMap<String, Published> = BTreeMap::new();
        for (which, ledger) in lock(&self.ledgers).clone() {
            let Some(ca) = lock(&self.lines).get(&which).cloned() else { continue };
            let list = ca.revocation_list(&ledger.revoked, self.now)?;
            let issuer = ledger.aia.into_iter().map(|url| (url, "application/pkix-cert", ca.issuer().der.clone()));
            let lists = ledger.crl.into_iter().map(|url| (url, "application/pkix-crl", list.clone()));
            for (url, content_type, body) in issuer.chain(lists) {
                let new = Published { url: url.clone(), content_type, body };
                if published.insert(url.clone(), new.clone()).is_some_and(|old| old != new) {
                    return Err(CertsError::PublishedTwice { url });
                }
            }
        }
        Ok(published.into_values().collect())
    }

    /// Signs whatever the leaf says, inside the constraints or not.
    pub(crate) fn sign(&self, leaf: Leaf, request: &Request, keys: &KeyPool) -> Result<Chain, CertsError> {
        let key = keys.key(leaf.key, || self.take(leaf.key, Holder::Leaf))?;
        let mut sent = match leaf.signer {
            Signer::Itself => {
                let leaf = leaf.params.self_signed(&key)?.der().to_vec();
                Sent { certificates: vec![leaf], root: None, beside: Vec::new() }
            }
            Signer::Ca(whose) => {
                let (which, ca) = self.line(whose, leaf.key, request.defect)?;
                lock(&self.ledgers).entry(which).or_default().enter(&leaf);
                ca.sign(&leaf, &key)?
            }
        };
        if let Some(defect) = request.defect {
            defect.deviation().sent(&mut sent);
        }
        Ok(Chain::new(sent.certificates, key.private(), request.defect))
    }

    fn permitting(names: &Names, now: OffsetDateTime) -> Result<Self, CertsError> {
        Ok(Self {
            now: validity::whole_seconds(now)?,
            constraints: Constraints::to(names),
            lines: Mutex::default(),
            ledgers: Mutex::default(),
            taken: Mutex::default(),
        })
    }

    /// The line above a leaf with such a key: the world's own, unless that or the defect asks for another.
    fn line(&self, whose: Whose, leaf: KeyType, defect: Option<Defect>) -> Result<(Which, Arc<Ca>), CertsError> {
        let issuer = line::issuers_key(leaf);
        let mut line = Line::further(whose, self.next_ordinal(), issuer, &self.constraints, self.now);
        if let Some(defect) = defect {
            defect.deviation().line(&mut line);
        }
        if !line.deviates() {
            return Ok((Which { whose, deviation: None }, self.worlds(whose)?));
        }
        line.settle();
        let world = self.worlds(whose)?;
        let which = Which { whose, deviation: Some((defect, issuer)) };
        Ok((which, self.minted(which, line, Some(&world))?))
    }

    fn worlds(&self, whose: Whose) -> Result<Arc<Ca>, CertsError> {
        let line = Line::of_the_world(whose, &self.constraints, self.now);
        self.minted(Which { whose, deviation: None }, line, None)
    }

    fn minted(&self, which: Which, line: Line, world: Option<&Ca>) -> Result<Arc<Ca>, CertsError> {
        if let Some(ca) = lock(&self.lines).get(&which) {
            return Ok(Arc::clone(ca));
        }
        // Two threads may both mint here; the first to arrive is kept and seen by both.
        let ca = Ca::mint(line, world, |kind| pool::key_of_an_authority(kind, || self.take(kind, Holder::Authority)))?;
        Ok(Arc::clone(lock(&self.lines).entry(which).or_insert_with(|| Arc::new(ca))))
    }

    fn further_roots(&self) -> BTreeMap<String, Vec<u8>> {
        let lines = lock(&self.lines);
        lines.iter().filter_map(|(which, ca)| Some((which.name_of_root(ca)?, ca.root.der.clone()))).collect()
    }

    /// The world's own line is the first; it is not numbered.
    fn next_ordinal(&self) -> usize {
        lock(&self.lines).keys().filter(|which| which.deviation.is_some()).count() + 2
    }

    fn take(&self, kind: KeyType, holder: Holder) -> usize {
        let mut taken = lock(&self.taken);
        let nth = taken.entry((kind, holder)).or_default();
        *nth += 1;
        *nth - 1
    }
}

impl Which {
    /// What a subject calls the root of this line, unless it is one that it is told of anyway or never.
    fn name_of_root(self, ca: &Ca) -> Option<String> {
        let whose = match self.whose {
            Whose::Organisation => "",
            Whose::Microsoft => "microsoft-",
            Whose::Inspection => "inspection-",
            Whose::Stranger => return None,
        };
        match self.deviation {
            None => (self.whose == Whose::Inspection).then(|| "inspection".to_owned()),
            Some((Some(defect), KeyType::P256)) if ca.has_own_root => Some(format!("{whose}{defect}")),
            Some((Some(defect), key)) if ca.has_own_root => Some(format!("{whose}{defect}-{key:?}").to_lowercase()),
            Some(_) => None,
        }
    }
}

/// No list here can be left half changed, so a panic elsewhere does no harm to it.
fn lock<T>(list: &Mutex<T>) -> MutexGuard<'_, T> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Authority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Authority")
            .field("now", &self.now)
            .field("constraints", &self.constraints)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
