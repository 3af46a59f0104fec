//! What a client asks a proxy for, read off the request target (RFC 9112, 3.2).

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// A host and a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Authority {
    /// A name in lower case without the dot of the root, or an address without brackets.
    pub(super) host: String,
    pub(super) port: u16,
}

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// CONNECT: a way to there, whatever is said on it.
    Tunnel(Authority),
    /// Absolute-form: this path of that origin.
    Forward { origin: Authority, path: String },
    /// Absolute-form with a scheme other than `http`.
    OtherScheme,
    /// Origin-form: the client takes the proxy for the server.
    Origin,
    /// None of them.
    Malformed,
}

impl Asked {
    /// Reads method and target.
    pub(super) fn of(method: &str, target: &str) -> Asked {
        if method == "CONNECT" {
            return Authority::parse(target, None).map_or(Asked::Malformed, Asked::Tunnel);
        }
        if target.starts_with('/') || target == "*" {
            return Asked::Origin;
        }
        match target.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => absolute(rest).unwrap_or(Asked::Malformed),
            Some((scheme, _)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Asked::OtherScheme,
            _ => Asked::Malformed,
        }
    }

    /// The host and port that are asked for, if any.
    pub(super) fn target(&self) -> Option<&Authority> {
        match self {
            Asked::Tunnel(target) | Asked::Forward { origin: target, .. } => Some(target),
            Asked::OtherScheme | Asked::Origin | Asked::Malformed => None,
        }
    }
}

fn absolute(rest: &str) -> Option<Asked> {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let path = path.split('#').next().unwrap_or_default();
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    Some(Asked::Forward { origin: Authority::parse(authority, Some(80))?, path })
}

impl Authority {
    /// Reads `host:port`; without a port the default holds. User information is refused: it would be a password in a log.
    fn parse(text: &str, default_port: Option<u16>) -> Option<Authority> {
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (text, None),
        };
        let port = match port {
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
            Some(_) => return None,
            None => default_port?,
        };
        let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
            Some(address) => address.parse::<Ipv6Addr>().ok()?.to_string(),
            None => name(host)?,
        };
        (port != 0).then_some(Authority { host, port })
    }

    /// The address, where the host is one.
    pub(super) fn address(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }
}

fn name(host: &str) -> Option<String> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let proper = !host.is_empty()
        && host.len() <= 253
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    proper.then(|| host.to_ascii_lowercase())
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            return write!(f, "[{}]:{}", self.host, self.port);
        }
        write!(f, "{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: &str, target: &str) -> String {
        match Asked::of(method, target) {
            Asked::Tunnel(authority) => format!("tunnel {authority}"),
            Asked::Forward { origin, path } => format!("forward {origin} {path}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn connect_names_host_and_port() {
        assert_eq!(read("CONNECT", "SWS.update.microsoft.com.:443"), "tunnel sws.update.microsoft.com:443");
        assert_eq!(read("CONNECT", "[2001:db8::1]:8531"), "tunnel [2001:db8::1]:8531");
        for target in
            ["sws.update.microsoft.com", "a:0", "a:65536", "a:+1", ":443", "/", "user@a:443", "[x]:1", "[::1]"]
        {
            assert_eq!(read("CONNECT", target), "Malformed", "{target}");
        }
    }

    #[test]
    fn absolute_form_names_an_origin_and_a_path() {
        assert_eq!(read("GET", "http://Wsus01:8530/a//b?c=d"), "forward wsus01:8530 /a//b?c=d");
        assert_eq!(read("GET", "HTTP://wsus01"), "forward wsus01:80 /");
        assert_eq!(read("GET", "http://wsus01?wsdl#x"), "forward wsus01:80 /?wsdl");
        assert_eq!(read("GET", "http://user:password@wsus01/"), "Malformed");
    }

    #[test]
    fn what_a_proxy_is_not_asked_for() {
        assert_eq!(read("GET", "/selfupdate"), "Origin");
        assert_eq!(read("OPTIONS", "*"), "Origin");
        assert_eq!(read("GET", "https://wsus01/"), "OtherScheme");
        assert_eq!(read("GET", "wsus01"), "Malformed");
    }
}
