//! Words that stand by themselves: special codes, layers, `SynchronizationError` and `ErrorCode` names, chain statuses.

use super::Entry;

/// Codes that no rule bears.
pub(super) const SPECIAL_CODES: &[Entry] = &[
    Entry {
        word: "healthy",
        title: "Nothing stands in the way",
        text: "The whole synchronization was seen along the path that the server uses. Warnings may stand beside it.",
        modes: &[],
    },
    Entry {
        word: "not-you",
        title: "The cause is on Microsoft's side",
        text: "The server's own path is healthy at every step, and the service at the other end fails: within TLS that is Microsoft's own, sws.update.microsoft.com answers with 502, 503 or 504.",
        modes: &["X-1"],
    },
    Entry {
        word: "undetermined",
        title: "What was seen does not suffice to name one cause",
        text: "The sentence names the candidates, what is missing, and the check that decides. A doubt is never turned into a guess.",
        modes: &[],
    },
];

/// The layers, in order.
pub(super) const LAYERS: &[Entry] = &[
    Entry {
        word: "server",
        title: "The server itself: configuration, clock, stores",
        text: "What can be read off the server without the network.",
        modes: &[],
    },
    Entry {
        word: "dns",
        title: "Name resolution",
        text: "Of the target where the server goes directly, of the proxy where it uses one: then the proxy resolves the target.",
        modes: &[],
    },
    Entry {
        word: "tcp",
        title: "The connection to the source",
        text: "Only where the server goes directly.",
        modes: &[],
    },
    Entry {
        word: "proxy",
        title: "The explicit proxy",
        text: "Its name and port, its demand for credentials, its policy, and its own way to the target.",
        modes: &[],
    },
    Entry {
        word: "tls",
        title: "TLS and certificates",
        text: "Versions, suites, and the chain against this server's stores and clock.",
        modes: &[],
    },
    Entry { word: "http", title: "HTTP", text: "What the source, or something in its place, answers.", modes: &[] },
    Entry { word: "soap", title: "The synchronization protocol", text: "SOAP faults and versions.", modes: &[] },
    Entry {
        word: "content",
        title: "Update files",
        text: "Another path than metadata: BITS, other proxy settings, other codes. No rule treats it yet.",
        modes: &["F-57"],
    },
];

/// Names that the WSUS API, the protocol ([MS-WSUSSS] 2.2.9.3) and CryptoAPI use.
pub(super) const NAMES: &[Entry] = &[
    Entry { word: "NotApplicable", title: "SynchronizationError 0: there was no error", text: "", modes: &[] },
    Entry {
        word: "LocalDbConnectFail",
        title: "SynchronizationError 2: the server's own database cannot be reached",
        text: "No network to look at: SQL.",
        modes: &["F-59"],
    },
    Entry {
        word: "LocalDbTooBusy",
        title: "SynchronizationError 3: the server's own database is too busy",
        text: "",
        modes: &["F-59"],
    },
    Entry {
        word: "LocalDbOtherError",
        title: "SynchronizationError 4: the server's own database failed",
        text: "",
        modes: &["F-59"],
    },
    Entry {
        word: "ProxyError",
        title: "SynchronizationError 5: the proxy",
        text: "Whether a 407 gives this or UssCommunicationError is not settled.",
        modes: &["F-08", "F-09", "F-10", "F-14", "F-15", "F-16"],
    },
    Entry {
        word: "DssAuthenticationError",
        title: "SynchronizationError 9: the upstream wants authentication",
        text: "",
        modes: &["F-52"],
    },
    Entry {
        word: "ImportUpdateError",
        title: "SynchronizationError 13: some metadata could not be imported",
        text: "Read UpdateErrors: DependencyNotFound or MetadataInvalid, update by update.",
        modes: &["F-60"],
    },
    Entry {
        word: "ApprovalError",
        title: "SynchronizationError 14: an approval could not be taken over",
        text: "On replicas.",
        modes: &["F-56"],
    },
    Entry {
        word: "LocalUpdateMissingForApproval",
        title: "SynchronizationError 15: an approval came before its update",
        text: "On replicas; the next synchronization mends it.",
        modes: &["F-56"],
    },
    Entry {
        word: "IncompatibleProtocolVersion",
        title: "SynchronizationError 16 and SOAP ErrorCode: this server is too old for the upstream",
        text: "By the specification an upstream says so only for another major version. The other direction is IncompatibleProtocolVersionOnUss.",
        modes: &["F-55"],
    },
    Entry {
        word: "IncompatibleProtocolVersionOnUss",
        title: "SynchronizationError: the upstream is too old for this server",
        text: "Raised by this server itself after GetConfigData; no fault is on the wire. The threshold is not documented.",
        modes: &["F-55"],
    },
    Entry { word: "UserCanceled", title: "SynchronizationError: somebody cancelled it", text: "", modes: &[] },
    Entry {
        word: "UssCommunicationError",
        title: "SynchronizationError: communication with the source failed",
        text: "It covers name, connection, TLS, certificate and proxy alike: by itself it names no cause. The exception in SoftwareDistribution.log, and a look at the path, do.",
        modes: &[],
    },
    Entry {
        word: "UssInternalError",
        title: "SynchronizationError: the source failed inside",
        text: "Seen with faults of an upstream, and after an import into a downstream server.",
        modes: &["F-49", "F-58", "X-12"],
    },
    Entry {
        word: "InvalidParameters",
        title: "SOAP ErrorCode: the request's parameters are refused",
        text: "The caller must stop.",
        modes: &[],
    },
    Entry {
        word: "InvalidCookie",
        title: "SOAP ErrorCode: the cookie is no longer valid",
        text: "The protocol starts again from the beginning; a compliant server recovers silently. Persisting, it speaks of a restored or cloned database.",
        modes: &["F-58"],
    },
    Entry {
        word: "InvalidAuthorizationCookie",
        title: "SOAP ErrorCode: the authorization is no longer valid",
        text: "The protocol starts again from the beginning.",
        modes: &["F-58"],
    },
    Entry {
        word: "InternalServerError",
        title: "SOAP ErrorCode: the source failed inside",
        text: "With fe2.update.microsoft.com behind Actor it is the decommissioned endpoint; with an internal host it is the upstream, whose own log has the reason.",
        modes: &["F-01", "F-49"],
    },
    Entry {
        word: "FileDigestsMissing",
        title: "SOAP ErrorCode: the source does not know some files",
        text: "",
        modes: &[],
    },
    Entry {
        word: "ServerChanged",
        title: "SOAP ErrorCode: the source is another than before",
        text: "Anchors are reset and the protocol goes on; persisting, it speaks of a restored or cloned database.",
        modes: &["F-58"],
    },
    Entry {
        word: "ServerBusy",
        title: "SOAP ErrorCode: the source is too busy",
        text: "Wait and come again.",
        modes: &["F-53"],
    },
    Entry { word: "PartialChain", title: "Chain status, 0x800B010A: an issuer is missing", text: "", modes: &["F-31"] },
    Entry {
        word: "UntrustedRoot",
        title: "Chain status, 0x800B0109: the root is not trusted",
        text: "",
        modes: &["F-32", "F-33"],
    },
    Entry {
        word: "NotTimeValid",
        title: "Chain status, 0x800B0101: expired, not yet valid, or the clock is wrong",
        text: "",
        modes: &["F-34", "F-35"],
    },
    Entry {
        word: "NotSignatureValid",
        title: "Chain status: a signature was not made by the issuer's key",
        text: "",
        modes: &[],
    },
    Entry {
        word: "NotValidForUsage",
        title: "Chain status, 0x800B0110: not meant for servers",
        text: "",
        modes: &["F-36"],
    },
    Entry {
        word: "RevocationStatusUnknown",
        title: "Chain status: revocation could not be checked",
        text: "Synchronization does not check it.",
        modes: &["F-39"],
    },
    Entry {
        word: "OfflineRevocation",
        title: "Chain status: the revocation server cannot be reached",
        text: "Synchronization does not check it.",
        modes: &["F-39"],
    },
    Entry {
        word: "RemoteCertificateNameMismatch",
        title: "The certificate is for another name",
        text: "",
        modes: &["F-40"],
    },
];
