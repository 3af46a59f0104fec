//! How long a world takes to be ready with warm keys, and to be gone without trace. `cargo bench -p wsuslab --bench worlds`.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot be set up has failed")]

use divan::Bencher;
use simulator::{Running, StartOptions, World};
use tokio::runtime::Runtime;

const WORLDS: [&str; 4] = [
    "healthy/microsoft-update-direct",
    "healthy/microsoft-update-through-authenticating-proxy",
    "healthy/downstream-of-https-upstream",
    "healthy/upstream-with-rsa-key",
];

fn main() {
    divan::main();
}

#[divan::bench(args = WORLDS)]
fn ready(bencher: Bencher<'_, '_>, id: &str) {
    let (runtime, world, options) = prepared(id);
    bencher
        .with_inputs(|| StartOptions { journal: simulator::Journal::new(), ..options.clone() })
        .bench_local_values(|options| Started { running: Some(start(&runtime, &world, options)), runtime: &runtime });
}

#[divan::bench(args = WORLDS)]
fn gone(bencher: Bencher<'_, '_>, id: &str) {
    let (runtime, world, options) = prepared(id);
    bencher
        .with_inputs(|| start(&runtime, &world, StartOptions { journal: simulator::Journal::new(), ..options.clone() }))
        .bench_local_values(|running| runtime.block_on(running.stop()));
}

/// A world that is stopped outside the measured time: divan drops a result after the clock has been read.
struct Started<'r> {
    running: Option<Running>,
    runtime: &'r Runtime,
}

impl Drop for Started<'_> {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(running.stop());
        }
    }
}

fn prepared(id: &str) -> (Runtime, World, StartOptions) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let scenario = scenarios::catalogue().iter().find(|scenario| scenario.id == id).unwrap();
    let options = StartOptions { keys: certs::KeyPool::warm(64, 2).unwrap(), ..StartOptions::default() };
    (runtime, scenario.world.clone(), options)
}

fn start(runtime: &Runtime, world: &World, options: StartOptions) -> Running {
    runtime.block_on(world.start(options)).unwrap()
}
