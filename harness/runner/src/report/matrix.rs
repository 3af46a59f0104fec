//! The confusion matrix of a run: what was expected against what was concluded. Sixty codes make a table that nobody can read, so
//! that only what occurs is told: how often each code was right, and every confusion with its scenarios.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::run::Judged;

/// What stands in place of a cause where the examiner gave no diagnosis.
const NOTHING: &str = "(no diagnosis)";

/// Scenarios by what was expected and what was concluded.
#[derive(Debug, Default)]
pub(super) struct Matrix {
    cells: BTreeMap<(String, Option<String>), Vec<String>>,
}

/// A cell that is not empty.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Cell<'a> {
    /// The cause that was expected.
    expected: &'a str,
    /// The cause that was concluded; `null` where there was no diagnosis.
    concluded: Option<&'a str>,
    /// The ids of its scenarios, in the order of the run.
    scenarios: &'a [String],
}

impl Matrix {
    /// Enters one more scenario.
    pub(super) fn count(&mut self, judged: &Judged) {
        let cell = (judged.expected.clone(), judged.concluded.clone());
        self.cells.entry(cell).or_default().push(judged.id.clone());
    }

    /// Every cell that is not empty, by the expected cause and then the concluded one.
    pub(super) fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        self.cells.iter().map(|((expected, concluded), scenarios)| Cell {
            expected,
            concluded: concluded.as_deref(),
            scenarios,
        })
    }

    /// For people: a line for each expected cause, and below it what was concluded in its place.
    pub(super) fn text(&self) -> String {
        let mut text = format!("\n {:<46} {:>5} {:>6}  concluded instead\n", "expected", "of", "right");
        let mut rows: BTreeMap<&str, Vec<Cell<'_>>> = BTreeMap::new();
        for cell in self.cells() {
            rows.entry(cell.expected).or_default().push(cell);
        }
        for (expected, cells) in rows {
            // Writing to a string cannot fail.
            let _ = row(&mut text, expected, &cells);
        }
        text
    }
}

fn row(text: &mut String, expected: &str, cells: &[Cell<'_>]) -> std::fmt::Result {
    let all: usize = cells.iter().map(|cell| cell.scenarios.len()).sum();
    let right: usize = cells.iter().filter(|cell| cell.is_right()).map(|cell| cell.scenarios.len()).sum();
    writeln!(text, " {expected:<46} {all:>5} {right:>6}")?;
    for cell in cells.iter().filter(|cell| !cell.is_right()) {
        writeln!(text, "{:<61} {} {}", "", cell.scenarios.len(), cell.concluded.unwrap_or(NOTHING))?;
    }
    Ok(())
}

impl Cell<'_> {
    fn is_right(&self) -> bool {
        self.concluded == Some(self.expected)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{good, wrong};
    use super::*;

    #[test]
    fn each_expected_cause_has_a_line_and_each_confusion_one_below_it() {
        let silent = Judged { concluded: None, ..good() };
        let healthy = Judged { expected: "healthy".to_owned(), concluded: Some("healthy".to_owned()), ..good() };
        check(
            &[good(), wrong(), wrong(), silent, healthy],
            "
 expected                                          of  right  concluded instead
 healthy                                            1      1
 tls/expired                                        4      1
                                                              1 (no diagnosis)
                                                              2 tls/untrusted-root
",
        );
    }

    #[test]
    fn what_was_not_run_stands_nowhere() {
        check(&[], "\n expected                                          of  right  concluded instead\n");
    }

    fn check(judged: &[Judged], expected: &str) {
        let mut matrix = Matrix::default();
        judged.iter().for_each(|judged| matrix.count(judged));
        assert_eq!(matrix.text(), expected);
    }
}
