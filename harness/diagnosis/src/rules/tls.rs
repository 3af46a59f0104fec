//! Rules of the layer `tls`.

pub(super) mod certificate_too_long;
pub(super) mod client_certificate_required;
pub(super) mod client_version_too_old;
pub(super) mod dh_group_too_short;
pub(super) mod expired;
pub(super) mod handshake_refused;
pub(super) mod import_path_strong_crypto;
pub(super) mod incomplete_chain;
pub(super) mod interception;
pub(super) mod invalid_chain;
pub(super) mod issuer_needs_winhttp_proxy;
pub(super) mod no_certificate;
pub(super) mod no_common_cipher;
pub(super) mod no_protocol_enabled;
pub(super) mod not_yet_valid;
pub(super) mod port_speaks_http;
pub(super) mod port_speaks_neither;
pub(super) mod self_signed;
pub(super) mod server_requires_tls13;
pub(super) mod server_version_too_old;
pub(super) mod untrusted_root;
pub(super) mod unusable_key;
pub(super) mod weak_certificate;
pub(super) mod wrong_host;
pub(super) mod wrong_usage;
