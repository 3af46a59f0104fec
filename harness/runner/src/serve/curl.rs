//! A curl command that takes the way of the subject, through its proxy or directly, and trusts what the subject trusts.

use std::io;
use std::net::IpAddr;

use scenarios::Scenario;
use scenarios::subject::{From, Step0};
use simulator::Running;

use crate::workspace::Workspace;

/// The service whose page answers a GET.
const PAGE: &str = "/ServerSyncWebService/ServerSyncWebService.asmx";

/// The command; `None` where the configuration names no way that could be tried.
pub(super) fn command(scenario: &Scenario, running: &Running, workspace: &Workspace) -> io::Result<Option<String>> {
    let step0 = &scenario.subject.step0;
    let Some(target) = Target::of(scenario.subject.from, step0) else { return Ok(None) };
    let Some(way) = way(step0, &target, running, workspace) else { return Ok(None) };
    let trusted = if target.https {
        format!(" --cacert {}", quoted(&workspace.trusted(running)?.display().to_string()))
    } else {
        String::new()
    };
    Ok(Some(format!("curl -sS -o /dev/null -w '%{{http_code}}\\n'{way}{trusted} {}", quoted(&target.url))))
}

/// How to ask the world's DNS for the name that the subject itself resolves; `None` where the world has no DNS or the way
/// begins with an address. The command above goes past the DNS: it is told where to connect.
pub(super) fn question(scenario: &Scenario, running: &Running) -> Option<String> {
    let step0 = &scenario.subject.step0;
    let (_, server) = running.plan.udp.iter().find(|(lab, _)| lab.port() == 53)?;
    let target = Target::of(scenario.subject.from, step0)?;
    let name = match proxy(step0, &target) {
        Some((name, _)) => name,
        None if step0.use_proxy == Some(true) => return None,
        None => &target.host,
    };
    let is_name = name.parse::<IpAddr>().is_err();
    is_name.then(|| format!("dig @{} -p {} {}", server.ip(), server.port(), quoted(name)))
}

struct Target {
    https: bool,
    host: String,
    port: u16,
    url: String,
}

impl Target {
    fn of(from: From, step0: &Step0) -> Option<Target> {
        let base = match from {
            From::MicrosoftUpdate => step0.mu_url.as_deref()?.trim().trim_end_matches('/').to_owned(),
            From::Upstream => {
                let scheme = if step0.upstream_wsus_server_use_ssl? { "https" } else { "http" };
                let name = step0.upstream_wsus_server_name.as_deref().filter(|name| !name.is_empty())?;
                format!("{scheme}://{name}:{}", step0.upstream_wsus_server_port_number?)
            }
        };
        let (scheme, rest) = base.split_once("://")?;
        let https = scheme.eq_ignore_ascii_case("https");
        let authority = rest.split('/').next()?;
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().ok()?),
            None => (authority, if https { 443 } else { 80 }),
        };
        Some(Target { https, host: host.to_owned(), port, url: format!("{base}{PAGE}") })
    }
}

fn way(step0: &Step0, target: &Target, running: &Running, workspace: &Workspace) -> Option<String> {
    if step0.use_proxy != Some(true) {
        let real = running.plan.real(&target.host, target.port)?;
        return Some(format!(" --connect-to {}", quoted(&format!("{}:{}:{real}", target.host, target.port))));
    }
    let (name, port) = proxy(step0, target)?;
    let real = running.plan.real(name, port)?;
    let account = step0.has_proxy_password == Some(true) && step0.anonymous_proxy_access == Some(false);
    let account = workspace.proxy_user.as_ref().zip(workspace.password_file.as_ref()).filter(|_| account);
    let credentials = account.map_or(String::new(), |(user, file)| {
        // The shell of the person reads the file, so that the password stands in no output of ours.
        format!(" --proxy-user {}\"$(cat {})\"", quoted(&format!("{user}:")), quoted(&file.display().to_string()))
    });
    Some(format!(" -x http://{real}{credentials}"))
}

/// The proxy that the subject takes to the target.
fn proxy<'a>(step0: &'a Step0, target: &Target) -> Option<(&'a str, u16)> {
    if step0.use_proxy != Some(true) {
        None
    } else if target.https && step0.use_separate_proxy_for_ssl == Some(true) {
        step0.ssl_proxy_name.as_deref().zip(step0.ssl_proxy_server_port)
    } else {
        step0.proxy_name.as_deref().zip(step0.proxy_server_port)
    }
}

/// A word for a POSIX shell.
pub(super) fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=@%+,".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_with_a_blank_or_a_quote_is_quoted() {
        assert_eq!(quoted("https://a.b:1/c"), "https://a.b:1/c");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("a'b"), r"'a'\''b'");
        assert_eq!(quoted("a$(touch x)`y`b:"), "'a$(touch x)`y`b:'");
        assert_eq!(quoted("a\nb"), "'a\nb'");
    }

    #[test]
    fn the_target_is_the_subjects_own() {
        let step0 = Step0 { mu_url: Some(" https://fe2.update.microsoft.com/v6/".to_owned()), ..Step0::default() };
        let target = Target::of(From::MicrosoftUpdate, &step0).expect("a target");
        assert_eq!((target.host.as_str(), target.port), ("fe2.update.microsoft.com", 443));
        assert_eq!(target.url, format!("https://fe2.update.microsoft.com/v6{PAGE}"));
        assert!(Target::of(From::Upstream, &step0).is_none());
    }
}
