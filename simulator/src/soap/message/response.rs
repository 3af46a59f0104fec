//! Responses before they are encoded.

use super::Operation;
use crate::soap::operation::client::get_config::Config;
use crate::soap::operation::client::sync_updates::SyncInfo;
use crate::soap::operation::get_auth_config::AuthConfig;
use crate::soap::operation::get_authorization_cookie::AuthorizationCookie;
use crate::soap::operation::get_config_data::ConfigData;
use crate::soap::operation::get_cookie::Cookie;
use crate::soap::operation::get_deployments::Deployments;
use crate::soap::operation::get_driver_id_list::DriverIdList;
use crate::soap::operation::get_driver_set_data::DriverSetData;
use crate::soap::operation::get_out_of_sync_computers::OutOfSyncComputers;
use crate::soap::operation::get_related_revisions_for_updates::RelatedRevisions;
use crate::soap::operation::get_revision_id_list::RevisionIdList;
use crate::soap::operation::get_rollup_configuration::RollupConfiguration;
use crate::soap::operation::get_update_data::UpdateData;
use crate::soap::operation::get_update_decryption_data::DecryptionData;
use crate::soap::operation::ping::Monitored;
use crate::soap::operation::rollup_computers::ChangedComputers;
use crate::soap::write::{Sink, Writer};

/// A response before it is encoded. Those that say nothing have no result.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the specifications' own names, described there")]
pub enum Response {
    GetAuthConfig(AuthConfig),
    GetAuthorizationCookie(AuthorizationCookie),
    GetCookie(Cookie),
    GetConfigData(ConfigData),
    GetRevisionIdList(RevisionIdList),
    GetUpdateData(UpdateData),
    GetUpdateDecryptionData(DecryptionData),
    GetDriverIdList(DriverIdList),
    GetDriverSetData(DriverSetData),
    GetRelatedRevisionsForUpdates(RelatedRevisions),
    GetDeployments(Deployments),
    DownloadFiles,
    Ping(Monitored),
    GetRollupConfiguration(RollupConfiguration),
    RollupDownstreamServers,
    RollupComputers(ChangedComputers),
    GetOutOfSyncComputers(OutOfSyncComputers),
    RollupComputerStatus(bool),
    GetClientConfig(Config),
    GetClientAuthorizationCookie(AuthorizationCookie),
    GetClientCookie(Cookie),
    RegisterComputer,
    SyncUpdates(SyncInfo),
}

impl Response {
    /// Which operation it answers.
    pub const fn operation(&self) -> Operation {
        match self {
            Response::GetAuthConfig(_) => Operation::GetAuthConfig,
            Response::GetAuthorizationCookie(_) => Operation::GetAuthorizationCookie,
            Response::GetCookie(_) => Operation::GetCookie,
            Response::GetConfigData(_) => Operation::GetConfigData,
            Response::GetRevisionIdList(_) => Operation::GetRevisionIdList,
            Response::GetUpdateData(_) => Operation::GetUpdateData,
            Response::GetUpdateDecryptionData(_) => Operation::GetUpdateDecryptionData,
            Response::GetDriverIdList(_) => Operation::GetDriverIdList,
            Response::GetDriverSetData(_) => Operation::GetDriverSetData,
            Response::GetRelatedRevisionsForUpdates(_) => Operation::GetRelatedRevisionsForUpdates,
            Response::GetDeployments(_) => Operation::GetDeployments,
            Response::DownloadFiles => Operation::DownloadFiles,
            Response::Ping(_) => Operation::Ping,
            Response::GetRollupConfiguration(_) => Operation::GetRollupConfiguration,
            Response::RollupDownstreamServers => Operation::RollupDownstreamServers,
            Response::RollupComputers(_) => Operation::RollupComputers,
            Response::GetOutOfSyncComputers(_) => Operation::GetOutOfSyncComputers,
            Response::RollupComputerStatus(_) => Operation::RollupComputerStatus,
            Response::GetClientConfig(_) => Operation::GetClientConfig,
            Response::GetClientAuthorizationCookie(_) => Operation::GetClientAuthorizationCookie,
            Response::GetClientCookie(_) => Operation::GetClientCookie,
            Response::RegisterComputer => Operation::RegisterComputer,
            Response::SyncUpdates(_) => Operation::SyncUpdates,
        }
    }

    /// Writes the result element with what is in it, if there is any.
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        let name = format!("{}Result", self.operation().name());
        match self {
            Response::DownloadFiles | Response::RollupDownstreamServers | Response::RegisterComputer => {}
            Response::RollupComputerStatus(result) => writer.value(&name, result),
            _ if self.is_empty() => writer.empty(&name),
            _ => writer.wrap(&name, |writer| self.write_members(writer)),
        }
    }

    /// Whether nothing stands in its wrapper.
    pub(crate) const fn says_nothing(&self) -> bool {
        matches!(self, Response::DownloadFiles | Response::RollupDownstreamServers | Response::RegisterComputer)
    }

    /// About how many bytes it will take, so that the buffer need not grow.
    pub(crate) fn expected_size(&self) -> usize {
        const FRAME: usize = 1024;
        FRAME
            + match self {
                Response::GetConfigData(_) => 8 * 1024,
                Response::GetUpdateData(data) => data.expected_size(),
                Response::GetDeployments(deployments) => deployments.expected_size(),
                Response::SyncUpdates(info) => info.expected_size(),
                _ => 1024,
            }
    }

    /// An array that is the whole result, and has no item.
    const fn is_empty(&self) -> bool {
        match self {
            Response::GetRelatedRevisionsForUpdates(result) => result.revisions.is_empty(),
            Response::RollupComputers(result) => result.computers.is_empty(),
            Response::GetOutOfSyncComputers(result) => result.computers.is_empty(),
            _ => false,
        }
    }

    fn write_members<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        match self {
            Response::GetAuthConfig(result) => result.write(writer),
            Response::GetAuthorizationCookie(result) => result.write(writer),
            Response::GetCookie(result) => result.write(writer),
            Response::GetConfigData(result) => result.write(writer),
            Response::GetRevisionIdList(result) => result.write(writer),
            Response::GetUpdateData(result) => result.write(writer),
            Response::GetUpdateDecryptionData(result) => result.write(writer),
            Response::GetDriverIdList(result) => result.write(writer),
            Response::GetDriverSetData(result) => result.write(writer),
            Response::GetRelatedRevisionsForUpdates(result) => result.write(writer),
            Response::GetDeployments(result) => result.write(writer),
            Response::Ping(result) => result.write(writer),
            Response::GetRollupConfiguration(result) => result.write(writer),
            Response::RollupComputers(result) => result.write(writer),
            Response::GetOutOfSyncComputers(result) => result.write(writer),
            Response::GetClientConfig(result) => result.write(writer),
            Response::GetClientAuthorizationCookie(result) => result.write(writer),
            Response::GetClientCookie(result) => result.write(writer),
            Response::SyncUpdates(result) => result.write(writer),
            Response::DownloadFiles
            | Response::RollupDownstreamServers
            | Response::RollupComputerStatus(_)
            | Response::RegisterComputer => {}
        }
    }
}
