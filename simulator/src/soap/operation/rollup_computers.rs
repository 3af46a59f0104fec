//! RollupComputers ([MS-WSUSSS] 3.1.4.15): a downstream server reports the computers below it. The only messages of the
//! protocol whose values stand in attributes.

use time::OffsetDateTime;

use super::Server;
use super::get_rollup_configuration::MAX_COMPUTERS;
use super::report::Shift;
use crate::catalogue::Guid;
use crate::soap::fault::SoapFault;
use crate::soap::read::{Element, Reading, Unreadable};
use crate::soap::state::{Computer, Reports};
use crate::soap::write::{Sink, Writer};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollupComputers {
    /// `clientTime`.
    pub client_time: OffsetDateTime,
    /// `computers`.
    pub computers: Option<Vec<ComputerRollup>>,
}

/// `ComputerRollupInfo` ([MS-WSUSSS] 3.1.4.15.3.2), as far as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComputerRollup {
    /// `ComputerId`.
    pub computer_id: String,
    /// `LastSyncTime`.
    pub last_sync_time: OffsetDateTime,
    /// `LastSyncResult`: 0 unknown, 1 succeeded, 2 failed.
    pub last_sync_result: i32,
    /// `ParentServerId`.
    pub parent_server_id: Guid,
    /// `FullDomainName` of `Details`; `None` where the computer comes without them.
    pub details: Option<String>,
}

/// `RollupComputersResult`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedComputers {
    /// Each computer at most once.
    pub computers: Vec<(String, ComputerChange)>,
}

/// `ComputerChangeType` ([MS-WSUSSS] 3.1.4.15.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComputerChange {
    /// The computer was deleted here; nothing more shall be reported of it.
    Deleted,
    /// The details are wanted.
    NewParent,
}

impl RollupComputers {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> Result<RollupComputers, Unreadable> {
        let [_, time, computers] = reading.members(wrapper, ["cookie", "clientTime", "computers"]);
        let items = |list| reading.items(list, "ComputerRollupInfo").map(|item| ComputerRollup::read(reading, item));
        Ok(RollupComputers {
            client_time: reading.date_time(time)?,
            computers: computers.map(|list| items(list).collect()).transpose()?,
        })
    }

    pub(super) fn answer(&self, server: Server<'_>) -> Result<ChangedComputers, SoapFault> {
        let computers = self.computers.as_deref().filter(|computers| computers.len() <= MAX_COMPUTERS);
        let computers = computers.ok_or_else(|| SoapFault::invalid_parameter("computers"))?;
        server.admit_details()?;
        let shift = Shift::between(server.now, self.client_time);
        let mut reports = server.state.reports();
        for computer in computers {
            server.known_parent(&reports, computer.parent_server_id)?;
        }
        let mut changed: Vec<(String, ComputerChange)> = Vec::new();
        for computer in computers {
            let Some(change) = computer.enter(&mut reports, shift)? else { continue };
            if changed.iter().all(|(id, _)| *id != computer.computer_id) {
                changed.push((computer.computer_id.clone(), change));
            }
        }
        Ok(ChangedComputers { computers: changed })
    }
}

impl ComputerRollup {
    fn read(reading: Reading, item: &Element<'_>) -> Result<ComputerRollup, Unreadable> {
        const TIMES: [&str; 4] =
            ["LastSyncTime", "LastReportedRebootTime", "LastReportedStatusTime", "LastInventoryTime"];
        let mut times = [OffsetDateTime::UNIX_EPOCH; 4];
        for (time, name) in times.iter_mut().zip(TIMES) {
            *time = item.attribute(name).map_or(Ok(*time), |text| text.date_time())?;
        }
        let [details] = reading.members(Some(item), ["Details"]);
        let name = |details: &Element<'_>| details.attribute("FullDomainName").map(|name| name.string());
        Ok(ComputerRollup {
            computer_id: item.attribute("ComputerId").map(|id| id.string()).unwrap_or_default(),
            last_sync_time: times[0],
            last_sync_result: item.attribute("LastSyncResult").map_or(Ok(0), |result| result.number())?,
            parent_server_id: item.attribute("ParentServerId").map_or(Ok(Guid::default()), |id| id.guid())?,
            details: details.map(|details| name(details).unwrap_or_default()),
        })
    }

    /// Enters the computer, and says what its server must know of it.
    fn enter(&self, reports: &mut Reports, shift: Shift) -> Result<Option<ComputerChange>, SoapFault> {
        if reports.is_deleted(&self.computer_id) {
            return Ok(Some(ComputerChange::Deleted));
        }
        let last_sync = shift.apply(self.last_sync_time);
        let known = reports.computer(&self.computer_id);
        if known.is_some_and(|known| last_sync < known.last_sync) {
            return Ok(None);
        }
        let has_new_parent = known.is_none_or(|known| known.parent != self.parent_server_id);
        let computer = Computer {
            parent: self.parent_server_id,
            last_sync,
            last_sync_result: self.last_sync_result,
            name: self.details.clone().or_else(|| Some(known?.name.clone())).unwrap_or_default(),
            rollup_number: known.map_or(0, |known| known.rollup_number),
            status: known.map(|known| known.status.clone()).unwrap_or_default(),
        };
        reports.report_computer(self.computer_id.clone(), computer)?;
        Ok((has_new_parent && self.details.is_none()).then_some(ComputerChange::NewParent))
    }
}

impl ComputerChange {
    const fn name(self) -> &'static str {
        match self {
            ComputerChange::Deleted => "Deleted",
            ComputerChange::NewParent => "NewParent",
        }
    }
}

impl ChangedComputers {
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        for (id, change) in &self.computers {
            writer.attributed("ChangedComputer", &[("ComputerId", id), ("Change", change.name())]);
        }
    }
}
