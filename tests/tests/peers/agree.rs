//! OpenSSL's own client and sslyze agree with every TLS world on versions, suites and certificates.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};
use std::sync::{LazyLock, mpsc};
use std::time::{Duration, Instant};

use certs::KeyPool;
use libtest_mimic::{Failed, Trial};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use serde::Deserialize;
use serde_json::json;
use simulator::fault::tls::TlsFault;
use simulator::journal::Event;
use simulator::{Running, StartOptions};
use tokio::runtime::Runtime;
use wsuslab_tests::peer;

use super::worlds::{self, Target};

const VERSIONS: [(&str, &str); 4] = [("1.0", "-tls1"), ("1.1", "-tls1_1"), ("1.2", "-tls1_2"), ("1.3", "-tls1_3")];
/// Where a peer refuses on its own account what the server would do: scenario, what completes all the same, and why.
const OTHERWISE: [(&str, &[&str], &str); 4] = [
    ("tls/bad-key-usage", &["1.3"], "before TLS 1.3 OpenSSL takes no leaf whose key may not sign"),
    ("tls/certificate-too-long", &[], "OpenSSL reads no message of certificates beyond 100 KiB"),
    ("tls/certificate-too-long-over-1-3", &[], "OpenSSL reads no message of certificates beyond 100 KiB"),
    ("tls/weak-certificate-rsa512", &["1.2"], "a key of 512 bits is too short for the signatures of TLS 1.3"),
];
/// A server that stays silent is left after this long.
const SILENT: Duration = Duration::from_secs(2);
/// For all servers together.
const SCAN: Duration = Duration::from_secs(180);
const EVERY_SUITE: &str = "ALL:eNULL:@SECLEVEL=0";
const SCRIPT: &str = "tests/peers/sslyze_scan.py";

static LAB: LazyLock<(Runtime, KeyPool)> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    (runtime.expect("a runtime"), KeyPool::warm(64, 1).expect("keys"))
});

/// The suites that OpenSSL's client has, and the registry's names for them.
static SUITES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let mut command = Command::new("openssl");
    let listed = peer::run(command.args(["ciphers", "-stdname", EVERY_SUITE]), SILENT).stdout;
    // TLS_RSA_WITH_AES_128_CBC_SHA - AES128-SHA SSLv3 …
    let words = String::from_utf8_lossy(&listed).into_owned();
    let lines = words.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    lines.filter_map(|words| Some(((*words.get(2)?).to_owned(), (*words.first()?).to_owned()))).collect()
});

pub(crate) fn trials() -> Vec<Trial> {
    let by_openssl = worlds::all().into_iter().map(|target| {
        let name = format!("openssl/agrees with {} of {}", target.node, target.scenario.id);
        peer::trial("openssl", name, move || openssl_agrees(&target))
    });
    let all = "sslyze/agrees with every world of TLS";
    by_openssl.chain([peer::python_trial("sslyze", all, sslyze_agrees)]).collect()
}

fn start(target: &Target) -> Result<Running, Failed> {
    let (runtime, keys) = &*LAB;
    let options = StartOptions { keys: keys.clone(), ..StartOptions::default() };
    Ok(runtime.block_on(target.scenario.world.start(options))?)
}

fn address(target: &Target, running: &Running) -> Result<String, Failed> {
    let real = running.plan.real(&target.host, target.port);
    Ok(real.ok_or_else(|| format!("{}:{} has no socket", target.host, target.port))?.to_string())
}

fn openssl_agrees(target: &Target) -> Result<(), Failed> {
    let running = start(target)?;
    let address = address(target, &running)?;
    let mut completed = BTreeSet::new();
    for (version, option) in VERSIONS {
        let Some(shown) = s_client(target, &address, option) else { continue };
        completed.insert(version);
        let sent = sent_last(&running, target.node);
        if sent.as_ref() != Some(&shown.certificates) {
            return Err(format!("{version}: {:?} came, {sent:?} were sent", shown.certificates).into());
        }
        let suites = target.claims.suites.as_ref();
        if suites.is_some_and(|suites| !suites.contains(&iana(&shown.suite))) {
            return Err(format!("{version}: {} is none of {suites:?}", shown.suite).into());
        }
    }
    LAB.0.block_on(running.stop());
    let (claimed, why) = if speaks_none_of_its_suites(target) {
        (BTreeSet::new(), " (this OpenSSL has none of its suites)".to_owned())
    } else {
        expected(target)
    };
    if completed == claimed {
        Ok(())
    } else {
        Err(format!("it completes {completed:?}, and claims {claimed:?}{why}").into())
    }
}

/// Debian builds OpenSSL without 3DES and RC4; sslyze brings one of its own that has them.
fn speaks_none_of_its_suites(target: &Target) -> bool {
    let known = |suite: &String| SUITES.values().any(|name| name == suite);
    target.claims.suites.as_ref().is_some_and(|suites| !suites.is_empty() && !suites.iter().any(known))
}

/// The versions that OpenSSL should complete, and the reason where those are not the server's.
fn expected(target: &Target) -> (BTreeSet<&'static str>, String) {
    match OTHERWISE.iter().find(|(scenario, ..)| *scenario == target.scenario.id) {
        Some((_, versions, why)) => (versions.iter().copied().collect(), format!(" ({why})")),
        None => (target.claims.versions.clone(), String::new()),
    }
}

/// What OpenSSL's client shows of a handshake that completed.
struct Shown {
    suite: String,
    /// Their thumbprints, in the order in which they came.
    certificates: Vec<String>,
}

fn s_client(target: &Target, address: &str, option: &str) -> Option<Shown> {
    let mut command = Command::new("openssl");
    command.args(["s_client", "-connect", address, "-servername", &target.host, "-showcerts", option]);
    // Debian's own policy would not let it speak old versions.
    command.args(["-cipher", EVERY_SUITE]).env("OPENSSL_CONF", "/dev/null");
    let said = String::from_utf8_lossy(&output_within(&mut command, SILENT)?.stdout).into_owned();
    let suite = said.lines().find_map(|line| line.split_once("Cipher is "))?.1.to_owned();
    let certificates = thumbprints(&said);
    // In TLS 1.3 the suite is known before the certificates, and those may be refused.
    (suite != "(NONE)" && !certificates.is_empty()).then_some(Shown { suite, certificates })
}

/// The thumbprints of the certificates in a text, as PEM has them.
fn thumbprints(text: &str) -> Vec<String> {
    let certificates = CertificateDer::pem_slice_iter(text.as_bytes());
    certificates.map(|der| certs::thumbprint(&der.expect("PEM of OpenSSL's"))).collect()
}

/// Runs a command to its end; `None` where it had to be killed.
fn output_within(command: &mut Command, limit: Duration) -> Option<Output> {
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let started = Instant::now();
    while child.try_wait().expect("a child of ours").is_none() {
        if limit < started.elapsed() {
            // Killing our own child can only fail if it has ended by itself.
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        std::thread::sleep(Duration::from_millis(3));
    }
    child.wait_with_output().ok()
}

/// What the node last said that it sent.
fn sent_last(running: &Running, node: &str) -> Option<Vec<String>> {
    let entries = running.journal.entries();
    entries.iter().rev().filter(|entry| entry.node == node).find_map(|entry| match &entry.event {
        Event::ChainSent { certificates } => Some(certificates.clone()),
        _ => None,
    })
}

/// The registry's name for a suite of OpenSSL's.
fn iana(name: &str) -> String {
    SUITES.get(name).map_or_else(|| name.to_owned(), Clone::clone)
}

/// What sslyze says of one server.
#[derive(Debug, Deserialize)]
struct Scanned {
    id: String,
    versions: BTreeMap<String, BTreeSet<String>>,
    chains: Vec<Vec<String>>,
    error: String,
}

fn sslyze_agrees() -> Result<(), Failed> {
    let mut worlds = Vec::new();
    for target in worlds::all().into_iter().filter(|target| !hangs_sslyze(target)) {
        let running = start(&target)?;
        worlds.push((target, running));
    }
    let mut lines = String::new();
    for (target, running) in &worlds {
        let line = json!({ "id": id(target), "host": target.host, "address": address(target, running)? });
        lines += &format!("{line}\n");
    }
    let scanned = scan(&lines)?;
    let complaints: Vec<String> =
        worlds.iter().filter_map(|(target, running)| complaint(target, running, scanned.get(&id(target)))).collect();
    if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n").into()) }
}

/// sslyze 6.3.1 takes alert 42 for a demand of a client certificate, fails in a thread of its own, and waits for it for ever.
fn hangs_sslyze(target: &Target) -> bool {
    const BAD_CERTIFICATE: u8 = 42;
    let faults = target.scenario.world.nodes.values().flat_map(|node| node.faults());
    let mut alerts =
        faults.filter_map(|fault| if let Some(TlsFault::Alert(alert)) = &fault.tls { Some(alert.code) } else { None });
    alerts.any(|code| code == BAD_CERTIFICATE)
}

fn id(target: &Target) -> String {
    format!("{} of {}", target.node, target.scenario.id)
}

/// All that was said of before the time was over.
fn scan(lines: &str) -> Result<BTreeMap<String, Scanned>, Failed> {
    let input = tempfile::NamedTempFile::new()?;
    input.as_file().write_all(lines.as_bytes())?;
    let mut command = peer::python();
    command.arg(wsuslab_tests::source::root().join(SCRIPT)).stdin(input.reopen()?);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let output = child.stdout.take().ok_or("no pipe")?;
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let lines = BufReader::new(output).lines().map_while(Result::ok);
        // Nobody listens any more once the time is over.
        lines.map(|line| sender.send(line)).take_while(Result::is_ok).for_each(drop);
    });
    let over = Instant::now() + SCAN;
    let mut scanned = BTreeMap::new();
    while let Ok(line) = receiver.recv_timeout(over.saturating_duration_since(Instant::now())) {
        let one: Scanned = serde_json::from_str(&line)?;
        scanned.insert(one.id.clone(), one);
    }
    // Killing our own child can only fail if it has ended by itself.
    let _ = child.kill();
    let _ = child.wait();
    Ok(scanned)
}

/// Where a server and what sslyze saw of it part.
fn complaint(target: &Target, running: &Running, scanned: Option<&Scanned>) -> Option<String> {
    let (id, claims) = (id(target), &target.claims);
    let Some(scanned) = scanned else { return Some(format!("{id}: not scanned")) };
    let versions: BTreeSet<&str> = scanned.versions.keys().map(String::as_str).collect();
    let (mut claimed, why) = expected(target);
    let below_level_1 = |suite: &String| suite.contains("_WITH_NULL_") || suite.ends_with("_MD5");
    if target.claims.hello_unasked || claims.suites.as_ref().is_some_and(|suites| suites.iter().all(below_level_1)) {
        // sslyze takes the ServerHello of an old version, which it did not ask for, for a failure of the connection; and what it
        // first offers a server is of security level 1, which has neither NULL nor MD5.
        claimed.clear();
    }
    if versions != claimed {
        return Some(format!("{id}: sslyze sees {versions:?}, it claims {claimed:?}{why} {}", scanned.error));
    }
    let suites: BTreeSet<String> = scanned.versions.values().flatten().cloned().collect();
    if !claimed.is_empty() && claims.suites.as_ref().is_some_and(|claimed| *claimed != suites) {
        return Some(format!("{id}: sslyze sees {suites:?}, it claims {:?}", claims.suites));
    }
    let sent = sent_last(running, target.node);
    let differs = scanned.chains.iter().any(|chain| Some(chain) != sent.as_ref());
    let none = scanned.chains.is_empty() && !versions.is_empty() && why.is_empty();
    (differs || none).then(|| format!("{id}: {sent:?} were sent, sslyze has {:?} {}", scanned.chains, scanned.error))
}
