//! Properties over the space of faults: worlds with one, two or three of them, on healthy grounds of every kind, on real
//! sockets, examined blind. The cause that is named was injected, or the diagnosis says that the evidence does not suffice and
//! names what was injected among those it may be; and nothing is ever alleged of a world that only has settings.
//!
//! The worlds are the same in every run. `WSUSLAB_WORLDS=5000` samples so many, and `WSUSLAB_SEED=7` others. A failure prints
//! the smallest world that shows it, as a file for `wsuslab run FILE.toml`.
#![allow(clippy::unwrap_used, reason = "a proof that cannot be set up has failed")]

#[path = "compositions/deck.rs"]
mod deck;
#[path = "shared/examine.rs"]
mod examine;
#[path = "compositions/sample.rs"]
mod sample;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use scenarios::Scenario;
use simulator::journal::{Entry, Event};

use examine::Seen;
use sample::{Injected, Sample};

/// So many worlds of each kind are quickly seen.
const WORLDS: u32 = 24;
/// They wait for deadlines most of the time.
const THREADS: u32 = 6;
/// A failure ends the sampling of so many worlds; the others go on.
const CHUNK: u32 = 4;
/// Far beyond the sum of all deadlines of one examination.
const HANGS: Duration = Duration::from_secs(120);

#[test]
fn the_cause_that_is_named_was_injected() {
    // Many of them stall or drop.
    check(Duration::from_millis(1_500), sample::with_faults(), injected);
}

#[test]
fn nothing_is_alleged_of_a_healthy_world() {
    // Nothing stalls: whatever takes long has waited for the processor.
    check(Duration::from_secs(20), sample::healthy(), healthy);
}

fn healthy(_: &Sample, seen: &Seen) -> Result<(), String> {
    match (seen.diagnosis.cause.as_str(), seen.diagnosis.warnings.as_slice()) {
        ("healthy", []) => Ok(()),
        (cause, warnings) => Err(format!("concluded {cause} ({}), warned of {warnings:?}", seen.diagnosis.sentence)),
    }
}

fn injected(sample: &Sample, seen: &Seen) -> Result<(), String> {
    let diagnosis = &seen.diagnosis;
    let known: BTreeSet<&str> = sample.faults.iter().flat_map(Injected::codes).collect();
    let harmless =
        || sample.faults.iter().all(|fault| fault.may_be_harmless() || !has_acted(sample, fault, &seen.journal));
    match diagnosis.cause.as_str() {
        "undetermined" => open(sample, seen, &known)?,
        "healthy" if harmless() => {}
        cause if cause != "healthy" && known.contains(cause) => {}
        cause => return Err(format!("concluded {cause} ({}), known are {known:?}", diagnosis.sentence)),
    }
    let alleged = diagnosis.warnings.iter().chain(&diagnosis.consequences).find(|it| !known.contains(it.code.as_str()));
    alleged.map_or(Ok(()), |it| Err(format!("alleged {} ({}), known are {known:?}", it.code, it.sentence)))
}

/// What is left open is told by its candidates, and what was injected is among them. Without any the walk has an end that no
/// rule knows: a fault acted of which the catalogue expects that, or one that strikes some calls and not others.
fn open(sample: &Sample, seen: &Seen, known: &BTreeSet<&str>) -> Result<(), String> {
    let considered = seen.diagnosis.considered.iter();
    let candidates: Vec<&str> = considered.filter(|it| !it.excluded).map(|it| it.code.as_str()).collect();
    let is_unknown =
        |fault: &Injected| fault.strikes_now_and_then() || fault.codes().any(|code| code == "undetermined");
    let mut unknown = sample.faults.iter().filter(|fault| is_unknown(fault));
    let is_told = match candidates.as_slice() {
        [] => unknown.any(|fault| has_acted(sample, fault, &seen.journal)),
        some => some.iter().any(|code| known.contains(code)),
    };
    if is_told { Ok(()) } else { Err(format!("left open ({}), known are {known:?}", seen.diagnosis.sentence)) }
}

/// Whether it acted where the subject's own requests come by: the journal has it, or the kernel enacts it.
fn has_acted(sample: &Sample, injected: &Injected, journal: &[Entry]) -> bool {
    let there = |entry: &&Entry| entry.node == injected.node && sample.is_on_the_way(&entry.node, &entry.listener);
    journal.iter().filter(there).any(|entry| match &entry.event {
        Event::Signed { fault, .. } | Event::Armed { fault } => fault == injected.name(),
        _ => false,
    })
}

/// Samples worlds on several threads, and judges what was seen of each.
fn check<S>(deadline: Duration, strategy: impl Fn() -> S + Sync, judge: fn(&Sample, &Seen) -> Result<(), String>)
where
    S: Strategy<Value = Sample>,
{
    let (worlds, seed) = (number("WSUSLAB_WORLDS").unwrap_or(WORLDS), number("WSUSLAB_SEED").unwrap_or(1));
    let next = AtomicU32::new(0);
    let one_thread = || {
        let mut failures = Vec::new();
        loop {
            let chunk = next.fetch_add(1, Ordering::Relaxed);
            let cases = worlds.saturating_sub(chunk * CHUNK).min(CHUNK);
            if cases == 0 {
                return failures;
            }
            let config = Config { cases, max_shrink_iters: 32, failure_persistence: None, ..Config::default() };
            failures.extend(run(
                TestRunner::new_with_rng(config, randomness(seed, chunk)),
                &strategy(),
                deadline,
                judge,
            ));
        }
    };
    let failures: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(one_thread)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// The smallest world that fails, with the reason.
fn run(
    mut runner: TestRunner,
    strategy: &impl Strategy<Value = Sample>,
    deadline: Duration,
    judge: fn(&Sample, &Seen) -> Result<(), String>,
) -> Option<String> {
    let judged = |sample: Sample| {
        // Two faults that could never act together are no world, and a certificate that signed itself has no authority that
        // could be at fault.
        let scenario = sample.scenario().map_err(|_| TestCaseError::reject("no world"))?;
        let seen = within(HANGS, scenario, deadline).map_err(TestCaseError::fail)?;
        judge(&sample, &seen).map_err(TestCaseError::fail)
    };
    match runner.run(strategy, judged) {
        Ok(()) => None,
        Err(TestError::Fail(reason, sample)) => Some(format!("# {reason}\n{}", sample.toml())),
        Err(TestError::Abort(reason)) => Some(format!("# {reason}")),
    }
}

/// Starts and examines on a thread of its own, so that a panic and a hang are failures of this world.
fn within(patience: Duration, scenario: Scenario, deadline: Duration) -> Result<Seen, String> {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        // Nobody listens any more where it took too long.
        let _ = tell.send(examine::see(&scenario, deadline, None));
    });
    told.recv_timeout(patience).unwrap_or_else(|error| Err(format!("the examiner gave no diagnosis: {error}")))
}

fn randomness(seed: u32, chunk: u32) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&seed.to_be_bytes());
    bytes[4..8].copy_from_slice(&chunk.to_be_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

fn number(variable: &str) -> Option<u32> {
    std::env::var(variable).ok()?.parse().ok()
}
