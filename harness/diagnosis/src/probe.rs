//! The probes: code that looks and does not judge.
