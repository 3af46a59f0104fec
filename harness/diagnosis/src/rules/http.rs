//! Rules of the layer `http`.

pub(super) mod port_expects_tls;
pub(super) mod service_unavailable;
