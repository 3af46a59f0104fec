//! The upstream server: `wsuslab serve` in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

/// Of the catalogue.
pub(crate) const SEED: u64 = 1;

/// A served world. It ends with this value.
pub(crate) struct Upstream {
    child: Child,
    /// Where it serves HTTP.
    pub(crate) address: SocketAddr,
}

impl Upstream {
    /// Serves a generated catalogue of this size, and waits until it is ready.
    pub(crate) fn start(size: usize) -> Upstream {
        let serve =
            "ulimit -n 8192 2>/dev/null; exec \"$0\" serve healthy/downstream-of-http-upstream --format json --for 30m";
        let mut child = Command::new("sh")
            .args(["-c", &format!("{serve} --catalogue generated:{SEED}:{size}"), env!("CARGO_BIN_EXE_wsuslab")])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let served: serde_json::Value = serde_json::from_str(&line).expect("a line of JSON when ready");
        let nodes = served["nodes"].as_array().unwrap().iter();
        let mut listeners = nodes.flat_map(|node| node["listeners"].as_array().unwrap());
        let http = listeners.find(|listener| listener["name"] == "http").expect("an upstream serves HTTP");
        let address = http["address"].as_str().unwrap().parse().unwrap();
        Upstream { child, address }
    }

    /// Bytes of its memory that are resident now.
    pub(crate) fn resident(&self) -> u64 {
        self.of_status("VmRSS:")
    }

    /// Bytes of its memory that were resident at the most.
    pub(crate) fn peak(&self) -> u64 {
        self.of_status("VmHWM:")
    }

    fn of_status(&self, field: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("our child runs");
        let line = status.lines().find(|line| line.starts_with(field)).unwrap();
        1024 * line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        // Asked, not killed, so that it takes its temporary folder along; `--for` ends it where there is no `kill`.
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}
