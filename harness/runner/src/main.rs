//! The front end of `wsuslab`: reads the command line, calls the library, and is the only place that prints.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the front end")]

use std::io::{ErrorKind, IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use wsuslab::cli::{Cli, Command, Diagnose, Format, Run, Serve, TextFormat};
use wsuslab::diagnose::Surroundings;
use wsuslab::examiner::{Command as Program, Examiner};
use wsuslab::failure::{AS_EXPECTED, Failure, LAB_FAILED, NOT_AS_EXPECTED};
use wsuslab::run::{Event, RunOptions, usual_jobs};
use wsuslab::serve::{ServeOptions, Served};
use wsuslab::{catalogue_text, diagnose, explain, interruption, run, select};

fn main() -> ExitCode {
    let code = match act(Cli::parse().command) {
        Ok(code) => code,
        Err(failure) => {
            eprint!("{}", failure.text(std::io::stderr().is_terminal()));
            failure.exit_code()
        }
    };
    ExitCode::from(code)
}

fn act(command: Command) -> Result<u8, Failure> {
    match command {
        Command::List(Format { format: TextFormat::Human }) => say(&catalogue_text::list(scenarios::catalogue())),
        Command::List(Format { format: TextFormat::Json }) => say(&catalogue_text::list_json(scenarios::catalogue())),
        Command::Show(show) => {
            let scenario = select::select_one(&show.scenario)?;
            match show.format.format {
                TextFormat::Human => say(&catalogue_text::show(&scenario, width())),
                TextFormat::Json => say(&catalogue_text::show_json(&scenario)),
            }
        }
        Command::Explain(asked) => {
            let word = asked.words.join(" ");
            match asked.format.format {
                TextFormat::Human => say(&explain::text(&word, width())?),
                TextFormat::Json => say(&explain::as_json(&word)?),
            }
        }
        Command::Run(options) => run_scenarios(&options),
        Command::Serve(options) => serve(options),
        Command::Diagnose(options) => diagnose(&options),
    }
}

fn run_scenarios(options: &Run) -> Result<u8, Failure> {
    let scenarios = select::select(&options.scenarios)?;
    let examiner = match &options.examiner {
        None => Examiner::BuiltIn { deadline: options.deadline },
        Some(line) => {
            let program = Program::new(line, options.examiner_timeout);
            Examiner::Command(program.map_err(|problem| Failure::input(format!("--examiner: {problem}")))?)
        }
    };
    let jobs = options.jobs.map_or_else(usual_jobs, usize::from);
    let mut reporter = options.format.reporter(options.matrix);
    let progress = progress();
    let mut printed = Ok(());
    let summary = run::run(scenarios, &RunOptions { examiner, jobs }, &mut |event| {
        advance(&progress, &event);
        let text = reporter.event(&event);
        if !text.is_empty() && printed.is_ok() {
            printed = progress.suspend(|| print(&text));
        }
    })?;
    printed?;
    Ok(match (summary.lab_errors, summary.not_as_expected) {
        (0, 0) => AS_EXPECTED,
        (0, _) => NOT_AS_EXPECTED,
        _ => LAB_FAILED,
    })
}

/// A line that says how far it is, on a terminal only.
fn progress() -> ProgressBar {
    let target =
        if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template(" {pos}/{len} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(0), target).with_style(style)
}

fn advance(progress: &ProgressBar, event: &Event) {
    match event {
        Event::Started { scenarios } => progress.set_length(u64::try_from(*scenarios).unwrap_or(u64::MAX)),
        Event::Ended { id } => {
            progress.inc(1);
            progress.set_message(id.clone());
        }
        Event::Judged(_) => {}
        Event::Finished(_) => progress.finish_and_clear(),
    }
}

fn serve(options: Serve) -> Result<u8, Failure> {
    let scenario = select::select_one(&options.scenario)?;
    // Two threads: a world that waits should be small.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::lab(&error))?;
    let Serve { bind, standard_ports, catalogue, subject, export_roots, lasting, format, .. } = options;
    let ended = runtime.block_on(async {
        let end = end_of_serving(lasting)?;
        let served =
            Served::start(scenario, ServeOptions { bind, standard_ports, catalogue, subject, export_roots }).await?;
        let said = match format.format {
            TextFormat::Human => say(&served.text()),
            TextFormat::Json => say(&served.json()),
        };
        if said.is_ok() {
            end.await;
        }
        served.stop().await;
        said
    });
    runtime.shutdown_background();
    ended
}

/// Ctrl-C, the system's wish to end, or the time. Listened for before the world starts, so that none is missed.
fn end_of_serving(lasting: Option<Duration>) -> Result<impl Future<Output = ()>, Failure> {
    let interrupted = interruption::listen().map_err(|error| Failure::lab(&error))?;
    Ok(async move {
        match lasting {
            // Whichever comes first.
            Some(lasting) => drop(tokio::time::timeout(lasting, interrupted).await),
            None => interrupted.await,
        }
    })
}

fn diagnose(options: &Diagnose) -> Result<u8, Failure> {
    let ask = |question: &str| match std::io::stdin().is_terminal() {
        true => rpassword::prompt_password(question).map(Some),
        false => Ok(None),
    };
    let password_file = std::env::var_os(wsuslab::examiner::PASSWORD_FILE).map(Into::into);
    let diagnosis = diagnose::diagnose(options, &Surroundings { password_file, ask: &ask })?;
    match options.format.format {
        TextFormat::Human => print(&diagnosis::render::text(&diagnosis, width()))?,
        TextFormat::Json => {
            // Texts, numbers and lists always have a JSON form.
            print(&(serde_json::to_string_pretty(&diagnosis).unwrap_or_default() + "\n"))?;
        }
    }
    Ok(if diagnosis.cause == "healthy" { AS_EXPECTED } else { NOT_AS_EXPECTED })
}

fn say(text: &str) -> Result<u8, Failure> {
    print(text).map(|()| AS_EXPECTED)
}

/// Prints; a reader that has gone away, as `head` does, has had enough.
fn print(text: &str) -> Result<(), Failure> {
    let mut output = std::io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::file("standard output", &error)),
        _ => Ok(()),
    }
}

/// How wide a page may be: what the terminal's shell says, within reason.
fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.unwrap_or(100).clamp(60, 120)
}
