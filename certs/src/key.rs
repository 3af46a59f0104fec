//! One key: to sign with, and to be handed to a TLS library. It is never printed.

use std::fmt;
use std::sync::Arc;

use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use rcgen::{
    KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519, PKCS_RSA_SHA256, PublicKeyData,
    SerialNumber, SignatureAlgorithm, SigningKey,
};
use ring::rand::{SecureRandom, SystemRandom};
use rustls_pki_types::PrivatePkcs8KeyDer;

use crate::error::CertsError;
use crate::request::KeyType;

/// ring takes no RSA key with fewer bits.
const LEAST_BITS_OF_RING: u32 = 2048;
/// Far more than the 64 random bits that the Baseline Requirements ask for, and well below the limit of 20 bytes.
const SERIAL_BYTES: usize = 12;

/// A leaf's private key. `Debug` and error messages never show it.
#[derive(Clone)]
pub struct PrivateKey(Key);

/// A key that can sign.
#[derive(Clone)]
pub(crate) struct Key(Arc<Library>);

/// Which library signs with the key.
enum Library {
    Ring(Box<KeyPair>),
    /// For keys that ring thinks too short.
    OpenSsl {
        key: PKey<Private>,
        pkcs8: Vec<u8>,
        public: Vec<u8>,
    },
}

impl PrivateKey {
    /// The key as PKCS#8 in DER.
    pub fn pkcs8_der(&self) -> &[u8] {
        self.0.pkcs8_der()
    }

    /// The key as rustls takes it.
    pub fn to_pkcs8(&self) -> PrivatePkcs8KeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.pkcs8_der().to_vec())
    }
}

impl Key {
    pub(crate) fn generate(kind: KeyType) -> Result<Self, CertsError> {
        let algorithm = match kind.rsa_bits() {
            Some(bits) => return Self::generate_rsa(bits),
            None => match kind {
                KeyType::P384 => &PKCS_ECDSA_P384_SHA384,
                KeyType::Ed25519 => &PKCS_ED25519,
                _ => &PKCS_ECDSA_P256_SHA256,
            },
        };
        Ok(Self(Arc::new(Library::Ring(Box::new(KeyPair::generate_for(algorithm)?)))))
    }

    /// OpenSSL makes it, because ring makes no RSA keys.
    fn generate_rsa(bits: u32) -> Result<Self, CertsError> {
        let rsa = Rsa::generate(bits)?;
        let public = rsa.public_key_to_der_pkcs1()?;
        let key = PKey::from_rsa(rsa)?;
        let pkcs8 = key.private_key_to_pkcs8()?;
        if bits < LEAST_BITS_OF_RING {
            return Ok(Self(Arc::new(Library::OpenSsl { key, pkcs8, public })));
        }
        let pair = KeyPair::from_pkcs8_der_and_sign_algo(&PrivatePkcs8KeyDer::from(pkcs8), &PKCS_RSA_SHA256)?;
        Ok(Self(Arc::new(Library::Ring(Box::new(pair)))))
    }

    pub(crate) fn pkcs8_der(&self) -> &[u8] {
        match &*self.0 {
            Library::Ring(pair) => pair.serialized_der(),
            Library::OpenSsl { pkcs8, .. } => pkcs8,
        }
    }

    pub(crate) fn private(&self) -> PrivateKey {
        PrivateKey(self.clone())
    }
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        match &*self.0 {
            Library::Ring(pair) => pair.der_bytes(),
            Library::OpenSsl { public, .. } => public,
        }
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        match &*self.0 {
            Library::Ring(pair) => pair.algorithm(),
            Library::OpenSsl { .. } => &PKCS_RSA_SHA256,
        }
    }
}

impl SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        match &*self.0 {
            Library::Ring(pair) => pair.sign(message),
            Library::OpenSsl { key, .. } => Signer::new(MessageDigest::sha256(), key)
                .and_then(|mut signer| signer.sign_oneshot_to_vec(message))
                .map_err(|_| rcgen::Error::RemoteKeyError),
        }
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
        for kind in
            [KeyType::P256, KeyType::P384, KeyType::Ed25519, KeyType::Rsa512, KeyType::Rsa1024, KeyType::Rsa2048]
        {
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
