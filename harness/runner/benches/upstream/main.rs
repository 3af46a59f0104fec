//! An upstream server with large catalogues, over the wire, as downstream servers meet it: a process of its own, so that its
//! memory is its own.
//!
//! `cargo bench -p wsuslab --bench upstream` prints all; behind `--` the word `million` or `thousand` chooses one part.
//! `DOWNSTREAMS` sets another number than 1,000. Memory is read from /proc: Linux only; elsewhere it says so.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot be set up has failed")]

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use downstream::Downstream;
use process::Upstream;
use simulator::catalogue::generated::Generated;
use simulator::catalogue::{Catalogue as _, Part};
use simulator::soap::Personality;
use simulator::soap::anchor::Anchor;

mod downstream;
mod process;

fn main() {
    if !cfg!(target_os = "linux") {
        println!("resident memory is read from /proc: Linux only");
        return;
    }
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let is_asked = |part: &str| asked.is_empty() || asked.iter().any(|word| word == part);
    if is_asked("million") {
        runtime.block_on(million());
    }
    if is_asked("thousand") {
        runtime.block_on(thousand());
    }
}

const MIB: f64 = 1024.0 * 1024.0;

/// One downstream server and a million revisions.
async fn million() {
    const SIZE: usize = 1_000_000;
    let (mut upstream, mut starts) = (None, Vec::new());
    for _ in 0..9 {
        drop(upstream.take());
        let started = Instant::now();
        upstream = Some(Upstream::start(SIZE));
        starts.push(started.elapsed());
    }
    starts.sort();
    let [median, most] = [starts[4], starts[8]].map(milliseconds);
    println!("million: ready after {median:.0} ms at the median of nine starts, {most:.0} ms at the most");
    let upstream = upstream.unwrap();
    let at_start = upstream.resident();
    println!("million: {:.1} MiB resident when ready", at_start as f64 / MIB);

    let mut downstream = Downstream::authorized(upstream.address, 0).await;
    let asked = Instant::now();
    let list = downstream.list("").await;
    let took = asked.elapsed();
    let found = downstream::count(&list, b"<UpdateIdentity>");
    assert_eq!(found, SIZE, "all are in the list");
    let grown = upstream.peak().saturating_sub(at_start);
    let (answer, grown) = (list.len() as f64 / MIB, grown as f64 / MIB);
    println!(
        "million: {found} revisions in {:.0} ms, {answer:.1} MiB of answer, memory grew by {grown:.1} MiB at most",
        milliseconds(took)
    );

    drop(list);

    let mut times = Vec::new();
    let anchor = anchor_before_the_last(100, SIZE);
    for _ in 0..100 {
        let asked = Instant::now();
        let delta = downstream.list(&anchor).await;
        times.push(asked.elapsed());
        assert_eq!(downstream::count(&delta, b"<UpdateIdentity>"), 100);
    }
    times.sort();
    println!(
        "million: a delta of 100 in {:.2} ms at the median, {:.2} ms at the most",
        milliseconds(times[50]),
        milliseconds(times[99])
    );
}

/// A thousand downstream servers at once, each with the whole of ten thousand revisions.
async fn thousand() {
    const SIZE: usize = 10_000;
    let downstreams: u32 = std::env::var("DOWNSTREAMS").map_or(1_000, |number| number.parse().unwrap());
    let upstream = Upstream::start(SIZE);
    let (address, at_start) = (upstream.address, upstream.resident());
    let known: Arc<OnceLock<Vec<u8>>> = Arc::default();
    let started = Instant::now();
    let tasks: Vec<_> = (0..downstreams)
        .map(|number| {
            let known = Arc::clone(&known);
            tokio::spawn(async move { downstream::synchronize(address, number, SIZE, &known).await })
        })
        .collect();
    let (mut bytes, mut failed) = (0, 0);
    for task in tasks {
        match task.await.unwrap() {
            Ok(taken) => bytes += taken,
            Err(why) => {
                failed += 1;
                println!("thousand: {why}");
            }
        }
    }
    let took = started.elapsed();
    println!(
        "thousand: {downstreams} downstream servers took {SIZE} revisions each in {:.1} s ({:.1} GiB, {:.0} MiB/s), {failed} failed",
        took.as_secs_f64(),
        bytes as f64 / MIB / 1024.0,
        bytes as f64 / MIB / took.as_secs_f64(),
    );
    println!(
        "thousand: {:.1} MiB resident when ready, {:.1} MiB at the most",
        at_start as f64 / MIB,
        upstream.peak() as f64 / MIB
    );
}

/// The anchor of a downstream server that lacks the last updates of a catalogue.
fn anchor_before_the_last(lacking: usize, size: usize) -> String {
    let mut rows = Generated::new(process::SEED, size as u32).revisions(Part::Updates, None);
    let last_known = rows.nth(size - lacking - 1).unwrap();
    Anchor::at(last_known.changed, Personality::Asmx).to_string()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
