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

    /// Signs whatever the leaf says, inside the constraints or not.
    pub(crate) fn sign(&self, leaf: Leaf, request: &Request, keys: &KeyPool) -> Result<Chain, CertsError> {
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod tests {
    use openssl::x509::X509;

    use super::*;
    use crate::verifiers::{NOW, check, judged};
    use crate::{Defect, IssuedBy};

    const GOOD: &str = "openssl: ok · webpki: ok";
    const FULL: &str = "wsus.corp.example";

    #[test]
    fn a_chain_is_good_by_default() {
        check(Chain::good_for(FULL), FULL, GOOD);
    }

    #[test]
    fn an_rsa_leaf_is_good() {
        check(Chain::good_for(FULL).key(KeyType::Rsa2048), FULL, GOOD);
    }

    #[test]
    fn a_chain_of_microsofts_stand_in_is_good() {
        check(
            Chain::good_for("sws.update.microsoft.com").issued_by(IssuedBy::Microsoft),
            "sws.update.microsoft.com",
            GOOD,
        );
    }

    #[test]
    fn a_leaf_is_good_for_each_of_its_names_and_addresses() {
        for host in [FULL, "wsus", "host.branch.example", "10.87.0.10", "fd00::10"] {
            let request = Chain::good_for(FULL)
                .also_for("wsus")
                .also_for("*.branch.example")
                .at("10.87.0.10".parse().unwrap())
                .at("fd00::10".parse().unwrap());
            check(request, host, GOOD);
        }
    }

    #[test]
    fn a_leaf_for_an_address_alone_is_good() {
        let request = Request { addresses: vec!["10.87.0.10".parse().unwrap()], ..Request::default() };
        check(request, "10.87.0.10", GOOD);
    }

    #[test]
    fn a_leaf_with_a_name_longer_than_a_common_name_may_be_is_good() {
        let name = format!("{}.corp.example", "a".repeat(60));
        check(Chain::good_for(name.clone()), &name, GOOD);
    }

    #[test]
    fn a_self_signed_leaf_is_good_for_whoever_holds_it() {
        for key in [KeyType::P256, KeyType::Rsa2048] {
            let request = Chain::good_for(FULL).issued_by(IssuedBy::Itself).key(key);
            let chain = issue(&request);
            assert_eq!(chain.certificates().len(), 1);
            assert_eq!(judged(&chain, &[chain.leaf()], FULL), GOOD);
        }
    }

    #[test]
    fn neither_authority_vouches_for_the_others_leaf() {
        let request = Chain::good_for(FULL);
        let authority = Authority::mint_for([&request], NOW).unwrap();
        let chain = authority.issue(request, &KeyPool::default()).unwrap();
        assert_eq!(
            judged(&chain, &[&authority.trust().unwrap().microsoft_root], FULL),
            "openssl: 20 unable to get local issuer certificate at depth 1 · webpki: unknown issuer"
        );
    }

    #[test]
    fn no_certificate_tells_where_its_issuer_can_be_fetched() {
        let good = [IssuedBy::Organisation, IssuedBy::Microsoft, IssuedBy::Itself]
            .map(|by| Chain::good_for(FULL).issued_by(by));
        let bad = Defect::ALL.iter().map(|defect| Chain::good_for(FULL).with(*defect));
        for request in good.into_iter().chain(bad) {
            for der in issue(&request).certificates() {
                assert!(X509::from_der(der).unwrap().authority_info().is_none(), "{request:?}");
            }
        }
    }

    #[test]
    fn an_intermediate_signs_leaves_only() {
        let intermediate = X509::from_der(&issue(&Chain::good_for(FULL)).certificates()[1]).unwrap();
        assert_eq!(intermediate.pathlen(), Some(0));
    }

    #[test]
    fn no_two_certificates_have_the_same_serial_number() {
        let pool = KeyPool::default();
        let authority = Authority::mint(&[FULL.to_owned()], &[], NOW).unwrap();
        let serial = |_| {
            let chain = authority.issue(Chain::good_for(FULL), &pool).unwrap();
            X509::from_der(chain.leaf()).unwrap().serial_number().to_bn().unwrap().to_vec()
        };
        let serials: std::collections::BTreeSet<_> = (0..20).map(serial).collect();
        assert_eq!(serials.len(), 20);
    }

    #[test]
    fn all_who_ask_at_once_get_the_same_root() {
        let authority = Authority::mint(&[FULL.to_owned()], &[], NOW).unwrap();
        let roots: Vec<_> = std::thread::scope(|scope| {
            let asking: Vec<_> = (0..8).map(|_| scope.spawn(|| authority.trust().unwrap())).collect();
            asking.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        assert!(roots.iter().all(|trust| *trust == roots[0]));
    }

    #[test]
    fn the_chain_knows_its_defect() {
        for defect in Defect::ALL {
            assert_eq!(issue(&Chain::good_for(FULL).with(*defect)).defect(), Some(*defect));
        }
        assert_eq!(issue(&Chain::good_for(FULL)).defect(), None);
    }

    #[test]
    fn what_cannot_be_issued_is_refused_with_the_reason() {
        let authority = Authority::mint(&[FULL.to_owned()], &[], NOW).unwrap();
        let refused = |request| authority.issue(request, &KeyPool::default()).unwrap_err().to_string();
        assert_eq!(
            refused(Request::default()),
            "a certificate must be issued to a name or an address, and none was given"
        );
        for name in ["", "bücher.example", "10.87.0.10"] {
            assert_eq!(
                refused(Chain::good_for(name)),
                format!(
                    "`{name}` is no DNS name: expected ASCII, not empty and not an address \
                     (an internationalized name as xn--…)"
                )
            );
        }
    }

    fn issue(request: &Request) -> Chain {
        Authority::mint_for([request], NOW).unwrap().issue(request.clone(), &KeyPool::default()).unwrap()
    }
}
