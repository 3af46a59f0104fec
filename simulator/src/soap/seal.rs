//! Cookies: what a server gives to itself by way of the downstream server. Opaque, authenticated, expiring, and void at
//! any other server: AES-256-GCM under a key that is made when the services are.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use time::OffsetDateTime;

use crate::catalogue::Guid;

/// The two cookies of each protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `CookieData` of an AuthorizationCookie ([MS-WSUSSS] 2.2.4.7).
    Authorization,
    /// `EncryptedData` of a Cookie ([MS-WSUSSS] 2.2.4.8).
    Access,
    /// `CookieData` that SimpleAuth gives to a Windows Update agent ([MS-WUSP] 2.2.2.1.1).
    ClientAuthorization,
    /// `EncryptedData` that the client web service gives ([MS-WUSP] 2.2.2.2.2).
    ClientAccess,
}

impl Kind {
    const fn mark(self) -> u8 {
        match self {
            Kind::Authorization => 1,
            Kind::Access => 2,
            Kind::ClientAuthorization => 3,
            Kind::ClientAccess => 4,
        }
    }

    /// Bytes on the wire, as a server of 2025 was seen to send them.
    const fn size(self) -> usize {
        match self {
            Kind::Authorization => 432,
            Kind::Access | Kind::ClientAccess => 208,
            Kind::ClientAuthorization => 496,
        }
    }
}

/// What a cookie says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Contents {
    /// When it ends, to the tick of 100 ns.
    pub(crate) expires: OffsetDateTime,
    /// The downstream server's own id, or one made from the agent's.
    pub(crate) account: Guid,
    /// How often the server's catalogue had been replaced when the cookie was made.
    pub(crate) epoch: u32,
    /// The version that the downstream server speaks; empty in an authorization cookie.
    pub(crate) protocol_version: String,
}

/// The seal of one server.
pub(crate) struct Seal {
    key: LessSafeKey,
    random: SystemRandom,
    server: Guid,
}

impl Seal {
    /// A fresh seal of this server.
    pub(crate) fn new(server: Guid) -> Seal {
        let random = SystemRandom::new();
        let mut bytes = [0; 32];
        random.fill(&mut bytes).expect("invariant: the operating system has random bytes");
        let key = UnboundKey::new(&AES_256_GCM, &bytes).expect("invariant: a key of AES-256 has 32 bytes");
        Seal { key: LessSafeKey::new(key), random, server }
    }

    /// A cookie with these contents.
    pub(crate) fn close(&self, kind: Kind, contents: &Contents) -> Vec<u8> {
        let mut plain = self.plain(contents);
        plain.resize(kind.size() - NONCE_LEN - AES_256_GCM.tag_len(), 0);
        let nonce: [u8; NONCE_LEN] = self.random_bytes();
        let sealed = self.key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from([kind.mark()]),
            &mut plain,
        );
        sealed.expect("invariant: a cookie is far shorter than the cipher's limit");
        let mut cookie = Vec::with_capacity(kind.size());
        cookie.extend_from_slice(&nonce);
        cookie.append(&mut plain);
        cookie
    }

    /// What a cookie of this kind says, unless it is forged, garbled, another server's or past its end.
    pub(crate) fn open(&self, kind: Kind, cookie: &[u8], now: OffsetDateTime) -> Option<Contents> {
        self.read(kind, cookie).filter(|contents| now < contents.expires)
    }

    /// What a cookie of this kind says, past its end or not.
    pub(crate) fn read(&self, kind: Kind, cookie: &[u8]) -> Option<Contents> {
        let (nonce, sealed) = cookie.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = sealed.to_vec();
        let plain = self.key.open_in_place(nonce, Aad::from([kind.mark()]), &mut sealed).ok()?;
        let (server, rest) = plain.split_first_chunk::<16>()?;
        let (ticks, rest) = rest.split_first_chunk::<8>()?;
        let (account, rest) = rest.split_first_chunk::<16>()?;
        let (epoch, rest) = rest.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first()?;
        let version = std::str::from_utf8(rest.get(..usize::from(*length))?).ok()?;
        let contents = Contents {
            expires: from_ticks(i64::from_be_bytes(*ticks))?,
            account: Guid(*account),
            epoch: u32::from_be_bytes(*epoch),
            protocol_version: version.to_owned(),
        };
        (Guid(*server) == self.server).then_some(contents)
    }

    /// Random bytes for ids.
    pub(crate) fn random_bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes).expect("invariant: the operating system has random bytes");
        bytes
    }

    fn plain(&self, contents: &Contents) -> Vec<u8> {
        let version = contents.protocol_version.as_bytes();
        let version = &version[..version.len().min(VERSION)];
        let mut plain = Vec::with_capacity(Kind::Authorization.size());
        plain.extend_from_slice(&self.server.0);
        plain.extend_from_slice(&to_ticks(contents.expires).to_be_bytes());
        plain.extend_from_slice(&contents.account.0);
        plain.extend_from_slice(&contents.epoch.to_be_bytes());
        plain.push(u8::try_from(version.len()).unwrap_or(0));
        plain.extend_from_slice(version);
        plain
    }
}

/// Two numbers of 32 bits and a dot take 21.
const VERSION: usize = 32;

fn to_ticks(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos() / 100).unwrap_or(i64::MAX)
}

fn from_ticks(ticks: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(ticks) * 100).ok()
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Seal {{ server: {}, key: redacted }}", self.server)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const SERVER: Guid = Guid::of(1);
    const NOW: OffsetDateTime = datetime!(2026-01-01 00:00 UTC);
    const LATER: OffsetDateTime = datetime!(2026-01-01 04:00:00.1234567 UTC);

    fn contents() -> Contents {
        Contents { expires: LATER, account: Guid::of(7), epoch: 3, protocol_version: "1.20".to_owned() }
    }

    #[test]
    fn a_cookie_says_to_its_server_what_was_put_in_until_it_ends() {
        let seal = Seal::new(SERVER);
        let cookie = seal.close(Kind::Access, &contents());
        assert_eq!(seal.open(Kind::Access, &cookie, NOW), Some(contents()));
        assert_eq!(seal.open(Kind::Access, &cookie, LATER), None);
        assert_eq!(seal.read(Kind::Access, &cookie), Some(contents()));
    }

    #[test]
    fn cookies_have_the_size_of_real_ones_and_show_nothing() {
        let seal = Seal::new(SERVER);
        assert_eq!(seal.close(Kind::Authorization, &contents()).len(), 432);
        assert_eq!(seal.close(Kind::ClientAuthorization, &contents()).len(), 496);
        let cookie = seal.close(Kind::Access, &contents());
        assert_eq!(cookie.len(), 208);
        assert!(!cookie.windows(4).any(|window| window == b"1.20"));
    }

    #[test]
    fn a_cookie_of_another_server_or_of_the_other_kind_is_void() {
        let cookie = Seal::new(SERVER).close(Kind::Access, &contents());
        assert_eq!(Seal::new(SERVER).open(Kind::Access, &cookie, NOW), None);
        let seal = Seal::new(SERVER);
        let cookie = seal.close(Kind::Authorization, &contents());
        assert_eq!(seal.open(Kind::Access, &cookie, NOW), None);
    }

    #[test]
    fn a_cookie_with_any_bit_changed_is_void() {
        let seal = Seal::new(SERVER);
        let cookie = seal.close(Kind::Access, &contents());
        for at in 0..cookie.len() {
            let mut forged = cookie.clone();
            forged[at] ^= 1;
            assert_eq!(seal.open(Kind::Access, &forged, NOW), None, "byte {at}");
        }
        for length in [0, 11, 12, 28, 207] {
            assert_eq!(seal.open(Kind::Access, &cookie[..length], NOW), None, "{length} bytes");
        }
    }
}
