//! curl as Debian ships it: healthy worlds, proxies, an old server, wrong schemes, a stopped pool.

use std::process::{Command, Output};

use libtest_mimic::{Failed, Trial};
use wsuslab_tests::peer;

use super::served::{DEADLINE, Served};

const SERVICE: &str = "/ServerSyncWebService/ServerSyncWebService.asmx";
const UPSTREAM: &str = "https://wsus01.corp.example:8531";
const MICROSOFT: &str = "https://sws.update.microsoft.com";

const ACTION: &str = "SOAPAction: \"http://www.microsoft.com/SoftwareDistribution/GetAuthConfig\"";

/// curl's exit codes.
pub(crate) const COULD_NOT_CONNECT_TLS: i32 = 35;
pub(crate) const EMPTY_REPLY: i32 = 52;
pub(crate) const RECEIVE_FAILED: i32 = 56;

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |name: &str, test: fn() -> Result<(), Failed>| peer::trial("curl", format!("curl/{name}"), test);
    vec![
        trial("reaches an upstream server over TLS", reaches_an_upstream_server_over_tls),
        trial("reaches an upstream server without TLS", reaches_an_upstream_server_without_tls),
        trial("reaches Microsoft Update", reaches_microsoft_update),
        trial("is asked for credentials by the proxy", is_asked_for_credentials),
        trial("gets through the proxy with the password", gets_through_with_the_password),
        trial("is refused by the proxy with another password", is_refused_with_another_password),
        trial("reaches a server of TLS 1.0 with TLS 1.0", reaches_an_old_server_as_an_old_client),
        trial("does not reach it otherwise: alert", is_sent_an_alert_by_an_old_server),
        trial("does not reach it otherwise: ServerHello", is_sent_an_old_server_hello),
        trial("hears nothing when it speaks HTTP to TLS", hears_nothing_when_it_speaks_http_to_tls),
        trial("hears HTTP when it speaks TLS to HTTP", hears_http_when_it_speaks_tls_to_http),
        trial("sees the page of a stopped pool", sees_the_page_of_a_stopped_pool),
        trial("sends a large body after 100 Continue", sends_a_large_body_after_continue),
        trial("takes the printed line as it stands", takes_the_printed_line),
        trial("takes the printed line through a proxy", takes_the_printed_line_through_a_proxy),
    ]
}

/// curl with nothing of its user's: no configuration file, no proxy of the environment.
pub(crate) fn curl(arguments: &[&str]) -> Output {
    let mut command = Command::new("curl");
    command.args(["-q", "-sS", "--max-time", "10"]).args(arguments);
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name);
    }
    // A German curl would say the same in German.
    peer::run(command.env("LC_ALL", "C"), DEADLINE)
}

/// GetAuthConfig, straight to where the world's names are.
pub(crate) fn ask(served: &Served, base: &str, arguments: &[&str]) -> Output {
    let connect_to = served.connect_to();
    let connect_to: Vec<&str> = connect_to.iter().map(String::as_str).collect();
    call(base, &[&connect_to, arguments].concat())
}

/// GetAuthConfig.
pub(crate) fn call(base: &str, arguments: &[&str]) -> Output {
    let url = format!("{base}{SERVICE}");
    let body = "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>\
                <GetAuthConfig xmlns='http://www.microsoft.com/SoftwareDistribution'/></s:Body></s:Envelope>";
    let own = ["-i", "-H", ACTION, "-H", "Content-Type: text/xml; charset=utf-8", "--data-binary", body, &url];
    curl(&[arguments, &own].concat())
}

/// curl ended well, and this was among what it received.
pub(crate) fn heard(output: &Output, wanted: &str) -> Result<(), Failed> {
    let text = String::from_utf8_lossy(&output.stdout);
    if output.status.success() && text.contains(wanted) {
        return Ok(());
    }
    Err(format!("expected {wanted:?}; {}\n{text}{}", output.status, String::from_utf8_lossy(&output.stderr)).into())
}

/// curl ended with this code and these words of its own.
pub(crate) fn failed(output: &Output, code: i32, words: &str) -> Result<(), Failed> {
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(code) && said.contains(words) {
        return Ok(());
    }
    Err(format!("expected {code}: {words}; {}: {said}", output.status).into())
}

fn reaches_an_upstream_server_over_tls() -> Result<(), Failed> {
    let served = Served::start("healthy/downstream-of-https-upstream");
    let output = ask(&served, UPSTREAM, &["--cacert", &served.root("organisation")]);
    heard(&output, "GetAuthConfigResponse")?;
    heard(&output, "DssAuthWebService/DssAuthWebService.asmx")
}

fn reaches_an_upstream_server_without_tls() -> Result<(), Failed> {
    let served = Served::start("healthy/downstream-of-http-upstream");
    heard(&ask(&served, "http://wsus01.corp.example:8530", &[]), "GetAuthConfigResponse")
}

fn reaches_microsoft_update() -> Result<(), Failed> {
    let served = Served::start("healthy/microsoft-update-direct");
    heard(&ask(&served, MICROSOFT, &["--cacert", &served.root("microsoft")]), "GetAuthConfigResponse")
}

fn is_asked_for_credentials() -> Result<(), Failed> {
    let served = Served::start("proxy/authentication-required");
    let output = through(&served, &[]);
    failed(&output, RECEIVE_FAILED, "CONNECT tunnel failed, response 407")
}

fn gets_through_with_the_password() -> Result<(), Failed> {
    let served = Served::start("proxy/authentication-required");
    heard(&through(&served, &["--proxy-user", "wsus:lab-only-password"]), "GetAuthConfigResponse")
}

fn is_refused_with_another_password() -> Result<(), Failed> {
    let served = Served::start("proxy/authentication-required");
    let output = through(&served, &["--proxy-user", "wsus:another"]);
    failed(&output, RECEIVE_FAILED, "CONNECT tunnel failed, response 407")
}

/// Through the world's proxy, which resolves the name: curl is told nothing of the target's address.
fn through(served: &Served, arguments: &[&str]) -> Output {
    let proxy = format!("http://{}", served.address("proxy", "proxy"));
    let root = served.root("microsoft");
    call(MICROSOFT, &[&["--proxy", &proxy, "--cacert", &root], arguments].concat())
}

fn reaches_an_old_server_as_an_old_client() -> Result<(), Failed> {
    for scenario in ["tls/server-version-too-old-alert", "tls/server-version-too-old-server-hello"] {
        let served = Served::start(scenario);
        let old = ["--tlsv1.0", "--tls-max", "1.0", "--ciphers", "DEFAULT@SECLEVEL=0"];
        let output = ask(&served, UPSTREAM, &[&old[..], &["--cacert", &served.root("organisation")]].concat());
        heard(&output, "GetAuthConfigResponse")?;
    }
    Ok(())
}

fn is_sent_an_alert_by_an_old_server() -> Result<(), Failed> {
    does_not_reach("tls/server-version-too-old-alert", "alert protocol version")
}

fn is_sent_an_old_server_hello() -> Result<(), Failed> {
    does_not_reach("tls/server-version-too-old-server-hello", "unsupported protocol")
}

/// `words` are those of a curl that offers TLS 1.2 and newer. With its defaults an older build still offers TLS 1.0, gets it,
/// and stops at the old signature, whatever the server does to clients that want more.
fn does_not_reach(scenario: &str, words: &str) -> Result<(), Failed> {
    let served = Served::start(scenario);
    failed(&ask(&served, UPSTREAM, &["--insecure", "--tlsv1.2"]), COULD_NOT_CONNECT_TLS, words)?;
    let with_defaults = ask(&served, UPSTREAM, &["--insecure"]);
    let old = failed(&with_defaults, COULD_NOT_CONNECT_TLS, "legacy sigalg disallowed or unsupported");
    old.or_else(|_| failed(&with_defaults, COULD_NOT_CONNECT_TLS, words))
}

/// F-44a: HTTP.SYS closes or resets without a word.
fn hears_nothing_when_it_speaks_http_to_tls() -> Result<(), Failed> {
    let served = Served::start("http/port-expects-tls");
    let output = ask(&served, "http://wsus01.corp.example:8531", &[]);
    let silent = matches!(output.status.code(), Some(EMPTY_REPLY | RECEIVE_FAILED));
    if silent && output.stdout.is_empty() { Ok(()) } else { Err(format!("{output:?}").into()) }
}

/// F-44b: what comes back to a ClientHello is the 400 of HTTP.SYS.
fn hears_http_when_it_speaks_tls_to_http() -> Result<(), Failed> {
    let served = Served::start("tls/port-speaks-http");
    let output = ask(&served, "https://wsus01.corp.example:8530", &[]);
    failed(&output, COULD_NOT_CONNECT_TLS, "wrong version number")
}

fn sees_the_page_of_a_stopped_pool() -> Result<(), Failed> {
    let served = Served::start("http/service-unavailable");
    let output = ask(&served, UPSTREAM, &["--cacert", &served.root("organisation")]);
    for wanted in [
        "HTTP/1.1 503 Service Unavailable",
        "Server: Microsoft-HTTPAPI/2.0",
        "HTTP Error 503. The service is unavailable.",
    ] {
        heard(&output, wanted)?;
    }
    Ok(())
}

/// Over 1 MiB curl waits for `100 Continue`. The body is no XML, so that an honest end is status 400.
fn sends_a_large_body_after_continue() -> Result<(), Failed> {
    let served = Served::start("healthy/downstream-of-https-upstream");
    let body = tempfile::NamedTempFile::new()?;
    std::fs::write(body.path(), vec![b'x'; 3 << 20])?;
    let (data, root) = (format!("@{}", body.path().display()), served.root("organisation"));
    let (url, to) = (format!("{UPSTREAM}{SERVICE}"), format!("::{}", served.address("upstream", "https")));
    let output = curl(&[
        "-v",
        "-i",
        "--cacert",
        &root,
        "--connect-to",
        &to,
        "-H",
        ACTION,
        "-H",
        "Content-Type: text/xml",
        "--data-binary",
        &data,
        &url,
    ]);
    let said = String::from_utf8_lossy(&output.stderr);
    if !said.contains("> Expect: 100-continue") || said.contains("Done waiting for 100-continue") {
        return Err(format!("curl waited in vain: {said}").into());
    }
    heard(&output, "HTTP/1.1 400 Bad Request")
}

fn takes_the_printed_line() -> Result<(), Failed> {
    for scenario in [
        "healthy/downstream-of-https-upstream",
        "healthy/downstream-of-http-upstream",
        "healthy/microsoft-update-direct",
    ] {
        takes_the_line_of(scenario)?;
    }
    Ok(())
}

fn takes_the_printed_line_through_a_proxy() -> Result<(), Failed> {
    takes_the_line_of("healthy/microsoft-update-through-proxy")?;
    takes_the_line_of("healthy/microsoft-update-through-authenticating-proxy")
}

/// The line that a person would copy, through the shell.
fn takes_the_line_of(scenario: &str) -> Result<(), Failed> {
    let (_served, text) = Served::start_for_people(scenario);
    let line = text.lines().find_map(|line| line.strip_prefix("Reach it")).ok_or(format!("no line in {text}"))?;
    let output = peer::run(Command::new("sh").args(["-c", line.trim()]), DEADLINE);
    if output.stdout == b"200\n" { Ok(()) } else { Err(format!("{line}: {output:?}").into()) }
}
