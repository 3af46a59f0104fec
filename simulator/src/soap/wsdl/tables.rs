//! The types of the messages, as the tables of [MS-WSUSSS] 2.2.4 and 3.1.4 have them.

use Occurs::{Maybe, Often, Once};

use crate::soap::Personality;
use crate::soap::route::Endpoint;

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

/// A wrapper element or a complex type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Complex {
    pub(super) name: &'static str,
    pub(super) members: &'static [Member],
}

/// The wrapper elements of a service.
pub(super) const fn elements(endpoint: Endpoint) -> &'static [Complex] {
    match endpoint {
        Endpoint::ServerSync => SYNC_ELEMENTS,
        Endpoint::DssAuth => AUTH_ELEMENTS,
        Endpoint::Client | Endpoint::SimpleAuth => &[],
    }
}

/// The complex types of a service.
pub(super) fn types(endpoint: Endpoint, personality: Personality) -> Vec<Complex> {
    match endpoint {
        Endpoint::ServerSync => [SYNC_TYPES, &[config_data(personality)]].concat(),
        Endpoint::DssAuth => AUTH_TYPES.to_vec(),
        Endpoint::Client | Endpoint::SimpleAuth => Vec::new(),
    }
}

const STRING: &str = "s:string";
const BASE64: &str = "s:base64Binary";
const BOOLEAN: &str = "s:boolean";
const INT: &str = "s:int";
const DATE_TIME: &str = "s:dateTime";
const GUID: &str = "g:guid";

/// `ServerSyncConfigData`, whose members Microsoft Update has in an order of its own. Servers before 2012 do not send the
/// maxima for drivers and decryption, which is why these are optional here.
const fn config_data(personality: Personality) -> Complex {
    let members: &[Member] = match personality {
        Personality::Asmx => &[
            Member(Once, "CatalogOnlySync", BOOLEAN),
            Member(Once, "LazySync", BOOLEAN),
            Member(Once, "ServerHostsPsfFiles", BOOLEAN),
            Member(Maybe, "MaxNumberOfComputerIdsInRequest", INT),
            Member(Maybe, "MaxNumberOfDriverSetsPerRequest", INT),
            Member(Maybe, "MaxNumberOfPnpHardwareIdsInRequest", INT),
            Member(Once, "MaxNumberOfUpdatesPerRequest", INT),
            Member(Maybe, "NewConfigAnchor", STRING),
            Member(Maybe, "ProtocolVersion", STRING),
            Member(Maybe, "LanguageUpdateList", "tns:ArrayOfServerSyncLanguageData"),
            Member(Maybe, "MaxUpdatesPerRequestInGetUpdateDecryptionData", INT),
        ],
        Personality::Wcf => &[
            Member(Once, "CatalogOnlySync", BOOLEAN),
            Member(Once, "LazySync", BOOLEAN),
            Member(Once, "ServerHostsPsfFiles", BOOLEAN),
            Member(Once, "MaxNumberOfUpdatesPerRequest", INT),
            Member(Maybe, "MaxNumberOfDriverSetsPerRequest", INT),
            Member(Maybe, "MaxNumberOfComputerIdsInRequest", INT),
            Member(Maybe, "MaxNumberOfPnpHardwareIdsInRequest", INT),
            Member(Maybe, "NewConfigAnchor", STRING),
            Member(Maybe, "ProtocolVersion", STRING),
            Member(Maybe, "LanguageUpdateList", "tns:ArrayOfServerSyncLanguageData"),
            Member(Maybe, "MaxUpdatesPerRequestInGetUpdateDecryptionData", INT),
        ],
    };
    Complex { name: "ServerSyncConfigData", members }
}

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

const AUTH_TYPES: &[Complex] =
    &[Complex { name: "ArrayOfGuid", members: &[Member(Often, "guid", GUID)] }, AUTHORIZATION_COOKIE];

const SYNC_ELEMENTS: &[Complex] = &[
    Complex { name: "GetAuthConfig", members: &[] },
    Complex { name: "GetAuthConfigResponse", members: &[Member(Maybe, "GetAuthConfigResult", "tns:ServerAuthConfig")] },
    Complex {
        name: "GetCookie",
        members: &[
            Member(Maybe, "authCookies", "tns:ArrayOfAuthorizationCookie"),
            Member(Maybe, "oldCookie", "tns:Cookie"),
            Member(Maybe, "protocolVersion", STRING),
        ],
    },
    Complex { name: "GetCookieResponse", members: &[Member(Maybe, "GetCookieResult", "tns:Cookie")] },
    Complex {
        name: "GetConfigData",
        members: &[Member(Maybe, "cookie", "tns:Cookie"), Member(Maybe, "configAnchor", STRING)],
    },
    Complex {
        name: "GetConfigDataResponse",
        members: &[Member(Maybe, "GetConfigDataResult", "tns:ServerSyncConfigData")],
    },
    Complex {
        name: "GetRevisionIdList",
        members: &[Member(Maybe, "cookie", "tns:Cookie"), Member(Maybe, "filter", "tns:ServerSyncFilter")],
    },
    Complex {
        name: "GetRevisionIdListResponse",
        members: &[Member(Maybe, "GetRevisionIdListResult", "tns:RevisionIdList")],
    },
    Complex {
        name: "GetUpdateData",
        members: &[Member(Maybe, "cookie", "tns:Cookie"), Member(Maybe, "updateIds", "tns:ArrayOfUpdateIdentity")],
    },
    Complex { name: "GetUpdateDataResponse", members: &[Member(Maybe, "GetUpdateDataResult", "tns:ServerUpdateData")] },
];

const SYNC_TYPES: &[Complex] = &[
    Complex {
        name: "ServerAuthConfig",
        members: &[
            Member(Once, "LastChange", DATE_TIME),
            Member(Maybe, "AuthInfo", "tns:ArrayOfAuthPlugInInfo"),
            Member(Maybe, "AllowedEventIds", "tns:ArrayOfInt"),
        ],
    },
    Complex { name: "ArrayOfAuthPlugInInfo", members: &[Member(Often, "AuthPlugInInfo", "tns:AuthPlugInInfo")] },
    Complex {
        name: "AuthPlugInInfo",
        members: &[
            Member(Maybe, "PlugInID", STRING),
            Member(Maybe, "ServiceUrl", STRING),
            Member(Maybe, "Parameter", STRING),
        ],
    },
    Complex { name: "ArrayOfInt", members: &[Member(Often, "int", INT)] },
    Complex {
        name: "ArrayOfAuthorizationCookie",
        members: &[Member(Often, "AuthorizationCookie", "tns:AuthorizationCookie")],
    },
    AUTHORIZATION_COOKIE,
    Complex {
        name: "Cookie",
        members: &[Member(Once, "Expiration", DATE_TIME), Member(Maybe, "EncryptedData", BASE64)],
    },
    Complex {
        name: "ArrayOfServerSyncLanguageData",
        members: &[Member(Often, "ServerSyncLanguageData", "tns:ServerSyncLanguageData")],
    },
    Complex {
        name: "ServerSyncLanguageData",
        members: &[
            Member(Once, "LanguageID", INT),
            Member(Maybe, "ShortLanguage", STRING),
            Member(Maybe, "LongLanguage", STRING),
            Member(Once, "Enabled", BOOLEAN),
        ],
    },
    Complex {
        name: "ServerSyncFilter",
        members: &[
            Member(Maybe, "DssProtocolVersion", "tns:Version"),
            Member(Maybe, "Anchor", STRING),
            Member(Once, "GetConfig", BOOLEAN),
            Member(Once, "Get63LanguageOnly", BOOLEAN),
            Member(Maybe, "Categories", "tns:ArrayOfIdAndDelta"),
            Member(Maybe, "Classifications", "tns:ArrayOfIdAndDelta"),
            Member(Maybe, "Languages", "tns:ArrayOfLanguageAndDelta"),
        ],
    },
    Complex { name: "Version", members: &[] },
    Complex { name: "ArrayOfIdAndDelta", members: &[Member(Often, "IdAndDelta", "tns:IdAndDelta")] },
    Complex { name: "IdAndDelta", members: &[Member(Once, "Id", GUID), Member(Once, "Delta", BOOLEAN)] },
    Complex { name: "ArrayOfLanguageAndDelta", members: &[Member(Often, "LanguageAndDelta", "tns:LanguageAndDelta")] },
    Complex { name: "LanguageAndDelta", members: &[Member(Once, "Id", INT), Member(Once, "Delta", BOOLEAN)] },
    Complex {
        name: "RevisionIdList",
        members: &[Member(Maybe, "Anchor", STRING), Member(Maybe, "NewRevisions", "tns:ArrayOfUpdateIdentity")],
    },
    Complex { name: "ArrayOfUpdateIdentity", members: &[Member(Often, "UpdateIdentity", "tns:UpdateIdentity")] },
    Complex { name: "UpdateIdentity", members: &[Member(Once, "UpdateID", GUID), Member(Once, "RevisionNumber", INT)] },
    Complex {
        name: "ServerUpdateData",
        members: &[
            Member(Maybe, "updates", "tns:ArrayOfServerSyncUpdateData"),
            Member(Maybe, "fileUrls", "tns:ArrayOfServerSyncUrlData"),
        ],
    },
    Complex {
        name: "ArrayOfServerSyncUpdateData",
        members: &[Member(Often, "ServerSyncUpdateData", "tns:ServerSyncUpdateData")],
    },
    Complex {
        name: "ServerSyncUpdateData",
        members: &[
            Member(Maybe, "Id", "tns:UpdateIdentity"),
            Member(Maybe, "XmlUpdateBlob", STRING),
            Member(Maybe, "FileDigestList", "tns:ArrayOfBase64Binary"),
            Member(Maybe, "XmlUpdateBlobCompressed", BASE64),
        ],
    },
    Complex { name: "ArrayOfBase64Binary", members: &[Member(Often, "base64Binary", BASE64)] },
    Complex {
        name: "ArrayOfServerSyncUrlData",
        members: &[Member(Often, "ServerSyncUrlData", "tns:ServerSyncUrlData")],
    },
    Complex {
        name: "ServerSyncUrlData",
        members: &[
            Member(Maybe, "FileDigest", BASE64),
            Member(Maybe, "MUUrl", STRING),
            Member(Maybe, "UssUrl", STRING),
            Member(Maybe, "DecryptionKey", BASE64),
        ],
    },
];
