//! GetRollupConfiguration ([MS-WSUSSS] 3.1.4.13): how much may be reported at once. Its cookie is a constant and not
//! looked at, as in all operations of the reporting service.

use super::Server;
use crate::catalogue::Guid;
use crate::soap::write::{Sink, Writer};

/// `RollupConfiguration` ([MS-WSUSSS] 3.1.4.13.3.1). The maxima are the same on every server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollupConfiguration {
    /// `DoDetailedRollup`: whether computers may be reported, too.
    pub do_detailed_rollup: bool,
    /// `RollupResetGuid`: another one makes a downstream server report everything again.
    pub rollup_reset_guid: Guid,
    /// `ServerId`.
    pub server_id: Guid,
}

/// `RollupDownstreamServersMaxBatchSize`: client summaries in one request.
pub(super) const MAX_SUMMARIES: usize = 5_000;
/// `RollupComputersMaxBatchSize`.
pub(super) const MAX_COMPUTERS: usize = 1_500;
/// `GetOutOfSyncComputersMaxBatchSize`.
pub(super) const MAX_ROLLUP_NUMBERS: usize = 20_000;
/// `RollupComputerStatusMaxBatchSize`.
pub(super) const MAX_STATUSES: usize = 500;

/// Composes the response.
pub(super) fn answer(server: Server<'_>) -> RollupConfiguration {
    let server_id = server.settings.server_id;
    RollupConfiguration {
        do_detailed_rollup: server.settings.detailed_rollup,
        rollup_reset_guid: Guid::named(&format!("rollup/{server_id}/{}", server.catalogue.epoch())),
        server_id,
    }
}

impl RollupConfiguration {
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.value("DoDetailedRollup", self.do_detailed_rollup);
        writer.value("RollupResetGuid", self.rollup_reset_guid);
        writer.value("ServerId", self.server_id);
        writer.value("RollupDownstreamServersMaxBatchSize", MAX_SUMMARIES);
        writer.value("RollupComputersMaxBatchSize", MAX_COMPUTERS);
        writer.value("GetOutOfSyncComputersMaxBatchSize", MAX_ROLLUP_NUMBERS);
        writer.value("RollupComputerStatusMaxBatchSize", MAX_STATUSES);
    }
}
