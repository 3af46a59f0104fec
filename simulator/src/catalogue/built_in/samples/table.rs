//! The samples as data. Order matters: a sample may supersede only what stands above it.

use crate::catalogue::Guid;
use crate::catalogue::built_in::categories::*;
use crate::catalogue::built_in::content::Generated;

/// A sample update.
pub(super) struct Sample {
    /// Its name, from which its id is made.
    pub(super) name: &'static str,
    /// Article number, far from those of real ones.
    pub(super) article: &'static str,
    /// `CreationDate`.
    pub(super) created: &'static str,
    /// `MsrcSeverity`, of security updates.
    pub(super) severity: Option<&'static str>,
    pub(super) products: &'static [Guid],
    pub(super) classification: Guid,
    /// Names of detectoids.
    pub(super) needs: &'static [&'static str],
    /// Names of samples.
    pub(super) supersedes: &'static [&'static str],
    /// Names of samples that must be installed before, whether they stand above it, below it or nowhere.
    pub(super) prerequisites: &'static [&'static str],
    /// The text of its licence, if an administrator must accept one.
    pub(super) eula: Option<Generated>,
    /// Whether its file is encrypted, so that its key must be asked for.
    pub(super) is_encrypted: bool,
    /// Whether its description is so long that the document travels in a cabinet.
    pub(super) is_long: bool,
    /// `PublicationState`: withdrawn by its publisher.
    pub(super) expired: bool,
    pub(super) content: Content,
}

/// Where its files hang.
pub(super) enum Content {
    /// On itself.
    Own(Generated),
    /// On hidden members, in groups of which one member each is enough.
    Bundle(&'static [&'static [Generated]]),
}

/// What most samples have in common.
const PLAIN: Sample = Sample {
    name: "",
    article: "",
    created: "",
    severity: None,
    products: &[],
    classification: UPDATES,
    needs: &[],
    supersedes: &[],
    prerequisites: &[],
    eula: None,
    is_encrypted: false,
    is_long: false,
    expired: false,
    content: Content::Bundle(&[]),
};

const fn file(name: &'static str, size: usize) -> Generated {
    Generated { name, size }
}

pub(super) const SAMPLES: &[Sample] = &[
    Sample {
        name: "security update 1",
        article: "9000001",
        created: "2025-02-11T18:00:00Z",
        severity: Some("Important"),
        products: &[SERVER_2019],
        classification: SECURITY,
        needs: &["64-bit processor"],
        content: Content::Bundle(&[&[file("wsuslab-security-1-x64.cab", 18_432)]]),
        ..PLAIN
    },
    Sample {
        name: "security update 2",
        article: "9000002",
        created: "2025-03-11T17:00:00Z",
        severity: Some("Critical"),
        products: &[SERVER_2019],
        classification: SECURITY,
        needs: &["64-bit processor"],
        supersedes: &["security update 1"],
        content: Content::Bundle(&[&[file("wsuslab-security-2-x64.cab", 19_001)]]),
        ..PLAIN
    },
    Sample {
        name: "security update 3",
        article: "9000003",
        created: "2025-04-08T17:00:00.5Z",
        severity: Some("Critical"),
        products: &[SERVER_2019],
        classification: SECURITY,
        needs: &["64-bit processor", "server product"],
        supersedes: &["security update 1", "security update 2"],
        content: Content::Bundle(&[&[file("wsuslab-security-3-x64.cab", 20_480)]]),
        ..PLAIN
    },
    Sample {
        name: "security update 4",
        article: "9000004",
        created: "2025-04-08T17:00:01Z",
        severity: Some("Moderate"),
        products: &[WINDOWS_10, WINDOWS_11],
        classification: SECURITY,
        content: Content::Bundle(&[&[
            file("wsuslab-security-4-x64.cab", 12_345),
            file("wsuslab-security-4-arm64.cab", 11_111),
        ]]),
        ..PLAIN
    },
    Sample {
        name: "critical update 1",
        article: "9000005",
        created: "2025-04-22T17:00:00Z",
        products: &[WINDOWS_11],
        classification: CRITICAL,
        needs: &["English system"],
        content: Content::Own(file("wsuslab-critical-1.exe", 8_192)),
        ..PLAIN
    },
    Sample {
        name: "update rollup 1",
        article: "9000006",
        created: "2025-05-13T17:00:00Z",
        products: &[SERVER_21H2],
        classification: ROLLUPS,
        needs: &["server product"],
        content: Content::Bundle(&[
            &[file("wsuslab-rollup-1-stack.cab", 4_096)],
            &[file("wsuslab-rollup-1-payload.cab", 30_000)],
        ]),
        ..PLAIN
    },
    Sample {
        name: "definition update 1",
        article: "9000007",
        created: "2025-05-20T06:30:00Z",
        products: &[DEFENDER],
        classification: DEFINITIONS,
        needs: &["antivirus engine present"],
        content: Content::Bundle(&[
            &[file("wsuslab-definitions-1-full.exe", 24_000), file("wsuslab-definitions-1-delta.exe", 3_000)],
            &[file("wsuslab-engine-1.exe", 6_000)],
        ]),
        ..PLAIN
    },
    Sample {
        name: "definition update 2",
        article: "9000007",
        created: "2025-05-21T06:30:00Z",
        products: &[DEFENDER],
        classification: DEFINITIONS,
        needs: &["antivirus engine present"],
        supersedes: &["definition update 1"],
        content: Content::Bundle(&[
            &[file("wsuslab-definitions-2-full.exe", 24_100), file("wsuslab-definitions-2-delta.exe", 3_100)],
            &[file("wsuslab-engine-2.exe", 6_050)],
        ]),
        ..PLAIN
    },
    Sample {
        name: "feature pack 1",
        article: "9000008",
        created: "2025-06-03T17:00:00Z",
        products: &[SERVER_21H2, SERVER_2019],
        classification: FEATURE_PACKS,
        needs: &["server product"],
        content: Content::Own(file("wsuslab-feature-1.exe", 16_384)),
        ..PLAIN
    },
    Sample {
        name: "tool 1",
        article: "9000009",
        created: "2025-06-10T17:00:00Z",
        products: &[SERVER_2019, WINDOWS_10, WINDOWS_11],
        classification: TOOLS,
        content: Content::Own(file("wsuslab-tool-1.exe", 5_555)),
        ..PLAIN
    },
    Sample {
        name: "update 1",
        article: "9000010",
        created: "2025-06-17T17:00:00Z",
        products: &[EDGE],
        content: Content::Own(file("wsuslab-update-1.exe", 9_999)),
        ..PLAIN
    },
    Sample {
        name: "update 2",
        article: "9000011",
        created: "2025-06-24T17:00:00Z",
        products: &[OFFICE_2016],
        expired: true,
        content: Content::Own(file("wsuslab-update-2.exe", 7_777)),
        ..PLAIN
    },
    Sample {
        name: "upgrade 1",
        article: "9000012",
        created: "2025-07-01T17:00:00Z",
        products: &[WINDOWS_11],
        classification: UPGRADES,
        needs: &["64-bit processor"],
        content: Content::Bundle(&[&[file("wsuslab-upgrade-1-x64.esd", 40_960)]]),
        ..PLAIN
    },
    Sample {
        name: "critical update 2",
        article: "9000013",
        created: "2025-07-08T17:00:00Z",
        products: &[SERVER_21H2],
        classification: CRITICAL,
        eula: Some(file("wsuslab-licence-1.txt", 1_234)),
        is_long: true,
        content: Content::Own(file("wsuslab-critical-2.exe", 8_888)),
        ..PLAIN
    },
    Sample {
        name: "update 3",
        article: "9000014",
        created: "2025-07-08T17:00:01Z",
        products: &[SERVER_2019],
        prerequisites: &["update 4"],
        content: Content::Own(file("wsuslab-update-3.exe", 6_666)),
        ..PLAIN
    },
    Sample {
        name: "update 4",
        article: "9000015",
        created: "2025-07-08T17:00:02Z",
        products: &[SERVER_2019],
        prerequisites: &["update that was never published"],
        content: Content::Own(file("wsuslab-update-4.exe", 4_444)),
        ..PLAIN
    },
    Sample {
        name: "upgrade 2",
        article: "9000016",
        created: "2025-07-15T17:00:00Z",
        products: &[WINDOWS_11],
        classification: UPGRADES,
        needs: &["64-bit processor"],
        is_encrypted: true,
        content: Content::Own(file("wsuslab-upgrade-2-x64.esd", 33_333)),
        ..PLAIN
    },
];
