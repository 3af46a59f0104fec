//! Why no certificate came of a request. Always a fault of the lab or of its caller, never a thing to be studied.

use std::io;
use std::path::PathBuf;

use crate::defect::Defect;

/// Keys or certificates could not be made or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertsError {
    /// OpenSSL refused.
    #[error("OpenSSL refused to make a key")]
    OpenSsl(#[from] openssl::error::ErrorStack),
    /// The certificate could not be built or signed.
    #[error("the certificate could not be built")]
    Mint(#[from] rcgen::Error),
    /// The machine gave no random bytes.
    #[error("the machine gave no random bytes for a serial number")]
    NoRandomBytes,
    /// Neither a name nor an address was given.
    #[error("a certificate must be issued to a name or an address, and none was given")]
    NoName,
    /// Certificates cannot carry this as a DNS name.
    #[error(
        "`{name}` is no DNS name: expected ASCII, not empty and not an address (an internationalized name as xn--…)"
    )]
    NotADnsName {
        /// What was given.
        name: String,
    },
    /// The authority was not told of this name when it was minted.
    #[error("`{name}` was not told when the authority was minted, so its name constraints forbid it")]
    OutsideConstraints {
        /// The name or address that was asked for.
        name: String,
    },
    /// The defect has nothing to act on.
    #[error("`{defect}` needs {what}")]
    Lacks {
        /// What was asked for.
        defect: Defect,
        /// What the request lacks.
        what: &'static str,
    },
    /// A line of authorities had no root.
    #[error("a line of authorities had no root")]
    NoRoot,
    /// An old digest was asked for below another key's signature.
    #[error("an old digest needs an issuer with an RSA key")]
    NotRsa,
    /// Two different things would have to be found under one address.
    #[error("two different files would have to be served at `{url}`")]
    PublishedTwice {
        /// The address.
        url: String,
    },
    /// Certificates cannot be dated around this year.
    #[error("certificates cannot be dated around the year {year}")]
    Year {
        /// The year of the world's time.
        year: i32,
    },
    /// A file could not be written.
    #[error("cannot write {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}
