//! Keys made beforehand, so that a world need not wait for RSA.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::CertsError;
use crate::key::Key;

/// RSA keys take tens of milliseconds and more, so none is thrown away while the process lives.
static RSA_2048: Mutex<Vec<Key>> = Mutex::new(Vec::new());

/// Where the keys of leaves come from. Cheap to clone; clones share their keys.
///
/// A P-256 key is handed out once. **RSA keys are kept for the life of the process and used again**: the leaves of one world
/// have different keys, but those of two worlds in one process may have the same one. Only keys of leaves are shared so, never
/// an authority's. None is ever written anywhere unless asked for.
#[derive(Clone, Default)]
pub struct KeyPool {
    p256: Arc<Mutex<Vec<Key>>>,
}

impl KeyPool {
    /// A pool that already holds so many keys of each kind, and makes more on demand.
    pub fn warm(p256: usize, rsa_2048: usize) -> Result<Self, CertsError> {
        let made = (0..p256).map(|_| Key::generate_p256()).collect::<Result<Vec<_>, _>>()?;
        let pool = Self { p256: Arc::new(Mutex::new(made)) };
        if let Some(last) = rsa_2048.checked_sub(1) {
            pool.rsa_2048(last)?;
        }
        Ok(pool)
    }

    pub(crate) fn p256(&self) -> Result<Key, CertsError> {
        let warm = lock(&self.p256).pop();
        warm.map_or_else(Key::generate_p256, Ok)
    }

    /// The `nth` RSA key of the process, counted from nought. Whoever waits here would otherwise make a key of his own.
    pub(crate) fn rsa_2048(&self, nth: usize) -> Result<Key, CertsError> {
        let mut keys = lock(&RSA_2048);
        while keys.len() <= nth {
            keys.push(Key::generate_rsa_2048()?);
        }
        Ok(keys[nth].clone())
    }
}

impl fmt::Debug for KeyPool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("KeyPool").field("p256", &lock(&self.p256).len()).finish_non_exhaustive()
    }
}

/// A list of keys cannot be left half changed, so a panic elsewhere does no harm to it.
fn lock(keys: &Mutex<Vec<Key>>) -> MutexGuard<'_, Vec<Key>> {
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
