//! The failure modes of the field notes, by number.

use super::{Explanation, codes_for};

/// The explanation of one mode, or of one of its cases (`F-44b`).
pub(super) fn find(id: &str) -> Option<Explanation> {
    let mode = MODES.iter().find(|mode| mode.0 == without_case(id))?;
    let explanation = explain(mode);
    if mode.0 == id {
        return Some(explanation);
    }
    let codes = codes_for(&[id]);
    (!codes.is_empty()).then(|| Explanation { word: id.to_owned(), codes, modes: vec![id.to_owned()], ..explanation })
}

/// A mode without the letter of its case.
pub(super) fn without_case(id: &str) -> &str {
    id.trim_end_matches(|letter: char| letter.is_ascii_lowercase())
}

/// The modes whose title holds `word`.
pub(super) fn titled(word: &str) -> impl Iterator<Item = Explanation> {
    let word = word.to_ascii_lowercase();
    MODES.iter().filter(move |mode| mode.1.to_ascii_lowercase().contains(&word)).map(explain)
}

/// The guide's section for a mode; empty where it has none.
pub(super) fn guide(id: &str) -> &'static str {
    MODES.iter().find(|mode| mode.0 == without_case(id)).map_or("", |mode| mode.2)
}

fn explain(mode: &(&str, &str, &str)) -> Explanation {
    let codes = codes_for(&[mode.0]);
    let text = match (codes.is_empty(), mode.2.is_empty()) {
        (false, _) => "The codes beside it explain it in full.",
        (true, false) => "No rule names it yet; the section of the guide treats it.",
        (true, true) => "No rule names it yet, and the guide does not treat it.",
    };
    Explanation {
        remedy: Vec::new(),
        what: "failure mode".to_owned(),
        word: mode.0.to_owned(),
        title: mode.1.to_owned(),
        text: text.to_owned(),
        codes,
        modes: vec![mode.0.to_owned()],
        guide: mode.2.to_owned(),
        citation: "field notes".to_owned(),
    }
}

/// Number, title, section of the guide (`F` is its FAQ, `V` its verification).
const MODES: &[(&str, &str, &str)] = &[
    ("F-01", "The configured Microsoft Update endpoint is decommissioned", "1"),
    ("F-02", "The configured endpoint is old and will be retired", "1"),
    ("F-03", "This server offers only TLS 1.0 and the source wants 1.2", "2"),
    ("F-04", "The source speaks only TLS 1.0 or 1.1", "2"),
    ("F-05", "Every TLS version that the caller knows is switched off on this server", "2"),
    ("F-06", "No cipher suite in common, mostly by a policy", "2"),
    ("F-07", "Catalog import fails for want of strong cryptography in .NET; synchronization works", "2"),
    ("F-08", "The proxy asks for credentials and gets none", "3"),
    ("F-09", "The proxy rejects the credentials", "3"),
    ("F-10", "The proxy offers only a scheme that WSUS may not use", "3"),
    ("F-11", "Negotiate or Kerberos at the proxy is broken", "3"),
    ("F-12", "The separate proxy for HTTPS is wrong", "3"),
    ("F-13", "A proxy is configured elsewhere than in WSUS, or is not applied", "3"),
    ("F-14", "The proxy's name or port is wrong, or it cannot be reached", "3"),
    ("F-15", "The proxy denies the tunnel", "3"),
    ("F-16", "The proxy cannot resolve or reach the target", "3"),
    ("F-17", "The proxy closes silently or drops idle connections", "3"),
    ("F-18", "A proxy inspects TLS and presents its own certificate", "3"),
    ("F-19", "Packets are dropped: no answer to SYN", "4"),
    ("F-20", "The connection is refused", "4"),
    ("F-21", "The network or host cannot be reached", "4"),
    ("F-22", "Only one of ports 80 and 443 is open", "4"),
    ("F-23", "Some of the service's addresses are blocked, by rules on addresses", "4"),
    ("F-24", "Large packets are lost: a path-MTU black hole", ""),
    ("F-25", "The IPv6 path is broken", "4"),
    ("F-26", "Something on the path resets after the ClientHello", "4"),
    ("F-27", "The name does not exist in DNS", "4"),
    ("F-28", "The DNS server fails or refuses", "4"),
    ("F-29", "The DNS server does not answer", "4"),
    ("F-30", "The name leads to a wrong address or a captive portal", "4"),
    ("F-31", "The intermediate certificate is missing", "5"),
    ("F-32", "The root is not trusted", "5"),
    ("F-33", "The certificate is self-signed", "5"),
    ("F-34", "A certificate has expired", "5"),
    ("F-35", "A certificate is not yet valid, or the clock is wrong", "5"),
    ("F-36", "The certificate is not meant for servers", "5"),
    ("F-37", "The certificate's signature or key is weak", "5"),
    ("F-38", "The certificate is revoked", "5"),
    ("F-39", "Revocation cannot be checked; mostly not the cause", "5"),
    ("F-40", "The certificate is for another name", "5"),
    ("F-41", "The certificate has a common name and no alternative names; Windows accepts it", "5"),
    ("F-42", "An intermediate stands in Trusted Root", "5"),
    ("F-43", "The server has no usable certificate bound", "5"),
    ("F-44", "Port and SSL setting do not fit each other", "6"),
    ("F-45", "SelfUpdate or Content wrongly requires SSL", "6"),
    ("F-46", "The upstream's web services require SSL and the downstream does not use it", "6"),
    ("F-47", "The upstream answers 503: its application pool does not run", "6"),
    ("F-48", "The upstream's WSUS service is stopped while IIS runs", "6"),
    ("F-49", "The upstream fails inside (500, unexpected error)", "6"),
    ("F-50", "The answer is cut in the middle, by a recycled pool", "6"),
    ("F-51", "The upstream's web services are not there (404)", "6"),
    ("F-52", "The upstream's IIS denies access (401, 403)", "6"),
    ("F-53", "The upstream is slow: timeouts", "6"),
    ("F-54", "The request is too large for something on the way", ""),
    ("F-55", "The versions of upstream and downstream are in the wrong order", "6"),
    ("F-56", "Replica and autonomous mode are mistaken for each other", "6"),
    ("F-57", "Files or license terms fail to download; metadata is fine", "6"),
    ("F-58", "Cookies or anchors are no longer valid: a restored or cloned database", ""),
    ("F-59", "The server's own database fails", ""),
    ("F-60", "Some metadata could not be imported", ""),
    ("F-61", "Synchronization succeeds and nothing new appears", "F"),
    ("F-62", "No synchronization has been tried for long", "V"),
    ("F-63", "The content source is set otherwise than expected; metadata is not affected", "6"),
    ("F-64", "A disconnected server was never imported into, or long ago", "7"),
    ("F-65", "The export package is damaged or of the wrong type", "7"),
    ("F-66", "Files were copied after the metadata, or not at all", "7"),
    ("F-67", "Export and import server differ in languages or express files", "7"),
    ("F-68", "The package comes from an untrusted server", "7"),
    ("F-69", "wsusutil was run with too few rights or in the wrong place", "7"),
    ("F-70", "Metadata was imported into a replica", "7"),
    ("F-71", "Export and import server are of different versions", "7"),
    ("X-1", "Microsoft's service itself fails", ""),
    ("X-2", "Error details are blank since the security update of October 2025", ""),
    ("X-3", "Large synchronizations exceed the upstream's execution timeout", ""),
    ("X-4", "Post-install steps of an update are missing", ""),
    ("X-5", "Configuration Manager writes the settings back every hour", ""),
    ("X-6", "With a shared database the wrong front end synchronizes", ""),
    ("X-7", "Rapid-fail protection leaves the application pool off", ""),
    ("X-8", "A duplicate MIME map breaks the virtual directories", ""),
    ("X-9", "A root is missing because automatic root update is switched off", ""),
    ("X-10", "An old WSUS does not know SHA-2", ""),
    ("X-11", "The console's cache is damaged", ""),
    ("X-12", "Metadata was imported into a downstream server", ""),
    ("X-13", "Drivers or too many products make synchronization huge", ""),
    ("X-14", "The health check's own ping fails; synchronization is not concerned", ""),
    ("X-15", "Proxy exceptions depend on upper and lower case", ""),
    ("X-16", "The list of required hosts has changed", ""),
    ("X-17", "The operating system's language changes the texts", ""),
    ("X-18", "MUUrl has a blank, a slash or http: in it", ""),
];
