//! The packings of the protocol: cabinets, in which metadata and exports travel, and `xpress`, in which answers do; and gzip,
//! which is IIS's own.

pub mod cabinet;
pub(crate) mod gzip;
pub mod xpress;
