//! Rules of the layer `server`.

pub(super) mod clock_wrong;
pub(super) mod configuration_unusable;
pub(super) mod decommissioned_endpoint;
pub(super) mod deprecated_endpoint;
pub(super) mod intermediate_in_trusted_root;
pub(super) mod sha2_unaware;
pub(super) mod update_url_not_https;
pub(super) mod update_url_untidy;
