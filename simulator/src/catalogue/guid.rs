//! A GUID: sixteen bytes in the order in which they are written.

use std::fmt;
use std::str::FromStr;

use super::digest::Sha256;

/// A GUID, written in lower case with dashes and without braces.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guid(pub [u8; 16]);

/// A text that is no GUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a GUID has 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12")]
pub struct NotAGuid;

impl Guid {
    /// The id that always belongs to this name: the first bytes of its SHA-256, marked as version 8 (RFC 9562).
    pub fn named(name: &str) -> Guid {
        let digest = Sha256::of(name.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest.0[..16]);
        Guid::marked(bytes, 8)
    }

    /// Random bytes marked as version 4.
    pub fn random(bytes: [u8; 16]) -> Guid {
        Guid::marked(bytes, 4)
    }

    /// A GUID from its number, whose 32 hexadecimal digits read as the GUID does.
    pub const fn of(number: u128) -> Guid {
        Guid(number.to_be_bytes())
    }

    fn marked(mut bytes: [u8; 16], version: u8) -> Guid {
        bytes[6] = bytes[6] & 0x0f | version << 4;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        Guid(bytes)
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [b'-'; 36];
        let mut at = 0;
        for byte in self.0 {
            if matches!(at, 8 | 13 | 18 | 23) {
                at += 1;
            }
            text[at] = DIGITS[usize::from(byte >> 4)];
            text[at + 1] = DIGITS[usize::from(byte & 15)];
            at += 2;
        }
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Guid {
    type Err = NotAGuid;

    fn from_str(text: &str) -> Result<Guid, NotAGuid> {
        let dashed = text.len() == 36 && [8, 13, 18, 23].iter().all(|&at| text.as_bytes()[at] == b'-');
        if !dashed || text.bytes().filter(u8::is_ascii_hexdigit).count() != 32 {
            return Err(NotAGuid);
        }
        let digits: String = text.chars().filter(|&character| character != '-').collect();
        u128::from_str_radix(&digits, 16).map(Guid::of).map_err(|_| NotAGuid)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_guid_is_written_as_it_was_read_but_in_lower_case() {
        let guid: Guid = "0FA1201D-4330-4fa8-8ae9-b877473b6441".parse().unwrap();
        assert_eq!(guid.to_string(), "0fa1201d-4330-4fa8-8ae9-b877473b6441");
        assert_eq!(guid, Guid::of(0x0fa1201d_4330_4fa8_8ae9_b877473b6441));
    }

    #[test]
    fn what_is_no_guid_is_refused() {
        let bad = ["", "0fa1201d", "{0fa1201d-4330-4fa8-8ae9-b877473b6441}", "0fa1201d-4330-4fa8-8ae9-b877473b644g"];
        for text in bad.into_iter().chain(["0fa1201d43304fa88ae9b877473b6441----", "é".repeat(18).as_str()]) {
            assert_eq!(text.parse::<Guid>(), Err(NotAGuid), "{text}");
        }
    }

    #[test]
    fn a_named_id_is_the_same_for_ever() {
        assert_eq!(Guid::named("wsuslab").to_string(), Guid::named("wsuslab").to_string());
        assert_ne!(Guid::named("wsuslab"), Guid::named("wsuslab "));
    }
}
