//! A client that a stock generator makes from our WSDL alone: zeep walks every operation of the three services.

use std::process::Command;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;
use wsuslab_tests::peer;

use super::served::{DEADLINE, Served};

const SCRIPT: &str = "tests/peers/zeep_walk.py";
/// Its catalogue is large enough for several batches, and its metadata for cabinets.
const LARGE: &str = "healthy/downstream-of-large-upstream";
const SMALL: &str = "healthy/downstream-of-https-upstream";

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |name: &str, test: fn() -> Result<(), Failed>| peer::python_trial("zeep", format!("zeep/{name}"), test);
    vec![
        trial("walks all operations over HTTP", || walks(SMALL, over_http, 50)),
        trial("walks all operations over HTTPS", || walks(SMALL, over_https, 50)),
        trial("walks a catalogue of several batches", || walks(LARGE, over_http, 250)),
    ]
}

fn over_http(served: &Served) -> Vec<String> {
    vec!["--base".to_owned(), format!("http://{}", served.address("upstream", "http"))]
}

fn over_https(served: &Served) -> Vec<String> {
    let mut arguments = vec!["--base".to_owned(), "https://wsus01.corp.example:8531".to_owned()];
    let dials = served.connect_to().into_iter().filter(|argument| argument != "--connect-to");
    arguments.extend(dials.flat_map(|dial| ["--dial".to_owned(), dial]));
    arguments.extend(["--ca".to_owned(), served.root("organisation")]);
    arguments
}

/// Both versions of SOAP give the same revisions and files, and every cabinet holds what cabextract can read.
fn walks(scenario: &str, way: fn(&Served) -> Vec<String>, at_least: u64) -> Result<(), Failed> {
    let served = Served::start(scenario);
    let cabinets = tempfile::tempdir()?;
    let mut walk = peer::python();
    walk.current_dir(wsuslab_tests::source::root()).arg(SCRIPT).args(way(&served));
    let output = peer::run(walk.arg("--cabinets").arg(cabinets.path()), DEADLINE);
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let said: Value = serde_json::from_slice(&output.stdout)?;
    let packed = readable(cabinets.path())?;
    let count = said["1.1"]["revisions"].as_u64().unwrap_or_default();
    if at_least <= count && said["1.1"] == said["1.2"] && twice(&said["1.1"]) == packed {
        return Ok(());
    }
    Err(format!("expected {at_least} revisions or more, and {packed} cabinets in two walks: {said:#}").into())
}

fn twice(walk: &Value) -> u64 {
    walk["packed"].as_u64().unwrap_or_default() * 2
}

/// How many cabinets the folder has; cabextract tests them all, in silence.
fn readable(folder: &std::path::Path) -> Result<u64, Failed> {
    let entries = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let cabinets: Vec<_> = entries.collect::<std::io::Result<_>>()?;
    if cabinets.is_empty() {
        return Ok(0);
    }
    let output = peer::run(Command::new("cabextract").args(["--quiet", "--test"]).args(&cabinets), DEADLINE);
    if output.status.success() { Ok(cabinets.len() as u64) } else { Err(format!("{output:?}").into()) }
}
