//! Faults of TLS and of the certificates it presents.

use serde::{Deserialize, Serialize};

/// What a TLS endpoint can do wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum TlsFault {
    /// Speaks TLS 1.0 only (F-04).
    OnlyTls10(OnlyTls10),
    /// Presents a certificate chain with a named defect.
    Certificate(certs::Defect),
}

/// Parameters of [`TlsFault::OnlyTls10`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
