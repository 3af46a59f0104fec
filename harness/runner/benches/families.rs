//! How long the worlds of whole families take to be ready with warm keys: every scenario of the layers tcp and tls, each
//! started so many times. `cargo bench -p wsuslab --bench families` prints the median of their medians, how many are above
//! 10 ms, and the slowest ones.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot be set up has failed")]

use std::time::{Duration, Instant};

use certs::KeyPool;
use scenarios::Scenario;
use simulator::StartOptions;
use tokio::runtime::Runtime;

const STARTS: usize = 11;
const SLOWEST: usize = 8;
const GOAL: Duration = Duration::from_millis(10);

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for layer in ["tcp", "tls"] {
        let scenarios = scenarios::catalogue().iter().filter(|scenario| scenario.layer() == layer);
        let mut medians: Vec<(Duration, &str)> =
            scenarios.map(|scenario| (median(&runtime, scenario), scenario.id.as_str())).collect();
        medians.sort();
        let above = medians.iter().filter(|(median, _)| GOAL < *median).count();
        let (of_all, _) = medians[medians.len() / 2];
        println!("{layer}: {} worlds, {of_all:.2?} at the median, {above} above {GOAL:?}; the slowest:", medians.len());
        for (median, id) in medians.iter().rev().take(SLOWEST) {
            println!("{median:>10.2?}  {id}");
        }
    }
}

fn median(runtime: &Runtime, scenario: &Scenario) -> Duration {
    let mut times: Vec<Duration> = (0..STARTS).map(|_| start(runtime, scenario)).collect();
    times.sort();
    times[STARTS / 2]
}

/// The first start of a kind of RSA key makes it; every further one finds it warm.
fn start(runtime: &Runtime, scenario: &Scenario) -> Duration {
    let options = StartOptions { keys: KeyPool::warm(16, 2).unwrap(), ..StartOptions::default() };
    let asked = Instant::now();
    let running = runtime.block_on(scenario.world.start(options)).unwrap();
    let ready = asked.elapsed();
    runtime.block_on(running.stop());
    ready
}
