//! The operations, one file each: its request, its validation and processing, its response.

use std::sync::Arc;

use time::OffsetDateTime;

use super::ServiceSettings;
use super::fault::{ErrorCode, SoapFault};
use super::message::{Request, Response};
use super::seal::{Contents, Kind};
use super::state::State;
use crate::catalogue::Catalogue;

pub mod client;
pub mod download_files;
pub mod get_auth_config;
pub mod get_authorization_cookie;
pub mod get_config_data;
pub mod get_cookie;
pub mod get_deployments;
pub mod get_driver_id_list;
pub mod get_driver_set_data;
pub mod get_out_of_sync_computers;
pub mod get_related_revisions_for_updates;
pub mod get_revision_id_list;
pub mod get_rollup_configuration;
pub mod get_update_data;
pub mod get_update_decryption_data;
mod guids;
mod identity;
pub mod ping;
mod protocol_version;
mod report;
pub mod rollup_computer_status;
pub mod rollup_computers;
pub mod rollup_downstream_servers;

use get_related_revisions_for_updates::RelatedRevisions;

/// What an operation may look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Server<'a> {
    pub(crate) settings: &'a ServiceSettings,
    pub(crate) catalogue: &'a Arc<dyn Catalogue>,
    pub(crate) state: &'a State,
    pub(crate) now: OffsetDateTime,
    /// The URL of the service, as the server saw it.
    pub(crate) url: &'a str,
    /// What people call the service.
    pub(crate) service: &'a str,
}

impl Server<'_> {
    /// What an honest server answers.
    pub(crate) fn perform(self, request: &Request) -> Result<Response, SoapFault> {
        Ok(match request {
            Request::GetAuthConfig => Response::GetAuthConfig(get_auth_config::answer(self)),
            Request::GetAuthorizationCookie(request) => Response::GetAuthorizationCookie(request.answer(self)?),
            Request::GetCookie(request) => Response::GetCookie(request.answer(self)?),
            Request::GetConfigData(request) => Response::GetConfigData(request.answer(self)?),
            Request::GetRevisionIdList(request) => Response::GetRevisionIdList(request.answer(self)?),
            Request::GetUpdateData(request) => Response::GetUpdateData(request.answer(self)?),
            Request::GetUpdateDecryptionData(request) => Response::GetUpdateDecryptionData(request.answer(self)?),
            Request::GetDriverIdList(request) => Response::GetDriverIdList(request.answer(self)?),
            Request::GetDriverSetData(request) => Response::GetDriverSetData(request.answer(self)?),
            Request::GetRelatedRevisionsForUpdates => {
                Response::GetRelatedRevisionsForUpdates(RelatedRevisions::default())
            }
            Request::GetDeployments(request) => Response::GetDeployments(request.answer(self)?),
            Request::DownloadFiles(request) => request.answer(self).map(|()| Response::DownloadFiles)?,
            Request::Ping(_) => Response::Ping(ping::Ping::answer(self)),
            Request::GetRollupConfiguration => Response::GetRollupConfiguration(get_rollup_configuration::answer(self)),
            Request::RollupDownstreamServers(request) => {
                request.answer(self).map(|()| Response::RollupDownstreamServers)?
            }
            Request::RollupComputers(request) => Response::RollupComputers(request.answer(self)?),
            Request::GetOutOfSyncComputers(request) => Response::GetOutOfSyncComputers(request.answer(self)?),
            Request::RollupComputerStatus(request) => Response::RollupComputerStatus(request.answer(self)?),
            Request::GetClientConfig(request) => Response::GetClientConfig(request.answer(self)?),
            Request::GetClientAuthorizationCookie(request) => {
                Response::GetClientAuthorizationCookie(request.answer(self)?)
            }
            Request::GetClientCookie(request) => Response::GetClientCookie(request.answer(self)?),
            Request::RegisterComputer(request) => request.answer(self).map(|()| Response::RegisterComputer)?,
            Request::SyncUpdates(request) => Response::SyncUpdates(request.answer(self)?),
        })
    }

    /// The validation that every operation with a cookie begins with: the cookie, then the version inside it.
    fn admit(self, cookie: Option<&get_cookie::Cookie>) -> Result<Contents, SoapFault> {
        let refused = || SoapFault::of(ErrorCode::InvalidCookie);
        let sealed = cookie.ok_or_else(refused)?.encrypted_data.as_slice();
        let contents = self.state.seal.open(Kind::Access, sealed, self.now).ok_or_else(refused)?;
        protocol_version::check(&contents.protocol_version)?;
        self.tell_of_change(&contents)?;
        Ok(contents)
    }

    /// Tells an account, once, that the catalogue is not the one that its cookie was made for.
    fn tell_of_change(self, contents: &Contents) -> Result<(), SoapFault> {
        let must_tell = self.state.must_tell(contents.account, contents.epoch, self.catalogue.epoch());
        if must_tell { Err(SoapFault::of(ErrorCode::ServerChanged)) } else { Ok(()) }
    }
}
