//! The house rules: who may depend on whom, what must be complete, and what must never stand in the sources.

#![allow(clippy::unwrap_used, reason = "a proof that cannot be set up has failed")]

use std::collections::{BTreeMap, BTreeSet};

use wsuslab_tests::{peer, source};

/// Crate folder, and the crates of the house that it may use.
const MAY_USE: [(&str, &[&str]); 6] = [
    ("certs", &[]),
    ("simulator", &["certs"]),
    ("scenarios", &["certs", "simulator"]),
    ("harness/diagnosis", &[]),
    ("harness/runner", &["certs", "simulator", "scenarios", "diagnosis", "wsuslab-tests"]),
    ("tests", &["certs", "simulator", "scenarios", "diagnosis", "wsuslab"]),
];

/// The places where something can go wrong, in the order of the way; `server` before them.
const LAYERS: [&str; 7] = ["dns", "tcp", "proxy", "tls", "http", "soap", "content"];

#[test]
fn no_crate_uses_more_of_the_house_than_it_may() {
    let packages = metadata(&["--no-deps"]);
    let house: BTreeSet<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    assert_eq!(house.len(), MAY_USE.len());
    for (folder, allowed) in MAY_USE {
        let manifest = source::root().join(folder).join("Cargo.toml").canonicalize().unwrap();
        let is_it = |package: &&serde_json::Value| {
            package["manifest_path"].as_str().is_some_and(|path| std::path::Path::new(path) == manifest)
        };
        let package = packages.iter().find(is_it).unwrap_or_else(|| panic!("{folder} is no member"));
        // The package's own name, whatever it is renamed to, and whatever kind or target it is for.
        for name in package["dependencies"].as_array().unwrap().iter().filter_map(|used| used["name"].as_str()) {
            assert!(!house.contains(name) || allowed.contains(&name), "{folder} must never use {name}");
        }
    }
}

#[test]
fn every_rule_file_is_listed_and_its_path_is_its_code() {
    let files: BTreeSet<String> = source::files("harness/diagnosis/src/rules", "rs")
        .into_iter()
        .filter(|(path, _)| path.components().count() == 2)
        .map(|(path, _)| path.with_extension("").to_string_lossy().replace('\\', "/").replace('_', "-"))
        .collect();
    let listed: Vec<&str> = diagnosis::rules::ALL.iter().map(|rule| rule.code).collect();
    let unique: BTreeSet<String> = listed.iter().map(|code| (*code).to_owned()).collect();
    assert_eq!(unique.len(), listed.len(), "a rule is listed twice");
    assert_eq!(files, unique, "files under rules/ against rules::ALL");
}

#[test]
fn every_rule_explains_itself_and_says_what_to_do() {
    for rule in diagnosis::rules::ALL {
        for (what, text) in [
            ("title", rule.title),
            ("explanation", rule.explanation),
            ("citation", rule.citation),
            ("first check", rule.first_check),
        ] {
            assert!(!text.trim().is_empty(), "{}: no {what}", rule.code);
        }
        assert!(!rule.modes.is_empty(), "{}: no failure mode", rule.code);
        assert!(!rule.remedy.is_empty(), "{}: no remedy", rule.code);
    }
}

#[test]
fn only_what_signed_itself_is_ever_put_into_trusted_root() {
    const WAYS: [&str; 4] = [
        "-addstore root",
        "-addstore -f root",
        "-destination cert:\\localmachine\\root",
        "-certstorelocation cert:\\localmachine\\root",
    ];
    let actions =
        diagnosis::rules::ALL.iter().flat_map(|rule| rule.remedy.iter().map(move |action| (rule.code, action)));
    let (into_root, _): (Vec<_>, Vec<_>) = actions.partition(|(_, action)| {
        let command = action.command.to_lowercase();
        WAYS.iter().any(|way| command.contains(way))
    });
    assert!(!into_root.is_empty());
    for (code, action) in into_root {
        assert!(action.before.contains("self-signed"), "{code}: {}", action.command);
    }
}

#[test]
fn rules_stand_in_the_order_of_the_layers() {
    let order: Vec<&str> = ["server"].into_iter().chain(LAYERS).collect();
    let layers: Vec<usize> = diagnosis::rules::ALL
        .iter()
        .map(|rule| rule.code.split_once('/').expect("layer/name").0)
        .map(|layer| order.iter().position(|known| *known == layer).expect("a known layer"))
        .collect();
    assert!(layers.is_sorted(), "{layers:?}");
}

#[test]
fn every_code_is_expected_by_a_scenario_and_every_expected_code_exists() {
    let known: BTreeSet<&str> = diagnosis::rules::ALL.iter().map(|rule| rule.code).collect();
    let mut expected: BTreeMap<String, String> = BTreeMap::new();
    for scenario in scenarios::catalogue() {
        let expect = &scenario.expect;
        for code in [&expect.cause].into_iter().chain(&expect.warnings).chain(&expect.hidden_behind) {
            if code.contains('/') {
                assert!(known.contains(code.as_str()), "{}: no rule has the code {code}", scenario.id);
            } else {
                assert!(["healthy", "not-you", "undetermined"].contains(&code.as_str()), "{}: {code}", scenario.id);
            }
        }
        for code in [&expect.cause].into_iter().chain(&expect.warnings) {
            expected.insert(code.clone(), scenario.id.clone());
        }
    }
    for code in known {
        assert!(expected.contains_key(code), "no scenario expects {code}");
    }
}

#[test]
fn every_defect_of_a_certificate_is_shown_by_a_scenario() {
    let nodes = scenarios::catalogue().iter().flat_map(|scenario| scenario.world.nodes.values());
    let shown: BTreeSet<certs::Defect> = nodes
        .flat_map(simulator::world::Node::faults)
        .filter_map(|fault| match fault.tls {
            Some(simulator::fault::tls::TlsFault::Certificate(defect)) => Some(defect),
            _ => None,
        })
        .collect();
    let missing: Vec<_> = certs::Defect::ALL.iter().filter(|defect| !shown.contains(defect)).collect();
    assert!(missing.is_empty(), "no scenario shows {missing:?}");
}

#[test]
fn faults_rules_and_scenarios_have_the_same_layers() {
    let folders = |base: &str| -> BTreeSet<String> {
        std::fs::read_dir(source::root().join(base))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().trim_end_matches(".rs").to_owned())
            .filter(|name| !["src", "Cargo.toml", "build"].contains(&name.as_str()))
            .collect()
    };
    let layers: BTreeSet<String> = LAYERS.iter().map(|layer| (*layer).to_owned()).collect();
    assert_eq!(folders("simulator/src/fault"), layers);
    let with_server: BTreeSet<String> = layers.iter().cloned().chain(["server".to_owned()]).collect();
    assert!(folders("harness/diagnosis/src/rules").is_subset(&with_server));
    let with_healthy: BTreeSet<String> = with_server.iter().cloned().chain(["healthy".to_owned()]).collect();
    assert!(folders("scenarios").is_subset(&with_healthy), "{:?}", folders("scenarios"));
}

#[test]
fn a_judgement_touches_no_socket_no_file_and_no_clock() {
    let forbidden = [
        "TcpStream",
        "TcpListener",
        "UdpSocket",
        "fs::",
        "File::",
        "process::",
        "env::",
        "Instant",
        "SystemTime",
        "now_utc",
        "now_local",
        "stdin",
        "std::{",
    ];
    for (path, text) in source::rust("harness/diagnosis") {
        let place = path.to_string_lossy().replace('\\', "/");
        let judges =
            ["rules", "chain", "conclude", "explain", "render", "rule.rs"].iter().any(|part| place.starts_with(part));
        if !judges {
            continue;
        }
        let honest = untested(&path, &text);
        for word in forbidden {
            assert!(!honest.contains(word), "harness/diagnosis/src/{place} uses {word}");
        }
    }
}

#[test]
fn the_black_box_knows_no_name_and_no_address_of_the_lab() {
    for (path, text) in source::rust("harness/diagnosis") {
        let honest = untested(&path, &text);
        for word in ["corp.example", "wsus01", "10.87.0.", "198.18.1."] {
            assert!(path.ends_with("testing.rs") || !honest.contains(word), "{} knows {word}", path.display());
        }
    }
}

#[test]
fn the_honest_layers_know_no_fault() {
    for (path, text) in source::rust("simulator") {
        if path.starts_with("layer") {
            // A layer may place what a list of faults holds at its seams; which faults there are it must not know.
            let honest = untested(&path, &text).replace("use crate::fault::Fault;", "");
            for word in ["Fault::", "fault::"] {
                assert!(!honest.contains(word), "simulator/src/{} knows a fault: {word}", path.display());
            }
        }
    }
}

#[test]
fn reporters_see_only_the_events_of_the_run() {
    for (path, text) in source::rust("harness/runner") {
        if path.starts_with("report") {
            for word in ["simulator::", "scenarios::", "diagnosis::examine", "diagnosis::evidence", "std::fs"] {
                assert!(!text.contains(word), "harness/runner/src/{} uses {word}", path.display());
            }
        }
    }
}

#[test]
fn only_the_front_end_prints() {
    for (folder, _) in MAY_USE {
        for (path, text) in source::rust(folder) {
            if folder == "harness/runner" && path.ends_with("main.rs") {
                continue;
            }
            for word in ["println!(", "eprintln!(", "print!(", "eprint!(", "dbg!("] {
                assert!(!text.contains(word), "{folder}/src/{} prints", path.display());
            }
        }
    }
}

#[test]
fn nothing_is_ignored_unfinished_or_unsafe() {
    // Put together here, so that this file does not accuse itself.
    let words = [
        ["#[ig", "nore"].concat(),
        ["to", "do!("].concat(),
        ["unimpl", "emented!("].concat(),
        ["unsafe", " {"].concat(),
    ];
    for (folder, _) in MAY_USE {
        let tests = if folder == "tests" { source::files("tests/tests", "rs") } else { Vec::new() };
        for (path, text) in source::rust(folder).into_iter().chain(tests) {
            for word in &words {
                assert!(!text.contains(word), "{folder}: {} has {word}", path.display());
            }
        }
    }
}

#[test]
fn every_dependency_has_a_licence_that_goes_with_ours() {
    const GOES: [&str; 13] = [
        "MIT",
        "Apache-2.0",
        "Apache-2.0 WITH LLVM-exception",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "Zlib",
        "0BSD",
        "Unicode-3.0",
        "Unlicense",
        "CC0-1.0",
        "BSL-1.0",
        "CDLA-Permissive-2.0",
    ];
    // A fresh machine has fetched what it builds with; CI fetches what other platforms build with, too.
    let host = host();
    let fetched: &[&str] = if peer::required() { &[] } else { &["--filter-platform", &host] };
    for package in metadata(fetched) {
        let licence = package["license"].as_str().unwrap_or_default().replace('/', " OR ");
        // A conjunction needs every part, a disjunction one; parentheses do not change that for the forms in use.
        let goes = licence
            .split(" AND ")
            .all(|part| part.split(" OR ").any(|name| GOES.contains(&name.trim_matches([' ', '(', ')']))));
        assert!(goes, "{} {}: licence {licence:?}", package["name"], package["version"]);
    }
}

/// The text of a source file without its tests.
fn untested(path: &std::path::Path, text: &str) -> String {
    if path.ends_with("tests.rs") || path.components().any(|part| part.as_os_str() == "tests") {
        return String::new();
    }
    text.split("\nmod tests {").next().unwrap_or_default().to_owned()
}

/// The platform of this machine, as cargo names it.
fn host() -> String {
    let output = std::process::Command::new("rustc").arg("-vV").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}

/// What cargo says of the packages of the workspace, and of all that they use unless told otherwise.
fn metadata(further: &[&str]) -> Vec<serde_json::Value> {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked"])
        .args(further)
        .current_dir(source::root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    serde_json::from_value(metadata["packages"].take()).unwrap()
}
