//! One runtime and one pool of keys for all worlds of a test program, and the program's own way to examine one of them.

use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use certs::KeyPool;
use diagnosis::Diagnosis;
use scenarios::Scenario;
use simulator::StartOptions;
use simulator::journal::Entry;
use tokio::runtime::Runtime;
use wsuslab::cli::{self, TextFormat};
use wsuslab::diagnose::{Surroundings, diagnose};
use wsuslab::run;
use wsuslab::workspace::Workspace;

/// The runtime, with threads to spare for examinations, and keys made beforehand.
pub(crate) static LAB: LazyLock<(Runtime, KeyPool)> = LazyLock::new(|| {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.max_blocking_threads(4 * run::usual_jobs()).enable_all().build().expect("a runtime");
    (runtime, KeyPool::warm(64, 1).expect("keys"))
});

/// What was seen of a world.
pub(crate) struct Seen {
    /// The diagnosis.
    pub(crate) diagnosis: Diagnosis,
    /// What the nodes saw and did.
    #[allow(dead_code, reason = "not every test program looks into the journal")]
    pub(crate) journal: Vec<Entry>,
}

/// Starts the world of a scenario, and diagnoses its subject as `wsuslab diagnose` would.
#[allow(dead_code, reason = "not every test program wants the diagnosis alone")]
pub(crate) fn examine(scenario: &Scenario, evidence_out: Option<PathBuf>) -> Result<Diagnosis, String> {
    // Short for those who drop, long enough for a busy machine.
    see(scenario, Duration::from_millis(800), evidence_out).map(|seen| seen.diagnosis)
}

/// The same with the journal. No wait of the examiner is longer than the deadline.
pub(crate) fn see(scenario: &Scenario, deadline: Duration, evidence_out: Option<PathBuf>) -> Result<Seen, String> {
    let (runtime, keys) = &*LAB;
    let options = StartOptions { keys: keys.clone(), ..StartOptions::default() };
    let running = runtime.block_on(scenario.world.start(options)).map_err(|error| error.to_string())?;
    let workspace = Workspace::new(scenario, &running, None).map_err(|error| error.to_string())?;
    let diagnosis = asked(&cli::Diagnose {
        folder: Some(workspace.subject.clone()),
        proxy_password_file: workspace.password_file.clone(),
        deadline: Some(deadline),
        evidence_out,
        ..nothing()
    });
    let journal = runtime.block_on(running.stop()).entries();
    Ok(Seen { diagnosis: diagnosis?, journal })
}

/// Concludes again from saved evidence.
#[allow(dead_code, reason = "not every test program replays")]
pub(crate) fn replay(evidence: PathBuf) -> Result<Diagnosis, String> {
    asked(&cli::Diagnose { replay: Some(evidence), ..nothing() })
}

fn asked(options: &cli::Diagnose) -> Result<Diagnosis, String> {
    let nobody = Surroundings { password_file: None, ask: &|_| Ok(None) };
    diagnose(options, &nobody).map_err(|failure| failure.text(false))
}

fn nothing() -> cli::Diagnose {
    cli::Diagnose {
        folder: None,
        wsus: None,
        host: None,
        connect_to: Vec::new(),
        dns: None,
        plan: None,
        proxy_password_file: None,
        deadline: None,
        evidence_out: None,
        replay: None,
        format: cli::Format { format: TextFormat::Json },
    }
}
