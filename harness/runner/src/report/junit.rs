//! JUnit's XML, for build servers: a test case for each scenario, a suite for each layer. Where the confusion matrix is wanted,
//! each suite has that of its scenarios as its output, which is what build servers show of a suite.

use std::collections::BTreeMap;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::Reporter;
use super::matrix::Matrix;
use crate::run::{Event, Judged};
use crate::verdict::Verdict;

/// The reporter: a document is whole only at its end.
#[derive(Debug)]
pub(super) struct Junit {
    suites: BTreeMap<String, Suite>,
    with_matrix: bool,
}

#[derive(Debug, Default)]
struct Suite {
    cases: Vec<TestCase>,
    matrix: Matrix,
}

impl Junit {
    /// With the confusion matrix of each suite, where it is wanted.
    pub(super) fn with(with_matrix: bool) -> Junit {
        Junit { suites: BTreeMap::new(), with_matrix }
    }
}

impl Reporter for Junit {
    fn event(&mut self, event: &Event) -> String {
        match event {
            Event::Started { .. } | Event::Ended { .. } => String::new(),
            Event::Judged(judged) => {
                let layer = judged.id.split_once('/').map_or("other", |(layer, _)| layer);
                let suite = self.suites.entry(layer.to_owned()).or_default();
                suite.cases.push(test_case(judged));
                suite.matrix.count(judged);
                String::new()
            }
            Event::Finished(summary) => {
                let mut report = Report::new("wsuslab");
                report.set_time(Duration::from_millis(summary.elapsed_ms));
                for (layer, Suite { cases, matrix }) in std::mem::take(&mut self.suites) {
                    let mut suite = TestSuite::new(layer);
                    suite.add_test_cases(cases);
                    if self.with_matrix {
                        suite.set_system_out(matrix.text());
                    }
                    report.add_test_suite(suite);
                }
                // A report that was made of texts and numbers can always be written.
                report.to_string().unwrap_or_default()
            }
        }
    }
}

fn test_case(judged: &Judged) -> TestCase {
    let mut case = TestCase::new(judged.id.clone(), status(judged));
    case.set_classname(judged.title.clone());
    case.set_time(Duration::from_millis(judged.elapsed_ms));
    if !judged.as_expected() {
        let mut lines = vec![judged.sentence.clone()];
        lines.extend(judged.evidence.iter().map(|line| format!("seen    {line}")));
        lines.extend(judged.journal.iter().map(|line| format!("journal {line}")));
        case.set_system_out(lines.join("\n"));
    }
    case
}

fn status(judged: &Judged) -> TestCaseStatus {
    let mut status = match (judged.as_expected(), judged.verdict) {
        (true, Verdict::Matched) => return TestCaseStatus::success(),
        (true, _) => TestCaseStatus::skipped(),
        (false, Verdict::LabError) => TestCaseStatus::non_success(NonSuccessKind::Error),
        (false, _) => TestCaseStatus::non_success(NonSuccessKind::Failure),
    };
    status.set_message(message(judged));
    status
}

fn message(judged: &Judged) -> String {
    if let Some(gap) = &judged.known_gap {
        let closed = if judged.verdict == Verdict::Matched { "has closed" } else { "is open" };
        return format!("a known gap {closed}: {gap}");
    }
    let concluded = judged.concluded.as_deref().or(judged.reason.as_deref()).unwrap_or("nothing");
    format!("{}: expected {}, concluded {concluded}", judged.verdict.name(), judged.expected)
}

#[cfg(test)]
mod tests {
    use super::super::RunFormat;
    use super::super::tests::{good, text, text_of, wrong};
    use crate::run::Judged;

    #[test]
    fn a_failure_is_a_failure_and_a_known_gap_is_skipped() {
        let gap = Judged { known_gap: Some("not yet".to_owned()), ..wrong() };
        let text = text(RunFormat::Junit, vec![good(), wrong(), gap]);
        assert!(text.contains("tests=\"3\"") && text.contains("failures=\"1\""), "{text}");
        assert!(text.contains("wrong-cause: expected tls/expired, concluded tls/untrusted-root"), "{text}");
        assert!(text.contains("a known gap is open: not yet"), "{text}");
    }

    #[test]
    fn each_suite_has_the_matrix_of_its_scenarios() {
        let other = Judged { id: "dns/x".to_owned(), expected: "dns/name-not-found".to_owned(), ..wrong() };
        let text = text_of(RunFormat::Junit.reporter(true), vec![good(), wrong(), other]);
        let matrices: Vec<&str> = text
            .split("<system-out>")
            .filter_map(|part| part.split("</system-out>").next().filter(|out| out.contains("concluded instead")))
            .collect();
        let header = "\n expected                                          of  right  concluded instead\n";
        let confused = "                                                              1 tls/untrusted-root\n";
        let expected = [
            format!("{header} dns/name-not-found                                 1      0\n{confused}"),
            format!("{header} tls/expired                                        2      1\n{confused}"),
        ];
        assert_eq!(matrices, expected, "{text}");
    }

    #[test]
    fn without_being_asked_no_suite_has_one() {
        assert!(!text(RunFormat::Junit, vec![wrong()]).contains("concluded instead"));
    }
}
