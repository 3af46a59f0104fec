//! The honest layers, each with its seams. None knows which faults there are.

pub(crate) mod content;
pub(crate) mod dns;
pub(crate) mod http;
pub(crate) mod proxy;
pub(crate) mod tcp;
pub(crate) mod tls;
pub(crate) mod visit;
