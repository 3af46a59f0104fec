//! The program against running worlds: verdicts, a served world, saved evidence, a foreign examiner, an interruption.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder of its own for everything temporary, so that what is left behind can be seen.
struct Bench {
    folder: TempDir,
}

impl Bench {
    fn new() -> Bench {
        Bench { folder: tempfile::tempdir().unwrap() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wsuslab"));
        command.args(arguments).stdin(Stdio::null()).env("TMPDIR", self.folder.path());
        command.env_remove("WSUSLAB_PROXY_PASSWORD_FILE");
        command
    }

    fn run(&self, arguments: &[&str], code: i32) -> Output {
        let output = self.command(arguments).output().unwrap();
        let text = || String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text());
        output
    }

    fn json(&self, arguments: &[&str], code: i32) -> Value {
        serde_json::from_slice(&self.run(arguments, code).stdout).unwrap()
    }

    fn left_behind(&self) -> usize {
        std::fs::read_dir(self.folder.path()).unwrap().count()
    }
}

/// A served world and the line that it printed; ended when dropped.
struct Serving {
    child: Child,
    ready: Value,
}

impl Serving {
    fn start(bench: &Bench, arguments: &[&str]) -> Serving {
        let mut command = bench.command(&["serve", "--format", "json", "--for", "60s"]);
        let mut child = command.args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Serving { child, ready: serde_json::from_str(&line).unwrap() }
    }

    fn subject(&self) -> &str {
        self.ready["files"]["subject"].as_str().unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_run_that_matches_ends_with_zero_and_leaves_nothing() {
    let bench = Bench::new();
    let document = bench.json(&["run", "dns/*", "tls/expired", "--format", "json"], 0);
    assert_eq!(document["summary"]["matched"], document["scenarios"].as_array().unwrap().len());
    let expired = document["scenarios"].as_array().unwrap().last().unwrap();
    assert_eq!((&expired["concluded"], &expired["fired"]), (&"tls/expired".into(), &"signed".into()));
    assert_eq!(bench.left_behind(), 0);
}

#[test]
fn a_file_outside_the_catalogue_is_run_and_a_wrong_expectation_ends_with_one() {
    let bench = Bench::new();
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/tls/expired.toml"));
    let file = bench.folder.path().join("mine.toml");
    std::fs::write(&file, text.unwrap().replace("cause = \"tls/expired\"", "cause = \"tls/wrong-host\"")).unwrap();
    let output = bench.run(&["run", file.to_str().unwrap()], 1);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains(" WRONG ") && told.contains("expected tls/wrong-host, concluded tls/expired"), "{told}");
    assert!(told.contains("          seen    ") && told.contains("          journal "), "{told}");
}

#[test]
fn a_fault_that_never_acts_is_no_success() {
    let bench = Bench::new();
    let file = bench.folder.path().join("never.toml");
    let text = "title = 't'\n[world.upstream]\nfaults = [{ when = { call = 999 }, \
                http = { close-without-answer = {} } }]\n[subject]\nfrom = 'upstream'\n[expect]\ncause = 'healthy'\n\
                [lesson]\nsymptom = 's'\ncause = 'c'\ntell-apart = 't'\nremedy = 'r'\nreferences = ['r']\n";
    std::fs::write(&file, text).unwrap();
    let document = bench.json(&["run", file.to_str().unwrap(), "--format", "json"], 1);
    assert_eq!(document["scenarios"][0]["verdict"], "fault-never-fired");
}

#[test]
fn a_fault_does_not_act_for_another_of_its_layer() {
    let bench = Bench::new();
    let file = bench.folder.path().join("second.toml");
    let second = [
        (
            "when = { host = 'wsus01.corp.example' }, tls = { certificate = 'expired' }",
            "when = { host = 'other.corp.example' }, tls = { certificate = 'expired' }",
            "tls/expired",
        ),
        (
            "on = 'https', http = { pool-stopped = {} }",
            "on = 'http', when = { operation = 'GetCookie' }, http = { pool-stopped = {} }",
            "http/service-unavailable",
        ),
    ];
    for (acts, never, cause) in second {
        let text = format!(
            "title = 't'\n[world.upstream]\nfaults = [{{ {acts} }}, {{ {never} }}]\n[subject]\nfrom = 'upstream'\n\
             [expect]\ncause = '{cause}'\n[lesson]\nsymptom = 's'\ncause = 'c'\ntell-apart = 't'\nremedy = 'r'\n\
             references = ['r']\n"
        );
        std::fs::write(&file, text).unwrap();
        let document = bench.json(&["run", file.to_str().unwrap(), "--format", "json"], 1);
        assert_eq!(document["scenarios"][0]["verdict"], "fault-never-fired", "{never}");
    }
}

#[test]
fn the_program_can_be_its_own_foreign_examiner() {
    let bench = Bench::new();
    let examiner = format!("'{}' diagnose --format json", env!("CARGO_BIN_EXE_wsuslab"));
    let ids = ["proxy/credentials-rejected", "healthy/microsoft-update-through-authenticating-proxy", "tcp/no-answer"];
    let mut arguments = vec!["run", "--format", "json", "--examiner", &examiner];
    arguments.extend(ids);
    assert_eq!(bench.json(&arguments, 0)["summary"]["matched"], 3);
    assert_eq!(bench.left_behind(), 0);
}

#[cfg(unix)]
#[test]
fn an_examiner_that_says_nothing_of_use_has_missed() {
    let bench = Bench::new();
    let document = bench.json(&["run", "tls/expired", "--format", "json", "--examiner", "echo hello"], 1);
    let row = &document["scenarios"][0];
    assert_eq!((&row["verdict"], &row["concluded"]), (&"missed".into(), &Value::Null));
    assert!(row["reason"].as_str().unwrap().contains("printed no diagnosis"), "{row}");
}

#[test]
fn a_served_world_can_be_diagnosed_and_the_evidence_replays() {
    let bench = Bench::new();
    let serving = Serving::start(&bench, &["http/service-unavailable"]);
    let evidence = bench.folder.path().join("evidence.json");
    let evidence = evidence.to_str().unwrap();
    let arguments = ["diagnose", serving.subject(), "--format", "json", "--evidence-out", evidence];
    let seen = bench.json(&arguments, 1);
    assert_eq!(seen["cause"], "http/service-unavailable");
    assert_eq!(bench.json(&["diagnose", "--replay", evidence, "--format", "json"], 1), seen);
    drop(serving);
    assert_eq!(bench.json(&["diagnose", "--replay", evidence, "--format", "json"], 1), seen);
}

#[test]
fn single_files_and_curls_strings_do_as_well_as_a_folder_and_a_plan() {
    let bench = Bench::new();
    let serving = Serving::start(&bench, &["tls/wrong-host"]);
    let files = &serving.ready["files"];
    let mut arguments = vec!["diagnose", "--format", "json", "--deadline", "5s"];
    arguments.extend(["--wsus", files["wsus"].as_str().unwrap(), "--host", files["host"].as_str().unwrap()]);
    for string in serving.ready["connect_to"].as_array().unwrap() {
        arguments.extend(["--connect-to", string.as_str().unwrap()]);
    }
    assert_eq!(bench.json(&arguments, 1)["cause"], "tls/wrong-host");
}

#[test]
fn the_password_comes_from_a_file_and_stands_in_no_output() {
    let bench = Bench::new();
    let serving = Serving::start(&bench, &["healthy/microsoft-update-through-authenticating-proxy"]);
    let password = serving.ready["files"]["proxy_password"].as_str().unwrap();
    let evidence = bench.folder.path().join("evidence.json");
    let evidence = evidence.to_str().unwrap();
    let mut arguments = vec!["diagnose", serving.subject(), "--format", "json", "--evidence-out", evidence];
    assert_eq!(bench.json(&arguments, 1)["cause"], "undetermined");
    arguments.extend(["--proxy-password-file", password]);
    let output = bench.run(&arguments, 0);
    let saved = std::fs::read_to_string(evidence).unwrap();
    for text in [String::from_utf8(output.stdout).unwrap(), saved, serving.ready.to_string()] {
        assert!(!text.contains("lab-only-password") && !text.contains("bGFiLW9ubHktcGFzc3dvcmQ"), "{text}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(password).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn roots_are_exported_only_when_asked_and_with_the_way_to_remove_them() {
    let bench = Bench::new();
    let (roots, subject) = (bench.folder.path().join("roots"), bench.folder.path().join("subject"));
    let mut command = bench.command(&["serve", "tls/expired", "--for", "1ms"]);
    let output = command.arg("--export-roots").arg(&roots).arg("--subject").arg(&subject).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("certutil -delstore Root ") && roots.join("organisation.cer").exists(), "{told}");
    assert!(subject.join("wsus.json").exists() && subject.join("network.json").exists());
    // Only the two folders that were asked for.
    assert_eq!(bench.left_behind(), 2);
    let again = bench.command(&["serve", "tls/expired", "--subject"]).arg(&subject).output().unwrap();
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8(again.stderr).unwrap().contains("not empty"));
}

#[test]
fn a_port_that_is_taken_is_the_users_to_choose() {
    let bench = Bench::new();
    let output = bench.command(&["serve", "tls/expired", "--bind", "192.0.2.1", "--for", "1s"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot listen on 192.0.2.1:0"));
}

#[cfg(unix)]
#[test]
fn an_interruption_leaves_nothing_behind() {
    let bench = Bench::new();
    for arguments in [&["serve", "tls/expired"][..], &["run", "--jobs", "2"]] {
        let mut child = bench.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(0 < bench.left_behind(), "{arguments:?}: {line}");
        let interrupted = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(interrupted.success());
        let output = child.wait_with_output().unwrap();
        let code = if arguments[0] == "serve" { 0 } else { 1 };
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(bench.left_behind(), 0, "{arguments:?}");
    }
}
