//! Faults of TLS and of the certificates it presents.

use serde::{Deserialize, Serialize};

pub use crate::layer::tls::GroupBits;
use crate::layer::tls::TlsSeam;

mod alert;
mod banner;
mod certificate;
mod client_certificate;
mod close;
mod close_after_record;
mod close_inside_record;
mod only_dhe;
mod only_ssl3;
mod only_suites;
mod only_tls10;
mod only_version;
mod oversized_record;
mod reset;
mod stall;

pub use alert::Alert;
pub use banner::Banner;
pub use client_certificate::ClientCertificate;
pub use close::Close;
pub use close_after_record::CloseAfterRecord;
pub use close_inside_record::CloseInsideRecord;
pub use only_dhe::OnlyDhe;
pub use only_ssl3::OnlySsl3;
pub use only_suites::{OnlySuites, Suites};
pub use only_tls10::{OldAnswer, OnlyTls10};
pub use only_version::{OneVersion, OnlyVersion};
pub use oversized_record::OversizedRecord;
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
    /// Has nothing but Diffie-Hellman in a group of a given length (F-06).
    OnlyDhe(OnlyDhe),
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
    /// Speaks SSL 3.0 only.
    OnlySsl3(OnlySsl3),
    /// Answers in clear, and not in HTTP.
    Banner(Banner),
    /// FIN where the record after the ServerHello should begin.
    CloseAfterRecord(CloseAfterRecord),
    /// Answers with a record that no client may take.
    OversizedRecord(OversizedRecord),
    /// Asks the client for a certificate.
    ClientCertificate(ClientCertificate),
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
            TlsFault::OnlyDhe(fault) => ("tls/only-dhe", Box::new(fault.clone())),
            TlsFault::Alert(fault) => ("tls/alert", Box::new(fault.clone())),
            TlsFault::Close(fault) => ("tls/close", Box::new(fault.clone())),
            TlsFault::Reset(fault) => ("tls/reset", Box::new(fault.clone())),
            TlsFault::CloseInsideRecord(fault) => ("tls/close-inside-record", Box::new(fault.clone())),
            TlsFault::Stall(fault) => ("tls/stall", Box::new(fault.clone())),
            TlsFault::OnlySsl3(fault) => ("tls/only-ssl3", Box::new(fault.clone())),
            TlsFault::Banner(fault) => ("tls/banner", Box::new(fault.clone())),
            TlsFault::CloseAfterRecord(fault) => ("tls/close-after-record", Box::new(fault.clone())),
            TlsFault::OversizedRecord(fault) => ("tls/oversized-record", Box::new(fault.clone())),
            TlsFault::ClientCertificate(fault) => ("tls/client-certificate", Box::new(fault.clone())),
            TlsFault::Certificate(defect) => ("tls/certificate", Box::new(certificate::Certificate(*defect))),
        }
    }
}
