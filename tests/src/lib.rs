//! What the proofs share: where the sources lie, and which real peers this machine has.

pub mod peer;
pub mod source;
