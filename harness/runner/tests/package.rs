//! `serve --catalogue`: a package of `wsusutil export` goes through a whole synchronization, or is refused with its record.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use simulator::pack::cabinet::{Member, Method, write};

const SCENARIO: &str = "healthy/downstream-of-https-upstream";
const CLASSIFICATION: &str = "0fa1201d-4330-4fa8-8ae9-b877473b6441";
const UPDATE: &str = "11111111-2222-4333-8444-555555555555";

#[test]
fn a_small_package_goes_through_a_whole_synchronization() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(announced_and_received(&package(folder.path(), 0), folder.path()), (2, 2));
}

/// The package is no part of the project: it is looked for beside the workspace and in `WSUSLAB_EXPORT`.
#[test]
#[allow(clippy::print_stderr, reason = "who skips a test says why")]
fn the_package_of_a_real_server_goes_through_a_whole_synchronization() {
    let named = std::env::var_os("WSUSLAB_EXPORT").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/wsus-export.cab");
    let package = named.unwrap_or(beside);
    if !package.is_file() {
        eprintln!("skipped: there is no package of a real server here, see WSUSLAB_EXPORT");
        return;
    }
    let (announced, received) = announced_and_received(&package, tempfile::tempdir().unwrap().path());
    let known = std::fs::metadata(&package).unwrap().len() == 676_573;
    assert_eq!(received, announced);
    assert!(0 < announced && (!known || announced == 4_125), "{announced}");
}

#[test]
fn a_package_that_cannot_be_used_is_refused_with_its_record() {
    let folder = tempfile::tempdir().unwrap();
    let package = package(folder.path(), 1);
    refused(&package, &[&format!("record 2 ({UPDATE}, revision 200): it is truncated")]);
    std::fs::write(&package, "PK and the rest").unwrap();
    refused(&package, &["it is no package of wsusutil", "expected a package that `wsusutil export` wrote"]);
    std::fs::remove_file(&package).unwrap();
    refused(&package, &["package.cab: the package cannot be read"]);
}

/// What the black box saw of a world that serves the package.
fn announced_and_received(package: &Path, folder: &Path) -> (u64, u64) {
    let serving = Serving::start(package, folder);
    let evidence = folder.join("evidence.json");
    let output = wsuslab(&["diagnose", &serving.subject, "--evidence-out", evidence.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    let evidence: Value = serde_json::from_slice(&std::fs::read(evidence).unwrap()).unwrap();
    let observations = evidence["observations"].as_array().unwrap().iter();
    let seen = observations.map(|observation| &observation["seen"]["sync"]).find(|sync| sync.is_object()).unwrap();
    let count = |what: &str| seen[what].as_u64().unwrap();
    (count("announced"), count("received"))
}

/// A world that serves a package; ended when dropped.
struct Serving {
    child: Child,
    subject: String,
}

impl Serving {
    fn start(package: &Path, folder: &Path) -> Serving {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wsuslab"));
        command.args(["serve", SCENARIO, "--format", "json", "--for", "120s", "--catalogue"]).arg(package);
        // Everything temporary lies in the folder of the test, so that nothing is left behind.
        command.env("TMPDIR", folder);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        Serving { child, subject: ready["files"]["subject"].as_str().unwrap().to_owned() }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Exit code 2, and every one of `words` in the message.
fn refused(package: &Path, words: &[&str]) {
    let output = wsuslab(&["serve", SCENARIO, "--for", "1ms", "--catalogue", package.to_str().unwrap()]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{message}");
    // The frame around a message breaks long lines.
    let flat = message.replace(['│', '×', '╰', '─', '▶'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
    for word in words {
        assert!(flat.contains(word), "no {word:?} in {message}");
    }
}

fn wsuslab(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wsuslab"));
    command.args(arguments).stdin(Stdio::null()).env("COLUMNS", "100");
    command.env_remove("WSUSLAB_PROXY_PASSWORD_FILE").output().unwrap()
}

/// A package of a classification and an update, whose last record lacks so many characters of what its head announces.
fn package(folder: &Path, lacking: usize) -> PathBuf {
    let list = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><ExportPackage ServerID=\"{UPDATE}\" \
         CreationTime=\"2024-06-19T17:11:14Z\" FormatVersion=\"1.0\" ProtocolVersion=\"1.20\"><Languages>\
         <Language Id=\"1033\" ShortName=\"en\" LongName=\"English\" Enabled=\"1\" /></Languages><Files />\
         <Updates><Update UpdateId=\"{CLASSIFICATION}\" RevisionNumber=\"1\"><Files /><Categories />\
         <Classifications /></Update><Update UpdateId=\"{UPDATE}\" RevisionNumber=\"200\"><Files /><Categories />\
         <Classifications><Classification Value=\"{CLASSIFICATION}\" /></Classifications></Update></Updates>\
         </ExportPackage>"
    );
    let records = record(CLASSIFICATION, 1, "Category", 0) + &record(UPDATE, 200, "Software", lacking);
    let member = |name, bytes| Member { name, bytes, date_time_attributes: [0; 3] };
    let members = [member("package.xml", list.as_bytes()), member("metadata.txt", records.as_bytes())];
    let path = folder.join("package.cab");
    std::fs::write(&path, write(Method::Lzx, &members).unwrap()).unwrap();
    path
}

fn record(id: &str, revision: u32, kind: &str, lacking: usize) -> String {
    let xml = format!(
        "<upd:Update xmlns:upd=\"http://schemas.microsoft.com/msus/2002/12/Update\">\
         <upd:UpdateIdentity UpdateID=\"{id}\" RevisionNumber=\"{revision}\" />\
         <upd:Properties UpdateType=\"{kind}\" /></upd:Update>"
    );
    let end = if lacking == 0 { "\r\n" } else { "" };
    format!("{id},{revision:08x},{:08x},{}{end}", xml.len(), &xml[..xml.len() - lacking])
}
