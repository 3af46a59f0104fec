//! Faults of TLS and of the certificates it presents.

use serde::{Deserialize, Serialize};

use crate::layer::tls::TlsSeam;

mod alert;
mod certificate;
mod close;
mod close_inside_record;
mod only_suites;
mod only_tls10;
mod only_version;
mod reset;
mod stall;

pub use alert::Alert;
pub use close::Close;
pub use close_inside_record::CloseInsideRecord;
pub use only_suites::{OnlySuites, Suites};
pub use only_tls10::{OldAnswer, OnlyTls10};
pub use only_version::{OneVersion, OnlyVersion};
pub use reset::Reset;
pub use stall::Stall;

/// What a TLS endpoint can do wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum TlsFault {
    /// Speaks TLS 1.0 only (F-04).
    OnlyTls10(OnlyTls10),
    /// Speaks one version only (F-03, F-04).
    OnlyVersion(OnlyVersion),
    /// Accepts the named suites only (F-06).
    OnlySuites(OnlySuites),
    /// A fatal alert to every ClientHello.
    Alert(Alert),
    /// FIN after the ClientHello.
    Close(Close),
    /// RST after the ClientHello (F-26).
    Reset(Reset),
    /// FIN in the middle of the first record.
    CloseInsideRecord(CloseInsideRecord),
    /// Silence after the ClientHello.
    Stall(Stall),
    /// Presents a certificate chain with a named defect.
    Certificate(certs::Defect),
}

impl TlsFault {
    /// The name under which it signs, and what it does at the seams.
    pub(crate) fn at_seam(&self) -> (&'static str, Box<dyn TlsSeam>) {
        match self {
            TlsFault::OnlyTls10(fault) => ("tls/only-tls10", Box::new(fault.clone())),
            TlsFault::OnlyVersion(fault) => ("tls/only-version", Box::new(fault.clone())),
            TlsFault::OnlySuites(fault) => ("tls/only-suites", Box::new(fault.clone())),
            TlsFault::Alert(fault) => ("tls/alert", Box::new(fault.clone())),
            TlsFault::Close(fault) => ("tls/close", Box::new(fault.clone())),
            TlsFault::Reset(fault) => ("tls/reset", Box::new(fault.clone())),
            TlsFault::CloseInsideRecord(fault) => ("tls/close-inside-record", Box::new(fault.clone())),
            TlsFault::Stall(fault) => ("tls/stall", Box::new(fault.clone())),
            TlsFault::Certificate(defect) => ("tls/certificate", Box::new(certificate::Certificate(*defect))),
        }
    }
}
