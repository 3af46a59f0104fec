//! One scenario: its world is started, examined blind, stopped; then both sides are compared.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use certs::KeyPool;
use scenarios::Scenario;
use simulator::journal::Entry;
use simulator::running::Listener;
use simulator::{Running, StartOptions};

use crate::examiner::{Answer, Examiner, NoAnswer, Question};
use crate::failure::with_sources;
use crate::fired::{Fired, Traces, fired};
use crate::journal_text;
use crate::run::event::Judged;
use crate::verdict::{Said, Verdict, judge};
use crate::workspace::{Workspace, temporary_folder};

/// So many lines of the journal explain any verdict.
const JOURNAL_LINES: usize = 12;

/// What all scenarios of a run share.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    /// Who is asked.
    pub(super) examiner: Examiner,
    /// Keys made beforehand.
    pub(super) keys: KeyPool,
    /// The folder of the whole run, so that one removal is enough.
    pub(super) folder: PathBuf,
    /// Set when the run is interrupted.
    pub(super) give_up: Arc<AtomicBool>,
}

/// Runs one scenario on the tokio runtime of the caller, which must have blocking threads to spare.
pub async fn run(scenario: &Scenario, examiner: Examiner, keys: KeyPool) -> Judged {
    match temporary_folder() {
        Ok(folder) => {
            let give_up = Arc::new(AtomicBool::new(false));
            run_with(scenario, Shared { examiner, keys, folder: folder.path().to_owned(), give_up }).await
        }
        Err(error) => broken(scenario, format!("no temporary folder can be made: {error}")),
    }
}

/// The same as a part of a run. A world that panics is a broken lab, and the other scenarios go on.
pub(super) async fn guarded(scenario: Scenario, shared: Shared) -> Judged {
    let running = scenario.clone();
    let ended = tokio::spawn(async move { run_with(&running, shared).await }).await;
    ended.unwrap_or_else(|panicked| broken(&scenario, format!("the lab broke: {panicked}")))
}

async fn run_with(scenario: &Scenario, shared: Shared) -> Judged {
    let started = Instant::now();
    let options = StartOptions { keys: shared.keys.clone(), ..StartOptions::default() };
    let judged = match scenario.world.start(options).await {
        Ok(running) => examined(scenario, shared, running).await,
        Err(error) => broken(scenario, with_sources(&error)),
    };
    let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Judged { elapsed_ms, ..judged }
}

async fn examined(scenario: &Scenario, shared: Shared, running: Running) -> Judged {
    let workspace = match Workspace::within(&shared.folder, scenario, &running) {
        Ok(workspace) => workspace,
        Err(error) => return broken(scenario, format!("the subject folder cannot be written: {error}")),
    };
    let plan = running.plan.clone();
    let asked = tokio::task::spawn_blocking(move || {
        let password_file = workspace.password_file.as_deref();
        let Shared { examiner, give_up, .. } = shared;
        examiner.ask(Question { subject: &workspace.subject, plan: &plan, password_file, give_up: &give_up })
    });
    // A panic of the black box is a defect of this repository and must not pass for an answer.
    let answer = asked.await.unwrap_or_else(|panicked| Err(NoAnswer::Lab(format!("the examiner broke: {panicked}"))));
    let listeners = running.listeners.clone();
    let journal = running.stop().await;
    compared(scenario, answer, &listeners, &journal.entries())
}

fn compared(
    scenario: &Scenario,
    answer: Result<Answer, NoAnswer>,
    listeners: &[Listener],
    entries: &[Entry],
) -> Judged {
    let (answer, reason) = match answer {
        Ok(answer) => (Some(answer), None),
        Err(NoAnswer::Examiner(reason)) => (None, Some(reason)),
        Err(NoAnswer::Lab(reason)) => return broken(scenario, reason),
    };
    let dialled = answer.as_ref().and_then(|answer| answer.dialled.as_ref());
    let fired = fired(&scenario.world, Traces { entries, listeners, dialled }, &scenario.expect.hidden_behind);
    let said = Said {
        cause: answer.as_ref().map(|answer| answer.cause.clone()),
        warnings: answer.as_ref().map(|answer| answer.warnings.clone()).unwrap_or_default(),
        tells_of_more: answer.as_ref().and_then(|answer| answer.tells_of_more),
    };
    let answer = answer.unwrap_or_default();
    Judged {
        verdict: judge(&scenario.expect, &said, fired),
        concluded: said.cause,
        sentence: answer.sentence,
        warnings: said.warnings,
        fired,
        reason,
        evidence: answer.evidence,
        journal: journal_text::telling(entries, JOURNAL_LINES),
        ..broken(scenario, String::new())
    }
}

fn broken(scenario: &Scenario, reason: String) -> Judged {
    Judged {
        id: scenario.id.clone(),
        title: scenario.title.clone(),
        verdict: Verdict::LabError,
        expected: scenario.expect.cause.clone(),
        expected_warnings: scenario.expect.warnings.clone(),
        concluded: None,
        sentence: String::new(),
        warnings: Vec::new(),
        fired: Fired::No,
        known_gap: scenario.expect.known_gap.clone(),
        reason: Some(reason),
        evidence: Vec::new(),
        journal: Vec::new(),
        elapsed_ms: 0,
    }
}
