//! Rules of the layer `tcp`.

pub(super) mod connection_refused;
pub(super) mod no_answer;
