//! An RSA key that OpenSSL signs with, for rustls. ring takes twice as long for it, and the signature is most of what a
//! handshake costs.

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Padding;
use openssl::sign::RsaPssSaltlen;
use rustls::sign::{Signer, SigningKey};
use rustls::{SignatureAlgorithm, SignatureScheme};

/// The key.
#[derive(Debug)]
pub(super) struct RsaKey(PKey<Private>);

/// What it can sign, the best first, as rustls has it with any other library.
const SCHEMES: [SignatureScheme; 6] = [
    SignatureScheme::RSA_PSS_SHA512,
    SignatureScheme::RSA_PSS_SHA384,
    SignatureScheme::RSA_PSS_SHA256,
    SignatureScheme::RSA_PKCS1_SHA512,
    SignatureScheme::RSA_PKCS1_SHA384,
    SignatureScheme::RSA_PKCS1_SHA256,
];

impl RsaKey {
    /// From PKCS#8 in DER.
    pub(super) fn new(pkcs8: &[u8]) -> Result<RsaKey, ErrorStack> {
        PKey::private_key_from_pkcs8(pkcs8).map(RsaKey)
    }
}

impl SigningKey for RsaKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let scheme = SCHEMES.into_iter().find(|scheme| offered.contains(scheme))?;
        Some(Box::new(RsaSigner { key: self.0.clone(), scheme }))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::RSA
    }
}

/// The key for one signature.
#[derive(Debug)]
struct RsaSigner {
    key: PKey<Private>,
    scheme: SignatureScheme,
}

impl Signer for RsaSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        sign(&self.key, self.scheme, message).map_err(|error| rustls::Error::General(error.to_string()))
    }

    fn scheme(&self) -> SignatureScheme {
        self.scheme
    }
}

fn sign(key: &PKey<Private>, scheme: SignatureScheme, message: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let digest = match scheme {
        SignatureScheme::RSA_PSS_SHA512 | SignatureScheme::RSA_PKCS1_SHA512 => MessageDigest::sha512(),
        SignatureScheme::RSA_PSS_SHA384 | SignatureScheme::RSA_PKCS1_SHA384 => MessageDigest::sha384(),
        _ => MessageDigest::sha256(),
    };
    let mut signer = openssl::sign::Signer::new(digest, key)?;
    if is_pss(scheme) {
        signer.set_rsa_padding(Padding::PKCS1_PSS)?;
        // RFC 8446, 4.2.3: the salt is as long as the digest.
        signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
        signer.set_rsa_mgf1_md(digest)?;
    }
    signer.sign_oneshot_to_vec(message)
}

fn is_pss(scheme: SignatureScheme) -> bool {
    use SignatureScheme::{RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512};
    matches!(scheme, RSA_PSS_SHA256 | RSA_PSS_SHA384 | RSA_PSS_SHA512)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod tests {
    use ring::signature::{
        RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
        RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, UnparsedPublicKey,
    };

    use super::*;

    const MESSAGE: &[u8] = b"what a handshake signs";

    #[test]
    fn another_library_verifies_every_scheme() {
        let rsa = openssl::rsa::Rsa::generate(2048).unwrap();
        let public = rsa.public_key_to_der_pkcs1().unwrap();
        let key = PKey::from_rsa(rsa).unwrap().private_key_to_pkcs8().unwrap();
        let key = RsaKey::new(&key).unwrap();
        let verifiers: [&RsaParameters; 6] = [
            &RSA_PSS_2048_8192_SHA512,
            &RSA_PSS_2048_8192_SHA384,
            &RSA_PSS_2048_8192_SHA256,
            &RSA_PKCS1_2048_8192_SHA512,
            &RSA_PKCS1_2048_8192_SHA384,
            &RSA_PKCS1_2048_8192_SHA256,
        ];
        for (scheme, verifier) in SCHEMES.into_iter().zip(verifiers) {
            let signer = key.choose_scheme(&[SignatureScheme::ED25519, scheme]).unwrap();
            assert_eq!(signer.scheme(), scheme);
            let signature = signer.sign(MESSAGE).unwrap();
            UnparsedPublicKey::new(verifier, &public).verify(MESSAGE, &signature).unwrap();
        }
    }

    #[test]
    fn the_best_scheme_is_chosen_and_none_where_none_fits() {
        let key = PKey::from_rsa(openssl::rsa::Rsa::generate(2048).unwrap()).unwrap();
        let chosen = |offered: &[SignatureScheme]| RsaKey(key.clone()).choose_scheme(offered).map(|it| it.scheme());
        let both = [SignatureScheme::RSA_PKCS1_SHA256, SignatureScheme::RSA_PSS_SHA256];
        assert_eq!(chosen(&both), Some(SignatureScheme::RSA_PSS_SHA256));
        assert_eq!(chosen(&[SignatureScheme::ECDSA_NISTP256_SHA256]), None);
    }
}
