//! Keys: certificate chains that are good, or bad in one named way.
//!
//! An [`Authority`] mints the roots of one world, issues leaves and says what a subject may be told of them ([`Trust`]).
//! Every date is set, every root is short-lived and name-constrained, and no key leaves the process unless asked for.
//! What a verifier makes of a chain is not judged here.

mod authority;
mod ca;
mod chain;
mod constraints;
mod defect;
mod der;
mod deviation;
mod error;
mod file;
mod key;
mod leaf;
mod line;
mod names;
mod pool;
mod published;
mod punycode;
mod request;
mod signature;
mod trust;
mod validity;
#[cfg(test)]
mod verifiers;

pub use authority::Authority;
pub use chain::Chain;
pub use defect::Defect;
pub use error::CertsError;
pub use file::{certificates_as_pem, write_certificates_der, write_certificates_pem, write_der};
pub use key::PrivateKey;
pub use names::Names;
pub use pool::KeyPool;
pub use published::Published;
pub use request::{IssuedBy, KeyType, Request};
pub use trust::{Trust, thumbprint};
