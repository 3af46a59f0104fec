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
        Some((host, port)) => (host, port.parse().map_err(|_| unusable("its port is not a number from 1 to 65535"))?),
        None => (authority, scheme.default_port()),
    };
    if host.is_empty() || host.contains(|c: char| c.is_whitespace() || c == '@') {
        return Err(unusable("it names no host"));
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
    let port = port.ok_or(PathUnknown::Missing(port_field))?;
    Ok(Route::Through { host: host.to_ascii_lowercase(), port })
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}
