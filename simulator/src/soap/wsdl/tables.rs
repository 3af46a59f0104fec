//! The types of the messages, as the tables of [MS-WSUSSS] 2.2.4 and 3.1.4 have them.

use Occurs::{Maybe, Often, Once};

use crate::soap::Personality;
use crate::soap::route::Endpoint;

mod monitoring;
mod reporting;
mod sync;

pub(super) use monitoring::{ELEMENTS as MONITORING_ELEMENTS, TYPES as MONITORING_TYPES};
pub(super) use reporting::attributes;

/// How often a member may stand in its sequence.
#[derive(Clone, Copy, Debug)]
pub(super) enum Occurs {
    Once,
    Maybe,
    Often,
}

/// A member of a sequence: how often, its name, its type.
#[derive(Debug)]
pub(super) struct Member(pub(super) Occurs, pub(super) &'static str, pub(super) &'static str);

/// An attribute of a type: its name, its type, whether it must be there.
#[derive(Debug)]
pub(super) struct Attribute(pub(super) &'static str, pub(super) &'static str, pub(super) bool);

/// A wrapper element or a complex type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Complex {
    pub(super) name: &'static str,
    pub(super) members: &'static [Member],
}

/// The wrapper elements of a service.
pub(super) const fn elements(endpoint: Endpoint) -> &'static [Complex] {
    match endpoint {
        Endpoint::ServerSync => sync::ELEMENTS,
        Endpoint::DssAuth => AUTH_ELEMENTS,
        Endpoint::Reporting => reporting::ELEMENTS,
        Endpoint::Client | Endpoint::SimpleAuth => &[],
    }
}

/// The complex types of a service.
pub(super) fn types(endpoint: Endpoint, personality: Personality) -> Vec<Complex> {
    match endpoint {
        Endpoint::ServerSync => [sync::TYPES, &[sync::config_data(personality)]].concat(),
        Endpoint::DssAuth => AUTH_TYPES.to_vec(),
        Endpoint::Reporting => reporting::TYPES.to_vec(),
        Endpoint::Client | Endpoint::SimpleAuth => Vec::new(),
    }
}

const STRING: &str = "s:string";
const BASE64: &str = "s:base64Binary";
const BOOLEAN: &str = "s:boolean";
pub(super) const INT: &str = "s:int";
const DATE_TIME: &str = "s:dateTime";
pub(super) const GUID: &str = "g:guid";
const SHORT: &str = "s:short";
const BYTE: &str = "s:unsignedByte";

const AUTHORIZATION_COOKIE: Complex = Complex {
    name: "AuthorizationCookie",
    members: &[Member(Maybe, "PlugInId", STRING), Member(Maybe, "CookieData", BASE64)],
};

const AUTH_ELEMENTS: &[Complex] = &[
    Complex {
        name: "GetAuthorizationCookie",
        members: &[
            Member(Maybe, "accountName", STRING),
            Member(Maybe, "accountGuid", STRING),
            Member(Maybe, "programKeys", "tns:ArrayOfGuid"),
        ],
    },
    Complex {
        name: "GetAuthorizationCookieResponse",
        members: &[Member(Maybe, "GetAuthorizationCookieResult", "tns:AuthorizationCookie")],
    },
];

const AUTH_TYPES: &[Complex] = &[ARRAY_OF_GUID, AUTHORIZATION_COOKIE];

const ARRAY_OF_GUID: Complex = Complex { name: "ArrayOfGuid", members: &[Member(Often, "guid", GUID)] };

const COOKIE: Complex = Complex {
    name: "Cookie",
    members: &[Member(Once, "Expiration", DATE_TIME), Member(Maybe, "EncryptedData", BASE64)],
};
