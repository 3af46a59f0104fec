//! Reporters: they see the events of a run and nothing else, and give back the text to print.

mod human;
mod json;
mod junit;
mod matrix;

use crate::run::Event;

/// Which text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum RunFormat {
    /// A line for each scenario, more where it failed, and a summary.
    #[default]
    Human,
    /// One JSON document, `"schema": 1`.
    Json,
    /// JUnit's XML, for build servers.
    Junit,
}

/// Turns events into text.
pub trait Reporter {
    /// What is to be printed for this event; may be empty.
    fn event(&mut self, event: &Event) -> String;
}

impl RunFormat {
    /// A reporter for this format, with the confusion matrix where it is wanted.
    pub fn reporter(self, with_matrix: bool) -> Box<dyn Reporter> {
        let matrix = with_matrix.then(matrix::Matrix::default);
        match self {
            RunFormat::Human => Box::new(human::Human { matrix }),
            RunFormat::Json => Box::new(json::Json::with(matrix)),
            RunFormat::Junit => Box::new(junit::Junit::with(with_matrix)),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use crate::fired::Fired;
    use crate::run::{Event, Judged, Summary};
    use crate::verdict::Verdict;

    use super::RunFormat;

    /// A scenario that came out as expected.
    pub(crate) fn good() -> Judged {
        Judged {
            id: "tls/expired".to_owned(),
            title: "The upstream certificate has expired".to_owned(),
            verdict: Verdict::Matched,
            expected: "tls/expired".to_owned(),
            expected_warnings: Vec::new(),
            concluded: Some("tls/expired".to_owned()),
            sentence: "The leaf expired.".to_owned(),
            warnings: Vec::new(),
            fired: Fired::Signed,
            known_gap: None,
            reason: None,
            evidence: vec!["chain: CN=x".to_owned()],
            journal: vec!["upstream/https #1: sent a chain of 2".to_owned()],
            elapsed_ms: 12,
        }
    }

    /// One that did not.
    pub(crate) fn wrong() -> Judged {
        Judged {
            verdict: Verdict::WrongCause,
            concluded: Some("tls/untrusted-root".to_owned()),
            warnings: vec!["server/update-url-untidy".to_owned()],
            ..good()
        }
    }

    /// The whole text of a run with these scenarios.
    pub(crate) fn text(format: RunFormat, judged: Vec<Judged>) -> String {
        text_of(format.reporter(false), judged)
    }

    /// What this reporter says of a run with these scenarios.
    pub(crate) fn text_of(mut reporter: Box<dyn super::Reporter>, judged: Vec<Judged>) -> String {
        let mut summary = Summary { elapsed_ms: 1_234, ..Summary::default() };
        let mut text = reporter.event(&Event::Started { scenarios: judged.len() });
        for judged in judged {
            summary.count(&judged);
            text += &reporter.event(&Event::Judged(Box::new(judged)));
        }
        text + &reporter.event(&Event::Finished(summary))
    }
}
