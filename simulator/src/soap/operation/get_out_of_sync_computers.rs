//! GetOutOfSyncComputers ([MS-WSUSSS] 3.1.4.16): of which computers everything must be reported again.

use super::Server;
use super::get_rollup_configuration::MAX_ROLLUP_NUMBERS;
use crate::catalogue::Guid;
use crate::soap::fault::SoapFault;
use crate::soap::read::{Element, Reading, Unreadable};
use crate::soap::write::{Sink, Writer};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetOutOfSyncComputers {
    /// `parentServerId`: the downstream server that asks.
    pub parent_server_id: Guid,
    /// `lastRollupNumbers`: id and number of each computer.
    pub last_rollup_numbers: Option<Vec<(String, i32)>>,
}

/// `GetOutOfSyncComputersResult`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutOfSyncComputers {
    /// Ids of computers.
    pub computers: Vec<String>,
}

impl GetOutOfSyncComputers {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> Result<Self, Unreadable> {
        let [_, parent, numbers] = reading.members(wrapper, ["cookie", "parentServerId", "lastRollupNumbers"]);
        let pair = |item| {
            let [id, number] = reading.members(Some(item), ["ComputerId", "RollupNumber"]);
            Ok((reading.string(id), reading.number(number)?))
        };
        let pairs = |list| reading.items(list, "ComputerLastRollupNumber").map(pair).collect::<Result<_, _>>();
        Ok(GetOutOfSyncComputers {
            parent_server_id: reading.guid(parent)?,
            last_rollup_numbers: numbers.map(pairs).transpose()?,
        })
    }

    /// A server that is not known has no computers here; that is no fault.
    pub(super) fn answer(&self, server: Server<'_>) -> Result<OutOfSyncComputers, SoapFault> {
        let numbers = self.last_rollup_numbers.as_deref().filter(|numbers| numbers.len() <= MAX_ROLLUP_NUMBERS);
        let numbers = numbers.ok_or_else(|| SoapFault::invalid_parameter("lastRollupNumbers"))?;
        server.admit_details()?;
        let reports = server.state.reports();
        if reports.server(self.parent_server_id).is_none() {
            return Ok(OutOfSyncComputers { computers: Vec::new() });
        }
        let family = reports.family(self.parent_server_id);
        let differs = |(id, number): &&(String, i32)| {
            let known = reports.computer(id).filter(|known| family.contains(&known.parent));
            known.is_some_and(|known| known.rollup_number != *number)
        };
        let computers = numbers.iter().filter(differs).map(|(id, _)| id.clone()).collect();
        Ok(OutOfSyncComputers { computers })
    }
}

impl OutOfSyncComputers {
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        self.computers.iter().for_each(|id| writer.text("string", id));
    }
}
