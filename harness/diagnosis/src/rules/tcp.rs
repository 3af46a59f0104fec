//! Rules of the layer `tcp`.

pub(super) mod connection_refused;
pub(super) mod no_answer;
pub(super) mod reset_on_server_name;
