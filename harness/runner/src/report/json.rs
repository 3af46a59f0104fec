//! One JSON document: `{"schema":1,"scenarios":[…],"summary":{…}}`. The fields are stable.

use serde::Serialize;

use super::Reporter;
use super::matrix::{Cell, Matrix};
use crate::run::{Event, Judged, Summary};
use crate::verdict::Verdict;

/// The reporter: a document is whole only at its end.
#[derive(Debug, Default)]
pub(super) struct Json {
    scenarios: Vec<Row>,
    /// Where it is wanted.
    matrix: Option<Matrix>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    scenarios: &'a [Row],
    #[serde(skip_serializing_if = "Option::is_none")]
    matrix: Option<Vec<Cell<'a>>>,
    summary: Totals,
}

#[derive(Debug, Serialize)]
struct Row {
    id: String,
    verdict: &'static str,
    expected: String,
    expected_warnings: Vec<String>,
    /// `null` where the examiner gave no diagnosis.
    concluded: Option<String>,
    warnings: Vec<String>,
    fired: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    known_gap: Option<String>,
    /// Why there was no diagnosis.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    elapsed_ms: u64,
}

/// Verdicts are spelt as in a scenario, all else as everywhere in JSON.
#[derive(Serialize)]
struct Totals {
    matched: usize,
    #[serde(rename = "false-alarm")]
    false_alarm: usize,
    #[serde(rename = "wrong-cause")]
    wrong_cause: usize,
    missed: usize,
    #[serde(rename = "fault-never-fired")]
    fault_never_fired: usize,
    #[serde(rename = "lab-error")]
    lab_error: usize,
    /// Of those above that are not matched.
    known_gaps: usize,
    /// Of those above that are matched.
    closed_gaps: usize,
    not_as_expected: usize,
    elapsed_ms: u64,
}

impl Json {
    /// With the confusion matrix, where there is one.
    pub(super) fn with(matrix: Option<Matrix>) -> Json {
        Json { scenarios: Vec::new(), matrix }
    }
}

impl Reporter for Json {
    fn event(&mut self, event: &Event) -> String {
        match event {
            Event::Started { .. } | Event::Ended { .. } => String::new(),
            Event::Judged(judged) => {
                if let Some(matrix) = &mut self.matrix {
                    matrix.count(judged);
                }
                self.scenarios.push(row(judged));
                String::new()
            }
            Event::Finished(summary) => {
                let matrix = self.matrix.as_ref().map(|matrix| matrix.cells().collect());
                let document = Document { schema: 1, scenarios: &self.scenarios, matrix, summary: totals(summary) };
                // Texts and numbers always have a JSON form.
                serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
            }
        }
    }
}

fn row(judged: &Judged) -> Row {
    Row {
        id: judged.id.clone(),
        verdict: judged.verdict.name(),
        expected: judged.expected.clone(),
        expected_warnings: judged.expected_warnings.clone(),
        concluded: judged.concluded.clone(),
        warnings: judged.warnings.clone(),
        fired: judged.fired.name(),
        known_gap: judged.known_gap.clone(),
        reason: judged.reason.clone(),
        elapsed_ms: judged.elapsed_ms,
    }
}

fn totals(summary: &Summary) -> Totals {
    Totals {
        matched: summary.of(Verdict::Matched),
        false_alarm: summary.of(Verdict::FalseAlarm),
        wrong_cause: summary.of(Verdict::WrongCause),
        missed: summary.of(Verdict::Missed),
        fault_never_fired: summary.of(Verdict::FaultNeverFired),
        lab_error: summary.of(Verdict::LabError),
        known_gaps: summary.known_gaps,
        closed_gaps: summary.closed_gaps,
        not_as_expected: summary.not_as_expected,
        elapsed_ms: summary.elapsed_ms,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::RunFormat;
    use super::super::tests::{good, text, text_of, wrong};

    #[test]
    fn the_document_is_whole_and_its_fields_are_stable() {
        let document: serde_json::Value =
            serde_json::from_str(&text(RunFormat::Json, vec![good(), wrong()])).expect("JSON");
        let expected = json!({
            "schema": 1,
            "scenarios": [
                {
                    "id": "tls/expired", "verdict": "matched", "expected": "tls/expired", "expected_warnings": [],
                    "concluded": "tls/expired", "warnings": [], "fired": "signed", "elapsed_ms": 12
                },
                {
                    "id": "tls/expired", "verdict": "wrong-cause", "expected": "tls/expired", "expected_warnings": [],
                    "concluded": "tls/untrusted-root", "warnings": ["server/update-url-untidy"], "fired": "signed",
                    "elapsed_ms": 12
                }
            ],
            "summary": {
                "matched": 1, "false-alarm": 0, "wrong-cause": 1, "missed": 0, "fault-never-fired": 0, "lab-error": 0,
                "known_gaps": 0, "closed_gaps": 0, "not_as_expected": 1, "elapsed_ms": 1234
            }
        });
        assert_eq!(document, expected);
    }

    #[test]
    fn the_matrix_lists_the_cells_that_occur() {
        let reporter = RunFormat::Json.reporter(true);
        let document: serde_json::Value =
            serde_json::from_str(&text_of(reporter, vec![good(), wrong(), wrong()])).expect("JSON");
        let expected = json!([
            { "expected": "tls/expired", "concluded": "tls/expired", "scenarios": ["tls/expired"] },
            { "expected": "tls/expired", "concluded": "tls/untrusted-root", "scenarios": ["tls/expired", "tls/expired"] }
        ]);
        assert_eq!(document["matrix"], expected);
    }
}
