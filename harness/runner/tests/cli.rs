//! The program as its users meet it: exit codes and messages, on the built binary.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::path::Path;
use std::process::{Command, Output, Stdio};

fn wsuslab(arguments: &[&str]) -> Output {
    wsuslab_in(Path::new(env!("CARGO_TARGET_TMPDIR")), arguments)
}

fn wsuslab_in(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wsuslab"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).env("COLUMNS", "100");
    command.env_remove("WSUSLAB_PROXY_PASSWORD_FILE").output().unwrap()
}

/// Bad input: exit code 2, nothing on standard output, every one of `words` in the message, and no backtrace.
fn refused(arguments: &[&str], words: &[&str]) {
    refused_in(Path::new(env!("CARGO_TARGET_TMPDIR")), arguments, words);
}

fn refused_in(folder: &Path, arguments: &[&str], words: &[&str]) {
    let output = wsuslab_in(folder, arguments);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {message}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    // The frame around a message breaks long lines.
    let flat = message.replace(['│', '\n', '×', '╰', '─', '▶'], " ");
    let flat = flat.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in words {
        assert!(flat.contains(word), "{arguments:?}: no {word:?} in {message}");
    }
    assert!(!message.contains("panicked") && !message.contains("stack backtrace"), "{message}");
}

fn text(arguments: &[&str]) -> String {
    let output = wsuslab(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(arguments: &[&str]) -> serde_json::Value {
    serde_json::from_str(&text(arguments)).unwrap()
}

#[test]
fn without_a_command_there_is_help() {
    let output = wsuslab(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("Usage: wsuslab <COMMAND>"));
}

#[test]
fn the_catalogue_is_listed_for_people_and_for_programs() {
    assert!(text(&["list"]).lines().any(|line| line.starts_with("tls/expired ")));
    let list = json(&["list", "--format", "json"]);
    assert_eq!(list["schema"], 1);
    let expired = list["scenarios"].as_array().unwrap().iter().find(|row| row["id"] == "tls/expired").unwrap();
    assert_eq!((&expired["cause"], &expired["modes"][0]), (&"tls/expired".into(), &"F-34".into()));
}

#[test]
fn a_scenario_is_shown_with_its_lesson() {
    let shown = text(&["show", "tls/expired"]);
    assert!(shown.contains("How to tell it apart") && shown.contains("Expected   tls/expired"), "{shown}");
    let shown = json(&["show", "tls/expired", "--format", "json"]);
    assert_eq!((&shown["schema"], &shown["expect"]["cause"]), (&1.into(), &"tls/expired".into()));
    assert!(shown["lesson"]["tell-apart"].is_string() && shown["world"]["nodes"]["upstream"].is_object());
}

#[test]
fn a_word_is_explained() {
    assert!(text(&["explain", "tls/expired"]).contains("Try    tls/expired"));
    assert_eq!(json(&["explain", "0x80072F8F", "--format", "json"])["schema"], 1);
    refused(&["explain", "qqqqqqqq"], &["nothing is known of \"qqqqqqqq\"", "expected a code"]);
}

#[test]
fn a_scenario_that_does_not_exist_is_answered_with_the_nearest() {
    refused(&["show", "tls/exspired"], &["no scenario is called \"tls/exspired\"", "did you mean tls/expired"]);
    refused(&["run", "tls/exspired"], &["did you mean tls/expired"]);
    refused(&["serve", "nothing-like-it"], &["`wsuslab list` prints every id"]);
    refused(&["run", "tls/[x"], &["no pattern"]);
}

#[test]
fn a_scenario_file_that_cannot_be_used_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bad.toml"), "title = 't'\n[subject]\nfrom = 'somewhere'\n").unwrap();
    refused_in(
        folder.path(),
        &["run", "bad.toml"],
        &["bad.toml:3:8: unknown variant `somewhere`", "expected `microsoft-update` or `upstream`"],
    );
    refused_in(folder.path(), &["show", "none.toml"], &["none.toml: cannot be read"]);
}

#[test]
fn faults_that_cannot_act_together_are_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let text = "title = 't'\n[world.upstream]\nfaults = [{ tls = { reset = {} } }, { tls = { alert = { code = 40 } } }]\n\
                [subject]\nfrom = 'upstream'\n[expect]\ncause = 'undetermined'\n\
                [lesson]\nsymptom = 's'\ncause = 'c'\ntell-apart = 't'\nremedy = 'r'\nreferences = ['r']\n";
    std::fs::write(folder.path().join("both.toml"), text).unwrap();
    refused_in(
        folder.path(),
        &["run", "both.toml"],
        &["both.toml:3:37: the fault tls/alert could never act: the fault tls/reset takes every ClientHello before it"],
    );
}

#[test]
fn a_subject_folder_that_cannot_be_used_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    refused(&["diagnose", path], &["wsus.json", "expected"]);
    refused(&["diagnose", "no-such-folder"], &["no-such-folder", "not a folder"]);
    std::fs::write(folder.path().join("wsus.json"), "{\n  \"UseProxy\": maybe\n}").unwrap();
    refused(&["diagnose", path], &["wsus.json:2"]);
}

#[test]
fn saved_evidence_that_cannot_be_used_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("evidence.json"), "{\"schema\": 1,\n \"taken_at\": 5}").unwrap();
    refused_in(
        folder.path(),
        &["diagnose", "--replay", "evidence.json"],
        &["evidence.json:2:", "expected evidence as --evidence-out saves it"],
    );
    refused_in(folder.path(), &["diagnose", "--replay", "none.json"], &["none.json:"]);
}

#[test]
fn a_command_line_that_cannot_be_used_says_what_was_expected() {
    refused(&["diagnose"], &["FOLDER"]);
    refused(&["diagnose", ".", "--wsus", "wsus.json"], &["cannot be used with"]);
    refused(&["diagnose", ".", "--connect-to", "up:8531"], &["expected HOST:PORT:ADDRESS:PORT"]);
    refused(&["diagnose", ".", "--deadline", "30"], &["expected a number and ms, s, m or h"]);
    refused(&["diagnose", ".", "--dns", "dns.example"], &["expected an IP address"]);
    refused(&["serve", "tls/expired", "--bind", "here"], &["--bind"]);
    refused(&["serve", "tls/expired", "--for", "10"], &["expected a number and ms, s, m or h"]);
    refused(&["run", "--jobs", "0"], &["--jobs"]);
    refused(&["run", "--examiner", "no-such-program"], &["--examiner: there is no program \"no-such-program\""]);
    refused(&["run", "--examiner", "'open"], &["a quote is not closed"]);
    refused(&["frobnicate"], &["unrecognized subcommand"]);
}
