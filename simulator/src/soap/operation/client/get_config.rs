//! GetConfig of the client web service ([MS-WUSP] 3.1.5.2).

use time::OffsetDateTime;

use super::super::{Server, get_auth_config::write_plug_in};
use crate::soap::fault::SoapFault;
use crate::soap::read::{Element, Reading};
use crate::soap::write::{Sink, Writer};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetConfig {
    /// `protocolVersion`.
    pub protocol_version: Option<String>,
}

/// `Config` ([MS-WUSP] 2.2.2.2.1); its properties are those that a server of 2025 was seen to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// `LastChange`.
    pub last_change: OffsetDateTime,
    /// `IsRegistrationRequired`.
    pub is_registration_required: bool,
    /// Name and value of each of `Properties`.
    pub properties: Vec<(&'static str, String)>,
}

/// The name of the only way to be authorized.
pub(super) const PLUG_IN: &str = "SimpleTargeting";

impl GetConfig {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> GetConfig {
        let [version] = reading.members(wrapper, ["protocolVersion"]);
        GetConfig { protocol_version: version.map(Element::string) }
    }

    pub(in super::super) fn answer(&self, server: Server<'_>) -> Result<Config, SoapFault> {
        check_version(self.protocol_version.as_deref())?;
        let machine = server.url.split_once("://").map_or("", |(_, rest)| rest);
        let machine = machine.split(['/', ':']).next().unwrap_or_default();
        let properties = vec![
            ("MaxExtendedUpdatesPerRequest", "50".to_owned()),
            ("PackageServerShare", format!("\\\\{machine}\\UpdateServicesPackages")),
            ("ProtocolVersion", "3.2".to_owned()),
            ("IsInventoryRequired", "0".to_owned()),
            ("ClientReportingLevel", "2".to_owned()),
        ];
        Ok(Config { last_change: server.settings.configured, is_registration_required: true, properties })
    }
}

/// A version of two parts; agents of any major version are served.
pub(super) fn check_version(text: Option<&str>) -> Result<(), SoapFault> {
    let invalid = || SoapFault::invalid_parameter("protocolVersion");
    let (major, minor) = text.and_then(|text| text.split_once('.')).ok_or_else(invalid)?;
    let is_number = |part: &str| part.parse::<u32>().is_ok() && part.bytes().all(|byte| byte.is_ascii_digit());
    if is_number(major) && is_number(minor) { Ok(()) } else { Err(invalid()) }
}

impl Config {
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.date_time("LastChange", self.last_change);
        writer.value("IsRegistrationRequired", self.is_registration_required);
        writer.wrap("AuthInfo", |writer| write_plug_in(writer, PLUG_IN, "SimpleAuthWebService/SimpleAuth.asmx"));
        writer.array("Properties", &self.properties, |writer, (name, value)| {
            writer.wrap("ConfigurationProperty", |writer| {
                writer.text("Name", name);
                writer.text("Value", value);
            });
        });
    }
}
