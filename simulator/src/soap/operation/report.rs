//! What the operations of the reporting service have in common: faults, clocks, the servers that are known.

use time::{Duration, OffsetDateTime};

use super::Server;
use crate::catalogue::Guid;
use crate::soap::fault::{ErrorCode, SoapFault};
use crate::soap::state::{Full, Reports};

/// The specification wants a fault and says nothing of its code; a full table answers like any trouble of a database.
pub(super) fn internal_error() -> SoapFault {
    SoapFault::of(ErrorCode::InternalServerError)
}

impl From<Full> for SoapFault {
    fn from(_: Full) -> SoapFault {
        internal_error()
    }
}

impl Server<'_> {
    /// Computers may be reported to a server that is configured for it.
    pub(super) fn admit_details(self) -> Result<(), SoapFault> {
        if self.settings.detailed_rollup { Ok(()) } else { Err(internal_error()) }
    }

    /// The parent that a report names, which must be known; zeros mean this server.
    pub(super) fn known_parent(self, reports: &Reports, parent: Guid) -> Result<Guid, SoapFault> {
        let own = self.settings.server_id;
        let parent = if parent == Guid::default() { own } else { parent };
        if parent == own || reports.server(parent).is_some() { Ok(parent) } else { Err(internal_error()) }
    }
}

/// How much the clocks of two servers differ, where it is more than the minute that is forgiven.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shift(Duration);

impl Shift {
    pub(super) fn between(now: OffsetDateTime, client_time: OffsetDateTime) -> Shift {
        let difference = now - client_time;
        Shift(if Duration::MINUTE < difference.abs() { difference } else { Duration::ZERO })
    }

    /// A time of the other server's clock in terms of this one's.
    pub(super) fn apply(self, time: OffsetDateTime) -> OffsetDateTime {
        time.saturating_add(self.0)
    }
}
