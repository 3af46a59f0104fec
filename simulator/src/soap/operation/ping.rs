//! Ping ([MS-WSUSSS] 3.1.4.12): declared by all services and called by nobody; the server says that it runs.

use time::OffsetDateTime;

use super::Server;
use crate::soap::read::{Element, Reading, Unreadable};
use crate::soap::write::{Sink, Writer};

/// The request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ping {
    /// `pingLevel`; it decides nothing here.
    pub ping_level: i32,
}

/// `MonitoredServicesResponse`, as far as it means something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitored {
    /// `ServicesTime`.
    pub services_time: OffsetDateTime,
    /// `ServicesName`.
    pub services_name: String,
    /// `ServicesMachine`.
    pub services_machine: String,
    /// `IsHttps`.
    pub is_https: bool,
    /// `ConfigFileLastModifiedTime`.
    pub configured: OffsetDateTime,
    /// `ConfigFileVersion`.
    pub version: String,
}

impl Ping {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> Result<Ping, Unreadable> {
        let [level] = reading.members(wrapper, ["pingLevel"]);
        Ok(Ping { ping_level: level.map_or(Ok(0), Element::int)? })
    }

    pub(super) fn answer(server: Server<'_>) -> Monitored {
        let (scheme, rest) = server.url.split_once("://").unwrap_or(("http", server.url));
        let machine = rest.split(['/', ':']).next().unwrap_or_default();
        Monitored {
            services_time: server.now,
            services_name: server.service.to_owned(),
            services_machine: machine.to_owned(),
            is_https: scheme == "https",
            configured: server.settings.configured,
            version: server.settings.version.clone(),
        }
    }
}

impl Monitored {
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.value("SuccessFlag", true);
        writer.date_time("ServicesTime", self.services_time);
        writer.text("ServicesName", &self.services_name);
        writer.text("ServicesMachine", &self.services_machine);
        writer.value("IsHttps", self.is_https);
        writer.date_time("ConfigFileLastModifiedTime", self.configured);
        writer.text("ConfigFileVersion", &self.version);
        writer.date_time("ConfigFileNextExpirationTime", self.services_time);
        writer.value("ConfigFileExpirationModuloInMinutes", 0);
    }
}
