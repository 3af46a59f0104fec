//! Requests that have been read.

use super::Operation;
use crate::soap::operation::client::get_authorization_cookie::GetClientAuthorizationCookie;
use crate::soap::operation::client::get_config::GetConfig;
use crate::soap::operation::client::get_cookie::GetClientCookie;
use crate::soap::operation::client::register_computer::RegisterComputer;
use crate::soap::operation::client::sync_updates::SyncUpdates;
use crate::soap::operation::download_files::DownloadFiles;
use crate::soap::operation::get_authorization_cookie::GetAuthorizationCookie;
use crate::soap::operation::get_config_data::GetConfigData;
use crate::soap::operation::get_cookie::GetCookie;
use crate::soap::operation::get_deployments::GetDeployments;
use crate::soap::operation::get_driver_id_list::GetDriverIdList;
use crate::soap::operation::get_driver_set_data::GetDriverSetData;
use crate::soap::operation::get_out_of_sync_computers::GetOutOfSyncComputers;
use crate::soap::operation::get_revision_id_list::GetRevisionIdList;
use crate::soap::operation::get_update_data::GetUpdateData;
use crate::soap::operation::get_update_decryption_data::GetUpdateDecryptionData;
use crate::soap::operation::ping::Ping;
use crate::soap::operation::rollup_computer_status::RollupComputerStatus;
use crate::soap::operation::rollup_computers::RollupComputers;
use crate::soap::operation::rollup_downstream_servers::RollupDownstreamServers;
use crate::soap::read::{Element, Reading, Unreadable};

/// A request that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the specifications' own names, described there")]
pub enum Request {
    GetAuthConfig,
    GetAuthorizationCookie(GetAuthorizationCookie),
    GetCookie(GetCookie),
    GetConfigData(GetConfigData),
    GetRevisionIdList(GetRevisionIdList),
    GetUpdateData(GetUpdateData),
    GetUpdateDecryptionData(GetUpdateDecryptionData),
    GetDriverIdList(GetDriverIdList),
    GetDriverSetData(GetDriverSetData),
    GetRelatedRevisionsForUpdates,
    GetDeployments(GetDeployments),
    DownloadFiles(DownloadFiles),
    Ping(Ping),
    GetRollupConfiguration,
    RollupDownstreamServers(RollupDownstreamServers),
    RollupComputers(RollupComputers),
    GetOutOfSyncComputers(GetOutOfSyncComputers),
    RollupComputerStatus(RollupComputerStatus),
    GetClientConfig(GetConfig),
    GetClientAuthorizationCookie(GetClientAuthorizationCookie),
    GetClientCookie(GetClientCookie),
    RegisterComputer(RegisterComputer),
    SyncUpdates(SyncUpdates),
}

impl Request {
    /// Reads the wrapper element of the body. Without one, or with a foreign one, every member is absent.
    pub(crate) fn read(
        operation: Operation,
        reading: Reading,
        wrapper: Option<&Element<'_>>,
    ) -> Result<Request, Unreadable> {
        Ok(match operation {
            Operation::GetAuthConfig => Request::GetAuthConfig,
            Operation::GetAuthorizationCookie => {
                Request::GetAuthorizationCookie(GetAuthorizationCookie::read(reading, wrapper))
            }
            Operation::GetCookie => Request::GetCookie(GetCookie::read(reading, wrapper)?),
            Operation::GetConfigData => Request::GetConfigData(GetConfigData::read(reading, wrapper)?),
            Operation::GetRevisionIdList => Request::GetRevisionIdList(GetRevisionIdList::read(reading, wrapper)?),
            Operation::GetUpdateData => Request::GetUpdateData(GetUpdateData::read(reading, wrapper)?),
            Operation::GetUpdateDecryptionData => {
                Request::GetUpdateDecryptionData(GetUpdateDecryptionData::read(reading, wrapper)?)
            }
            Operation::GetDriverIdList => Request::GetDriverIdList(GetDriverIdList::read(reading, wrapper)?),
            Operation::GetDriverSetData => Request::GetDriverSetData(GetDriverSetData::read(reading, wrapper)?),
            Operation::GetRelatedRevisionsForUpdates => Request::GetRelatedRevisionsForUpdates,
            Operation::GetDeployments => Request::GetDeployments(GetDeployments::read(reading, wrapper)?),
            Operation::DownloadFiles => Request::DownloadFiles(DownloadFiles::read(reading, wrapper)?),
            Operation::Ping => Request::Ping(Ping::read(reading, wrapper)?),
            Operation::GetRollupConfiguration => Request::GetRollupConfiguration,
            Operation::RollupDownstreamServers => {
                Request::RollupDownstreamServers(RollupDownstreamServers::read(reading, wrapper)?)
            }
            Operation::RollupComputers => Request::RollupComputers(RollupComputers::read(reading, wrapper)?),
            Operation::GetOutOfSyncComputers => {
                Request::GetOutOfSyncComputers(GetOutOfSyncComputers::read(reading, wrapper)?)
            }
            Operation::RollupComputerStatus => {
                Request::RollupComputerStatus(RollupComputerStatus::read(reading, wrapper)?)
            }
            Operation::GetClientConfig => Request::GetClientConfig(GetConfig::read(reading, wrapper)),
            Operation::GetClientAuthorizationCookie => {
                Request::GetClientAuthorizationCookie(GetClientAuthorizationCookie::read(reading, wrapper))
            }
            Operation::GetClientCookie => Request::GetClientCookie(GetClientCookie::read(reading, wrapper)?),
            Operation::RegisterComputer => Request::RegisterComputer(RegisterComputer::read(reading, wrapper)?),
            Operation::SyncUpdates => Request::SyncUpdates(SyncUpdates::read(reading, wrapper)?),
        })
    }

    /// Which operation it asks for.
    pub const fn operation(&self) -> Operation {
        match self {
            Request::GetAuthConfig => Operation::GetAuthConfig,
            Request::GetAuthorizationCookie(_) => Operation::GetAuthorizationCookie,
            Request::GetCookie(_) => Operation::GetCookie,
            Request::GetConfigData(_) => Operation::GetConfigData,
            Request::GetRevisionIdList(_) => Operation::GetRevisionIdList,
            Request::GetUpdateData(_) => Operation::GetUpdateData,
            Request::GetUpdateDecryptionData(_) => Operation::GetUpdateDecryptionData,
            Request::GetDriverIdList(_) => Operation::GetDriverIdList,
            Request::GetDriverSetData(_) => Operation::GetDriverSetData,
            Request::GetRelatedRevisionsForUpdates => Operation::GetRelatedRevisionsForUpdates,
            Request::GetDeployments(_) => Operation::GetDeployments,
            Request::DownloadFiles(_) => Operation::DownloadFiles,
            Request::Ping(_) => Operation::Ping,
            Request::GetRollupConfiguration => Operation::GetRollupConfiguration,
            Request::RollupDownstreamServers(_) => Operation::RollupDownstreamServers,
            Request::RollupComputers(_) => Operation::RollupComputers,
            Request::GetOutOfSyncComputers(_) => Operation::GetOutOfSyncComputers,
            Request::RollupComputerStatus(_) => Operation::RollupComputerStatus,
            Request::GetClientConfig(_) => Operation::GetClientConfig,
            Request::GetClientAuthorizationCookie(_) => Operation::GetClientAuthorizationCookie,
            Request::GetClientCookie(_) => Operation::GetClientCookie,
            Request::RegisterComputer(_) => Operation::RegisterComputer,
            Request::SyncUpdates(_) => Operation::SyncUpdates,
        }
    }
}
