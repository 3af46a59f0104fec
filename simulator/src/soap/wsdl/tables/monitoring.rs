//! The types of Ping, which all services declare in a namespace of its own.

use super::Occurs::{Maybe, Once};
use super::{BOOLEAN, Complex, DATE_TIME, INT, Member, STRING};

/// The two wrapper elements.
pub(in crate::soap::wsdl) const ELEMENTS: &[Complex] = &[
    Complex { name: "Ping", members: &[Member(Once, "pingLevel", INT)] },
    Complex { name: "PingResponse", members: &[Member(Maybe, "PingResult", "m:MonitoredServicesResponse")] },
];

/// The only type.
pub(in crate::soap::wsdl) const TYPES: &[Complex] = &[Complex {
    name: "MonitoredServicesResponse",
    members: &[
        Member(Once, "SuccessFlag", BOOLEAN),
        Member(Once, "ServicesTime", DATE_TIME),
        Member(Maybe, "ServicesName", STRING),
        Member(Maybe, "ServicesMachine", STRING),
        Member(Once, "IsHttps", BOOLEAN),
        Member(Maybe, "RequestContentType", STRING),
        Member(Maybe, "ConfigFilePath", STRING),
        Member(Maybe, "ConfigFileProjectName", STRING),
        Member(Maybe, "ConfigFileEnvironmentName", STRING),
        Member(Once, "ConfigFileLastModifiedTime", DATE_TIME),
        Member(Maybe, "ConfigFileVersion", STRING),
        Member(Once, "ConfigFileNextExpirationTime", DATE_TIME),
        Member(Once, "ConfigFileExpirationModuloInMinutes", INT),
        Member(Maybe, "DatabaseInfo", STRING),
        Member(Maybe, "CustomInfo", STRING),
    ],
}];
