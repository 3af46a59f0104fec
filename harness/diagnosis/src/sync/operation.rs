//! The operations of a synchronization.

use std::fmt;

/// Namespace of the service.
pub(crate) const NAMESPACE: &str = "http://www.microsoft.com/SoftwareDistribution";

/// Namespace of the authorization service.
pub(crate) const AUTHORIZATION: &str = "http://www.microsoft.com/SoftwareDistribution/Server/DssAuthWebService";

/// An operation, by the specification's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// [MS-WSUSSS] 3.1.4.1.
    GetAuthConfig,
    /// [MS-WSUSSS] 3.1.4.2.
    GetAuthorizationCookie,
    /// [MS-WSUSSS] 3.1.4.3.
    GetCookie,
    /// [MS-WSUSSS] 3.1.4.4.
    GetConfigData,
    /// [MS-WSUSSS] 3.1.4.5.
    GetRevisionIdList,
    /// [MS-WSUSSS] 3.1.4.6.
    GetUpdateData,
    /// [MS-WSUSSS] 3.1.4.18: only for updates whose files are encrypted.
    GetUpdateDecryptionData,
    /// [MS-WSUSSS] 3.1.4.10: only for replicas.
    GetDeployments,
}

impl Operation {
    /// All of them, in the order of a synchronization.
    pub const ALL: [Operation; 8] = [
        Operation::GetAuthConfig,
        Operation::GetAuthorizationCookie,
        Operation::GetCookie,
        Operation::GetConfigData,
        Operation::GetRevisionIdList,
        Operation::GetUpdateData,
        Operation::GetUpdateDecryptionData,
        Operation::GetDeployments,
    ];

    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Operation::GetAuthConfig => "GetAuthConfig",
            Operation::GetAuthorizationCookie => "GetAuthorizationCookie",
            Operation::GetCookie => "GetCookie",
            Operation::GetConfigData => "GetConfigData",
            Operation::GetRevisionIdList => "GetRevisionIdList",
            Operation::GetUpdateData => "GetUpdateData",
            Operation::GetUpdateDecryptionData => "GetUpdateDecryptionData",
            Operation::GetDeployments => "GetDeployments",
        }
    }

    /// The namespace of its request and response.
    pub fn namespace(self) -> &'static str {
        match self {
            Operation::GetAuthorizationCookie => AUTHORIZATION,
            _ => NAMESPACE,
        }
    }

    /// Its `SOAPAction`, without the quotes.
    pub fn action(self) -> String {
        format!("{}/{}", self.namespace(), self.name())
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
