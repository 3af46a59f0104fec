//! Keys: certificate chains that are good, or bad in one named way.
//!
//! Every date is set, every root is short-lived and name-constrained, and no key leaves the process unless asked for.

use serde::{Deserialize, Serialize};

/// What is wrong with a chain; the names are badssl.com's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Defect {
    /// Issued below a root that no store of the subject holds (F-32).
    UntrustedRoot,
    /// The leaf alone is sent, without AIA (F-31).
    IncompleteChain,
    /// Issued to another name (F-40).
    WrongHost,
    /// The leaf's `notAfter` has passed (F-34).
    Expired,
    /// The leaf signed itself (F-33).
    SelfSigned,
}

/// Keys made beforehand, so that a world need not wait for RSA.
#[derive(Clone, Debug, Default)]
pub struct KeyPool {}

/// The world's two roots.
#[derive(Clone, Debug)]
pub struct Trust {}

/// Keys or certificates could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertsError {
    /// OpenSSL refused.
    #[error("OpenSSL refused")]
    OpenSsl(#[from] openssl::error::ErrorStack),
}
