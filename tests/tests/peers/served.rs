//! `wsuslab serve` as a child process, and the ways to its nodes. Dropping it ends the child, whatever became of the test.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;
use wsuslab_tests::peer;

/// Far more than anything here needs.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// The program under test.
pub(crate) fn wsuslab(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wsuslab"));
    command.args(arguments).env_remove("WSUSLAB_PROXY_PASSWORD_FILE").current_dir(wsuslab_tests::source::root());
    command
}

/// Runs the program to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    peer::run(&mut wsuslab(arguments), DEADLINE)
}

/// A world that a child serves.
pub(crate) struct Served {
    /// What it said when it was ready.
    pub(crate) said: Value,
    child: Child,
    temporary: tempfile::TempDir,
}

impl Served {
    /// Serves a scenario, with its roots exported and a temporary folder of its own.
    pub(crate) fn start(scenario: &str) -> Served {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let (child, said) = serve(scenario, &temporary, &["--format", "json"], |_| true);
        let said = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
        Served { said, child, temporary }
    }

    /// Serves a scenario for people; what it prints until it is ready.
    pub(crate) fn start_for_people(scenario: &str) -> (Served, String) {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let (child, text) = serve(scenario, &temporary, &[], |line| line.starts_with("Ready."));
        (Served { said: Value::Null, child, temporary }, text)
    }

    /// The real address of a listener, `host:port`.
    pub(crate) fn address(&self, node: &str, listener: &str) -> String {
        let find = |list: &'_ Value, name: &str| -> Value {
            let found = list.as_array().and_then(|list| list.iter().find(|each| each["name"] == name));
            found.unwrap_or_else(|| panic!("no {name} in {}", self.said)).clone()
        };
        let listener = find(&find(&self.said["nodes"], node)["listeners"], listener);
        listener["address"].as_str().expect("an address").to_owned()
    }

    /// Every `--connect-to` of the world, as arguments of curl.
    pub(crate) fn connect_to(&self) -> Vec<String> {
        let strings = self.said["connect_to"].as_array().expect("a list");
        strings.iter().flat_map(|to| ["--connect-to".to_owned(), to.as_str().expect("a text").to_owned()]).collect()
    }

    /// The subject folder.
    pub(crate) fn subject(&self) -> PathBuf {
        PathBuf::from(self.said["files"]["subject"].as_str().expect("a path"))
    }

    /// An exported root, as a file that curl and OpenSSL read.
    pub(crate) fn root(&self, name: &str) -> String {
        let folder = self.said["files"]["roots"].as_str().expect("exported roots");
        format!("{folder}/{name}.cer")
    }

    /// A folder that the child uses for what is temporary.
    pub(crate) fn temporary(&self) -> PathBuf {
        self.temporary.path().join("of-the-child")
    }

    /// Sends a signal by its name, and waits for the end.
    pub(crate) fn signal(&mut self, signal: &str) -> ExitStatus {
        let kill =
            peer::run(Command::new("kill").args([&format!("-{signal}"), &self.child.id().to_string()]), DEADLINE);
        assert!(kill.status.success(), "{kill:?}");
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child of ours") {
                return status;
            }
            assert!(started.elapsed() < DEADLINE, "it does not end at {signal}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Once it is collected its number may be somebody else's.
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        // Asked first, so that it takes its files along.
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(2) {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the child and collects what it prints up to the line that says that it is ready.
fn serve(scenario: &str, temporary: &tempfile::TempDir, further: &[&str], ready: fn(&str) -> bool) -> (Child, String) {
    let (roots, of_the_child) = (temporary.path().join("roots"), temporary.path().join("of-the-child"));
    std::fs::create_dir(&of_the_child).expect("a folder");
    let mut command = wsuslab(&["serve", scenario, "--for", "60s", "--export-roots"]);
    command.arg(roots).args(further).env("TMPDIR", of_the_child);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
    let output = child.stdout.take().expect("a pipe");
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    let mut said = String::new();
    while let Ok(line) = receiver.recv_timeout(DEADLINE) {
        said += &line;
        said.push('\n');
        if ready(&line) {
            return (child, said);
        }
    }
    let _ = child.kill();
    let ended = child.wait_with_output();
    panic!("serve {scenario} did not become ready: {said} {ended:?}");
}
