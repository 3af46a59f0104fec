//! Somebody else's examiner: a program that gets the subject folder as its last argument and prints a diagnosis as JSON.
//!
//! The command line is split at blanks, with single and double quotes as in a shell and nothing else of one. The file with the
//! proxy password, where there is one, is named in the environment: `WSUSLAB_PROXY_PASSWORD_FILE`.
//!
//! A program that is stopped takes along what it has started, as far as that stays in its process group; on Windows only the
//! program itself is stopped.

use std::io::Read;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::{Answer, NoAnswer, Question};

/// The environment variable that names the file with the proxy password.
pub const PASSWORD_FILE: &str = "WSUSLAB_PROXY_PASSWORD_FILE";

/// More than any diagnosis needs.
const MOST_OUTPUT: u64 = 4 * 1024 * 1024;

/// How often an unfinished program is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// A program and how long it may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    program: String,
    arguments: Vec<String>,
    timeout: Duration,
}

/// The part of a foreign diagnosis that counts; only the cause is required.
#[derive(Deserialize)]
struct Printed {
    cause: String,
    #[serde(default)]
    sentence: String,
    #[serde(default)]
    warnings: Vec<PrintedWarning>,
    #[serde(default)]
    evidence: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct PrintedWarning {
    code: String,
}

impl Command {
    /// Splits a command line.
    ///
    /// # Errors
    ///
    /// When it is empty, a quote is open, or there is no such program.
    pub fn new(line: &str, timeout: Duration) -> Result<Command, String> {
        let mut words = split(line)?.into_iter();
        let program = words.next().ok_or("it is empty")?;
        if !exists(&program) {
            return Err(format!("there is no program {program:?}"));
        }
        Ok(Command { program, arguments: words.collect(), timeout })
    }

    pub(super) fn ask(&self, question: Question<'_>) -> Result<Answer, NoAnswer> {
        let mut command = std::process::Command::new(&self.program);
        command.args(&self.arguments).arg(question.subject);
        command.env_remove(PASSWORD_FILE).envs(question.password_file.map(|file| (PASSWORD_FILE, file)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Whoever stops it must reach the programs of a script too, and nobody else.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child =
            command.spawn().map_err(|error| silent(format!("{} cannot be started: {error}", self.program)))?;
        let output = child.stdout.take().map(read_aside);
        let errors = child.stderr.take().map(read_aside);
        let until = Instant::now() + self.timeout;
        let Some(status) = wait(&mut child, until, question.give_up) else {
            return Err(silent(format!("gave no answer within {:?} and was stopped", self.timeout)));
        };
        // A grandchild may hold the pipe open; the deadline counts for it too.
        let received = |pipe: Option<Receiver<Vec<u8>>>| {
            let left = until.saturating_duration_since(Instant::now()).max(LOOK_AGAIN);
            pipe.and_then(|pipe| pipe.recv_timeout(left).ok())
        };
        let Some(output) = received(output) else {
            stop_group(&child);
            return Err(silent("ended without closing its output".to_owned()));
        };
        parse(status, &output).map_err(|problem| silent(with_last_line(problem, received(errors))))
    }
}

fn silent(reason: String) -> NoAnswer {
    NoAnswer::Examiner(reason)
}

/// The exit code is not looked at when there is a diagnosis: ours is 1 for anything but healthy.
fn parse(status: ExitStatus, output: &[u8]) -> Result<Answer, String> {
    if MOST_OUTPUT <= output.len() as u64 {
        return Err(format!("printed more than {MOST_OUTPUT} bytes"));
    }
    let printed: Printed = serde_json::from_slice(output).map_err(|error| {
        let begin = String::from_utf8_lossy(&output[..output.len().min(80)]).escape_debug().to_string();
        match output.trim_ascii().is_empty() {
            true => format!("printed nothing ({status})"),
            false => format!("printed no diagnosis ({status}): {error}: {begin}"),
        }
    })?;
    if printed.cause.trim().is_empty() {
        return Err("printed an empty cause".to_owned());
    }
    let line = |value: serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Ok(Answer {
        cause: printed.cause,
        sentence: printed.sentence,
        warnings: printed.warnings.into_iter().map(|warning| warning.code).collect(),
        evidence: printed.evidence.into_iter().map(line).collect(),
        tells_of_more: None,
        dialled: None,
    })
}

fn with_last_line(problem: String, errors: Option<Vec<u8>>) -> String {
    let errors = errors.unwrap_or_default();
    let errors = String::from_utf8_lossy(&errors);
    let last = errors.lines().rev().find(|line| !line.trim().is_empty());
    last.map_or(problem.clone(), |last| format!("{problem}; its last words: {}", last.trim().escape_debug()))
}

/// Waits for the end of a program until the deadline or until nobody wants its answer any more, and stops it then.
fn wait(child: &mut Child, until: Instant, give_up: &AtomicBool) -> Option<ExitStatus> {
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        if until <= Instant::now() || give_up.load(Ordering::Relaxed) {
            // Not yet collected, so that the number of its group is still its own. It may have ended in between; either way
            // it is gone and collected afterwards.
            stop_group(child);
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        std::thread::sleep(LOOK_AGAIN);
    }
}

/// Stops a program and what it has started.
#[cfg(unix)]
fn stop_group(child: &Child) {
    let group = format!("-{}", child.id());
    let mut kill = std::process::Command::new("kill");
    kill.args(["-KILL", "--", &group]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // A system without `kill` is left with the program itself; a group that is gone needs nothing.
    let _ = kill.status();
}

/// There is no group to stop.
#[cfg(not(unix))]
fn stop_group(_: &Child) {}

/// Reads a pipe on a thread of its own, so that a full one never stops the program.
fn read_aside(pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let mut pipe = pipe.take(MOST_OUTPUT);
        // Whatever was read before an error is what there is.
        let _ = pipe.read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    receiver
}

fn exists(program: &str) -> bool {
    let path = std::path::Path::new(program);
    if path.components().count() != 1 {
        return path.is_file();
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let suffix = std::env::consts::EXE_SUFFIX;
    std::env::split_paths(&folders)
        .any(|folder| folder.join(program).is_file() || folder.join(format!("{program}{suffix}")).is_file())
}

fn split(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in line.chars() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, blank) if blank.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    if quote.is_some() {
        return Err("a quote is not closed".to_owned());
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use std::path::Path;

    use simulator::AddressPlan;

    use super::*;

    fn ask(line: &str, timeout: u64) -> Result<Answer, NoAnswer> {
        let plan = AddressPlan::default();
        let give_up = AtomicBool::new(false);
        let question =
            Question { subject: Path::new("the-folder"), plan: &plan, password_file: None, give_up: &give_up };
        Command::new(line, Duration::from_millis(timeout)).unwrap().ask(question)
    }

    fn refused(line: &str, timeout: u64, reason: &str) {
        let Err(NoAnswer::Examiner(said)) = ask(line, timeout) else { panic!("an answer to {line}") };
        assert!(said.contains(reason), "{said}");
    }

    #[test]
    fn a_command_line_is_split_at_blanks_outside_quotes() {
        assert_eq!(split(r#" python3  "my tool.py" -x'a b'c '' "#).unwrap(), ["python3", "my tool.py", "-xa bc", ""]);
        assert!(split("a 'b").is_err());
    }

    #[test]
    fn a_program_that_does_not_exist_is_refused_at_once() {
        assert_eq!(
            Command::new("no-such-program -x", LOOK_AGAIN),
            Err("there is no program \"no-such-program\"".to_owned())
        );
        assert_eq!(Command::new("  ", LOOK_AGAIN), Err("it is empty".to_owned()));
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_is_the_last_argument_and_the_cause_is_enough() {
        let answer = ask(r#"sh -c 'printf "{\"cause\":\"%s\"}" "$1"; exit 1' x"#, 5_000).unwrap();
        assert_eq!(answer, Answer { cause: "the-folder".to_owned(), ..Answer::default() });
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_diagnosis_is_the_examiners_fault() {
        refused("sh -c 'exit 7'", 5_000, "printed nothing (exit status: 7)");
        refused("sh -c 'echo hello; echo it broke >&2'", 5_000, "its last words: it broke");
        refused("sh -c 'echo {}'", 5_000, "missing field `cause`");
        refused("sh -c 'echo {\\\"cause\\\":\\\" \\\"}'", 5_000, "printed an empty cause");
        refused("sh -c 'exec sleep 5'", 100, "gave no answer within 100ms");
    }

    #[cfg(unix)]
    #[test]
    fn what_a_script_has_started_is_stopped_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let ids = folder.path().join("ids");
        let line = |rest: &str| format!("sh -c 'sleep 47 & echo $! >>{}; {rest}'", ids.display());
        refused(&line("wait"), 300, "gave no answer within 300ms");
        refused(&line("exit 0"), 300, "ended without closing its output");
        let ids = std::fs::read_to_string(ids).unwrap();
        assert_eq!(ids.lines().count(), 2);
        for id in ids.lines() {
            assert!(gone(id), "{id} goes on");
        }
    }

    /// Whether a program ends soon. One that nobody has collected yet has ended.
    #[cfg(unix)]
    fn gone(id: &str) -> bool {
        let until = Instant::now() + Duration::from_secs(5);
        while Instant::now() < until {
            let state = std::process::Command::new("ps").args(["-o", "stat=", "-p", id]).output().unwrap().stdout;
            if state.is_empty() || state.trim_ascii().starts_with(b"Z") {
                return true;
            }
            std::thread::sleep(LOOK_AGAIN);
        }
        false
    }

    #[cfg(unix)]
    #[test]
    fn a_flood_of_output_stops_nothing() {
        refused("sh -c yes", 20_000, "printed more than 4194304 bytes");
    }
}
