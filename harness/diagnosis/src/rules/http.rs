//! Rules of the layer `http`.

pub(super) mod forbidden;
pub(super) mod html_instead_of_soap;
pub(super) mod method_not_allowed;
pub(super) mod not_found;
pub(super) mod port_expects_tls;
pub(super) mod request_too_large;
pub(super) mod service_unavailable;
pub(super) mod unauthorized;
pub(super) mod unrequested_encoding;
