//! The two digests of a file: SHA-1, its identity in the protocol, and SHA-256.

use std::fmt::Write;

use ring::digest;

/// SHA-1 of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha1(pub [u8; 20]);

/// SHA-256 of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256(pub [u8; 32]);

impl Sha1 {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Sha1 {
        Sha1(take(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes))
    }

    /// Forty hexadecimal digits in upper case, as content paths spell them.
    pub fn hex(&self) -> String {
        self.0.iter().fold(String::with_capacity(40), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02X}");
            text
        })
    }
}

impl Sha256 {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Sha256 {
        Sha256(take(&digest::SHA256, bytes))
    }
}

fn take<const N: usize>(algorithm: &'static digest::Algorithm, bytes: &[u8]) -> [u8; N] {
    let digest = digest::digest(algorithm, bytes);
    digest.as_ref().try_into().expect("invariant: the algorithm's digest has this many bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_abc_is_that_of_fips_180() {
        assert_eq!(Sha1::of(b"abc").hex(), "A9993E364706816ABA3E25717850C26C9CD0D89D");
        assert_eq!(Sha256::of(b"abc").0[..4], [0xba, 0x78, 0x16, 0xbf]);
    }
}
