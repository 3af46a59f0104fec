//! Rules of the layer `dns`.

pub(super) mod name_not_found;
