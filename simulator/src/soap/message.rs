//! The operations that this server knows, and their typed messages. Each operation has a file of its own in `operation`.

use super::operation::get_auth_config::AuthConfig;
use super::operation::get_authorization_cookie::{AuthorizationCookie, GetAuthorizationCookie};
use super::operation::get_config_data::{ConfigData, GetConfigData};
use super::operation::get_cookie::{Cookie, GetCookie};
use super::operation::get_revision_id_list::{GetRevisionIdList, RevisionIdList};
use super::operation::get_update_data::{GetUpdateData, UpdateData};
use super::read::{Element, Reading, Unreadable};
use super::write::{Sink, Writer};

/// An operation of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the specification's own names, described there")]
pub enum Operation {
    GetAuthConfig,
    GetAuthorizationCookie,
    GetCookie,
    GetConfigData,
    GetRevisionIdList,
    GetUpdateData,
}

impl Operation {
    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Operation::GetAuthConfig => "GetAuthConfig",
            Operation::GetAuthorizationCookie => "GetAuthorizationCookie",
            Operation::GetCookie => "GetCookie",
            Operation::GetConfigData => "GetConfigData",
            Operation::GetRevisionIdList => "GetRevisionIdList",
            Operation::GetUpdateData => "GetUpdateData",
        }
    }
}

/// A request that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the specification's own names, described there")]
pub enum Request {
    GetAuthConfig,
    GetAuthorizationCookie(GetAuthorizationCookie),
    GetCookie(GetCookie),
    GetConfigData(GetConfigData),
    GetRevisionIdList(GetRevisionIdList),
    GetUpdateData(GetUpdateData),
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
        }
    }
}

/// A response before it is encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the specification's own names, described there")]
pub enum Response {
    GetAuthConfig(AuthConfig),
    GetAuthorizationCookie(AuthorizationCookie),
    GetCookie(Cookie),
    GetConfigData(ConfigData),
    GetRevisionIdList(RevisionIdList),
    GetUpdateData(UpdateData),
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
        }
    }

    /// Writes what stands inside the result element.
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        match self {
            Response::GetAuthConfig(result) => result.write(writer),
            Response::GetAuthorizationCookie(result) => result.write(writer),
            Response::GetCookie(result) => result.write(writer),
            Response::GetConfigData(result) => result.write(writer),
            Response::GetRevisionIdList(result) => result.write(writer),
            Response::GetUpdateData(result) => result.write(writer),
        }
    }

    /// About how many bytes it will take, so that the buffer need not grow.
    pub(crate) fn expected_size(&self) -> usize {
        const FRAME: usize = 1024;
        FRAME
            + match self {
                Response::GetConfigData(_) => 8 * 1024,
                Response::GetRevisionIdList(list) => list.expected_size(),
                Response::GetUpdateData(data) => data.expected_size(),
                Response::GetAuthConfig(_) | Response::GetAuthorizationCookie(_) | Response::GetCookie(_) => 1024,
            }
    }
}
