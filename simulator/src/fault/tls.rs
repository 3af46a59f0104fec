//! Faults of TLS and of the certificates it presents.

use serde::{Deserialize, Serialize};

use crate::layer::tls::TlsSeam;

mod certificate;
mod only_tls10;

pub use only_tls10::{OldAnswer, OnlyTls10};

/// What a TLS endpoint can do wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum TlsFault {
    /// Speaks TLS 1.0 only (F-04).
    OnlyTls10(OnlyTls10),
    /// Presents a certificate chain with a named defect.
    Certificate(certs::Defect),
}

impl TlsFault {
    /// The name under which it signs, and what it does at the seams.
    pub(crate) fn at_seam(&self) -> (&'static str, Box<dyn TlsSeam>) {
        match self {
            TlsFault::OnlyTls10(fault) => ("tls/only-tls10", Box::new(fault.clone())),
            TlsFault::Certificate(defect) => ("tls/certificate", Box::new(certificate::Certificate(*defect))),
        }
    }
}
