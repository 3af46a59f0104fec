//! Rules of the layer `soap`.

pub(super) mod decryption_key_missing;
pub(super) mod file_list_incomplete;
pub(super) mod incompatible_protocol_version;
pub(super) mod metadata_incomplete;
pub(super) mod metadata_unreadable;
pub(super) mod replica_approval_unknown;
pub(super) mod server_fault;
pub(super) mod sha256_missing;
pub(super) mod upstream_too_old;
