//! Who may use the proxy.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{Digest, SHA256, digest};

use super::head::Fields;
use crate::world::{BasicAuth, ProxyAuth};

/// Lets requests in.
pub(super) enum Gate {
    /// Everybody.
    Open,
    /// One account, asked for by Basic (RFC 7617).
    Basic {
        /// What is shown to the person who must enter a password.
        realm: String,
        /// Digests of `user:password`, since .NET Framework does not send UTF-8 and others do.
        accepted: [Digest; 2],
    },
}

impl Gate {
    /// The gate of a proxy with this setting.
    pub(super) fn new(auth: Option<&ProxyAuth>, realm: &str) -> Gate {
        match auth {
            None => Gate::Open,
            Some(ProxyAuth::Basic(BasicAuth { user, password })) => Gate::Basic {
                realm: realm.to_owned(),
                accepted: [
                    account(user.as_bytes(), password.as_bytes()),
                    account(&iso_8859_1(user), &iso_8859_1(password)),
                ],
            },
        }
    }

    /// Whether the request brings what is asked for.
    pub(super) fn admits(&self, fields: &Fields) -> bool {
        match self {
            Gate::Open => true,
            Gate::Basic { accepted, .. } => {
                fields.all("Proxy-Authorization").filter_map(presented).any(|given| {
                    // Digests have one length, so that neither the length nor the first difference shows in the time taken.
                    accepted.iter().any(|known| openssl::memcmp::eq(known.as_ref(), given.as_ref()))
                })
            }
        }
    }

    /// The value of Proxy-Authenticate, if it asks for anything.
    pub(super) fn challenge(&self) -> Option<String> {
        match self {
            Gate::Open => None,
            Gate::Basic { realm, .. } => Some(format!("Basic realm=\"{realm}\"")),
        }
    }
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.challenge().as_deref().unwrap_or("open"))
    }
}

/// The account in a value of Proxy-Authorization.
fn presented(value: &[u8]) -> Option<Digest> {
    let blank = value.iter().position(|byte| *byte == b' ')?;
    let (scheme, rest) = value.split_at(blank);
    if !scheme.eq_ignore_ascii_case(b"Basic") {
        return None;
    }
    let decoded = STANDARD.decode(rest.trim_ascii()).ok()?;
    let colon = decoded.iter().position(|byte| *byte == b':')?;
    let (user, password) = (&decoded[..colon], &decoded[colon + 1..]);
    // Windows sends DOMAIN\user when WSUS knows a domain; an account is known by either name.
    let user = user.rsplit(|byte| *byte == b'\\').next().unwrap_or(user);
    Some(account(user, password))
}

/// Accounts of a Windows domain know no case.
fn account(user: &[u8], password: &[u8]) -> Digest {
    digest(&SHA256, &[&user.to_ascii_lowercase(), &b":"[..], password].concat())
}

/// Text in the encoding that .NET Framework uses for Basic; what it cannot say becomes a question mark.
fn iso_8859_1(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(credentials: &[u8], scheme: &str) -> bool {
        let auth = ProxyAuth::Basic(BasicAuth { user: "wsus".to_owned(), password: "pä:ss".to_owned() });
        let mut fields = Fields::default();
        fields.push("proxy-authorization", format!("{scheme} {}", STANDARD.encode(credentials)));
        Gate::new(Some(&auth), "realm").admits(&fields)
    }

    #[test]
    fn the_right_account_passes_with_or_without_its_domain() {
        assert!(admits("wsus:pä:ss".as_bytes(), "Basic"));
        assert!(admits("CORP\\WSUS:pä:ss".as_bytes(), "basic"));
    }

    #[test]
    fn either_encoding_of_the_password_passes() {
        assert!(admits(b"wsus:p\xe4:ss", "Basic"));
    }

    #[test]
    fn anything_else_does_not() {
        for credentials in ["wsus:pä:sx", "wsus:pä:s", "wsus:", "wsus", "", "other:pä:ss", "wsus\\x:pä:ss"] {
            assert!(!admits(credentials.as_bytes(), "Basic"), "{credentials}");
        }
        assert!(!admits("wsus:pä:ss".as_bytes(), "NTLM"));
        let auth = ProxyAuth::Basic(BasicAuth { user: "wsus".to_owned(), password: "secret".to_owned() });
        let gate = Gate::new(Some(&auth), "realm");
        assert!(!gate.admits(&Fields::default()));
        assert!(!format!("{gate:?}").contains("secret"));
    }

    #[test]
    fn an_open_gate_asks_nobody() {
        let gate = Gate::new(None, "realm");
        assert!(gate.admits(&Fields::default()));
        assert_eq!(gate.challenge(), None);
    }
}
