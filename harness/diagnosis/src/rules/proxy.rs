//! Rules of the layer `proxy`.

pub(super) mod authentication_required;
pub(super) mod connect_denied;
pub(super) mod connection_refused;
pub(super) mod credentials_rejected;
pub(super) mod credentials_unused;
pub(super) mod name_not_found;
pub(super) mod no_answer;
pub(super) mod scheme_not_allowed;
pub(super) mod target_unreachable;
