//! Where the authorization service is, by the `ServiceUrl` of GetAuthConfig.

use crate::path::{Scheme, SyncPath};

/// The path on the upstream. The URL is relative to the base; real servers join the two with a doubled slash and both
/// sides live with it. An absolute URL is followed only to the same server: a message that sends its reader elsewhere is
/// told, not obeyed.
pub(super) fn path(target: &SyncPath, service_url: &str) -> Result<String, String> {
    let relative = match service_url.split_once("://") {
        None => return Ok(format!("{}/{}", target.base, service_url.trim_start_matches('/'))),
        Some((scheme, rest)) => same_server(target, scheme, rest),
    };
    relative.ok_or_else(|| format!("its ServiceUrl leads to another server: {service_url}"))
}

/// The path of an absolute URL.
fn same_server(target: &SyncPath, scheme: &str, rest: &str) -> Option<String> {
    let scheme =
        [Scheme::Http, Scheme::Https].into_iter().find(|known| known.to_string().eq_ignore_ascii_case(scheme))?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
        _ => (authority, scheme.default_port()),
    };
    let bare = |host: &str| host.trim_matches(['[', ']']).to_ascii_lowercase();
    let same = bare(host) == bare(&target.host) && port == target.port && scheme == target.scheme;
    same.then(|| format!("/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::{Route, Source};

    fn check(base: &str, service_url: &str, expected: Result<&str, &str>) {
        let target = SyncPath {
            source: Source::Upstream,
            scheme: Scheme::Https,
            host: "up.contoso.com".to_owned(),
            port: 8531,
            base: base.to_owned(),
            route: Route::Direct,
        };
        assert_eq!(path(&target, service_url), expected.map(str::to_owned).map_err(str::to_owned));
    }

    #[test]
    fn a_relative_url_is_joined_to_the_base_by_one_slash() {
        check("", "DssAuthWebService/DssAuthWebService.asmx", Ok("/DssAuthWebService/DssAuthWebService.asmx"));
        check("", "//DssAuthWebService/DssAuthWebService.asmx", Ok("/DssAuthWebService/DssAuthWebService.asmx"));
        check("/v6", "/DssAuthWebService/DssAuthWebService.asmx", Ok("/v6/DssAuthWebService/DssAuthWebService.asmx"));
    }

    #[test]
    fn an_absolute_url_is_followed_to_the_same_server_only() {
        check("", "https://UP.contoso.com:8531/Dss.asmx", Ok("/Dss.asmx"));
        for elsewhere in
            ["https://evil.test/Dss.asmx", "http://up.contoso.com:8531/Dss.asmx", "https://up.contoso.com/Dss.asmx"]
        {
            check("", elsewhere, Err(&format!("its ServiceUrl leads to another server: {elsewhere}")));
        }
    }
}
