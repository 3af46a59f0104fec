//! One key: to sign with, and to be handed to a TLS library. It is never printed.

use std::fmt;
use std::sync::Arc;

use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use rcgen::{KeyPair, PKCS_RSA_SHA256, SerialNumber};
use ring::rand::{SecureRandom, SystemRandom};
use rustls_pki_types::PrivatePkcs8KeyDer;

use crate::error::CertsError;

/// Far more than the 64 random bits that the Baseline Requirements ask for, and well below the limit of 20 bytes.
const SERIAL_BYTES: usize = 12;

/// A leaf's private key. `Debug` and error messages never show it.
#[derive(Clone)]
pub struct PrivateKey(Key);

/// A key that can sign.
#[derive(Clone)]
pub(crate) struct Key(Arc<KeyPair>);

impl PrivateKey {
    /// The key as PKCS#8 in DER.
    pub fn pkcs8_der(&self) -> &[u8] {
        self.0.0.serialized_der()
    }

    /// The key as rustls takes it.
    pub fn to_pkcs8(&self) -> PrivatePkcs8KeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.pkcs8_der().to_vec())
    }
}

impl Key {
    pub(crate) fn generate_p256() -> Result<Self, CertsError> {
        Ok(Self(Arc::new(KeyPair::generate()?)))
    }

    /// OpenSSL makes it, because ring makes no RSA keys.
    pub(crate) fn generate_rsa_2048() -> Result<Self, CertsError> {
        let pkcs8 = PKey::from_rsa(Rsa::generate(2048)?)?.private_key_to_pkcs8()?;
        let pair = KeyPair::from_pkcs8_der_and_sign_algo(&PrivatePkcs8KeyDer::from(pkcs8), &PKCS_RSA_SHA256)?;
        Ok(Self(Arc::new(pair)))
    }

    pub(crate) fn pair(&self) -> &KeyPair {
        &self.0
    }

    pub(crate) fn private(&self) -> PrivateKey {
        PrivateKey(self.clone())
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PrivateKey(not shown)")
    }
}

/// Serial numbers are random, because keys may be shared between worlds and an issuer must not repeat itself.
pub(crate) fn random_serial() -> Result<SerialNumber, CertsError> {
    let mut bytes = [0; SERIAL_BYTES];
    SystemRandom::new().fill(&mut bytes).map_err(|_| CertsError::NoRandomBytes)?;
    // Neither negative nor shorter than it looks (RFC 5280, 4.1.2.2).
    bytes[0] = bytes[0] & 0x7f | 0x40;
    Ok(SerialNumber::from_slice(&bytes))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod tests {
    use openssl::pkey::PKey;
    use openssl::x509::X509;

    use crate::verifiers::NOW;
    use crate::{Authority, Chain, KeyPool, KeyType, Request};

    #[test]
    fn the_key_is_the_leafs() {
        for kind in [KeyType::P256, KeyType::Rsa2048] {
            let (_, chain) = issue(Chain::good_for("sls.example").key(kind));
            let key = PKey::private_key_from_pkcs8(chain.key().pkcs8_der()).unwrap();
            assert!(X509::from_der(chain.leaf()).unwrap().public_key().unwrap().public_eq(&key));
            assert_eq!(chain.key().to_pkcs8().secret_pkcs8_der(), chain.key().pkcs8_der());
        }
    }

    #[test]
    fn debugging_never_shows_a_key() {
        let pool = KeyPool::warm(1, 0).unwrap();
        let (authority, chain) = issue(Chain::good_for("sls.example"));
        assert_eq!(format!("{:?}", chain.key()), "PrivateKey(not shown)");
        assert!(format!("{chain:?}").contains("key: PrivateKey(not shown)"));
        let shown = format!("{pool:?} {authority:?} {chain:?} {:?}", authority.trust().unwrap());
        for secret in spellings(&chain.key().pkcs8_der()[40..48]) {
            assert!(!shown.contains(&secret), "{shown}");
        }
    }

    /// A piece of the secret in decimal, as `Debug` prints bytes, and in both kinds of hexadecimal.
    fn spellings(secret: &[u8]) -> [String; 3] {
        let decimal = format!("{secret:?}");
        let hexadecimal: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        [decimal.trim_matches(['[', ']']).to_owned(), hexadecimal.to_uppercase(), hexadecimal]
    }

    fn issue(request: Request) -> (Authority, Chain) {
        let authority = Authority::mint_for([&request], NOW).unwrap();
        let chain = authority.issue(request, &KeyPool::default()).unwrap();
        (authority, chain)
    }
}
