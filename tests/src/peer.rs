//! Real clients that we did not write. A missing one is skipped with its reason; where peers are required it is a failure.

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};

/// Whether a missing peer is a failure, as it is in the project's own checks (`WSUSLAB_PEERS=required`).
pub fn required() -> bool {
    std::env::var_os("WSUSLAB_PEERS").is_some_and(|value| value == "required")
}

/// Whether a program can be started.
pub fn has(program: &str) -> bool {
    let version = if program == "openssl" { "version" } else { "--version" };
    let started = Command::new(program).arg(version).stdin(Stdio::null()).output();
    started.is_ok_and(|output| output.status.success() || program == "dig")
}

/// A test that needs `program`: run where it is present; else ignored with the reason in its kind, or failed where peers
/// are required.
pub fn trial(
    program: &'static str,
    name: impl Into<String>,
    test: impl FnOnce() -> Result<(), Failed> + Send + 'static,
) -> Trial {
    trial_with(has(program), program, name, test)
}

/// A test that needs a package of Python, as [`trial`] needs a program.
pub fn python_trial(
    package: &'static str,
    name: impl Into<String>,
    test: impl FnOnce() -> Result<(), Failed> + Send + 'static,
) -> Trial {
    let imported = python().args(["-c", &format!("import {package}")]).stdin(Stdio::null()).output();
    trial_with(imported.is_ok_and(|output| output.status.success()), package, name, test)
}

/// The interpreter that has the packages: `WSUSLAB_PYTHON`, as that of a virtual environment; else `python3`.
pub fn python() -> Command {
    Command::new(std::env::var_os("WSUSLAB_PYTHON").unwrap_or_else(|| "python3".into()))
}

fn trial_with(
    present: bool,
    peer: &'static str,
    name: impl Into<String>,
    test: impl FnOnce() -> Result<(), Failed> + Send + 'static,
) -> Trial {
    if present {
        return Trial::test(name, test);
    }
    if required() {
        return Trial::test(name, move || Err(format!("{peer} is not installed, and peers are required").into()));
    }
    Trial::test(name, || Ok(())).with_kind(format!("skipped: no {peer}")).with_ignored_flag(true)
}

/// Runs a command to its end, or kills it after `deadline` and panics.
pub fn run(command: &mut Command, deadline: Duration) -> Output {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let started = Instant::now();
    while child.try_wait().expect("a child of ours").is_none() {
        if deadline < started.elapsed() {
            // Killing our own child can only fail if it has ended by itself.
            let _ = child.kill();
            panic!("{command:?} did not end within {deadline:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().expect("a child of ours")
}
