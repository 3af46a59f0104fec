//! The types of the Reporting Web Service, as far as servers use it ([MS-WSUSSS] 3.1.4.13 to 3.1.4.17).

use super::Occurs::{Maybe, Often, Once};
use super::{ARRAY_OF_GUID, Attribute, BOOLEAN, BYTE, COOKIE, Complex, DATE_TIME, GUID, INT, Member, SHORT, STRING};

pub(super) const ELEMENTS: &[Complex] = &[
    Complex { name: "GetRollupConfiguration", members: &[Member(Maybe, "cookie", "tns:Cookie")] },
    Complex {
        name: "GetRollupConfigurationResponse",
        members: &[Member(Maybe, "GetRollupConfigurationResult", "tns:RollupConfiguration")],
    },
    Complex {
        name: "RollupDownstreamServers",
        members: &[
            Member(Maybe, "cookie", "tns:Cookie"),
            Member(Once, "clientTime", DATE_TIME),
            Member(Maybe, "downstreamServers", "tns:ArrayOfDownstreamServerRollupInfo"),
        ],
    },
    Complex { name: "RollupDownstreamServersResponse", members: &[] },
    Complex {
        name: "RollupComputers",
        members: &[
            Member(Maybe, "cookie", "tns:Cookie"),
            Member(Once, "clientTime", DATE_TIME),
            Member(Maybe, "computers", "tns:ArrayOfComputerRollupInfo"),
        ],
    },
    Complex {
        name: "RollupComputersResponse",
        members: &[Member(Maybe, "RollupComputersResult", "tns:ArrayOfChangedComputer")],
    },
    Complex {
        name: "GetOutOfSyncComputers",
        members: &[
            Member(Maybe, "cookie", "tns:Cookie"),
            Member(Once, "parentServerId", GUID),
            Member(Maybe, "lastRollupNumbers", "tns:ArrayOfComputerLastRollupNumber"),
        ],
    },
    Complex {
        name: "GetOutOfSyncComputersResponse",
        members: &[Member(Maybe, "GetOutOfSyncComputersResult", "tns:ArrayOfString")],
    },
    Complex {
        name: "RollupComputerStatus",
        members: &[
            Member(Maybe, "cookie", "tns:Cookie"),
            Member(Once, "clientTime", DATE_TIME),
            Member(Once, "parentServerId", GUID),
            Member(Maybe, "computers", "tns:ArrayOfComputerStatusRollupInfo"),
        ],
    },
    Complex { name: "RollupComputerStatusResponse", members: &[Member(Once, "RollupComputerStatusResult", BOOLEAN)] },
];

pub(super) const TYPES: &[Complex] = &[
    COOKIE,
    ARRAY_OF_GUID,
    Complex {
        name: "RollupConfiguration",
        members: &[
            Member(Once, "DoDetailedRollup", BOOLEAN),
            Member(Once, "RollupResetGuid", GUID),
            Member(Once, "ServerId", GUID),
            Member(Once, "RollupDownstreamServersMaxBatchSize", INT),
            Member(Once, "RollupComputersMaxBatchSize", INT),
            Member(Once, "GetOutOfSyncComputersMaxBatchSize", INT),
            Member(Once, "RollupComputerStatusMaxBatchSize", INT),
        ],
    },
    Complex {
        name: "ArrayOfDownstreamServerRollupInfo",
        members: &[Member(Often, "DownstreamServerRollupInfo", "tns:DownstreamServerRollupInfo")],
    },
    Complex {
        name: "DownstreamServerRollupInfo",
        members: &[
            Member(Once, "ServerId", GUID),
            Member(Maybe, "FullDomainName", STRING),
            Member(Once, "LastSyncTime", DATE_TIME),
            Member(Once, "ParentServerId", GUID),
            Member(Maybe, "Version", STRING),
            Member(Once, "IsReplica", BOOLEAN),
            Member(Once, "LastRollupTime", DATE_TIME),
            Member(Maybe, "ServerSummary", "tns:DownstreamServerRollupServerSummary"),
            Member(Maybe, "ClientSummaries", "tns:ArrayOfDownstreamServerRollupClientSummary"),
        ],
    },
    Complex {
        name: "DownstreamServerRollupServerSummary",
        members: &[
            Member(Once, "UpdateCount", INT),
            Member(Once, "DeclinedUpdateCount", INT),
            Member(Once, "ApprovedUpdateCount", INT),
            Member(Once, "NotApprovedUpdateCount", INT),
            Member(Once, "UpdatesWithStaleUpdateApprovalsCount", INT),
            Member(Once, "ExpiredUpdateCount", INT),
            Member(Once, "CriticalOrSecurityUpdatesNotApprovedForInstallCount", INT),
            Member(Once, "WsusInfrastructureUpdatesNotApprovedForInstallCount", INT),
            Member(Once, "UpdatesWithClientErrorsCount", INT),
            Member(Once, "UpdatesWithServerErrorsCount", INT),
            Member(Once, "UpdatesNeedingFilesCount", INT),
            Member(Once, "UpdatesNeededByComputersCount", INT),
            Member(Once, "UpdatesUpToDateCount", INT),
            Member(Once, "CustomComputerTargetGroupCount", INT),
            Member(Once, "ComputerTargetCount", INT),
            Member(Once, "ComputerTargetsNeedingUpdatesCount", INT),
            Member(Once, "ComputerTargetsWithUpdateErrorsCount", INT),
            Member(Once, "ComputersUpToDateCount", INT),
        ],
    },
    Complex {
        name: "ArrayOfDownstreamServerRollupClientSummary",
        members: &[Member(Often, "DownstreamServerRollupClientSummary", "tns:DownstreamServerRollupClientSummary")],
    },
    Complex {
        name: "DownstreamServerRollupClientSummary",
        members: &[
            Member(Once, "OSMajorVersion", INT),
            Member(Once, "OSMinorVersion", INT),
            Member(Once, "OSBuildNumber", INT),
            Member(Once, "OSServicePackMajorNumber", INT),
            Member(Once, "OSServicePackMinorNumber", INT),
            Member(Maybe, "OSLocale", STRING),
            Member(Once, "SuiteMask", SHORT),
            Member(Once, "OldProductType", BYTE),
            Member(Once, "NewProductType", INT),
            Member(Once, "SystemMetrics", INT),
            Member(Maybe, "ProcessorArchitecture", STRING),
            Member(Once, "Count", INT),
            Member(Maybe, "ActivitySummaries", "tns:ArrayOfDownstreamServerRollupClientActivitySummary"),
        ],
    },
    Complex {
        name: "ArrayOfDownstreamServerRollupClientActivitySummary",
        members: &[Member(
            Often,
            "DownstreamServerRollupClientActivitySummary",
            "tns:DownstreamServerRollupClientActivitySummary",
        )],
    },
    Complex {
        name: "DownstreamServerRollupClientActivitySummary",
        members: &[
            Member(Once, "UpdateId", GUID),
            Member(Once, "RevisionNumber", INT),
            Member(Once, "InstallSuccessCount", INT),
            Member(Once, "InstallFailureCount", INT),
        ],
    },
    Complex {
        name: "ArrayOfComputerRollupInfo",
        members: &[Member(Often, "ComputerRollupInfo", "tns:ComputerRollupInfo")],
    },
    Complex { name: "ComputerRollupInfo", members: &[Member(Maybe, "Details", "tns:ComputerRollupDetails")] },
    Complex {
        name: "ComputerRollupDetails",
        members: &[
            Member(Maybe, "TargetGroupIdList", "tns:ArrayOfGuid"),
            Member(Maybe, "RequestedTargetGroupNames", "tns:ArrayOfString"),
        ],
    },
    Complex { name: "ArrayOfString", members: &[Member(Often, "string", STRING)] },
    Complex { name: "ArrayOfChangedComputer", members: &[Member(Often, "ChangedComputer", "tns:ChangedComputer")] },
    Complex { name: "ChangedComputer", members: &[] },
    Complex {
        name: "ArrayOfComputerLastRollupNumber",
        members: &[Member(Often, "ComputerLastRollupNumber", "tns:ComputerLastRollupNumber")],
    },
    Complex {
        name: "ComputerLastRollupNumber",
        members: &[Member(Maybe, "ComputerId", STRING), Member(Once, "RollupNumber", INT)],
    },
    Complex {
        name: "ArrayOfComputerStatusRollupInfo",
        members: &[Member(Often, "ComputerStatusRollupInfo", "tns:ComputerStatusRollupInfo")],
    },
    Complex {
        name: "ComputerStatusRollupInfo",
        members: &[
            Member(Once, "InstanceId", GUID),
            Member(Maybe, "ComputerId", STRING),
            Member(Once, "EffectiveLastDetectionTime", DATE_TIME),
            Member(Once, "RollupNumber", INT),
            Member(Once, "IsFullRollup", BOOLEAN),
            Member(Maybe, "UpdateStatus", "tns:ArrayOfComputerStatusRollupUpdateStatus"),
        ],
    },
    Complex {
        name: "ArrayOfComputerStatusRollupUpdateStatus",
        members: &[Member(Often, "ComputerStatusRollupUpdateStatus", "tns:ComputerStatusRollupUpdateStatus")],
    },
    Complex {
        name: "ComputerStatusRollupUpdateStatus",
        members: &[
            Member(Once, "UpdateId", GUID),
            Member(Once, "SummarizationState", INT),
            Member(Once, "LastChangeTime", DATE_TIME),
        ],
    },
];

/// The attributes of a type. All that computers report stands in attributes.
pub(in crate::soap::wsdl) fn attributes(name: &str) -> &'static [Attribute] {
    match name {
        "ComputerRollupInfo" => &[
            Attribute("ComputerId", STRING, false),
            Attribute("LastSyncTime", DATE_TIME, true),
            Attribute("LastSyncResult", INT, true),
            Attribute("LastReportedRebootTime", DATE_TIME, true),
            Attribute("LastReportedStatusTime", DATE_TIME, true),
            Attribute("LastInventoryTime", DATE_TIME, true),
            Attribute("ParentServerId", GUID, true),
        ],
        "ComputerRollupDetails" => &[
            Attribute("IPAddress", STRING, false),
            Attribute("FullDomainName", STRING, false),
            Attribute("OSMajorVersion", INT, true),
            Attribute("OSMinorVersion", INT, true),
            Attribute("OSBuildNumber", INT, true),
            Attribute("OSServicePackMajorNumber", INT, true),
            Attribute("OSServicePackMinorNumber", INT, true),
            Attribute("OSLocale", STRING, false),
            Attribute("OSFamily", STRING, false),
            Attribute("OSDescription", STRING, false),
            Attribute("ComputerMake", STRING, false),
            Attribute("ComputerModel", STRING, false),
            Attribute("BiosVersion", STRING, false),
            Attribute("BiosName", STRING, false),
            Attribute("BiosReleaseDate", DATE_TIME, true),
            Attribute("ProcessorArchitecture", STRING, false),
            Attribute("SuiteMask", SHORT, true),
            Attribute("OldProductType", BYTE, true),
            Attribute("NewProductType", INT, true),
            Attribute("SystemMetrics", INT, true),
            Attribute("ClientVersion", STRING, false),
        ],
        "ChangedComputer" => {
            &[Attribute("ComputerId", STRING, false), Attribute("Change", "tns:ComputerChangeType", true)]
        }
        _ => &[],
    }
}
