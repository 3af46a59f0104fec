//! The probes: code that looks and does not judge. Each makes one observation of one layer, under one deadline.

pub(crate) mod dns;
pub(crate) mod http;
pub(crate) mod proxy;
pub(crate) mod tcp;
pub(crate) mod tls;
