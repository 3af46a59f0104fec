//! The operations that this server knows, and their typed messages. Each operation has a file of its own in `operation`.

use super::read::Namespace;

mod request;
mod response;

pub use request::Request;
pub use response::Response;

/// An operation of one of the protocols. Two names of the agents' protocol are those of the servers' protocol, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the specifications' own names, described there")]
pub enum Operation {
    GetAuthConfig,
    GetAuthorizationCookie,
    GetCookie,
    GetConfigData,
    GetRevisionIdList,
    GetUpdateData,
    GetUpdateDecryptionData,
    GetDriverIdList,
    GetDriverSetData,
    GetRelatedRevisionsForUpdates,
    GetDeployments,
    DownloadFiles,
    Ping,
    GetRollupConfiguration,
    RollupDownstreamServers,
    RollupComputers,
    GetOutOfSyncComputers,
    RollupComputerStatus,
    GetClientConfig,
    GetClientAuthorizationCookie,
    GetClientCookie,
    RegisterComputer,
    SyncUpdates,
}

impl Operation {
    /// Every operation.
    pub(crate) const ALL: [Operation; 23] = [
        Operation::GetAuthConfig,
        Operation::GetAuthorizationCookie,
        Operation::GetCookie,
        Operation::GetConfigData,
        Operation::GetRevisionIdList,
        Operation::GetUpdateData,
        Operation::GetUpdateDecryptionData,
        Operation::GetDriverIdList,
        Operation::GetDriverSetData,
        Operation::GetRelatedRevisionsForUpdates,
        Operation::GetDeployments,
        Operation::DownloadFiles,
        Operation::Ping,
        Operation::GetRollupConfiguration,
        Operation::RollupDownstreamServers,
        Operation::RollupComputers,
        Operation::GetOutOfSyncComputers,
        Operation::RollupComputerStatus,
        Operation::GetClientConfig,
        Operation::GetClientAuthorizationCookie,
        Operation::GetClientCookie,
        Operation::RegisterComputer,
        Operation::SyncUpdates,
    ];

    /// The operation of that label.
    pub(crate) fn labelled(label: &str) -> Option<Operation> {
        Operation::ALL.into_iter().find(|operation| operation.label() == label)
    }

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Operation::GetAuthConfig => "GetAuthConfig",
            Operation::GetAuthorizationCookie => "GetAuthorizationCookie",
            Operation::GetCookie => "GetCookie",
            Operation::GetConfigData => "GetConfigData",
            Operation::GetRevisionIdList => "GetRevisionIdList",
            Operation::GetUpdateData => "GetUpdateData",
            Operation::GetUpdateDecryptionData => "GetUpdateDecryptionData",
            Operation::GetDriverIdList => "GetDriverIdList",
            Operation::GetDriverSetData => "GetDriverSetData",
            Operation::GetRelatedRevisionsForUpdates => "GetRelatedRevisionsForUpdates",
            Operation::GetDeployments => "GetDeployments",
            Operation::DownloadFiles => "DownloadFiles",
            Operation::Ping => "Ping",
            Operation::GetRollupConfiguration => "GetRollupConfiguration",
            Operation::RollupDownstreamServers => "RollupDownstreamServers",
            Operation::RollupComputers => "RollupComputers",
            Operation::GetOutOfSyncComputers => "GetOutOfSyncComputers",
            Operation::RollupComputerStatus => "RollupComputerStatus",
            Operation::GetClientConfig => "GetConfig",
            Operation::GetClientAuthorizationCookie => "GetAuthorizationCookie",
            Operation::GetClientCookie => "GetCookie",
            Operation::RegisterComputer => "RegisterComputer",
            Operation::SyncUpdates => "SyncUpdates",
        }
    }

    /// Its name in journals and in what a fault waits for: that on the wire, told apart where two protocols have the same.
    pub const fn label(self) -> &'static str {
        match self {
            Operation::GetClientConfig => "client/GetConfig",
            Operation::GetClientAuthorizationCookie => "client/GetAuthorizationCookie",
            Operation::GetClientCookie => "client/GetCookie",
            other => other.name(),
        }
    }

    /// The namespace of its messages, which begins its action, too.
    pub(crate) const fn namespace(self) -> Namespace {
        match self {
            Operation::GetAuthorizationCookie => Namespace::DssAuth,
            Operation::Ping => Namespace::Monitorable,
            Operation::GetClientAuthorizationCookie => Namespace::SimpleAuth,
            Operation::GetClientConfig
            | Operation::GetClientCookie
            | Operation::RegisterComputer
            | Operation::SyncUpdates => Namespace::Client,
            _ => Namespace::ServerSync,
        }
    }

    /// Major and minor number of the first WSUS that has it.
    pub(crate) const fn since(self) -> (u32, u32) {
        match self {
            Operation::GetDriverIdList | Operation::GetDriverSetData => (10, 0),
            Operation::GetUpdateDecryptionData => (6, 2),
            Operation::GetRollupConfiguration
            | Operation::RollupDownstreamServers
            | Operation::RollupComputers
            | Operation::GetOutOfSyncComputers
            | Operation::RollupComputerStatus => (3, 0),
            _ => (0, 0),
        }
    }
}
