//! The types of the Server Sync Web Service ([MS-WSUSSS] 2.2.4 and 3.1.4).

use super::Occurs::{Maybe, Often, Once};
use super::{
    ARRAY_OF_GUID, AUTHORIZATION_COOKIE, BASE64, BOOLEAN, BYTE, COOKIE, Complex, DATE_TIME, GUID, INT, Member, STRING,
};
use crate::soap::Personality;

/// `ServerSyncConfigData`, whose members Microsoft Update has in an order of its own. Servers before 2012 do not send the
/// maxima for drivers and decryption, which is why these are optional here.
pub(super) const fn config_data(personality: Personality) -> Complex {
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

pub(super) const ELEMENTS: &[Complex] = &[
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
    Complex {
        name: "GetUpdateDecryptionData",
        members: &[Member(Maybe, "cookie", "tns:Cookie"), Member(Maybe, "updateIds", "tns:ArrayOfUpdateIdentity")],
    },
    Complex {
        name: "GetUpdateDecryptionDataResponse",
        members: &[Member(Maybe, "GetUpdateDecryptionDataResult", "tns:ServerDecryptionData")],
    },
    Complex {
        name: "GetDriverIdList",
        members: &[Member(Maybe, "cookie", "tns:Cookie"), Member(Maybe, "filter", "tns:ServerSyncDriverFilter")],
    },
    Complex {
        name: "GetDriverIdListResponse",
        members: &[Member(Maybe, "GetDriverIdListResult", "tns:DriverSetAndRevisionIdList")],
    },
    Complex {
        name: "GetDriverSetData",
        members: &[Member(Maybe, "cookie", "tns:Cookie"), Member(Maybe, "driverSets", "tns:ArrayOfGuid")],
    },
    Complex {
        name: "GetDriverSetDataResponse",
        members: &[Member(Maybe, "GetDriverSetDataResult", "tns:ServerDriverSetData")],
    },
    Complex {
        name: "GetRelatedRevisionsForUpdates",
        members: &[Member(Maybe, "cookie", "tns:Cookie"), Member(Maybe, "updateIDs", "tns:ArrayOfGuid")],
    },
    Complex {
        name: "GetRelatedRevisionsForUpdatesResponse",
        members: &[Member(Maybe, "GetRelatedRevisionsForUpdatesResult", "tns:ArrayOfUpdateIdentity")],
    },
    Complex {
        name: "GetDeployments",
        members: &[
            Member(Maybe, "cookie", "tns:Cookie"),
            Member(Maybe, "deploymentAnchor", STRING),
            Member(Maybe, "syncAnchor", STRING),
        ],
    },
    Complex {
        name: "GetDeploymentsResponse",
        members: &[Member(Maybe, "GetDeploymentsResult", "tns:ServerSyncDeploymentResult")],
    },
    Complex {
        name: "DownloadFiles",
        members: &[Member(Maybe, "cookie", "tns:Cookie"), Member(Maybe, "fileDigestList", "tns:ArrayOfBase64Binary")],
    },
    Complex { name: "DownloadFilesResponse", members: &[] },
];

pub(super) const TYPES: &[Complex] = &[
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
    COOKIE,
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
    ARRAY_OF_GUID,
    Complex {
        name: "ServerDecryptionData",
        members: &[Member(Maybe, "UpdateFileDecryptionData", "tns:ArrayOfServerSyncUpdateFileDecryption")],
    },
    Complex {
        name: "ArrayOfServerSyncUpdateFileDecryption",
        members: &[Member(Often, "ServerSyncUpdateFileDecryption", "tns:ServerSyncUpdateFileDecryption")],
    },
    Complex {
        name: "ServerSyncUpdateFileDecryption",
        members: &[
            Member(Maybe, "UpdateId", "tns:UpdateIdentity"),
            Member(Maybe, "FileDecryptionData", "tns:ArrayOfServerSyncFileDecryption"),
        ],
    },
    Complex {
        name: "ArrayOfServerSyncFileDecryption",
        members: &[Member(Often, "ServerSyncFileDecryption", "tns:ServerSyncFileDecryption")],
    },
    Complex {
        name: "ServerSyncFileDecryption",
        members: &[Member(Maybe, "FileDigest", BASE64), Member(Maybe, "DecryptionKey", BASE64)],
    },
    Complex {
        name: "ServerSyncDriverFilter",
        members: &[
            Member(Maybe, "DssProtocolVersion", "tns:Version"),
            Member(Maybe, "Anchor", STRING),
            Member(Maybe, "Categories", "tns:ArrayOfIdAndDelta"),
            Member(Maybe, "ComputerIds", "tns:ArrayOfIdAndDelta"),
            Member(Maybe, "PnpHardwareIds", "tns:ArrayOfHardwareIdAndDelta"),
        ],
    },
    Complex {
        name: "ArrayOfHardwareIdAndDelta",
        members: &[Member(Often, "HardwareIdAndDelta", "tns:HardwareIdAndDelta")],
    },
    Complex { name: "HardwareIdAndDelta", members: &[Member(Maybe, "Id", STRING), Member(Once, "Delta", BOOLEAN)] },
    Complex {
        name: "DriverSetAndRevisionIdList",
        members: &[
            Member(Maybe, "Anchor", STRING),
            Member(Maybe, "NewRevisions", "tns:ArrayOfUpdateIdentity"),
            Member(Maybe, "NewDriverSets", "tns:ArrayOfGuid"),
            Member(Maybe, "RemovedDriverSets", "tns:ArrayOfGuid"),
        ],
    },
    Complex {
        name: "ServerDriverSetData",
        members: &[Member(Maybe, "DriverSets", "tns:ArrayOfServerSyncDriverSetData")],
    },
    Complex {
        name: "ArrayOfServerSyncDriverSetData",
        members: &[Member(Often, "ServerSyncDriverSetData", "tns:ServerSyncDriverSetData")],
    },
    Complex {
        name: "ServerSyncDriverSetData",
        members: &[Member(Once, "DriverSetId", GUID), Member(Maybe, "DriverSetXml", STRING)],
    },
    Complex {
        name: "ServerSyncDeploymentResult",
        members: &[
            Member(Maybe, "Anchor", STRING),
            Member(Maybe, "Groups", "tns:ArrayOfServerSyncTargetGroup"),
            Member(Maybe, "Deployments", "tns:ArrayOfServerSyncDeployment"),
            Member(Maybe, "DeadDeployments", "tns:ArrayOfGuid"),
            Member(Maybe, "HiddenUpdates", "tns:ArrayOfGuid"),
            Member(Maybe, "AcceptedEulas", "tns:ArrayOfGuid"),
        ],
    },
    Complex {
        name: "ArrayOfServerSyncTargetGroup",
        members: &[Member(Often, "ServerSyncTargetGroup", "tns:ServerSyncTargetGroup")],
    },
    Complex {
        name: "ServerSyncTargetGroup",
        members: &[
            Member(Once, "TargetGroupID", GUID),
            Member(Once, "ParentGroupId", GUID),
            Member(Maybe, "Name", STRING),
            Member(Once, "IsBuiltin", BOOLEAN),
        ],
    },
    Complex {
        name: "ArrayOfServerSyncDeployment",
        members: &[Member(Often, "ServerSyncDeployment", "tns:ServerSyncDeployment")],
    },
    Complex {
        name: "ServerSyncDeployment",
        members: &[
            Member(Once, "UpdateId", GUID),
            Member(Once, "RevisionNumber", INT),
            Member(Once, "Action", INT),
            Member(Maybe, "AdminName", STRING),
            Member(Once, "Deadline", DATE_TIME),
            Member(Once, "IsAssigned", BOOLEAN),
            Member(Once, "GoLiveTime", DATE_TIME),
            Member(Once, "DeploymentGuid", GUID),
            Member(Once, "TargetGroupId", GUID),
            Member(Once, "DownloadPriority", BYTE),
        ],
    },
];
