//! Rules of the layer `soap`.

pub(super) mod incompatible_protocol_version;
pub(super) mod upstream_too_old;
