//! GetDriverSetData ([MS-WSUSSS] 3.1.4.8): what driver sets say about the computers that they are for.

use std::sync::Arc;

use super::get_cookie::Cookie;
use super::{Server, guids};
use crate::catalogue::Guid;
use crate::soap::Personality;
use crate::soap::fault::{ErrorCode, SoapFault};
use crate::soap::read::{Element, Reading, Unreadable};
use crate::soap::write::{Sink, Writer};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetDriverSetData {
    /// `cookie`.
    pub cookie: Option<Cookie>,
    /// `driverSets`.
    pub driver_sets: Option<Vec<Guid>>,
}

/// `ServerDriverSetData` ([MS-WSUSSS] 3.1.4.8.3.1): ids that are not known are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriverSetData {
    /// `DriverSets`: id and `DriverSetXml`.
    pub driver_sets: Vec<(Guid, Arc<str>)>,
}

impl GetDriverSetData {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> Result<GetDriverSetData, Unreadable> {
        let [cookie, sets] = reading.members(wrapper, ["cookie", "driverSets"]);
        let cookie = cookie.map(|cookie| Cookie::read(reading, cookie)).transpose()?;
        let driver_sets = sets.map(|sets| guids::read(reading, sets)).transpose()?;
        Ok(GetDriverSetData { cookie, driver_sets })
    }

    pub(super) fn answer(&self, server: Server<'_>) -> Result<DriverSetData, SoapFault> {
        server.admit(self.cookie.as_ref())?;
        let wanted = self.driver_sets.as_deref().ok_or_else(|| SoapFault::invalid_parameter("driverSets"))?;
        if server.settings.maxima().driver_sets < wanted.len() {
            return Err(too_many(server.settings.personality));
        }
        let known = server.catalogue.driver_sets().filter(|set| !set.removed && wanted.contains(&set.id));
        Ok(DriverSetData { driver_sets: known.map(|set| (set.id, set.xml)).collect() })
    }
}

/// The table of conditions has one code and the table of codes another; the newer one is Microsoft Update's.
fn too_many(personality: Personality) -> SoapFault {
    match personality {
        Personality::Asmx => SoapFault::invalid_parameter("driverSets"),
        Personality::Wcf => SoapFault { code: ErrorCode::TooManyIds, message: "driverSets".to_owned() },
    }
}

impl DriverSetData {
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.array("DriverSets", &self.driver_sets, |writer, (id, xml)| {
            writer.wrap("ServerSyncDriverSetData", |writer| {
                writer.value("DriverSetId", id);
                writer.text("DriverSetXml", xml);
            });
        });
    }
}
