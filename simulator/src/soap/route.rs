//! Which service a path means, and which operation a request asks of it.

use super::envelope::Version;
use super::message::Operation;
use super::read::Namespace;
use super::{Personality, ServiceSettings, WebRequest};

/// The web services that have an address here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// Server Sync Web Service.
    ServerSync,
    /// DSS Authorization Web Service.
    DssAuth,
    /// Reporting Web Service.
    Reporting,
    /// The service of Windows Update agents.
    Client,
    /// Authorization of Windows Update agents.
    SimpleAuth,
}

const ALL: [Endpoint; 5] =
    [Endpoint::ServerSync, Endpoint::DssAuth, Endpoint::Reporting, Endpoint::Client, Endpoint::SimpleAuth];

impl Endpoint {
    /// Finds the service of a path: case-blind, doubled slashes like one, the base in front or not.
    pub(crate) fn of(path: &str, settings: &ServiceSettings) -> Option<Endpoint> {
        let rest = settings.base.as_deref().and_then(|base| without_base(path, base)).unwrap_or(path);
        // What follows the file name would be the name of a method, which these services do not take from the path.
        if rest.ends_with('/') {
            return None;
        }
        let mut segments = rest.split('/').filter(|segment| !segment.is_empty());
        let (directory, file) = (segments.next()?, segments.next()?);
        if segments.next().is_some() {
            return None;
        }
        let is_this = |endpoint: &Endpoint| {
            let (its_directory, its_file) = endpoint.place();
            directory.eq_ignore_ascii_case(its_directory) && file.eq_ignore_ascii_case(its_file)
        };
        let endpoint = ALL.into_iter().find(is_this)?;
        // Nobody reports to Microsoft Update by way of this protocol.
        let is_there = endpoint != Endpoint::Reporting || settings.personality == Personality::Asmx;
        is_there.then_some(endpoint)
    }

    /// Virtual directory and file.
    const fn place(self) -> (&'static str, &'static str) {
        match self {
            Endpoint::ServerSync => ("ServerSyncWebService", "ServerSyncWebService.asmx"),
            Endpoint::DssAuth => ("DssAuthWebService", "DssAuthWebService.asmx"),
            Endpoint::Reporting => ("ReportingWebService", "ReportingWebService.asmx"),
            Endpoint::Client => ("ClientWebService", "client.asmx"),
            Endpoint::SimpleAuth => ("SimpleAuthWebService", "SimpleAuth.asmx"),
        }
    }

    /// What people call it.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Endpoint::ServerSync => "ServerSyncWebService",
            Endpoint::DssAuth => "DssAuthWebService",
            Endpoint::Reporting => "ReportingWebService",
            Endpoint::Client => "Client",
            Endpoint::SimpleAuth => "SimpleAuth",
        }
    }

    /// The namespace of its messages but for Ping's.
    pub(crate) const fn namespace(self) -> Namespace {
        match self {
            Endpoint::ServerSync | Endpoint::Reporting => Namespace::ServerSync,
            Endpoint::DssAuth => Namespace::DssAuth,
            Endpoint::Client => Namespace::Client,
            Endpoint::SimpleAuth => Namespace::SimpleAuth,
        }
    }

    /// Whether it describes itself; the services of agents show a page and no description.
    pub(crate) const fn is_described(self) -> bool {
        matches!(self, Endpoint::ServerSync | Endpoint::DssAuth | Endpoint::Reporting)
    }

    /// Its operations, as far as a server of this version has them.
    pub(crate) fn offered(self, settings: &ServiceSettings) -> impl Iterator<Item = Operation> {
        let version = settings.component();
        self.operations().iter().copied().filter(move |operation| operation.since() <= version)
    }

    const fn operations(self) -> &'static [Operation] {
        match self {
            Endpoint::ServerSync => &[
                Operation::DownloadFiles,
                Operation::GetAuthConfig,
                Operation::GetConfigData,
                Operation::GetCookie,
                Operation::GetDeployments,
                Operation::GetDriverIdList,
                Operation::GetDriverSetData,
                Operation::GetRelatedRevisionsForUpdates,
                Operation::GetRevisionIdList,
                Operation::GetUpdateData,
                Operation::GetUpdateDecryptionData,
                Operation::Ping,
            ],
            Endpoint::DssAuth => &[Operation::GetAuthorizationCookie, Operation::Ping],
            Endpoint::Reporting => &[
                Operation::GetOutOfSyncComputers,
                Operation::GetRollupConfiguration,
                Operation::Ping,
                Operation::RollupComputerStatus,
                Operation::RollupComputers,
                Operation::RollupDownstreamServers,
            ],
            Endpoint::Client => &[
                Operation::GetClientConfig,
                Operation::GetClientCookie,
                Operation::RegisterComputer,
                Operation::SyncUpdates,
            ],
            Endpoint::SimpleAuth => &[Operation::GetClientAuthorizationCookie],
        }
    }
}

/// What a request says about the operation outside its envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action<'a> {
    /// Nothing; the body decides.
    Missing,
    /// One of the service's own.
    Known(Operation),
    /// Something else.
    Unknown(&'a str),
}

impl<'a> Action<'a> {
    /// Reads the action, with quotes or without, from where its version of SOAP has it.
    pub(crate) fn of(
        request: &'a WebRequest<'_>,
        endpoint: Endpoint,
        version: Version,
        settings: &ServiceSettings,
    ) -> Action<'a> {
        let text = match version {
            Version::Soap11 => request.header("SOAPAction"),
            Version::Soap12 => request.header("Content-Type").and_then(action_parameter),
        };
        let Some(text) = text.map(str::trim) else { return Action::Missing };
        let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
        let is_this = |operation: &Operation| {
            let name = text.strip_prefix(operation.namespace().uri()).and_then(|rest| rest.strip_prefix('/'));
            name == Some(operation.name())
        };
        endpoint.offered(settings).find(is_this).map_or(Action::Unknown(text), Action::Known)
    }
}

/// The version of SOAP that a media type announces; `None` where it is none of SOAP's.
pub(crate) fn version(content_type: Option<&str>) -> Option<Version> {
    let media_type = content_type?.split(';').next()?.trim();
    if media_type.eq_ignore_ascii_case("text/xml") {
        return Some(Version::Soap11);
    }
    media_type.eq_ignore_ascii_case("application/soap+xml").then_some(Version::Soap12)
}

fn without_base<'p>(path: &'p str, base: &str) -> Option<&'p str> {
    let path = path.trim_start_matches('/');
    let base = base.trim_matches('/');
    let (front, rest) = path.split_at_checked(base.len())?;
    (front.eq_ignore_ascii_case(base) && rest.starts_with('/')).then_some(rest)
}

fn action_parameter(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("action").then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(path: &str, base: Option<&str>) -> Option<Endpoint> {
        Endpoint::of(path, &ServiceSettings::microsoft_update(base))
    }

    #[test]
    fn paths_are_case_blind_and_doubled_slashes_are_one() {
        let good = [
            "/DssAuthWebService/DssAuthWebService.asmx",
            "//DssAuthWebService/DssAuthWebService.asmx",
            "/dssauthwebservice//dssauthwebservice.ASMX",
        ];
        for path in good {
            assert_eq!(endpoint(path, None), Some(Endpoint::DssAuth), "{path}");
        }
    }

    #[test]
    fn other_paths_are_no_web_service() {
        let other = [
            "/",
            "",
            "/ServerSyncWebService",
            "/ServerSyncWebService/",
            "/ServerSyncWebService/ServerSyncProxy.asmx",
            "/ServerSyncWebService/ServerSyncWebService.asmx/",
            "/ServerSyncWebService/ServerSyncWebService.asmx/GetCookie",
            "/Content/AA/BB.cab",
            "/v6/ServerSyncWebService/ServerSyncWebService.asmx",
            "/DssAuthWebService/ServerSyncWebService.asmx",
        ];
        for path in other {
            assert_eq!(endpoint(path, None), None, "{path}");
        }
    }

    #[test]
    fn a_base_is_tolerated_where_the_server_has_one() {
        for path in
            ["/v6/ClientWebService/client.asmx", "//V6//ClientWebService/client.asmx", "/ClientWebService/client.asmx"]
        {
            assert_eq!(endpoint(path, Some("/v6")), Some(Endpoint::Client), "{path}");
        }
        assert_eq!(endpoint("/v66/ClientWebService/client.asmx", Some("/v6")), None);
    }

    #[test]
    fn media_types_announce_the_version() {
        assert_eq!(version(Some("Text/XML; charset=utf-8")), Some(Version::Soap11));
        assert_eq!(version(Some("application/soap+xml;action=\"x\"")), Some(Version::Soap12));
        assert_eq!(version(Some("text/plain")), None);
        assert_eq!(version(None), None);
    }
}
