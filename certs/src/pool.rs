//! Keys made beforehand, so that a world need not wait for RSA.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::CertsError;
use crate::key::Key;
use crate::request::KeyType;

/// RSA keys take tens of milliseconds and more, so none is thrown away while the process lives.
static RSA: Mutex<BTreeMap<(KeyType, Holder), Vec<Key>>> = Mutex::new(BTreeMap::new());

/// Whose an RSA key is. No leaf ever has an authority's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Holder {
    Leaf,
    Authority,
}

/// Where the keys of leaves come from. Cheap to clone; clones share their keys.
///
/// A P-256 key is handed out once. **RSA keys are kept for the life of the process and used again**: the leaves of one world
/// have different keys, but those of two worlds in one process may have the same one. The few intermediates that must have an
/// RSA key, because an old digest is to stand below their signature, take theirs from a stock of their own. No root's key is
/// ever shared, and none is written anywhere unless asked for.
#[derive(Clone, Default)]
pub struct KeyPool {
    p256: Arc<Mutex<Vec<Key>>>,
}

impl KeyPool {
    /// A pool that already holds so many keys of each kind, and makes more on demand.
    pub fn warm(p256: usize, rsa_2048: usize) -> Result<Self, CertsError> {
        let made = (0..p256).map(|_| Key::generate(KeyType::P256)).collect::<Result<Vec<_>, _>>()?;
        Self::warm_rsa(KeyType::Rsa2048, rsa_2048)?;
        Ok(Self { p256: Arc::new(Mutex::new(made)) })
    }

    /// Sees to it that the process has so many RSA keys of this kind for leaves. The other kinds are quickly made.
    pub fn warm_rsa(kind: KeyType, keys: usize) -> Result<(), CertsError> {
        warm_for(kind, Holder::Leaf, keys)
    }

    /// As [`KeyPool::warm_rsa`], for the intermediates that sign with an old digest: one is needed for each kind of defect.
    pub fn warm_rsa_authorities(keys: usize) -> Result<(), CertsError> {
        warm_for(KeyType::Rsa2048, Holder::Authority, keys)
    }

    /// The key of a leaf. `nth` counts the RSA keys of this kind that a world has taken, from nought.
    pub(crate) fn key(&self, kind: KeyType, nth: impl FnOnce() -> usize) -> Result<Key, CertsError> {
        match kind {
            KeyType::P256 => self.p256(),
            _ if kind.rsa_bits().is_some() => rsa(kind, Holder::Leaf, nth()),
            _ => Key::generate(kind),
        }
    }

    fn p256(&self) -> Result<Key, CertsError> {
        let warm = lock(&self.p256).pop();
        warm.map_or_else(|| Key::generate(KeyType::P256), Ok)
    }
}

/// The key of an authority: its own, unless it must be RSA.
pub(crate) fn key_of_an_authority(kind: KeyType, nth: impl FnOnce() -> usize) -> Result<Key, CertsError> {
    if kind.rsa_bits().is_some() { rsa(kind, Holder::Authority, nth()) } else { Key::generate(kind) }
}

fn warm_for(kind: KeyType, holder: Holder, keys: usize) -> Result<(), CertsError> {
    match keys.checked_sub(1) {
        Some(last) if kind.rsa_bits().is_some() => rsa(kind, holder, last).map(|_| ()),
        _ => Ok(()),
    }
}

/// The `nth` key of the process, counted from nought. Whoever waits here would otherwise make a key of his own.
fn rsa(kind: KeyType, holder: Holder, nth: usize) -> Result<Key, CertsError> {
    let mut stock = lock(&RSA);
    let keys = stock.entry((kind, holder)).or_default();
    while keys.len() <= nth {
        keys.push(Key::generate(kind)?);
    }
    Ok(keys[nth].clone())
}

impl fmt::Debug for KeyPool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("KeyPool").field("p256", &lock(&self.p256).len()).finish_non_exhaustive()
    }
}

/// A list of keys cannot be left half changed, so a panic elsewhere does no harm to it.
fn lock<T>(keys: &Mutex<T>) -> MutexGuard<'_, T> {
    keys.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod tests {
    use super::*;
    use crate::verifiers::NOW;
    use crate::{Authority, Chain, KeyType, PrivateKey};

    #[test]
    fn leaves_of_one_world_never_share_a_key() {
        for kind in [KeyType::P256, KeyType::Rsa2048] {
            let [first, second] = two_keys_of_a_world(kind, &KeyPool::default());
            assert_ne!(first.pkcs8_der(), second.pkcs8_der());
        }
    }

    #[test]
    fn a_second_world_finds_the_rsa_keys_of_the_first() {
        let first = two_keys_of_a_world(KeyType::Rsa2048, &KeyPool::default());
        let second = two_keys_of_a_world(KeyType::Rsa2048, &KeyPool::default());
        assert_eq!(first.map(|key| key.pkcs8_der().to_vec()), second.map(|key| key.pkcs8_der().to_vec()));
    }

    #[test]
    fn a_warm_key_is_handed_out_once_and_clones_share_it() {
        let pool = KeyPool::warm(1, 0).unwrap();
        let [warm, made] = [pool.clone().p256().unwrap(), pool.p256().unwrap()];
        assert_eq!(format!("{pool:?}"), "KeyPool { p256: 0, .. }");
        assert_ne!(warm.private().pkcs8_der(), made.private().pkcs8_der());
    }

    fn two_keys_of_a_world(kind: KeyType, pool: &KeyPool) -> [PrivateKey; 2] {
        let request = Chain::good_for("sls.example").key(kind);
        let authority = Authority::mint_for([&request], NOW).unwrap();
        [(); 2].map(|()| authority.issue(request.clone(), pool).unwrap().key().clone())
    }
}
