//! The whole catalogue in one run, side by side, with the short deadlines. `cargo bench -p wsuslab --bench catalogue`.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot be set up has failed")]

use wsuslab::examiner::Examiner;
use wsuslab::run::{RunOptions, run, usual_jobs};

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn whole_catalogue() {
    let scenarios = scenarios::catalogue().to_vec();
    let options = RunOptions { examiner: Examiner::BuiltIn { deadline: None }, jobs: usual_jobs() };
    let summary = run(scenarios, &options, &mut |_| {}).unwrap();
    assert_eq!(summary.not_as_expected, 0, "a run that does not match is not worth timing");
}
