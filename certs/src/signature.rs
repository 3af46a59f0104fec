//! Signatures with digests that nobody should use any more. The certificate library rightly makes none, so OpenSSL signs again.

use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;

use crate::der::{Span, span};
use crate::error::CertsError;
use crate::key::Key;

/// The digest under a signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Digest {
    /// What goes with the key: SHA-256, with P-384 SHA-384.
    #[default]
    Good,
    /// SHA-1, with an RSA key only.
    Sha1,
    /// MD5, with an RSA key only.
    Md5,
}

impl Digest {
    /// Signs a certificate again with this digest. `key` is the issuer's.
    pub(crate) fn sign_again(self, der: Vec<u8>, key: &Key) -> Result<Vec<u8>, CertsError> {
        match self {
            Self::Good => Ok(der),
            Self::Sha1 => replaced(der, key, MessageDigest::sha1(), 5),
            Self::Md5 => replaced(der, key, MessageDigest::md5(), 4),
        }
    }
}

/// RFC 8017, A.2.4: the algorithms of PKCS #1 differ in their last arc only, and a key's signatures all have one length, so
/// nothing moves.
fn replaced(mut der: Vec<u8>, key: &Key, digest: MessageDigest, last_arc: u8) -> Result<Vec<u8>, CertsError> {
    let places = Places::of(&der).ok_or(CertsError::NotRsa)?;
    for identifier in [places.inner, places.outer] {
        if !der[..identifier.end].ends_with(SHA256_WITH_RSA) {
            return Err(CertsError::NotRsa);
        }
        der[identifier.end - 1] = last_arc;
    }
    let key = PKey::private_key_from_pkcs8(key.pkcs8_der())?;
    let signature = Signer::new(digest, &key)?.sign_oneshot_to_vec(&der[places.signed.0..places.signed.1])?;
    let place = &mut der[places.signature.end - signature.len()..places.signature.end];
    place.copy_from_slice(&signature);
    Ok(der)
}

/// The content of the identifier 1.2.840.113549.1.1.11.
const SHA256_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];

/// Where in a certificate stands what a new signature changes (RFC 5280, 4.1).
struct Places {
    /// What is signed, from where to where.
    signed: (usize, usize),
    /// The identifier of the algorithm within what is signed.
    inner: Span,
    /// The identifier of the algorithm beside the signature.
    outer: Span,
    signature: Span,
}

impl Places {
    fn of(der: &[u8]) -> Option<Self> {
        let certificate = span(der, 0)?;
        let signed = span(der, certificate.content)?;
        let version = span(der, signed.content)?;
        let serial = span(der, version.end)?;
        let inner = span(der, serial.end)?;
        let outer = span(der, signed.end)?;
        Some(Self {
            signed: (certificate.content, signed.end),
            inner: span(der, inner.content)?,
            outer: span(der, outer.content)?,
            signature: span(der, outer.end)?,
        })
    }
}
