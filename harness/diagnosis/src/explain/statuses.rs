//! HTTP statuses, as synchronization meets them (RFC 9110, 15).

use super::Entry;

pub(super) const STATUSES: &[Entry] = &[
    Entry {
        word: "301",
        title: "a redirect",
        text: "WSUS does not follow redirects; a captive portal or a wrong site answers so. The exception shows the body.",
        modes: &["F-30"],
    },
    Entry {
        word: "302",
        title: "a redirect",
        text: "WSUS does not follow redirects; a captive portal or a wrong site answers so. The exception shows the body.",
        modes: &["F-30"],
    },
    Entry {
        word: "400",
        title: "Bad Request",
        text: "HTTP.SYS and others say so to TLS on a plain port, and some to plain HTTP on a TLS port.",
        modes: &["F-44"],
    },
    Entry {
        word: "401",
        title: "Unauthorized",
        text: "The upstream's web service does not allow anonymous access, which synchronization needs.",
        modes: &["F-52"],
    },
    Entry {
        word: "403",
        title: "Forbidden",
        text: "In parentheses, \"(403) Forbidden\", a proxy denied the tunnel; as \"HTTP status 403\" the upstream's IIS did, perhaps because it requires SSL (the sub-status 4 stands in its log only). In a browser most addresses of a healthy WSUS answer 403.",
        modes: &["F-15", "F-46", "F-52"],
    },
    Entry {
        word: "404",
        title: "Not Found",
        text: "The web service is not on that site, or a virtual directory is missing.",
        modes: &["F-51"],
    },
    Entry {
        word: "405",
        title: "Method Not Allowed",
        text: "In answer to CONNECT: what listens there is a web server and no proxy. As \"HTTP status 405\" from an upstream: nothing there runs the web service, and its file is served like any other.",
        modes: &["F-14", "F-51", "X-4"],
    },
    Entry {
        word: "407",
        title: "Proxy Authentication Required",
        text: "The proxy wants credentials: none, unused, rejected, or of a scheme that is not allowed.",
        modes: &["F-08", "F-09", "F-10"],
    },
    Entry {
        word: "413",
        title: "Request Entity Too Large",
        text: "A limit on the way is too small for GetUpdateData.",
        modes: &["F-54"],
    },
    Entry {
        word: "417",
        title: "Expectation Failed",
        text: "Some proxies refuse Expect: 100-continue.",
        modes: &["F-15"],
    },
    Entry {
        word: "500",
        title: "Internal Server Error",
        text: "With a SOAP fault its ErrorCode decides; with HTML the upstream's web application is broken. On a GET of client.asmx it may be normal.",
        modes: &["F-49", "F-01"],
    },
    Entry {
        word: "501",
        title: "Not Implemented",
        text: "In answer to CONNECT: what listens there is no proxy.",
        modes: &["F-14"],
    },
    Entry {
        word: "502",
        title: "Bad Gateway",
        text: "A proxy or front end could not reach what is behind it.",
        modes: &["F-16"],
    },
    Entry {
        word: "503",
        title: "Service Unavailable",
        text: "In parentheses, \"(503) Server Unavailable\", a proxy could not open the tunnel; as \"HTTP status 503\" the upstream's application pool does not run (Server: Microsoft-HTTPAPI/2.0).",
        modes: &["F-47", "F-16"],
    },
    Entry { word: "504", title: "Gateway Timeout", text: "A proxy waited for its target in vain.", modes: &["F-16"] },
];
