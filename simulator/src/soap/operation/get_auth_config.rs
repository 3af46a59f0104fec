//! GetAuthConfig ([MS-WSUSSS] 3.1.4.1): which service gives authorization. Takes no member and refuses nothing.

use time::OffsetDateTime;

use super::Server;
use crate::soap::write::{Sink, Writer};

/// `GetAuthConfigResult`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthConfig {
    /// `LastChange`.
    pub last_change: OffsetDateTime,
    /// `PlugInID` of the only `AuthPlugInInfo`.
    pub plug_in_id: String,
    /// `ServiceUrl` of it, relative to the server's root.
    pub service_url: String,
}

/// The name of the only way to be authorized.
pub(super) const PLUG_IN: &str = "DssTargeting";

/// Composes the response.
pub(super) fn answer(server: Server<'_>) -> AuthConfig {
    AuthConfig {
        last_change: server.settings.configured,
        plug_in_id: PLUG_IN.to_owned(),
        service_url: "DssAuthWebService/DssAuthWebService.asmx".to_owned(),
    }
}

impl AuthConfig {
    /// Writes the members. The specification forbids `Parameter`; real servers send it empty.
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.date_time("LastChange", self.last_change);
        writer.wrap("AuthInfo", |writer| write_plug_in(writer, &self.plug_in_id, &self.service_url));
    }
}

/// `AuthPlugInInfo`.
pub(super) fn write_plug_in<S: Sink>(writer: &mut Writer<'_, S>, id: &str, service_url: &str) {
    writer.wrap("AuthPlugInInfo", |writer| {
        writer.text("PlugInID", id);
        writer.text("ServiceUrl", service_url);
        writer.empty("Parameter");
    });
}
