//! `tls/only-tls10`: a server that speaks TLS 1.0 and nothing newer (F-04).
//!
//! A client that can do with TLS 1.0 gets a complete handshake. What the others get differs between implementations: Schannel
//! sends its ServerHello all the same, OpenSSL an alert. A ClientHello without the extension supported_versions names only the
//! highest version, so that nobody can tell whether TLS 1.0 would do: the honest answer is a ServerHello of TLS 1.0, the alert
//! is that of a version-intolerant server.

use serde::{Deserialize, Serialize};

use crate::layer::tls::{ClientHello, HelloAct, TLS_1_0, TLS_1_2, TlsSeam};
use crate::seam::{Stage, Standing};

const PROTOCOL_VERSION: u8 = 70;

/// Parameters of `only-tls10`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OnlyTls10 {
    /// What a client gets that offers only newer versions.
    pub answer: OldAnswer,
}

/// What a client gets that offers only newer versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OldAnswer {
    /// A ServerHello of TLS 1.0, as Schannel answers.
    ServerHello,
    /// Alert 70 protocol_version, as OpenSSL answers.
    Alert,
}

impl TlsSeam for OnlyTls10 {
    fn on_hello(&self, hello: &ClientHello) -> HelloAct {
        match (&hello.supported_versions, self.answer) {
            (Some(versions), _) if versions.contains(&TLS_1_0) => HelloAct::Tls10,
            (Some(_), OldAnswer::ServerHello) => HelloAct::ServerHelloOfTls10,
            (None, OldAnswer::Alert) if hello.legacy_version >= TLS_1_2 => HelloAct::Alert(PROTOCOL_VERSION),
            // OpenSSL itself completes the handshake, or refuses with its own alert.
            (Some(_), OldAnswer::Alert) | (None, _) => HelloAct::Tls10,
        }
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::at(Stage::ClientHello))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_offers_tls_1_0_among_others_gets_it() {
        check(Some(&[0x0304, 0x0303, TLS_1_0]), TLS_1_2, OldAnswer::Alert, HelloAct::Tls10);
    }

    #[test]
    fn an_old_client_gets_it() {
        check(None, TLS_1_0, OldAnswer::Alert, HelloAct::Tls10);
        check(None, TLS_1_0, OldAnswer::ServerHello, HelloAct::Tls10);
    }

    #[test]
    fn schannel_sends_a_server_hello_that_was_not_asked_for() {
        check(Some(&[0x0304, 0x0303]), TLS_1_2, OldAnswer::ServerHello, HelloAct::ServerHelloOfTls10);
        check(None, TLS_1_2, OldAnswer::ServerHello, HelloAct::Tls10);
    }

    #[test]
    fn openssl_sends_an_alert() {
        check(Some(&[0x0304, 0x0303]), TLS_1_2, OldAnswer::Alert, HelloAct::Tls10);
        check(None, TLS_1_2, OldAnswer::Alert, HelloAct::Alert(70));
    }

    fn check(versions: Option<&[u16]>, legacy_version: u16, answer: OldAnswer, expected: HelloAct) {
        let supported_versions = versions.map(<[u16]>::to_vec);
        let hello = ClientHello { legacy_version, supported_versions, ..ClientHello::default() };
        assert_eq!(OnlyTls10 { answer }.on_hello(&hello), expected);
    }
}
