//! The authorities of one world: the organisation's, Microsoft's stand-in, and one that nobody is told of.
//!
//! Each is minted when it is first needed, so that a world without Microsoft's names never holds a key for them.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use time::OffsetDateTime;

use crate::ca::{Ca, Whose};
use crate::chain::Chain;
use crate::constraints::Constraints;
use crate::error::CertsError;
use crate::key::Key;
use crate::leaf::{Leaf, Signer};
use crate::names::Names;
use crate::pool::KeyPool;
use crate::request::{KeyType, Request};
use crate::trust::Trust;
use crate::validity;

/// What issues the certificates of one world.
///
/// All its roots are constrained to the names and addresses told when it was minted, and end within days.
pub struct Authority {
    now: OffsetDateTime,
    constraints: Constraints,
    organisation: OnceLock<Ca>,
    microsoft: OnceLock<Ca>,
    stranger: OnceLock<Ca>,
    /// How many RSA keys of the process-wide pool this world has used: within a world no two leaves share one.
    rsa_taken: AtomicUsize,
}

impl Authority {
    /// Prepares the roots for a world whose leaves carry these names and addresses, wrong ones included.
    ///
    /// The wrong ones must be among them because a wrong name would otherwise be a violation of the constraints, which
    /// is another failure. [`Authority::mint_for`] collects them from the requests themselves.
    pub fn mint(names: &[String], addresses: &[IpAddr], now: OffsetDateTime) -> Result<Self, CertsError> {
        let now = validity::whole_seconds(now)?;
        let constraints = Constraints::to(&Names { dns: names.to_vec(), addresses: addresses.to_vec() })?;
        Ok(Self {
            now,
            constraints,
            organisation: OnceLock::new(),
            microsoft: OnceLock::new(),
            stranger: OnceLock::new(),
            rsa_taken: AtomicUsize::new(0),
        })
    }

    /// Prepares the roots for exactly these leaves.
    pub fn mint_for<'a>(
        requests: impl IntoIterator<Item = &'a Request>,
        now: OffsetDateTime,
    ) -> Result<Self, CertsError> {
        let mut names = Names::default();
        for request in requests {
            names.extend(request.issued_to());
        }
        Self::mint(&names.dns, &names.addresses, now)
    }

    /// Issues a leaf and assembles what its server will send.
    pub fn issue(&self, request: Request, keys: &KeyPool) -> Result<Chain, CertsError> {
        let leaf = Leaf::for_request(&request, self.now)?;
        if leaf.signer != Signer::Itself {
            self.constraints.cover(&request.issued_to())?;
        }
        self.sign(leaf, &request, keys)
    }

    /// What a subject may be told of this world's authorities; its self-signed leaves are for the caller to add.
    pub fn trust(&self) -> Result<Trust, CertsError> {
        let organisation = self.ca(Whose::Organisation)?;
        Ok(Trust {
            organisation_root: organisation.root.clone(),
            organisation_intermediate: organisation.intermediate.clone(),
            microsoft_root: self.ca(Whose::Microsoft)?.root.clone(),
            self_signed: BTreeMap::new(),
        })
    }

    fn sign(&self, leaf: Leaf, request: &Request, keys: &KeyPool) -> Result<Chain, CertsError> {
        let key = self.key(request.key, keys)?;
        let mut certificates = match leaf.signer {
            Signer::Itself => vec![leaf.params.self_signed(key.pair())?.der().to_vec()],
            Signer::Ca(whose) => {
                let ca = self.ca(whose)?;
                vec![ca.sign(&leaf.params, &key)?, ca.intermediate.clone()]
            }
        };
        if let Some(defect) = request.defect {
            defect.deviation().sent(&mut certificates);
        }
        Ok(Chain::new(certificates, key.private(), request.defect))
    }

    fn key(&self, kind: KeyType, keys: &KeyPool) -> Result<Key, CertsError> {
        match kind {
            KeyType::P256 => keys.p256(),
            KeyType::Rsa2048 => keys.rsa_2048(self.rsa_taken.fetch_add(1, Ordering::Relaxed)),
        }
    }

    fn ca(&self, whose: Whose) -> Result<&Ca, CertsError> {
        let cell = match whose {
            Whose::Organisation => &self.organisation,
            Whose::Microsoft => &self.microsoft,
            Whose::Stranger => &self.stranger,
        };
        if let Some(ca) = cell.get() {
            return Ok(ca);
        }
        // Two threads may both mint here; the first to arrive is kept and seen by both.
        let minted = Ca::mint(whose, &self.constraints, self.now)?;
        Ok(cell.get_or_init(|| minted))
    }
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
