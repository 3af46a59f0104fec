//! The program by itself: it leaves nothing behind, and saved evidence gives the same diagnosis.

use std::net::TcpStream;
use std::process::Output;

use libtest_mimic::{Failed, Trial};

use super::served::{Served, run, wsuslab};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("program/Ctrl-C leaves nothing behind", || ends_without_trace("INT")),
        Trial::test("program/SIGTERM leaves nothing behind", || ends_without_trace("TERM")),
        Trial::test("program/serve ends after its time", serve_ends_after_its_time),
        Trial::test("program/saved evidence gives the same diagnosis", saved_evidence_gives_the_same_diagnosis),
        Trial::test("program/a diagnosis by single files and --connect-to", a_diagnosis_by_single_files),
        Trial::test("program/the password stands in no output", the_password_stands_in_no_output),
    ]
}

fn ends_without_trace(signal: &str) -> Result<(), Failed> {
    let mut served = Served::start("healthy/microsoft-update-through-authenticating-proxy");
    let addresses = [served.address("proxy", "proxy"), served.address("microsoft-update", "sws")];
    for address in &addresses {
        TcpStream::connect(address).map_err(|error| format!("{address}: {error}"))?;
    }
    if !served.subject().join("wsus.json").exists() {
        return Err("no subject folder".into());
    }
    let status = served.signal(signal);
    if status.code() != Some(0) {
        return Err(format!("{status}").into());
    }
    if let Some(open) = addresses.iter().find(|address| TcpStream::connect(address).is_ok()) {
        return Err(format!("{open} is still open").into());
    }
    let left: Vec<_> = std::fs::read_dir(served.temporary())?.flatten().map(|entry| entry.path()).collect();
    if left.is_empty() { Ok(()) } else { Err(format!("left behind: {left:?}").into()) }
}

fn serve_ends_after_its_time() -> Result<(), Failed> {
    let output = run(&["serve", "healthy/downstream-of-http-upstream", "--for", "200ms", "--format", "json"]);
    if output.status.code() == Some(0) { Ok(()) } else { Err(format!("{output:?}").into()) }
}

fn saved_evidence_gives_the_same_diagnosis() -> Result<(), Failed> {
    for (scenario, code) in
        [("tls/expired", 1), ("proxy/authentication-required", 1), ("healthy/downstream-of-https-upstream", 0)]
    {
        let served = Served::start(scenario);
        let (subject, folder) = (served.subject(), tempfile::tempdir()?);
        let saved = folder.path().join("evidence.json");
        let (subject, saved) = (subject.display().to_string(), saved.display().to_string());
        let seen = run(&["diagnose", &subject, "--evidence-out", &saved, "--format", "json"]);
        drop(served);
        let replayed = run(&["diagnose", "--replay", &saved, "--format", "json"]);
        diagnosed(&seen, code)?;
        if seen.stdout != replayed.stdout || seen.status.code() != replayed.status.code() {
            return Err(format!("{scenario}: seen {seen:?}, replayed {replayed:?}").into());
        }
    }
    Ok(())
}

/// As on a real network: no plan, but names that are dialled elsewhere.
fn a_diagnosis_by_single_files() -> Result<(), Failed> {
    let served = Served::start("http/service-unavailable");
    let (wsus, host) = (served.subject().join("wsus.json"), served.subject().join("host.json"));
    let mut command = wsuslab(&["diagnose", "--format", "json", "--deadline", "2s"]);
    command.arg("--wsus").arg(wsus).arg("--host").arg(host).args(served.connect_to());
    let output = wsuslab_tests::peer::run(&mut command, super::served::DEADLINE);
    diagnosed(&output, 1)?;
    let said: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    if said["cause"] == "http/service-unavailable" { Ok(()) } else { Err(format!("{said:#}").into()) }
}

fn the_password_stands_in_no_output() -> Result<(), Failed> {
    let served = Served::start("healthy/microsoft-update-through-authenticating-proxy");
    let subject = served.subject().display().to_string();
    let password = served.said["files"]["proxy_password"].as_str().ok_or("no password file")?.to_owned();
    let folder = tempfile::tempdir()?;
    let saved = folder.path().join("evidence.json").display().to_string();
    let output =
        run(&["diagnose", &subject, "--proxy-password-file", &password, "--evidence-out", &saved, "--format", "json"]);
    diagnosed(&output, 0)?;
    // The password, and user and password as Basic writes them.
    for secret in ["lab-only-password", "d3N1czpsYWItb25seS1wYXNzd29yZA"] {
        for (place, text) in [
            ("serve", served.said.to_string()),
            ("diagnose", String::from_utf8_lossy(&output.stdout).into_owned()),
            ("evidence", std::fs::read_to_string(&saved)?),
        ] {
            if text.contains(secret) {
                return Err(format!("{place} shows the password").into());
            }
        }
    }
    Ok(())
}

fn diagnosed(output: &Output, code: i32) -> Result<(), Failed> {
    let whole = serde_json::from_slice::<serde_json::Value>(&output.stdout).is_ok_and(|said| said["schema"] == 1);
    if output.status.code() == Some(code) && whole { Ok(()) } else { Err(format!("{output:?}").into()) }
}
