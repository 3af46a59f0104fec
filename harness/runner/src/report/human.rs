//! For people: one line when fine; on failure what was expected, what was concluded, what that rested on, what the world did.

use std::fmt::Write as _;

use super::Reporter;
use super::matrix::Matrix;
use crate::run::{Event, Judged, Summary};
use crate::verdict::Verdict;

/// The reporter.
#[derive(Debug, Default)]
pub(super) struct Human {
    /// Where it is wanted.
    pub(super) matrix: Option<Matrix>,
}

impl Reporter for Human {
    fn event(&mut self, event: &Event) -> String {
        match event {
            Event::Started { .. } | Event::Ended { .. } => String::new(),
            Event::Judged(judged) => {
                if let Some(matrix) = &mut self.matrix {
                    matrix.count(judged);
                }
                scenario(judged)
            }
            Event::Finished(summary) => {
                self.matrix.as_ref().map(Matrix::text).unwrap_or_default() + &self::summary(summary)
            }
        }
    }
}

fn scenario(judged: &Judged) -> String {
    let mut text = format!(" {:<8} {:<46} {}\n", word(judged), judged.id, told(judged));
    if judged.as_expected() {
        return text;
    }
    // Writing to a string cannot fail.
    let _ = detail(&mut text, judged);
    text
}

fn word(judged: &Judged) -> &'static str {
    match (judged.as_expected(), judged.verdict) {
        (true, Verdict::Matched) => "ok",
        (true, _) => "gap",
        (false, Verdict::Matched) => "CLOSED",
        (false, Verdict::LabError) => "LAB",
        (false, Verdict::FaultNeverFired) => "UNFIRED",
        (false, Verdict::Missed) => "MISSED",
        (false, Verdict::WrongCause) => "WRONG",
        (false, Verdict::FalseAlarm) => "ALARM",
    }
}

fn told(judged: &Judged) -> String {
    match (&judged.known_gap, judged.verdict) {
        (Some(_), Verdict::Matched) => "the known gap has closed: remove known-gap from the scenario".to_owned(),
        (Some(reason), _) if judged.as_expected() => format!("known gap: {reason}"),
        (None, Verdict::Matched) => with_warnings(&judged.expected, &judged.expected_warnings),
        (_, Verdict::LabError) => judged.reason.clone().unwrap_or_default(),
        (_, Verdict::FaultNeverFired) => "the fault of this scenario never acted".to_owned(),
        _ => {
            let expected = with_warnings(&judged.expected, &judged.expected_warnings);
            match &judged.concluded {
                Some(concluded) => {
                    format!("expected {expected}, concluded {}", with_warnings(concluded, &judged.warnings))
                }
                None => format!(
                    "expected {expected}, and the examiner {}",
                    judged.reason.as_deref().unwrap_or("said nothing")
                ),
            }
        }
    }
}

fn with_warnings(cause: &str, warnings: &[String]) -> String {
    if warnings.is_empty() { cause.to_owned() } else { format!("{cause}, warns {}", warnings.join(", ")) }
}

fn detail(text: &mut String, judged: &Judged) -> std::fmt::Result {
    const INDENT: &str = "          ";
    if !judged.sentence.is_empty() {
        writeln!(text, "{INDENT}says    {}", judged.sentence)?;
    }
    for line in &judged.evidence {
        writeln!(text, "{INDENT}seen    {line}")?;
    }
    for line in &judged.journal {
        writeln!(text, "{INDENT}journal {line}")?;
    }
    Ok(())
}

fn summary(summary: &Summary) -> String {
    let mut parts = vec![format!("{} matched", summary.of(Verdict::Matched) - summary.closed_gaps)];
    let others = Verdict::ALL.into_iter().filter(|verdict| *verdict != Verdict::Matched).rev();
    let known = (summary.known_gaps, "known gaps");
    let closed = (summary.closed_gaps, "closed gaps");
    let failed = others.map(|verdict| (summary.of(verdict), verdict.name()));
    let counted = [known, closed].into_iter().chain(failed);
    parts.extend(counted.filter(|(count, _)| 0 < *count).map(|(count, name)| format!("{count} {name}")));
    let seconds = format!("{}.{:02} s", summary.elapsed_ms / 1_000, summary.elapsed_ms % 1_000 / 10);
    let scenarios = if summary.scenarios() == 1 { "scenario" } else { "scenarios" };
    format!("\n {} {scenarios} in {seconds}: {}\n", summary.scenarios(), parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::RunFormat;
    use super::super::tests::{good, text, wrong};
    use crate::run::Judged;
    use crate::verdict::Verdict;

    fn check(judged: Judged, expected: &str) {
        assert_eq!(text(RunFormat::Human, vec![judged]), expected);
    }

    #[test]
    fn one_line_when_fine() {
        check(
            good(),
            " ok       tls/expired                                    tls/expired\n\n 1 scenario in 1.23 s: 1 matched\n",
        );
    }

    #[test]
    fn a_failure_shows_both_sides() {
        check(
            wrong(),
            " WRONG    tls/expired                                    expected tls/expired, concluded tls/untrusted-root, \
             warns server/update-url-untidy\n          says    The leaf expired.\n          seen    chain: CN=x\n          \
             journal upstream/https #1: sent a chain of 2\n\n 1 scenario in 1.23 s: 0 matched, 1 wrong-cause\n",
        );
    }

    #[test]
    fn a_known_gap_is_one_line_and_a_closed_one_a_failure() {
        let gap = Judged { known_gap: Some("not yet".to_owned()), ..wrong() };
        check(
            gap,
            " gap      tls/expired                                    known gap: not yet\n\n 1 scenario in 1.23 s: 0 matched, \
             1 known gaps, 1 wrong-cause\n",
        );
        let closed = Judged { known_gap: Some("not yet".to_owned()), evidence: vec![], journal: vec![], ..good() };
        check(
            Judged { sentence: String::new(), ..closed },
            " CLOSED   tls/expired                                    the known gap has closed: remove known-gap from the \
             scenario\n\n 1 scenario in 1.23 s: 0 matched, 1 closed gaps\n",
        );
    }

    #[test]
    fn who_gives_no_diagnosis_is_quoted() {
        let silent = Judged {
            verdict: Verdict::Missed,
            concluded: None,
            reason: Some("printed nothing (exit status: 7)".to_owned()),
            sentence: String::new(),
            evidence: vec![],
            journal: vec![],
            ..good()
        };
        check(
            silent,
            " MISSED   tls/expired                                    expected tls/expired, and the examiner printed nothing \
             (exit status: 7)\n\n 1 scenario in 1.23 s: 0 matched, 1 missed\n",
        );
    }
}
