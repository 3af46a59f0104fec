//! Events of the source "Windows Server Update Services" in the Application log, and a few neighbours.
//!
//! Where the text of an event is recalled rather than seen, match on source and id and never on the text.

use super::Entry;

pub(super) const EVENTS: &[Entry] = &[
    Entry { word: "361", title: "Content synchronization started", text: "Files, not metadata.", modes: &["F-57"] },
    Entry {
        word: "363",
        title: "Content synchronization succeeded (recalled)",
        text: "Files, not metadata.",
        modes: &[],
    },
    Entry {
        word: "364",
        title: "Content file download failed",
        text: "A file could not be fetched by BITS. Metadata synchronization may be perfectly healthy (event 384 beside it): this is another path, another proxy setting and another cure.",
        modes: &["F-57"],
    },
    Entry {
        word: "381",
        title: "A scheduled synchronization was started",
        text: "The schedule adds a random offset.",
        modes: &[],
    },
    Entry {
        word: "382",
        title: "A manual synchronization was started",
        text: "If nothing follows and progress stays at 0 %, the WSUS service is not running.",
        modes: &["F-48"],
    },
    Entry {
        word: "384",
        title: "Synchronization completed successfully",
        text: "Missing updates after it are a matter of subscriptions or of files.",
        modes: &["F-61"],
    },
    Entry {
        word: "386",
        title: "Synchronization failed. Reason: …",
        text: "Logged when the synchronization fails; the reason is the message of the exception. On servers with the security update of October 2025 or later the details may be blank: read SoftwareDistribution.log.",
        modes: &["X-2"],
    },
    Entry { word: "387", title: "A synchronization was cancelled (inferred)", text: "Not a failure.", modes: &[] },
    Entry {
        word: "421",
        title: "Connection to the database failed (recalled)",
        text: "The server's own database, not the network.",
        modes: &["F-59"],
    },
    Entry { word: "501", title: "The service was started (recalled)", text: "", modes: &[] },
    Entry { word: "502", title: "The service was stopped (recalled)", text: "", modes: &["F-48"] },
    Entry {
        word: "507",
        title: "Update Services failed its initialization and stopped (recalled)",
        text: "Often a post-install step that is missing after an update, or the database.",
        modes: &["X-4", "F-59"],
    },
    Entry {
        word: "7032",
        title: "The console lost its connection (recalled)",
        text: "The console's own trouble; synchronization runs in the service.",
        modes: &["X-11"],
    },
    Entry {
        word: "7042",
        title: "The console lost its connection (recalled)",
        text: "The console's own trouble; synchronization runs in the service.",
        modes: &["X-11"],
    },
    Entry {
        word: "7053",
        title: "The console met an error (recalled)",
        text: "The console's own trouble; synchronization runs in the service.",
        modes: &["X-11"],
    },
    Entry {
        word: "10000",
        title: "WSUS is working correctly",
        text: "The health check found nothing. It never contacts the upstream, so it says nothing of synchronization.",
        modes: &[],
    },
    Entry {
        word: "10021",
        title: "The catalog was last synchronized some days ago",
        text: "A warning of the health check that the last success is old. The health cycle logs changes every ten minutes and everything again every six hours, so a new one is no new failure.",
        modes: &["F-62"],
    },
    Entry {
        word: "10022",
        title: "The last catalog synchronization attempt was unsuccessful",
        text: "Written by the health check up to ten minutes after the failure (event 386 comes at once), and again with each six-hourly refresh: an old one persists, and a new one need not mean a new failure. It names no cause.",
        modes: &[],
    },
    Entry {
        word: "10032",
        title: "The server is failing to download some updates (recalled)",
        text: "Files, not metadata.",
        modes: &["F-57"],
    },
    Entry {
        word: "12002",
        title: "The Reporting Web Service is not working",
        text: "The server's own web services, mostly its application pool.",
        modes: &["F-47"],
    },
    Entry {
        word: "12012",
        title: "The API Remoting Web Service is not working (recalled)",
        text: "The server's own web services, mostly its application pool.",
        modes: &["F-47"],
    },
    Entry {
        word: "12022",
        title: "The Client Web Service is not working (recalled)",
        text: "The server's own web services, mostly its application pool.",
        modes: &["F-47"],
    },
    Entry {
        word: "12032",
        title: "The Server Synchronization Web Service is not working (recalled)",
        text: "The web service that downstream servers call. On an upstream it explains why they all fail.",
        modes: &["F-47", "F-49"],
    },
    Entry {
        word: "12042",
        title: "The SimpleAuth Web Service is not working (recalled)",
        text: "Clients authenticate there; synchronization does not.",
        modes: &["F-47"],
    },
    Entry {
        word: "12052",
        title: "The DSS Authentication Web Service is not working (recalled)",
        text: "Downstream servers get their authorization there. On an upstream it explains why they all fail.",
        modes: &["F-47", "F-49"],
    },
    Entry {
        word: "12072",
        title: "The WSUS content directory is not accessible",
        text: "With \"(503) Server Unavailable\" behind it the application pool is stopped; with a path, permissions are wrong.",
        modes: &["F-47"],
    },
    Entry {
        word: "13042",
        title: "Self-update is not working (recalled)",
        text: "Often SSL that was wrongly required on /selfupdate. Metadata synchronization is not affected.",
        modes: &["F-45"],
    },
    Entry {
        word: "13051",
        title: "No client computers have ever contacted the server (recalled)",
        text: "Nothing about synchronization.",
        modes: &[],
    },
    Entry {
        word: "5002",
        title: "WAS: an application pool was disabled by rapid-fail protection (recalled)",
        text: "It stays off until someone starts it.",
        modes: &["F-47", "X-7"],
    },
    Entry {
        word: "5074",
        title: "WAS: a worker process was recycled by its time limit",
        text: "Within the second of a truncated answer it explains it.",
        modes: &["F-50"],
    },
    Entry {
        word: "5117",
        title: "WAS: a worker process was recycled by its private-memory limit (recalled)",
        text: "The default limit of WsusPool is too low for large synchronizations.",
        modes: &["F-50", "F-47"],
    },
    Entry {
        word: "36871",
        title: "Schannel: credentials could not be created (recalled)",
        text: "No usable protocol or certificate on this machine.",
        modes: &["F-05", "F-43"],
    },
    Entry {
        word: "36874",
        title: "Schannel: no cipher suite in common (recalled)",
        text: "Logged by the server that got the ClientHello.",
        modes: &["F-06"],
    },
    Entry {
        word: "36887",
        title: "Schannel: a fatal alert was received (recalled)",
        text: "The number in it is the TLS alert that the other side sent: ask for it as alert <number>.",
        modes: &["F-04", "F-06"],
    },
    Entry {
        word: "36888",
        title: "Schannel: a fatal alert was sent (recalled)",
        text: "The number in it is the TLS alert that this machine sent.",
        modes: &["F-06"],
    },
];
