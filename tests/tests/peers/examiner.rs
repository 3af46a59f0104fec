//! Somebody else's examiner: a short Python script that looks through the network itself.

use libtest_mimic::{Failed, Trial};
use wsuslab_tests::peer;

use super::served::run;

const SCRIPT: &str = "python3 tests/examiners/three.py";
const KNOWN: [&str; 3] = ["tls/expired", "proxy/authentication-required", "http/service-unavailable"];

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |name: &str, test: fn() -> Result<(), Failed>| peer::trial("python3", format!("examiner/{name}"), test);
    vec![
        trial("three.py gets its three scenarios right", three_are_right),
        trial("three.py alleges nothing in a healthy world", nothing_is_alleged),
        trial("three.py is told when it is wrong", a_wrong_answer_is_told),
    ]
}

fn three_are_right() -> Result<(), Failed> {
    matches(&KNOWN, 3)
}

fn nothing_is_alleged() -> Result<(), Failed> {
    matches(
        &[
            "healthy/downstream-of-http-upstream",
            "healthy/downstream-of-https-upstream",
            "healthy/only-the-proxy-gets-out",
        ],
        3,
    )
}

fn matches(scenarios: &[&str], wanted: u64) -> Result<(), Failed> {
    let output = run(&[&["run", "--format", "json", "--examiner", SCRIPT], scenarios].concat());
    let said: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let matched = said["summary"]["matched"].as_u64();
    if output.status.code() == Some(0) && matched == Some(wanted) { Ok(()) } else { Err(format!("{said:#}").into()) }
}

/// It takes an untrusted root for undetermined: that is missed, and the exit code says so.
fn a_wrong_answer_is_told() -> Result<(), Failed> {
    let output = run(&["run", "--format", "json", "--examiner", SCRIPT, "tls/untrusted-root"]);
    let said: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let told = said["scenarios"][0]["verdict"] == "missed" && said["scenarios"][0]["concluded"] == "undetermined";
    if output.status.code() == Some(1) && told { Ok(()) } else { Err(format!("{said:#}").into()) }
}
