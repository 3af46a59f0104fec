//! Why the program cannot do what it was asked: its user's input (exit code 2), or the lab (3).

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report};
use scenarios::{ReadError, ReadFileError};

/// Everything was as expected.
pub const AS_EXPECTED: u8 = 0;
/// Something was not.
pub const NOT_AS_EXPECTED: u8 = 1;
/// The command line or an input file cannot be used.
pub const BAD_INPUT: u8 = 2;
/// The lab itself failed.
pub const LAB_FAILED: u8 = 3;

/// A failure of the program, never of what it examines.
#[derive(Debug)]
pub enum Failure {
    /// Bad usage or input.
    Input(Report),
    /// The lab itself.
    Lab(Report),
    /// A person ended it.
    Interrupted(Report),
}

impl Failure {
    /// Bad usage or input.
    pub fn input(message: impl Into<String>) -> Failure {
        Failure::Input(Report::new(MietteDiagnostic::new(message)))
    }

    /// Bad usage or input, and what would be right.
    pub fn input_with_help(message: impl Into<String>, help: impl Into<String>) -> Failure {
        Failure::Input(Report::new(MietteDiagnostic::new(message).with_help(help)))
    }

    /// A file or a folder that the operating system would not give or take.
    pub fn file(what: impl std::fmt::Display, source: &std::io::Error) -> Failure {
        Failure::input(format!("{what}: {source}"))
    }

    /// The lab itself failed.
    pub fn lab(error: &dyn std::error::Error) -> Failure {
        Failure::Lab(Report::new(MietteDiagnostic::new(with_sources(error))))
    }

    /// A person ended it.
    pub fn interrupted() -> Failure {
        Failure::Interrupted(Report::new(MietteDiagnostic::new("interrupted")))
    }

    /// The exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Input(_) => BAD_INPUT,
            Failure::Lab(_) => LAB_FAILED,
            Failure::Interrupted(_) => NOT_AS_EXPECTED,
        }
    }

    /// The message for a person: what, where, and what was expected.
    pub fn text(&self, coloured: bool) -> String {
        let theme = if coloured { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let (Failure::Input(report) | Failure::Lab(report) | Failure::Interrupted(report)) = self;
        let mut text = String::new();
        // Writing to a string cannot fail, and a message without its frame is still a message.
        if GraphicalReportHandler::new_themed(theme).render_report(&mut text, report.as_ref()).is_err() {
            text = format!("{report}\n");
        }
        text
    }
}

/// An error and what lies below it, in one line.
pub fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(source) = below {
        text = format!("{text}: {source}");
        below = source.source();
    }
    text
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Failure {
        let label = if error.expected.is_empty() { "here".to_owned() } else { format!("expected {}", error.expected) };
        let (line, column) = error.place();
        let message = format!("{}:{line}:{column}: {}", error.file, error.problem);
        let diagnostic = MietteDiagnostic::new(message).with_label(LabeledSpan::at(first_line(&error), label));
        Failure::Input(Report::new(diagnostic).with_source_code(NamedSource::new(error.file, error.text)))
    }
}

/// The part of the place that stands on one line: a whole table underlined says nothing.
fn first_line(error: &ReadError) -> std::ops::Range<usize> {
    let span = error.span.clone();
    let end =
        error.text.get(span.clone()).and_then(|text| text.find('\n')).map_or(span.end, |newline| span.start + newline);
    span.start..end
}

impl From<ReadFileError> for Failure {
    fn from(error: ReadFileError) -> Failure {
        match error {
            ReadFileError::NoScenario(error) => error.into(),
            unreadable @ ReadFileError::Unreadable { .. } => Failure::input(with_sources(&unreadable)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_file_that_cannot_be_used_is_shown_with_its_place() {
        let error = scenarios::read("x/y", "x.toml", "title = 't'\nguid = '3'\n").unwrap_err();
        let failure = Failure::from(error);
        assert_eq!(failure.exit_code(), 2);
        let text = failure.text(false);
        assert!(text.contains("x.toml:2:1: unknown field `guid`"), "{text}");
        assert!(text.contains("expected one of `title`, `modes`, `guide`"), "{text}");
        assert!(text.contains("2 │ guid = '3'"), "{text}");
    }
}
