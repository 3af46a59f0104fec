//! Every scenario of the catalogue, three times: it is diagnosed as it expects, its control is healthy, and its evidence
//! concludes to the same diagnosis after a trip through JSON. What a scenario says is hidden must show when nothing hides it.
//! `cargo test tls/expired` runs the trials of that scenario. After all of them the page of confusable causes is held against what
//! was told of neighbours.

#[path = "shared/document.rs"]
mod document;
#[path = "shared/examine.rs"]
mod examine;
#[path = "scenarios/told.rs"]
mod told;

use libtest_mimic::{Arguments, Failed, Trial};
use scenarios::Scenario;
use wsuslab::examiner::Examiner;
use wsuslab::report::RunFormat;
use wsuslab::run::{self, Event};

use examine::{LAB, examine, replay};

fn main() {
    let mut arguments = Arguments::from_args();
    // Most trials wait for a deadline most of the time.
    arguments.test_threads = arguments.test_threads.or(Some(run::usual_jobs()));
    let trials = scenarios::catalogue().iter().flat_map(|scenario| {
        let id = &scenario.id;
        [
            Trial::test(id, || as_expected(scenario)),
            Trial::test(format!("control/{id}"), || as_expected(&scenario.control())),
            Trial::test(format!("replay/{id}"), || replays(scenario)),
        ]
    });
    let hiding = scenarios::catalogue().iter().filter(|scenario| !scenario.expect.hidden_behind.is_empty());
    let hidden = hiding.map(|scenario| Trial::test(format!("hidden/{}", scenario.id), || shows_alone(scenario)));
    let conclusion = libtest_mimic::run(&arguments, trials.chain(hidden).collect());
    conclusion.exit_if_failed();
    told::check().expect("a page that says what was told");
}

/// The verdict of `wsuslab run`; a failure says what that would print.
fn as_expected(scenario: &Scenario) -> Result<(), Failed> {
    let (runtime, keys) = &*LAB;
    let judged = runtime.block_on(run::one(scenario, Examiner::BuiltIn { deadline: None }, keys.clone()));
    if judged.as_expected() {
        return Ok(());
    }
    Err(RunFormat::Human.reporter(false).event(&Event::Judged(Box::new(judged))).into())
}

/// One of the deviations by itself is diagnosed as each of the codes that are hidden behind another one.
fn shows_alone(scenario: &Scenario) -> Result<(), Failed> {
    let (runtime, keys) = &*LAB;
    let ask = |alone: Scenario| {
        runtime.block_on(run::one(&alone, Examiner::BuiltIn { deadline: None }, keys.clone())).concluded
    };
    let concluded: Vec<String> = scenario.alone().into_iter().filter_map(ask).collect();
    match scenario.expect.hidden_behind.iter().find(|code| !concluded.contains(code)) {
        None => Ok(()),
        Some(code) => Err(format!("nothing alone is {code}: {concluded:?}").into()),
    }
}

fn replays(scenario: &Scenario) -> Result<(), Failed> {
    let saved = tempfile::NamedTempFile::new()?;
    let seen = examine(scenario, Some(saved.path().to_owned()))?;
    told::keep(&scenario.id, &seen);
    let replayed = replay(saved.path().to_owned())?;
    if seen == replayed { Ok(()) } else { Err(format!("seen:\n{seen:#?}\n\nreplayed:\n{replayed:#?}").into()) }
}
