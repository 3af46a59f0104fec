//! Rules of the layer `tls`.

pub(super) mod expired;
pub(super) mod incomplete_chain;
pub(super) mod port_speaks_http;
pub(super) mod self_signed;
pub(super) mod server_version_too_old;
pub(super) mod untrusted_root;
pub(super) mod wrong_host;
