//! RollupComputerStatus ([MS-WSUSSS] 3.1.4.17): the state of updates on the computers below a downstream server.

use time::OffsetDateTime;

use super::Server;
use super::get_rollup_configuration::MAX_STATUSES;
use super::report::Shift;
use crate::catalogue::Guid;
use crate::soap::fault::SoapFault;
use crate::soap::read::{Element, Reading, Unreadable};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollupComputerStatus {
    /// `clientTime`.
    pub client_time: OffsetDateTime,
    /// `parentServerId`: the downstream server that reports.
    pub parent_server_id: Guid,
    /// `computers`.
    pub computers: Option<Vec<StatusRollup>>,
}

/// `ComputerStatusRollupInfo` ([MS-WSUSSS] 3.1.4.17.3.2); its `InstanceId` means nothing to a receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusRollup {
    /// `ComputerId`.
    pub computer_id: String,
    /// `RollupNumber`: counts the reports of this computer.
    pub rollup_number: i32,
    /// `IsFullRollup`: all that was known before is void.
    pub is_full_rollup: bool,
    /// `UpdateStatus`: update, `SummarizationState`, `LastChangeTime`.
    pub update_status: Vec<(Guid, i32, OffsetDateTime)>,
}

impl RollupComputerStatus {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> Result<RollupComputerStatus, Unreadable> {
        let [_, time, parent, computers] =
            reading.members(wrapper, ["cookie", "clientTime", "parentServerId", "computers"]);
        let items =
            |list| reading.items(list, "ComputerStatusRollupInfo").map(|item| StatusRollup::read(reading, item));
        Ok(RollupComputerStatus {
            client_time: reading.date_time(time)?,
            parent_server_id: reading.guid(parent)?,
            computers: computers.map(|list| items(list).collect()).transpose()?,
        })
    }

    /// `true`: an honest server of the lab is never too busy.
    pub(super) fn answer(&self, server: Server<'_>) -> Result<bool, SoapFault> {
        let computers = self.computers.as_deref().filter(|computers| computers.len() <= MAX_STATUSES);
        let computers = computers.ok_or_else(|| SoapFault::invalid_parameter("computers"))?;
        server.admit_details()?;
        let shift = Shift::between(server.now, self.client_time);
        let mut reports = server.state.reports();
        server.known_parent(&reports, self.parent_server_id)?;
        for computer in computers {
            let status: Vec<_> = computer
                .update_status
                .iter()
                .map(|(update, state, changed)| (*update, *state, shift.apply(*changed)))
                .collect();
            reports.report_status(&computer.computer_id, computer.rollup_number, computer.is_full_rollup, &status)?;
        }
        Ok(true)
    }
}

impl StatusRollup {
    fn read(reading: Reading, item: &Element<'_>) -> Result<StatusRollup, Unreadable> {
        const MEMBERS: [&str; 6] =
            ["InstanceId", "ComputerId", "EffectiveLastDetectionTime", "RollupNumber", "IsFullRollup", "UpdateStatus"];
        let [instance, id, detection, number, is_full, status] = reading.members(Some(item), MEMBERS);
        reading.guid(instance)?;
        reading.date_time(detection)?;
        let items = status.into_iter().flat_map(|list| reading.items(list, "ComputerStatusRollupUpdateStatus"));
        Ok(StatusRollup {
            computer_id: reading.string(id),
            rollup_number: reading.number(number)?,
            is_full_rollup: is_full.map_or(Ok(false), Element::boolean)?,
            update_status: items.map(|item| update_status(reading, item)).collect::<Result<_, _>>()?,
        })
    }
}

fn update_status(reading: Reading, item: &Element<'_>) -> Result<(Guid, i32, OffsetDateTime), Unreadable> {
    let [update, state, changed] = reading.members(Some(item), ["UpdateId", "SummarizationState", "LastChangeTime"]);
    Ok((reading.guid(update)?, reading.number(state)?, reading.date_time(changed)?))
}
