//! The path that the server under examination uses to synchronize, derived from Step 0 and from nothing else.

use serde::{Deserialize, Serialize};

use crate::subject::Step0;

/// From whom, over what and by which way the server synchronizes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncPath {
    /// Who is asked.
    pub source: Source,
    /// Over what.
    pub scheme: Scheme,
    /// Host of the target, a name or an address.
    pub host: String,
    /// Port of the target.
    pub port: u16,
    /// What stands before `/ServerSyncWebService/…`: empty, or as `/v6`. Never ends in a slash.
    pub base: String,
    /// The way there.
    pub route: Route,
}

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Microsoft Update (`SyncFromMicrosoftUpdate` is true).
    MicrosoftUpdate,
    /// An upstream WSUS server.
    Upstream,
}

/// Scheme of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say all")]
pub enum Scheme {
    Http,
    Https,
}

/// The way to a target.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// Straight to the resolved address.
    Direct,
    /// Through an explicit proxy, which resolves the target's name itself.
    Through {
        /// Name or address of the proxy.
        host: String,
        /// Its port.
        port: u16,
    },
}

/// Why no path can be derived.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathUnknown {
    /// A field that decides is absent from Step 0.
    #[error("Step 0 does not say {0}")]
    Missing(&'static str),
    /// A field that decides cannot be used as it stands.
    #[error("{field} cannot be used: {reason} ({value:?})")]
    Unusable {
        /// Name of the field in Step 0.
        field: &'static str,
        /// What it says.
        value: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A field holds what no host name does, so the file rather than the server is at fault.
    #[error(
        "{field} holds a character that no host name has ({value:?}); if the file was written in the code page of a console, \
         write it again with -Encoding utf8"
    )]
    Garbled {
        /// Name of the field in Step 0.
        field: &'static str,
        /// What it says.
        value: String,
    },
}

impl SyncPath {
    /// Derives the path. `MUUrl` is read as .NET's `Uri` reads it: blanks around it and slashes at its end do not matter.
    pub fn of(step0: &Step0) -> Result<SyncPath, PathUnknown> {
        let from_microsoft = step0.sync_from_microsoft_update.ok_or(PathUnknown::Missing("SyncFromMicrosoftUpdate"))?;
        let (source, scheme, host, port, base) =
            if from_microsoft { microsoft_update(step0)? } else { upstream(step0)? };
        Ok(SyncPath { source, route: route(step0, scheme)?, scheme, host, port, base })
    }

    /// The same target, reached directly.
    pub fn direct(&self) -> SyncPath {
        SyncPath { route: Route::Direct, ..self.clone() }
    }
}

impl Scheme {
    /// The port that a URL without one means.
    pub fn default_port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }
}

impl std::fmt::Display for Scheme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        })
    }
}

type Target = (Source, Scheme, String, u16, String);

fn microsoft_update(step0: &Step0) -> Result<Target, PathUnknown> {
    let value = step0.mu_url.as_deref().ok_or(PathUnknown::Missing("MUUrl"))?;
    let unusable =
        |reason: &str| PathUnknown::Unusable { field: "MUUrl", value: value.to_owned(), reason: reason.to_owned() };
    let trimmed = value.trim();
    let (scheme, rest) = if let Some(rest) = strip_prefix_ignoring_case(trimmed, "https://") {
        (Scheme::Https, rest)
    } else if let Some(rest) = strip_prefix_ignoring_case(trimmed, "http://") {
        (Scheme::Http, rest)
    } else {
        return Err(unusable("it does not begin with https://"));
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = match authority.rsplit_once(':') {
        // Within brackets the colons belong to an IPv6 address.
        Some((host, port)) if !port.ends_with(']') => {
            let port = port.parse().ok().filter(|port| 0 < *port);
            (host, port.ok_or_else(|| unusable("its port is not a number from 1 to 65535"))?)
        }
        _ => (authority, scheme.default_port()),
    };
    if host.is_empty() || host.contains(|c: char| c.is_whitespace() || c == '@') {
        return Err(unusable("it names no host"));
    }
    if host.contains(in_no_name) {
        return Err(garbled("MUUrl", value));
    }
    let path = path.trim_end_matches('/');
    let base = if path.is_empty() { String::new() } else { format!("/{path}") };
    Ok((Source::MicrosoftUpdate, scheme, host.to_ascii_lowercase(), port, base))
}

fn upstream(step0: &Step0) -> Result<Target, PathUnknown> {
    let name = step0.upstream_wsus_server_name.as_deref().ok_or(PathUnknown::Missing("UpstreamWsusServerName"))?;
    let host = name.trim();
    if host.is_empty() || host.contains(|c: char| c.is_whitespace() || c == '/') {
        return Err(PathUnknown::Unusable {
            field: "UpstreamWsusServerName",
            value: name.to_owned(),
            reason: "it is not the name or address of a host".to_owned(),
        });
    }
    if host.contains(in_no_name) {
        return Err(garbled("UpstreamWsusServerName", name));
    }
    let use_ssl = step0.upstream_wsus_server_use_ssl.ok_or(PathUnknown::Missing("UpstreamWsusServerUseSsl"))?;
    let port = step0.upstream_wsus_server_port_number.ok_or(PathUnknown::Missing("UpstreamWsusServerPortNumber"))?;
    let scheme = if use_ssl { Scheme::Https } else { Scheme::Http };
    Ok((Source::Upstream, scheme, host.to_ascii_lowercase(), port, String::new()))
}

fn route(step0: &Step0, scheme: Scheme) -> Result<Route, PathUnknown> {
    if !step0.use_proxy.ok_or(PathUnknown::Missing("UseProxy"))? {
        return Ok(Route::Direct);
    }
    let separate = scheme == Scheme::Https && step0.use_separate_proxy_for_ssl.unwrap_or(false);
    let (name, port, name_field, port_field) = if separate {
        (&step0.ssl_proxy_name, step0.ssl_proxy_server_port, "SslProxyName", "SslProxyServerPort")
    } else {
        (&step0.proxy_name, step0.proxy_server_port, "ProxyName", "ProxyServerPort")
    };
    let name = name.as_deref().ok_or(PathUnknown::Missing(name_field))?;
    let host = name.trim();
    if host.is_empty() {
        return Err(PathUnknown::Unusable {
            field: name_field,
            value: name.to_owned(),
            reason: "UseProxy is true and no proxy is named".to_owned(),
        });
    }
    if host.contains(in_no_name) {
        return Err(garbled(name_field, name));
    }
    let port = port.ok_or(PathUnknown::Missing(port_field))?;
    Ok(Route::Through { host: host.to_ascii_lowercase(), port })
}

fn garbled(field: &'static str, value: &str) -> PathUnknown {
    PathUnknown::Garbled { field, value: value.to_owned() }
}

/// Control characters, and signs that stand where a file in an OEM code page has letters and was read in the ANSI one
/// (`ü` of code page 850 is U+0081 there, `ä` is `„`).
fn in_no_name(character: char) -> bool {
    let sign = matches!(character, '\u{2013}'..='\u{203a}' | '\u{2c6}' | '\u{2dc}' | '\u{20ac}' | '\u{2122}');
    character.is_control() || sign
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    fn microsoft(mu_url: &str) -> Step0 {
        Step0 {
            sync_from_microsoft_update: Some(true),
            mu_url: Some(mu_url.to_owned()),
            use_proxy: Some(false),
            ..Step0::default()
        }
    }

    fn upstream() -> Step0 {
        Step0 {
            sync_from_microsoft_update: Some(false),
            upstream_wsus_server_name: Some("UP.contoso.com".to_owned()),
            upstream_wsus_server_port_number: Some(8530),
            upstream_wsus_server_use_ssl: Some(false),
            use_proxy: Some(false),
            ..Step0::default()
        }
    }

    fn proxied() -> Step0 {
        Step0 {
            use_proxy: Some(true),
            proxy_name: Some("Proxy.contoso.com".to_owned()),
            proxy_server_port: Some(8080),
            ..microsoft("https://sws.update.microsoft.com")
        }
    }

    fn check(step0: &Step0, target: &str) {
        let path = SyncPath::of(step0).unwrap();
        let way = match &path.route {
            Route::Direct => String::new(),
            Route::Through { host, port } => format!(" through {host}:{port}"),
        };
        assert_eq!(format!("{}://{}:{}{}{way}", path.scheme, path.host, path.port, path.base), target);
    }

    fn check_unusable(step0: &Step0, reason: &str) {
        assert_eq!(SyncPath::of(step0).unwrap_err().to_string(), reason);
    }

    #[test]
    fn mu_url_is_read_as_net_reads_it() {
        check(&microsoft("https://sws.update.microsoft.com"), "https://sws.update.microsoft.com:443");
        check(&microsoft(" HTTPS://SWS.update.microsoft.com/ "), "https://sws.update.microsoft.com:443");
        check(&microsoft("https://fe2.update.microsoft.com/v6/"), "https://fe2.update.microsoft.com:443/v6");
        check(&microsoft("http://sws.update.microsoft.com:8080"), "http://sws.update.microsoft.com:8080");
        check(&microsoft("https://[fd00::1]"), "https://[fd00::1]:443");
        check(&microsoft("https://[fd00::1]:8443/v6"), "https://[fd00::1]:8443/v6");
    }

    #[test]
    fn an_mu_url_that_names_no_place_is_unusable() {
        let because = |url: &str, reason: &str| {
            check_unusable(&microsoft(url), &format!("MUUrl cannot be used: {reason} ({url:?})"));
        };
        because("sws.update.microsoft.com", "it does not begin with https://");
        because("", "it does not begin with https://");
        because("https://", "it names no host");
        because("https://sws update.microsoft.com", "it names no host");
        because("https://wsus@sws.update.microsoft.com", "it names no host");
        because("https://sws.update.microsoft.com:0", "its port is not a number from 1 to 65535");
        because("https://sws.update.microsoft.com:https", "its port is not a number from 1 to 65535");
    }

    #[test]
    fn a_name_in_a_foreign_code_page_is_not_looked_up() {
        for host in ["b\u{81}cher.contoso.com", "k\u{201e}se", "\u{1b}[2J", "a\u{2013}b"] {
            let named = Step0 { upstream_wsus_server_name: Some(host.to_owned()), ..upstream() };
            let proxy = Step0 { proxy_name: Some(host.to_owned()), ..proxied() };
            for step0 in [named, proxy, microsoft(&format!("https://{host}/"))] {
                let reason = SyncPath::of(&step0).unwrap_err().to_string();
                assert!(reason.contains("-Encoding utf8"), "{reason}");
            }
        }
        let proper = Step0 { upstream_wsus_server_name: Some("b\u{fc}\u{17e}er".to_owned()), ..upstream() };
        check(&proper, "http://b\u{fc}\u{17e}er:8530");
    }

    #[test]
    fn an_upstream_has_the_scheme_that_use_ssl_says() {
        check(&upstream(), "http://up.contoso.com:8530");
        let secure = Step0 {
            upstream_wsus_server_use_ssl: Some(true),
            upstream_wsus_server_port_number: Some(8531),
            ..upstream()
        };
        check(&secure, "https://up.contoso.com:8531");
    }

    #[test]
    fn the_proxy_for_ssl_counts_only_for_https() {
        check(&proxied(), "https://sws.update.microsoft.com:443 through proxy.contoso.com:8080");
        let separate = Step0 {
            use_separate_proxy_for_ssl: Some(true),
            ssl_proxy_name: Some("ssl".to_owned()),
            ssl_proxy_server_port: Some(8443),
            ..proxied()
        };
        check(&separate, "https://sws.update.microsoft.com:443 through ssl:8443");
        let in_clear = Step0 { mu_url: Some("http://sws.update.microsoft.com".to_owned()), ..separate };
        check(&in_clear, "http://sws.update.microsoft.com:80 through proxy.contoso.com:8080");
    }

    #[test]
    fn what_is_absent_is_named_and_not_guessed() {
        check_unusable(&Step0::default(), "Step 0 does not say SyncFromMicrosoftUpdate");
        check_unusable(&Step0 { use_proxy: None, ..upstream() }, "Step 0 does not say UseProxy");
        check_unusable(&Step0 { proxy_server_port: None, ..proxied() }, "Step 0 does not say ProxyServerPort");
        let unsure = Step0 { upstream_wsus_server_use_ssl: None, ..upstream() };
        check_unusable(&unsure, "Step 0 does not say UpstreamWsusServerUseSsl");
    }

    #[test]
    fn a_proxy_without_a_name_is_unusable() {
        let nameless = Step0 { proxy_name: Some(" ".to_owned()), ..proxied() };
        check_unusable(&nameless, "ProxyName cannot be used: UseProxy is true and no proxy is named (\" \")");
    }
}
