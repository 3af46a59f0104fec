//! What happens in a run, as plain data: all that a reporter sees.

use std::collections::BTreeMap;

use crate::fired::Fired;
use crate::verdict::{Verdict, as_expected};

/// Something happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The run begins, with so many scenarios.
    Started {
        /// How many.
        scenarios: usize,
    },
    /// A scenario has ended; its verdict follows when those before it are told.
    Ended {
        /// Which.
        id: String,
    },
    /// A scenario was judged.
    Judged(Box<Judged>),
    /// The run is over.
    Finished(Summary),
}

/// One scenario with its verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The cause that was expected.
    pub expected: String,
    /// The warnings that were expected.
    pub expected_warnings: Vec<String>,
    /// The cause that was concluded; `None` where there was no diagnosis.
    pub concluded: Option<String>,
    /// The sentence of the diagnosis.
    pub sentence: String,
    /// The warnings that were raised.
    pub warnings: Vec<String>,
    /// How the deviation acted.
    pub fired: Fired,
    /// Why a failure is known.
    pub known_gap: Option<String>,
    /// Why there was no diagnosis.
    pub reason: Option<String>,
    /// What the diagnosis rests on.
    pub evidence: Vec<String>,
    /// What the world really did.
    pub journal: Vec<String>,
    /// From the start of the world to its end.
    pub elapsed_ms: u64,
}

/// The run in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many scenarios got each verdict.
    pub verdicts: BTreeMap<Verdict, usize>,
    /// How many of the failures are known gaps.
    pub known_gaps: usize,
    /// How many known gaps have closed.
    pub closed_gaps: usize,
    /// How many are not as expected, closed gaps among them.
    pub not_as_expected: usize,
    /// How many ended with a broken lab.
    pub lab_errors: usize,
    /// The whole run.
    pub elapsed_ms: u64,
}

impl Judged {
    /// Whether the run may end well with it.
    pub fn as_expected(&self) -> bool {
        as_expected(self.verdict, self.known_gap.is_some())
    }
}

impl Summary {
    /// Counts one more.
    pub fn count(&mut self, judged: &Judged) {
        *self.verdicts.entry(judged.verdict).or_default() += 1;
        let expected = judged.as_expected();
        self.not_as_expected += usize::from(!expected);
        self.lab_errors += usize::from(judged.verdict == Verdict::LabError);
        if judged.known_gap.is_some() {
            self.known_gaps += usize::from(expected);
            self.closed_gaps += usize::from(judged.verdict == Verdict::Matched);
        }
    }

    /// How many scenarios got this verdict.
    pub fn of(&self, verdict: Verdict) -> usize {
        self.verdicts.get(&verdict).copied().unwrap_or_default()
    }

    /// How many scenarios were run.
    pub fn scenarios(&self) -> usize {
        self.verdicts.values().sum()
    }
}
