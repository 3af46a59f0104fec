//! Each bad chain by the verdicts of curl and of OpenSSL's client, with what the subject trusts and nothing else.
//!
//! The clock is the true one and not the subject's, and neither looks into a store of intermediates, fetches an issuer or
//! falls back to anything that Windows falls back to: the table shows where the two worlds judge otherwise.

use std::process::Command;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;
use simulator::fault::tls::TlsFault;
use simulator::world::{Issuer, Node};
use wsuslab_tests::peer;

use super::curl::{ask, call, failed, heard};
use super::served::{DEADLINE, Served};
use super::verdicts::{VERDICTS, Verdict};

pub(crate) fn trials() -> Vec<Trial> {
    let complete = Trial::test("curl/has a verdict for every scenario of a certificate", complete);
    let of = |verdict: &'static Verdict| {
        let scenario = verdict.scenario;
        [
            peer::trial("curl", format!("curl/judges {scenario}"), || curl_judges(verdict)),
            peer::trial("openssl", format!("openssl/judges {scenario}"), || openssl_judges(verdict)),
        ]
    };
    VERDICTS.iter().flat_map(of).chain([complete]).collect()
}

/// A scenario with a certificate of its own is in the table, and no other.
fn complete() -> Result<(), Failed> {
    let of_its_own = |node: &Node| match node {
        Node::Upstream(upstream) => upstream.certificate == Issuer::Itself,
        Node::Proxy(proxy) => proxy.intercept.is_some(),
        _ => false,
    };
    let of_a_fault =
        |node: &Node| node.faults().iter().any(|fault| matches!(fault.tls, Some(TlsFault::Certificate(_))));
    let concerned = |scenario: &&scenarios::Scenario| {
        scenario.world.nodes.values().any(|node| of_its_own(node) || of_a_fault(node))
    };
    let all: Vec<&str> = scenarios::catalogue().iter().filter(concerned).map(|scenario| &*scenario.id).collect();
    let told: Vec<&str> = VERDICTS.iter().map(|verdict| verdict.scenario).collect();
    let missing: Vec<&&str> = all.iter().filter(|id| !told.contains(id)).collect();
    let superfluous: Vec<&&str> = told.iter().filter(|id| !all.contains(id)).collect();
    if missing.is_empty() && superfluous.is_empty() {
        return Ok(());
    }
    Err(format!("verdicts.rs has none for {missing:?}, and one for nothing: {superfluous:?}").into())
}

fn curl_judges(verdict: &Verdict) -> Result<(), Failed> {
    let asked = Asked::of(verdict.scenario)?;
    let url = format!("https://{}", asked.target());
    let trusted = ["--cacert", asked.trusted.path().to_str().unwrap_or_default()];
    let output = match &asked.proxy {
        Some(proxy) => call(&url, &[&["--proxy", proxy.as_str()], &trusted[..]].concat()),
        None => ask(&asked.served, &url, &trusted),
    };
    match verdict.curl {
        (0, words) => heard(&output, words),
        (code, words) => failed(&output, code, words),
    }
}

fn openssl_judges(verdict: &Verdict) -> Result<(), Failed> {
    let asked = Asked::of(verdict.scenario)?;
    let mut command = Command::new("openssl");
    command.arg("s_client");
    match asked.host.parse::<std::net::IpAddr>() {
        Ok(_) => command.args(["-verify_ip", &asked.host]),
        Err(_) => command.args(["-servername", &asked.host, "-verify_hostname", &asked.host]),
    };
    command.arg("-CAfile").arg(asked.trusted.path()).env("OPENSSL_CONF", "/dev/null");
    match &asked.proxy {
        Some(proxy) => command.args(["-proxy", proxy.trim_start_matches("http://"), "-connect", &asked.target()]),
        None => command.args(["-connect", &asked.address]),
    };
    let output = peer::run(&mut command, DEADLINE);
    let said = String::from_utf8_lossy(&output.stdout);
    // The last one is that of the session.
    let code = said.lines().rev().find_map(|line| line.trim().strip_prefix("Verify return code: "));
    // Without certificates it has verified nothing, and says that this is fine.
    let code = code.filter(|_| said.contains("-----BEGIN CERTIFICATE-----")).unwrap_or("no certificates");
    let wanted = verdict.openssl;
    if code == wanted {
        return Ok(());
    }
    Err(format!("expected {wanted:?}, it says {code:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
}

/// A served world, and how its subject would ask its source.
struct Asked {
    served: Served,
    host: String,
    port: u64,
    /// The listener's real address.
    address: String,
    proxy: Option<String>,
    /// The machine's trusted roots; where they are not told, those of a server that fits the world.
    trusted: tempfile::NamedTempFile,
}

impl Asked {
    fn of(scenario: &str) -> Result<Asked, Failed> {
        let served = Served::start(scenario);
        let subject = served.subject();
        let step0: Value = serde_json::from_slice(&std::fs::read(subject.join("wsus.json"))?)?;
        let text = |field: &str| step0[field].as_str().unwrap_or_default().to_owned();
        let (host, port, node, listener) = match step0["SyncFromMicrosoftUpdate"].as_bool() {
            Some(true) => ("sws.update.microsoft.com".to_owned(), 443, "microsoft-update", "sws"),
            _ => {
                let port = step0["UpstreamWsusServerPortNumber"].as_u64().unwrap_or(8531);
                (text("UpstreamWsusServerName"), port, "upstream", "https")
            }
        };
        let proxied = step0["UseProxy"].as_bool() == Some(true);
        let proxy = proxied.then(|| format!("http://{}", served.address("proxy", "proxy")));
        let mut roots = Vec::new();
        for entry in std::fs::read_dir(subject.join("stores/root")).into_iter().flatten() {
            roots.extend(std::fs::read(entry?.path())?);
        }
        if roots.is_empty() {
            // Of Microsoft's there is one only where the world has Microsoft Update.
            let exported = ["organisation", "microsoft"].map(|root| std::fs::read(served.root(root)));
            roots.extend(exported.into_iter().flatten().flatten());
        }
        let trusted = tempfile::NamedTempFile::new()?;
        std::fs::write(trusted.path(), roots)?;
        let address = served.address(node, listener);
        Ok(Asked { served, host, port, address, proxy, trusted })
    }

    fn target(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}
