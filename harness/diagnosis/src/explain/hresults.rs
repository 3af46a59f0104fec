//! HRESULTs that administrators meet around a failed synchronization, and errors of Winsock.
//!
//! The caution that matters: metadata synchronization is .NET's `HttpWebRequest` and produces none of WinHTTP's codes
//! (`0x80072xxx`). They come from other tools on the same machine, and are hints.

use super::{Entry, Explanation};

/// Explains any HRESULT: from the tables, else by its facility.
pub(super) fn explain(value: u32) -> Explanation {
    let word = format!("0x{value:08X}");
    let known = |table: &[Entry]| table.iter().find(|entry| entry.word == word).map(|entry| entry.explain("hresult"));
    if let Some(mut explanation) = known(WININET).or_else(|| known(UPDATE_AGENT)) {
        explanation.text = format!("{} {HINT}", explanation.text).trim_start().to_owned();
        return explanation;
    }
    known(SECURITY_AND_DOTNET).unwrap_or_else(|| by_facility(value, word))
}

const HINT: &str = "A hint only: codes of this kind come from the Windows Update agent, BITS, WinHTTP or another tool, not from metadata \
    synchronization itself, whose stack is .NET's HttpWebRequest.";

/// What the number alone tells of an HRESULT that is in no table.
fn by_facility(value: u32, word: String) -> Explanation {
    let code = value & 0xffff;
    let title = match value >> 16 & 0x7ff {
        0x019 => format!("HTTP status {code}, as BITS reports it"),
        0x007 if (0x2ee0..0x3000).contains(&code) => format!("error {code} of WinINet or WinHTTP"),
        0x007 => format!("Win32 error {code}"),
        0x024 => "an error of the Windows Update agent".to_owned(),
        0x00b => "an error of certificate trust".to_owned(),
        0x009 => "an error of security (SSPI, Schannel or CryptoAPI)".to_owned(),
        0x013 => "an exception of .NET".to_owned(),
        _ => "an HRESULT that is not in the lexicon".to_owned(),
    };
    let entry =
        Entry { word: "", title: "", text: "Not in the lexicon; this is read from the number alone.", modes: &[] };
    Explanation { word, title, ..entry.explain("hresult") }
}

/// WinINet's and WinHTTP's.
const WININET: &[Entry] = &[
    Entry {
        word: "0x80072EE2",
        title: "ERROR_INTERNET_TIMEOUT (12002): the request timed out",
        text: "No answer in time; the nearest texts of .NET are \"did not properly respond\" and \"The operation has timed out\", which are two different causes. Look at proxy, firewall and route before IIS.",
        modes: &["F-19", "F-53"],
    },
    Entry {
        word: "0x80072EE7",
        title: "ERROR_INTERNET_NAME_NOT_RESOLVED (12007)",
        text: "A name could not be resolved: the target's, or the proxy's.",
        modes: &["F-27", "F-14"],
    },
    Entry {
        word: "0x80072EEF",
        title: "ERROR_INTERNET_LOGIN_FAILURE (12015)",
        text: "A logon was refused (401 or 407).",
        modes: &["F-08", "F-09", "F-52"],
    },
    Entry {
        word: "0x80072EF1",
        title: "ERROR_INTERNET_OPERATION_CANCELLED (12017)",
        text: "The caller gave up.",
        modes: &[],
    },
    Entry {
        word: "0x80072EFD",
        title: "ERROR_INTERNET_CANNOT_CONNECT (12029)",
        text: "No connection could be made: refused, dropped, or nobody there. The address in .NET's SocketException tells which hop it was.",
        modes: &["F-20", "F-19", "F-14"],
    },
    Entry {
        word: "0x80072EFE",
        title: "ERROR_INTERNET_CONNECTION_ABORTED (12030)",
        text: "The connection was ended abnormally: a reset in the handshake is the usual reason.",
        modes: &["F-03", "F-06", "F-26"],
    },
    Entry {
        word: "0x80072EFF",
        title: "ERROR_INTERNET_CONNECTION_RESET (12031)",
        text: "The connection was reset in the middle.",
        modes: &["F-26", "F-50"],
    },
    Entry {
        word: "0x80072F05",
        title: "ERROR_INTERNET_SEC_CERT_DATE_INVALID (12037)",
        text: "A certificate is outside its validity by the clock of this machine: look at the clock first.",
        modes: &["F-34", "F-35"],
    },
    Entry {
        word: "0x80072F06",
        title: "ERROR_INTERNET_SEC_CERT_CN_INVALID (12038)",
        text: "The certificate is for another name.",
        modes: &["F-40"],
    },
    Entry {
        word: "0x80072F0C",
        title: "ERROR_INTERNET_CLIENT_AUTH_CERT_NEEDED (12044)",
        text: "The server wants a client certificate (403.7 in IIS).",
        modes: &["F-52"],
    },
    Entry {
        word: "0x80072F0D",
        title: "ERROR_INTERNET_INVALID_CA (12045)",
        text: "The certificate's authority is not trusted.",
        modes: &["F-32", "F-31", "F-33"],
    },
    Entry {
        word: "0x80072F17",
        title: "ERROR_INTERNET_SEC_CERT_ERRORS (12055)",
        text: "The certificate has errors; which ones it does not say.",
        modes: &["F-31", "F-32", "F-33", "F-34", "F-40"],
    },
    Entry {
        word: "0x80072F19",
        title: "ERROR_INTERNET_SEC_CERT_REV_FAILED (12057)",
        text: "Revocation could not be checked. Synchronization does not check it, so this is mostly another tool's complaint.",
        modes: &["F-39"],
    },
    Entry {
        word: "0x80072F1E",
        title: "ERROR_INTERNET_SEC_CERT_WEAK_SIGNATURE (12062)",
        text: "The certificate is signed with an algorithm that this machine holds too weak.",
        modes: &["F-37"],
    },
    Entry {
        word: "0x80072F76",
        title: "ERROR_HTTP_HEADER_NOT_FOUND (12150)",
        text: "An answer lacks a header that the caller needs.",
        modes: &[],
    },
    Entry {
        word: "0x80072F78",
        title: "ERROR_HTTP_INVALID_SERVER_RESPONSE (12152)",
        text: "The answer is not HTTP.",
        modes: &["F-14", "F-44"],
    },
    Entry {
        word: "0x80072F7D",
        title: "ERROR_INTERNET_SECURITY_CHANNEL_ERROR (12157)",
        text: "TLS failed; why it does not say.",
        modes: &["F-03", "F-04", "F-06"],
    },
    Entry {
        word: "0x80072F85",
        title: "ERROR_INTERNET_PROXY_SERVER_UNREACHABLE (12165)",
        text: "The proxy cannot be reached.",
        modes: &["F-14"],
    },
    Entry {
        word: "0x80072F89",
        title: "ERROR_INTERNET_SEC_INVALID_CERT (12169)",
        text: "The certificate is invalid.",
        modes: &["F-31", "F-32", "F-33"],
    },
    Entry {
        word: "0x80072F8A",
        title: "ERROR_INTERNET_SEC_CERT_REVOKED (12170)",
        text: "The certificate is revoked.",
        modes: &["F-38"],
    },
    Entry {
        word: "0x80072F8F",
        title: "ERROR_INTERNET_DECODING_FAILED (12175): in practice the clock or the certificate",
        text: "Secure channel, certificate, or local date and time. Check this machine's date, time and time zone first, then the certificate's validity, name and chain.",
        modes: &["F-35", "F-34", "F-32", "F-31", "F-33", "F-40"],
    },
    Entry {
        word: "0x80072F9C",
        title: "ERROR_HTTP_PROXY secure failure (12188)",
        text: "TLS towards the proxy failed.",
        modes: &["F-18"],
    },
];

/// Those of the Windows Update agent and of BITS.
const UPDATE_AGENT: &[Entry] = &[
    Entry {
        word: "0x80244007",
        title: "SOAP client: a SOAP fault came",
        text: "The server answered with a fault; its ErrorCode decides.",
        modes: &["F-49", "F-55", "F-58"],
    },
    Entry {
        word: "0x80244008",
        title: "SOAP client: a SOAP fault could not be parsed",
        text: "Seen with overloaded WSUS databases.",
        modes: &["F-59"],
    },
    Entry {
        word: "0x80244009",
        title: "SOAP client: the answer could not be read",
        text: "Truncated on the way, or cut by a recycled pool.",
        modes: &["F-50"],
    },
    Entry {
        word: "0x8024400A",
        title: "SOAP client: the answer could not be parsed",
        text: "Not well-formed: truncated, or an HTML page.",
        modes: &["F-50", "F-30"],
    },
    Entry {
        word: "0x8024400D",
        title: "SOAP fault that blames the client",
        text: "The fault's ErrorCode decides.",
        modes: &["F-55", "F-58"],
    },
    Entry {
        word: "0x8024400E",
        title: "SOAP fault that blames the server",
        text: "The fault's ErrorCode decides; the reason is in the server's own log.",
        modes: &["F-49"],
    },
    Entry {
        word: "0x80244010",
        title: "Too many round trips",
        text: "A client's scan met a catalogue that is too large; not synchronization.",
        modes: &[],
    },
    Entry {
        word: "0x80244011",
        title: "The policy that names the WSUS server is missing",
        text: "A client's matter.",
        modes: &[],
    },
    Entry {
        word: "0x80244015",
        title: "The cache must be refreshed: server changed or cookie invalid",
        text: "A compliant caller recovers by itself.",
        modes: &["F-58"],
    },
    Entry {
        word: "0x80244016",
        title: "HTTP 400",
        text: "The source did not understand the request; on a TLS port it may have been spoken to in clear.",
        modes: &["F-44"],
    },
    Entry {
        word: "0x80244017",
        title: "HTTP 401",
        text: "The source wants a logon, where synchronization is anonymous.",
        modes: &["F-52"],
    },
    Entry {
        word: "0x80244018",
        title: "HTTP 403",
        text: "Denied: by a proxy's policy, or by the source (SSL required and not used).",
        modes: &["F-15", "F-46", "F-52"],
    },
    Entry {
        word: "0x80244019",
        title: "HTTP 404",
        text: "The web service is not there: another site, or a virtual directory is missing.",
        modes: &["F-51"],
    },
    Entry {
        word: "0x8024401A",
        title: "HTTP 405",
        text: "What answers does not take this method; a web server in the place of a proxy does that.",
        modes: &["F-14"],
    },
    Entry {
        word: "0x8024401B",
        title: "HTTP 407: the proxy asks for credentials",
        text: "No credentials, unused ones, rejected ones, or a scheme that is not allowed: the configuration and the number of rounds tell which.",
        modes: &["F-08", "F-09", "F-10"],
    },
    Entry {
        word: "0x8024401C",
        title: "HTTP 408: a request timed out",
        text: "Several tools explain it as proxy authentication; it is not.",
        modes: &["F-53"],
    },
    Entry { word: "0x8024401D", title: "HTTP 409", text: "A conflict; not known from synchronization.", modes: &[] },
    Entry { word: "0x8024401E", title: "HTTP 410", text: "Gone; not known from synchronization.", modes: &[] },
    Entry {
        word: "0x8024401F",
        title: "HTTP 500",
        text: "The source failed inside; its own log has the reason.",
        modes: &["F-49"],
    },
    Entry {
        word: "0x80244020",
        title: "HTTP 501 by its name; documented as 500 by a slip",
        text: "What answers does not know the method.",
        modes: &["F-14"],
    },
    Entry {
        word: "0x80244021",
        title: "HTTP 502: bad gateway",
        text: "A proxy or front end could not reach what is behind it.",
        modes: &["F-16"],
    },
    Entry {
        word: "0x80244022",
        title: "HTTP 503: service unavailable",
        text: "The upstream's application pool does not run, or a proxy cannot reach its target: who wrote the answer decides.",
        modes: &["F-47", "F-16"],
    },
    Entry {
        word: "0x80244023",
        title: "HTTP 504 by its name; documented as 503 by a slip",
        text: "A proxy waited for its target in vain.",
        modes: &["F-16"],
    },
    Entry { word: "0x80244024", title: "HTTP 505", text: "The version of HTTP is not supported.", modes: &[] },
    Entry {
        word: "0x8024402B",
        title: "An HTTP status that has no code of its own",
        text: "Look for the status itself in the log.",
        modes: &[],
    },
    Entry {
        word: "0x8024402C",
        title: "A name could not be resolved: the target's or the proxy's",
        text: "Often DNS at the proxy and not on this machine: that the name resolves here proves nothing behind a proxy.",
        modes: &["F-16", "F-14", "F-27"],
    },
    Entry {
        word: "0x8024402F",
        title: "External cab processing ended with errors",
        text: "A client's matter. Often presented as a network error of WSUS synchronization; it is not.",
        modes: &[],
    },
    Entry { word: "0x80240436", title: "The catalogue must be synchronized", text: "", modes: &[] },
    Entry { word: "0x80240437", title: "A security check with the service failed", text: "", modes: &[] },
    Entry {
        word: "0x80240438",
        title: "The endpoint cannot be reached",
        text: "There is no way to it.",
        modes: &["F-19", "F-21"],
    },
    Entry { word: "0x80240439", title: "A format is invalid", text: "", modes: &[] },
    Entry { word: "0x8024043A", title: "A URL is invalid", text: "", modes: &["X-18"] },
    Entry {
        word: "0x8024043C",
        title: "The proxy's authentication scheme is not supported",
        text: "",
        modes: &["F-10"],
    },
    Entry {
        word: "0x80240033",
        title: "License terms could not be fetched",
        text: "A file (EULA) is missing; not a metadata failure.",
        modes: &["F-57"],
    },
    Entry {
        word: "0x80200013",
        title: "BITS: the server or a proxy does not support ranges",
        text: "Files only: something on the way strips the Range header.",
        modes: &["F-57"],
    },
    Entry {
        word: "0xC1800118",
        title: "Windows Setup cannot decrypt the files of an upgrade",
        text: "Clients only: the WSUS server gave them no key, since it got the metadata before it knew of encryption.",
        modes: &["X-4"],
    },
    Entry { word: "0x80190193", title: "BITS: HTTP 403", text: "Files, not metadata.", modes: &["F-57"] },
    Entry { word: "0x80190194", title: "BITS: HTTP 404", text: "Files, not metadata.", modes: &["F-57", "F-66"] },
    Entry {
        word: "0x80190197",
        title: "BITS: HTTP 407",
        text: "The proxy asks BITS for credentials; BITS uses another proxy setting than synchronization.",
        modes: &["F-57"],
    },
    Entry { word: "0x801901F4", title: "BITS: HTTP 500", text: "Files, not metadata.", modes: &["F-57"] },
    Entry { word: "0x801901F6", title: "BITS: HTTP 502", text: "Files, not metadata.", modes: &["F-57"] },
    Entry { word: "0x801901F7", title: "BITS: HTTP 503", text: "Files, not metadata.", modes: &["F-57"] },
    Entry { word: "0x801901F8", title: "BITS: HTTP 504", text: "Files, not metadata.", modes: &["F-57"] },
    Entry {
        word: "0x800710DD",
        title: "Authentication failed on the content share",
        text: "A client's or content matter (401.3).",
        modes: &["F-57"],
    },
];

/// Those of certificates, SSPI and .NET: these do occur in synchronization.
const SECURITY_AND_DOTNET: &[Entry] = &[
    Entry {
        word: "0x800B0101",
        title: "CERT_E_EXPIRED: NotTimeValid",
        text: "A certificate of the chain has expired or is not yet valid by this machine's clock.",
        modes: &["F-34", "F-35"],
    },
    Entry {
        word: "0x800B0109",
        title: "CERT_E_UNTRUSTEDROOT: UntrustedRoot",
        text: "The chain ends at a root that is not in the machine's store, or the certificate signed itself. In WSUS's log it also stands for a chain that does not end at a Microsoft root.",
        modes: &["F-32", "F-33", "F-18", "X-10"],
    },
    Entry {
        word: "0x800B010A",
        title: "CERT_E_CHAINING: PartialChain",
        text: "The chain breaks off: an issuer was not sent and is in no store.",
        modes: &["F-31"],
    },
    Entry {
        word: "0x800B010F",
        title: "CERT_E_CN_NO_MATCH: the name does not match",
        text: "The certificate is for other names than the one that is used.",
        modes: &["F-40"],
    },
    Entry {
        word: "0x800B0110",
        title: "CERT_E_WRONG_USAGE: NotValidForUsage",
        text: "The certificate is not meant for servers.",
        modes: &["F-36"],
    },
    Entry {
        word: "0x80096004",
        title: "TRUST_E_CERT_SIGNATURE: NotSignatureValid",
        text: "A signature in the chain was not made with the key of its issuer.",
        modes: &["F-31"],
    },
    Entry { word: "0x80092010", title: "CRYPT_E_REVOKED", text: "The certificate is revoked.", modes: &["F-38"] },
    Entry {
        word: "0x80092012",
        title: "CRYPT_E_NO_REVOCATION_CHECK",
        text: "Revocation could not be checked. Synchronization does not check it: mostly another tool's complaint.",
        modes: &["F-39"],
    },
    Entry {
        word: "0x80092013",
        title: "CRYPT_E_REVOCATION_OFFLINE",
        text: "The revocation server cannot be reached. Synchronization does not check it: mostly another tool's complaint (certutil -verify -urlfetch says it anyway).",
        modes: &["F-39"],
    },
    Entry {
        word: "0x80090302",
        title: "SEC_E_UNSUPPORTED_FUNCTION: alert 70 came, or no version in common",
        text: "",
        modes: &["F-03", "F-04"],
    },
    Entry { word: "0x80090304", title: "SEC_E_INTERNAL_ERROR: alert 80", text: "", modes: &["F-43"] },
    Entry {
        word: "0x80090308",
        title: "SEC_E_INVALID_TOKEN",
        text: "What came is not TLS, or is broken.",
        modes: &["F-44"],
    },
    Entry { word: "0x80090325", title: "SEC_E_UNTRUSTED_ROOT: alert 48", text: "", modes: &["F-31", "F-32", "F-33"] },
    Entry {
        word: "0x80090326",
        title: "SEC_E_ILLEGAL_MESSAGE: alert 10 or 40",
        text: "Mostly no cipher suite in common; without an alert, certificates that are longer than Schannel takes (32 KiB).",
        modes: &["F-06"],
    },
    Entry {
        word: "0x80090327",
        title: "SEC_E_CERT_UNKNOWN: alert 42, 43 or 46",
        text: "",
        modes: &["F-40", "F-36", "F-32"],
    },
    Entry { word: "0x80090328", title: "SEC_E_CERT_EXPIRED: alert 45", text: "", modes: &["F-34", "F-35"] },
    Entry {
        word: "0x80090331",
        title: "SEC_E_ALGORITHM_MISMATCH: no common algorithm",
        text: "A refusal by this machine itself, before anything was sent, or alert 71. It is never evidence about the other side.",
        modes: &["F-05", "F-07"],
    },
    Entry {
        word: "0x80131500",
        title: "COR_E_EXCEPTION: some .NET exception",
        text: "It says only that .NET failed.",
        modes: &[],
    },
    Entry {
        word: "0x80131501",
        title: "COR_E_SYSTEM: a SoapException among others",
        text: "In an event of WSUS it goes with \"SoapException: Fault occurred\": a SOAP fault came. The host behind Actor in SoftwareDistribution.log and the ErrorCode decide.",
        modes: &["F-01", "F-49", "F-55"],
    },
    Entry {
        word: "0x80131509",
        title: "COR_E_INVALIDOPERATION: a WebException or InvalidOperationException",
        text: "The HRESULT of every WebException (decimal -2146233079), so it cannot tell a network failure from an HTML page where XML was expected.",
        modes: &[],
    },
    Entry {
        word: "0x80131620",
        title: "COR_E_IO: an IOException",
        text: "A stream ended in the middle.",
        modes: &["F-50"],
    },
    Entry {
        word: "0x80131904",
        title: "A SqlException",
        text: "The server's own database, not the network.",
        modes: &["F-59"],
    },
];

/// Errors of Winsock, as they stand in a `SocketException`.
pub(super) const WINSOCK: &[Entry] = &[
    Entry {
        word: "10051",
        title: "WSAENETUNREACH: the network cannot be reached",
        text: "No route, or a router said so.",
        modes: &["F-21"],
    },
    Entry {
        word: "10054",
        title: "WSAECONNRESET: reset by the peer",
        text: "The connection stood and was reset: in the handshake mostly a version, suite or name that somebody dislikes.",
        modes: &["F-03", "F-06", "F-26"],
    },
    Entry {
        word: "10060",
        title: "WSAETIMEDOUT: no answer to SYN",
        text: "Dropped, or nobody there. The address in the exception tells which hop.",
        modes: &["F-19", "F-14"],
    },
    Entry {
        word: "10061",
        title: "WSAECONNREFUSED: refused",
        text: "Somebody answers and nothing listens on the port. Windows tries again, so it takes a second or more too.",
        modes: &["F-20", "F-14"],
    },
    Entry {
        word: "10065",
        title: "WSAEHOSTUNREACH: the host cannot be reached",
        text: "No route, or a router said so.",
        modes: &["F-21"],
    },
    Entry { word: "11001", title: "WSAHOST_NOT_FOUND: no such name", text: "", modes: &["F-27", "F-14"] },
    Entry { word: "11002", title: "WSATRY_AGAIN: the DNS server failed", text: "", modes: &["F-28", "F-29"] },
    Entry { word: "11004", title: "WSANO_DATA: the name has no address", text: "", modes: &["F-27"] },
];
