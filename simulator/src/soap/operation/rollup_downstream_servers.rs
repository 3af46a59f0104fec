//! RollupDownstreamServers ([MS-WSUSSS] 3.1.4.14): a downstream server reports itself and the servers below it.

use time::OffsetDateTime;

use super::Server;
use super::get_rollup_configuration::MAX_SUMMARIES;
use super::report::Shift;
use crate::catalogue::Guid;
use crate::soap::fault::SoapFault;
use crate::soap::read::{Element, Reading, Unreadable};

mod read;

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollupDownstreamServers {
    /// `clientTime`.
    pub client_time: OffsetDateTime,
    /// `downstreamServers`.
    pub downstream_servers: Option<Vec<ServerRollup>>,
}

/// `DownstreamServerRollupInfo` ([MS-WSUSSS] 3.1.4.14.3.2).
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the specification's own names, described there")]
pub struct ServerRollup {
    pub server_id: Guid,
    pub full_domain_name: String,
    pub last_sync_time: OffsetDateTime,
    /// Zeros for the server that the report is sent to.
    pub parent_server_id: Guid,
    pub version: String,
    pub is_replica: bool,
    pub last_rollup_time: OffsetDateTime,
    pub server_summary: ServerSummary,
    pub client_summaries: Vec<ClientSummary>,
}

/// `DownstreamServerRollupServerSummary` ([MS-WSUSSS] 3.1.4.14.3.3): its counts in the order of [`SUMMARY`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServerSummary(pub [i32; SUMMARY.len()]);

/// The names of the counts of a server.
pub const SUMMARY: [&str; 18] = [
    "UpdateCount",
    "DeclinedUpdateCount",
    "ApprovedUpdateCount",
    "NotApprovedUpdateCount",
    "UpdatesWithStaleUpdateApprovalsCount",
    "ExpiredUpdateCount",
    "CriticalOrSecurityUpdatesNotApprovedForInstallCount",
    "WsusInfrastructureUpdatesNotApprovedForInstallCount",
    "UpdatesWithClientErrorsCount",
    "UpdatesWithServerErrorsCount",
    "UpdatesNeedingFilesCount",
    "UpdatesNeededByComputersCount",
    "UpdatesUpToDateCount",
    "CustomComputerTargetGroupCount",
    "ComputerTargetCount",
    "ComputerTargetsNeedingUpdatesCount",
    "ComputerTargetsWithUpdateErrorsCount",
    "ComputersUpToDateCount",
];

/// `DownstreamServerRollupClientSummary` ([MS-WSUSSS] 3.1.4.14.3.5): computers with one operating system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSummary {
    /// Which operating system.
    pub system: System,
    /// `Count`.
    pub count: i32,
    /// `ActivitySummaries`.
    pub activity_summaries: Vec<Activity>,
}

/// An operating system, as Windows Update agents describe it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the specification's own names, described there")]
pub struct System {
    /// Major, minor and build number, then major and minor number of the service pack.
    pub numbers: [i32; 5],
    pub os_locale: String,
    pub suite_mask: i16,
    pub old_product_type: u8,
    pub new_product_type: i32,
    pub system_metrics: i32,
    pub processor_architecture: String,
}

/// `DownstreamServerRollupClientActivitySummary` ([MS-WSUSSS] 3.1.4.14.3.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the specification's own names, described there")]
pub struct Activity {
    pub update_id: Guid,
    pub revision_number: i32,
    pub install_success_count: i32,
    pub install_failure_count: i32,
}

impl RollupDownstreamServers {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> Result<Self, Unreadable> {
        let [_, time, servers] = reading.members(wrapper, ["cookie", "clientTime", "downstreamServers"]);
        let rollups = |list| reading.items(list, "DownstreamServerRollupInfo").map(|item| read::server(reading, item));
        Ok(RollupDownstreamServers {
            client_time: reading.date_time(time)?,
            downstream_servers: servers.map(|list| rollups(list).collect()).transpose()?,
        })
    }

    pub(super) fn answer(&self, server: Server<'_>) -> Result<(), SoapFault> {
        let invalid = || SoapFault::invalid_parameter("downstreamServers");
        let rollups = self.downstream_servers.as_deref().ok_or_else(invalid)?;
        if MAX_SUMMARIES < rollups.iter().map(|rollup| rollup.client_summaries.len()).sum() {
            return Err(invalid());
        }
        let shift = Shift::between(server.now, self.client_time);
        let mut reports = server.state.reports();
        for rollup in rollups {
            let parent = server.known_parent(&reports, rollup.parent_server_id)?;
            reports.report_server(&rollup.shifted(shift), parent)?;
        }
        Ok(())
    }
}

impl ServerRollup {
    fn shifted(&self, shift: Shift) -> ServerRollup {
        ServerRollup {
            last_sync_time: shift.apply(self.last_sync_time),
            last_rollup_time: shift.apply(self.last_rollup_time),
            ..self.clone()
        }
    }
}
