//! Diffie-Hellman in a group of a chosen length (RFC 5246, 7.4.3). OpenSSL serves one of 1024 bits and more; below that it
//! refuses even at security level 0, so the server's flight is written byte by byte: every client of today turns away.

use openssl::bn::{BigNum, BigNumContext};
use openssl::dh::Dh;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Params};
use openssl::sign::Signer;
use serde::{Deserialize, Serialize};

use crate::layer::tls::raw::{self, CERTIFICATE, HANDSHAKE, SERVER_HELLO, SERVER_HELLO_DONE};
use crate::layer::tls::{ClientHello, TLS_1_2, alert};

/// The suites of DHE with an RSA key, the strongest first.
const SUITES: [u16; 4] = [0x009f, 0x009e, 0x0039, 0x0033];
const SERVER_KEY_EXCHANGE: u8 = 12;
const HANDSHAKE_FAILURE: u8 = 40;
const PROTOCOL_VERSION: u8 = 70;
/// RSA PKCS#1 with SHA-256 (RFC 5246, 7.4.1.4.1).
const SHA256_RSA: [u8; 2] = [4, 1];
const GENERATOR: u32 = 2;
/// The extensions of the ServerHello: an empty `renegotiation_info` (RFC 5746, 3.6), without which OpenSSL turns away before it
/// has seen any group.
const EXTENSIONS: [u8; 7] = [0, 5, 0xff, 0x01, 0, 1, 0];

/// Safe primes that stand in no specification.
const PRIME_480: &str = "D843428C2E76111537DD6557A4210B4B81ACACAEE6CAE4C882C48097501830A5AF0A8D82B97EB62EE04407E177FDFA97DFB1045C\
    D9ECAC0472066737";
const PRIME_512: &str = "D9594123199C84A21D989FBF03025DC68388ABFD1BBB61E851A99A1209E045BEA8E98A298182621BD2318E1F9748750BC27847814\
    97531093DDD6CD355F4C78F";

/// How many bits the prime of a group has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub enum GroupBits {
    /// 480, as badssl.com has it.
    Bits480,
    /// 512, the export grade (Logjam).
    Bits512,
    /// 768, the first Oakley group (RFC 2409, 6.1).
    Bits768,
    /// 1024, the second Oakley group (RFC 2409, 6.2).
    Bits1024,
    /// 2048 (RFC 3526, 3).
    Bits2048,
}

impl GroupBits {
    const ALL: [GroupBits; 5] = [Self::Bits480, Self::Bits512, Self::Bits768, Self::Bits1024, Self::Bits2048];

    /// Whether OpenSSL completes a handshake in such a group.
    pub fn completes(self) -> bool {
        1024 <= u16::from(self)
    }

    fn prime(self) -> Result<BigNum, ErrorStack> {
        match self {
            GroupBits::Bits480 => BigNum::from_hex_str(PRIME_480),
            GroupBits::Bits512 => BigNum::from_hex_str(PRIME_512),
            GroupBits::Bits768 => BigNum::get_rfc2409_prime_768(),
            GroupBits::Bits1024 => BigNum::get_rfc2409_prime_1024(),
            GroupBits::Bits2048 => BigNum::get_rfc3526_prime_2048(),
        }
    }

    /// The group, as OpenSSL wants it.
    pub(super) fn parameters(self) -> Result<Dh<Params>, ErrorStack> {
        Dh::from_pqg(self.prime()?, None, BigNum::from_u32(GENERATOR)?)
    }
}

impl From<GroupBits> for u16 {
    fn from(bits: GroupBits) -> u16 {
        match bits {
            GroupBits::Bits480 => 480,
            GroupBits::Bits512 => 512,
            GroupBits::Bits768 => 768,
            GroupBits::Bits1024 => 1024,
            GroupBits::Bits2048 => 2048,
        }
    }
}

impl TryFrom<u16> for GroupBits {
    type Error = String;

    fn try_from(bits: u16) -> Result<GroupBits, String> {
        let known = GroupBits::ALL.into_iter().find(|known| u16::from(*known) == bits);
        known.ok_or_else(|| format!("no group of {bits} bits; expected 480, 512, 768, 1024 or 2048"))
    }
}

/// The answer of a server that has nothing but such a group: its whole flight, or the alert that it owes the client.
pub(super) fn flight(bits: GroupBits, hello: &ClientHello, chain: &certs::Chain) -> Result<Flight, ErrorStack> {
    if !hello.offers(TLS_1_2) {
        return Ok(Flight::Alert(alert(PROTOCOL_VERSION)));
    }
    let key = PKey::private_key_from_der(chain.key().pkcs8_der())?;
    let suite = SUITES.into_iter().find(|suite| hello.suites.contains(suite));
    let Some(suite) = suite.filter(|_| key.rsa().is_ok()) else { return Ok(Flight::Alert(alert(HANDSHAKE_FAILURE))) };
    let random = raw::random();
    let parameters = server_parameters(bits)?;
    let mut signer = Signer::new(MessageDigest::sha256(), &key)?;
    let signature = signer.sign_oneshot_to_vec(&[&hello.random[..], &random, &parameters].concat())?;
    let exchange = [&parameters[..], &SHA256_RSA, &opaque(&signature)].concat();
    let certificates: Vec<u8> = chain.certificates().iter().flat_map(|der| raw::with_length(der)).collect();
    let flight = [
        raw::message(SERVER_HELLO, &[&raw::server_hello(TLS_1_2, suite, random)[..], &EXTENSIONS].concat()),
        raw::message(CERTIFICATE, &raw::with_length(&certificates)),
        raw::message(SERVER_KEY_EXCHANGE, &exchange),
        raw::message(SERVER_HELLO_DONE, &[]),
    ];
    Ok(Flight::Whole(raw::records(HANDSHAKE, TLS_1_2, &flight.concat())))
}

/// What such a server sends.
pub(super) enum Flight {
    /// ServerHello to ServerHelloDone.
    Whole(Vec<u8>),
    /// It cannot agree with this client.
    Alert(Vec<u8>),
}

/// ServerDHParams: the prime, the generator and the server's public value.
fn server_parameters(bits: GroupBits) -> Result<Vec<u8>, ErrorStack> {
    let (prime, generator) = (bits.prime()?, BigNum::from_u32(GENERATOR)?);
    let (mut exponent, mut public) = (BigNum::new()?, BigNum::new()?);
    prime.rand_range(&mut exponent)?;
    public.mod_exp(&generator, &exponent, &prime, &mut *BigNumContext::new()?)?;
    Ok([prime, generator, public].iter().flat_map(|number| opaque(&number.to_vec())).collect())
}

/// The bytes behind their length in two bytes.
fn opaque(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    [&length.to_be_bytes()[..], bytes].concat()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn every_group_has_a_safe_prime_of_its_length() {
        let mut context = BigNumContext::new().unwrap();
        for bits in GroupBits::ALL {
            let prime = bits.prime().unwrap();
            assert_eq!(prime.num_bits(), i32::from(u16::from(bits)));
            assert!(prime.is_prime(20, &mut context).unwrap());
            let mut half = BigNum::new().unwrap();
            half.rshift1(&prime).unwrap();
            assert!(half.is_prime(20, &mut context).unwrap());
        }
    }

    #[test]
    fn another_length_is_refused() {
        let expected = "no group of 640 bits; expected 480, 512, 768, 1024 or 2048";
        assert_eq!(GroupBits::try_from(640), Err(expected.to_owned()));
    }
}
