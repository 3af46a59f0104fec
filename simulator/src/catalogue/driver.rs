//! Drivers by hardware id, which Microsoft Update alone offers ([MS-WSUSSS] 3.1.4.7 and 3.1.4.8).

use std::sync::Arc;

use time::OffsetDateTime;

use super::{Guid, Identity};

/// A driver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Driver {
    /// Which revision; its metadata is asked for like that of any other.
    pub identity: Identity,
    /// When it came into the catalogue.
    pub changed: OffsetDateTime,
    /// The versions of Windows that it is for.
    pub products: Arc<[Guid]>,
    /// The ids of the devices that it drives, in any case of letters.
    pub hardware_ids: Arc<[String]>,
}

/// A driver set: what a maker gives to the computers of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriverSet {
    /// Its id.
    pub id: Guid,
    /// When it came into the catalogue, or was removed.
    pub changed: OffsetDateTime,
    /// Whether it was removed.
    pub removed: bool,
    /// The versions of Windows that it is for.
    pub products: Arc<[Guid]>,
    /// The computers that it is for.
    pub computer_ids: Arc<[Guid]>,
    /// The drivers in it.
    pub drivers: Arc<[Identity]>,
    /// What says for which computers it is.
    pub xml: Arc<str>,
}
