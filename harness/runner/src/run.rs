//! Runs scenarios side by side and tells what happened as events, in the order of the scenarios.

mod event;
mod one;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use certs::KeyPool;
use scenarios::Scenario;
use tokio::task::JoinSet;

use crate::examiner::Examiner;
use crate::failure::Failure;
use crate::interruption;
use crate::workspace::temporary_folder;
use one::Shared;

pub use event::{Event, Judged, Summary};
pub use one::run as one;

/// What is under way at an interruption ends within its deadlines, which are shorter than this.
const GONE_WITHIN: Duration = Duration::from_secs(3);

/// How scenarios are run.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// Who is asked.
    pub examiner: Examiner,
    /// How many at once.
    pub jobs: usize,
}

/// Twice the cores and some: a dropped SYN and a stalled answer only wait.
pub fn usual_jobs() -> usize {
    2 * std::thread::available_parallelism().map_or(1, std::num::NonZero::get) + 8
}

/// Runs `scenarios`; `tell` hears of each. `Judged` comes in the order of the scenarios, `Ended` as it happens.
///
/// # Errors
///
/// When the runtime cannot be set up, or the run is interrupted. What happens to a single scenario is an event.
pub fn run(scenarios: Vec<Scenario>, options: &RunOptions, tell: &mut dyn FnMut(Event)) -> Result<Summary, Failure> {
    let jobs = options.jobs.max(1);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(std::thread::available_parallelism().map_or(2, std::num::NonZero::get).max(2))
        // Each examination blocks a thread, and so do the trials of kernel-enacted faults.
        .max_blocking_threads(2 * jobs + 8)
        .enable_all()
        .build()
        .map_err(|error| Failure::lab(&error))?;
    let keys = KeyPool::warm(2 * jobs, 1).map_err(|error| Failure::lab(&error))?;
    let folder = temporary_folder().map_err(|error| Failure::file("the temporary folder", &error))?;
    let shared = Shared {
        examiner: options.examiner.clone(),
        keys,
        folder: folder.path().to_owned(),
        give_up: Arc::new(AtomicBool::new(false)),
    };
    let give_up = shared.give_up.clone();
    let summary = runtime.block_on(async {
        let interrupted = interruption::listen().map_err(|error| Failure::lab(&error))?;
        tokio::select! {
            summary = side_by_side(scenarios, jobs, shared, tell) => Ok(summary),
            () = interrupted => Err(Failure::interrupted()),
        }
    });
    give_up.store(true, Ordering::Relaxed);
    runtime.shutdown_timeout(GONE_WITHIN);
    // Whatever an interrupted scenario still had in it goes with the folder; that it cannot be removed is no verdict.
    let _ = folder.close();
    summary
}

async fn side_by_side(scenarios: Vec<Scenario>, jobs: usize, shared: Shared, tell: &mut dyn FnMut(Event)) -> Summary {
    let started = Instant::now();
    tell(Event::Started { scenarios: scenarios.len() });
    let mut waiting = scenarios.into_iter().enumerate();
    let mut running = JoinSet::new();
    let mut summary = Summary::default();
    let mut early: BTreeMap<usize, Judged> = BTreeMap::new();
    let mut next = 0;
    loop {
        while running.len() < jobs
            && let Some((place, scenario)) = waiting.next()
        {
            let shared = shared.clone();
            running.spawn(async move { (place, one::guarded(scenario, shared).await) });
        }
        let Some(ended) = running.join_next().await else { break };
        // A guarded scenario neither panics nor is aborted while the run goes on.
        let Ok((place, judged)) = ended else { continue };
        tell(Event::Ended { id: judged.id.clone() });
        early.insert(place, judged);
        while let Some(judged) = early.remove(&next) {
            next += 1;
            summary.count(&judged);
            tell(Event::Judged(Box::new(judged)));
        }
    }
    summary.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tell(Event::Finished(summary.clone()));
    summary
}
