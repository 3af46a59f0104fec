//! Application faults ([MS-WSUSSS] 2.2.9): their codes, and the shape that each implementation gives them.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A fault of the application; [MS-WSUSSS] calls it a SOAP fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoapFault {
    /// What it is.
    pub code: ErrorCode,
    /// Name of the parameter for [`ErrorCode::InvalidParameters`]; else usually empty.
    pub message: String,
}

impl SoapFault {
    /// A fault without a message.
    pub fn of(code: ErrorCode) -> SoapFault {
        SoapFault { code, message: String::new() }
    }

    /// A parameter that is not valid.
    pub fn invalid_parameter(name: &str) -> SoapFault {
        SoapFault { code: ErrorCode::InvalidParameters, message: name.to_owned() }
    }
}

/// `ErrorCode` ([MS-WSUSSS] 2.2.9.3 and 3.1.4.8; the last three are of [MS-WUSP] 2.2.2.4 alone).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the specification's own names, described there")]
pub enum ErrorCode {
    InvalidParameters,
    InvalidCookie,
    InternalServerError,
    IncompatibleProtocolVersion,
    InvalidAuthorizationCookie,
    FileDigestsMissing,
    ServerChanged,
    ServerBusy,
    TooManyIds,
    CookieExpired,
    ConfigChanged,
    RegistrationRequired,
}

impl ErrorCode {
    /// All of them.
    pub const ALL: [ErrorCode; 12] = [
        ErrorCode::InvalidParameters,
        ErrorCode::InvalidCookie,
        ErrorCode::InternalServerError,
        ErrorCode::IncompatibleProtocolVersion,
        ErrorCode::InvalidAuthorizationCookie,
        ErrorCode::FileDigestsMissing,
        ErrorCode::ServerChanged,
        ErrorCode::ServerBusy,
        ErrorCode::TooManyIds,
        ErrorCode::CookieExpired,
        ErrorCode::ConfigChanged,
        ErrorCode::RegistrationRequired,
    ];

    /// As it stands on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            ErrorCode::InvalidParameters => "InvalidParameters",
            ErrorCode::InvalidCookie => "InvalidCookie",
            ErrorCode::InternalServerError => "InternalServerError",
            ErrorCode::IncompatibleProtocolVersion => "IncompatibleProtocolVersion",
            ErrorCode::InvalidAuthorizationCookie => "InvalidAuthorizationCookie",
            ErrorCode::FileDigestsMissing => "FileDigestsMissing",
            ErrorCode::ServerChanged => "ServerChanged",
            ErrorCode::ServerBusy => "ServerBusy",
            ErrorCode::TooManyIds => "TooManyIds",
            ErrorCode::CookieExpired => "CookieExpired",
            ErrorCode::ConfigChanged => "ConfigChanged",
            ErrorCode::RegistrationRequired => "RegistrationRequired",
        }
    }

    /// Whether the server takes the blame; only an internal error does.
    pub const fn blames_server(self) -> bool {
        matches!(self, ErrorCode::InternalServerError)
    }
}

/// A word that is no ErrorCode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no ErrorCode of [MS-WSUSSS] or [MS-WUSP]")]
pub struct UnknownErrorCode(String);

impl FromStr for ErrorCode {
    type Err = UnknownErrorCode;

    fn from_str(text: &str) -> Result<ErrorCode, UnknownErrorCode> {
        let known = ErrorCode::ALL.into_iter().find(|code| code.name() == text);
        known.ok_or_else(|| UnknownErrorCode(text.to_owned()))
    }
}
