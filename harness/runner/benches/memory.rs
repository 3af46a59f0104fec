//! Resident memory of `wsuslab serve`, read from the kernel once the world is ready.
//!
//! `cargo bench -p wsuslab --bench memory`. Linux only; elsewhere it says so.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

fn main() {
    if !cfg!(target_os = "linux") {
        println!("resident memory is read from /proc: Linux only");
        return;
    }
    for id in ["healthy/microsoft-update-direct", "healthy/downstream-of-https-upstream"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_wsuslab"))
            .args(["serve", id, "--format", "json", "--for", "30s"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program that was just built starts");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("piped")).read_line(&mut line).expect("a line when ready");
        println!("{id}: {} KiB resident when ready", resident_kib(child.id()));
        // Asked, not killed, so that it takes its temporary folder along; `--for` ends it where there is no `kill`.
        let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        child.wait().expect("our own child");
    }
}

fn resident_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("our child runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("Linux gives VmRSS");
    line.split_whitespace().nth(1).and_then(|word| word.parse().ok()).expect("a number of KiB")
}
