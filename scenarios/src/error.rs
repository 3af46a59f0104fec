//! What can be wrong with a scenario file: always the file, the place in it, and what was expected there.

use std::fmt;
use std::ops::Range;

/// A scenario file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The file, as named by whoever asked.
    pub file: String,
    /// Its text, so that the place can be shown.
    pub text: String,
    /// The place, in bytes.
    pub span: Range<usize>,
    /// What is wrong there.
    pub problem: String,
    /// What was expected in its place; empty where the problem says all.
    pub expected: String,
}

/// A scenario file cannot be read at all, or cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReadFileError {
    /// The operating system would not read it.
    #[error("{file}: cannot be read")]
    Unreadable {
        /// The file.
        file: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// It is no scenario.
    #[error(transparent)]
    NoScenario(#[from] ReadError),
}

impl ReadError {
    /// Line and column of the place, counted from 1; the column in characters.
    pub fn place(&self) -> (usize, usize) {
        let before = self.text.get(..self.span.start).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.place();
        write!(f, "{}:{line}:{column}: {}", self.file, self.problem)?;
        if !self.expected.is_empty() {
            write!(f, "; expected {}", self.expected)?;
        }
        Ok(())
    }
}

impl std::error::Error for ReadError {}
