//! The two packings of the protocol: cabinets, in which metadata and exports travel, and `xpress`, in which answers do.

pub mod cabinet;
pub mod xpress;
