//! Reads a scenario file. Strict: what it does not know it refuses, with file, line and column and what was expected.

mod check;
mod world;

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::ReadError;
use crate::scenario::{Expect, Lesson, Scenario};
use crate::subject::{From, Host, Password, ProxyFacts, Step0, Subject, good};

/// Reads the text of a scenario file; `file` is its name for messages.
///
/// # Errors
///
/// When it is no scenario.
pub fn read(id: &str, file: &str, text: &str) -> Result<Scenario, ReadError> {
    parse(id, text).map_err(|problem| problem.in_file(file, text))
}

/// What is wrong, and where in the text.
#[derive(Debug)]
struct Problem {
    span: std::ops::Range<usize>,
    problem: String,
    expected: String,
}

/// The file as it stands; [`Scenario`] is what it means.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    title: Spanned<String>,
    #[serde(default)]
    modes: Vec<Spanned<String>>,
    guide: Option<Spanned<String>>,
    /// Taken out before, node by node; stands here so that it is listed among what is expected.
    #[serde(default, rename = "world")]
    _world: Option<IgnoredAny>,
    subject: SubjectFile,
    expect: ExpectFile,
    lesson: Spanned<Lesson>,
}

/// The subject as deviations from one that fits the world.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SubjectFile {
    from: Spanned<From>,
    #[serde(default)]
    step0: Step0,
    host: Option<Spanned<Host>>,
    #[serde(default)]
    absent: Vec<Spanned<String>>,
    proxy_password: Option<Password>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ExpectFile {
    cause: Spanned<String>,
    #[serde(default)]
    warnings: Vec<Spanned<String>>,
    #[serde(default)]
    hidden_behind: Vec<Spanned<String>>,
    known_gap: Option<Spanned<String>>,
}

fn parse(id: &str, text: &str) -> Result<Scenario, Problem> {
    let mut document = DeTable::parse(text)?;
    let tables = document
        .get_mut()
        .iter_mut()
        .find(|(key, _)| key.get_ref() == "world")
        .map(|(_, value)| std::mem::replace(value.get_mut(), DeValue::Table(DeTable::new())));
    let file = File::deserialize(toml::de::Deserializer::from(document))?;
    let from = *file.subject.from.get_ref();
    let world = world::read(tables, from)?;
    check::file(&file, &world)?;
    Ok(Scenario {
        id: id.to_owned(),
        title: file.title.into_inner(),
        modes: file.modes.into_iter().map(Spanned::into_inner).collect(),
        guide: file.guide.map(Spanned::into_inner).unwrap_or_default(),
        subject: file.subject.complete(good(&world, from)),
        world,
        expect: file.expect.into(),
        lesson: file.lesson.into_inner(),
    })
}

impl SubjectFile {
    /// These deviations from a subject that fits the world.
    fn complete(self, good: Subject) -> Subject {
        let mut step0 = self.step0;
        // Who accesses the proxy anonymously has stored no password, unless the file says so.
        step0.has_proxy_password =
            step0.has_proxy_password.or(step0.anonymous_proxy_access.map(|anonymous| !anonymous));
        let step0 = step0.over(good.step0);
        let stored = step0.has_proxy_password == Some(true);
        let fitting = if stored { good.host } else { Host { proxy: ProxyFacts::default(), ..good.host } };
        Subject {
            from: good.from,
            host: self.host.map(Spanned::into_inner).unwrap_or_default().over(fitting),
            step0,
            absent: self.absent.into_iter().map(Spanned::into_inner).collect(),
            proxy_password: self.proxy_password.unwrap_or(if stored { good.proxy_password } else { Password::Absent }),
        }
    }
}

impl std::convert::From<ExpectFile> for Expect {
    fn from(file: ExpectFile) -> Expect {
        let plain = |codes: Vec<Spanned<String>>| codes.into_iter().map(Spanned::into_inner).collect();
        Expect {
            cause: file.cause.into_inner(),
            warnings: plain(file.warnings),
            hidden_behind: plain(file.hidden_behind),
            known_gap: file.known_gap.map(Spanned::into_inner),
        }
    }
}

impl Problem {
    fn new(span: std::ops::Range<usize>, problem: impl Into<String>, expected: impl Into<String>) -> Problem {
        Problem { span, problem: problem.into(), expected: expected.into() }
    }

    fn in_file(self, file: &str, text: &str) -> ReadError {
        let Problem { span, problem, expected } = self;
        ReadError { file: file.to_owned(), text: text.to_owned(), span, problem, expected }
    }
}

impl std::convert::From<toml::de::Error> for Problem {
    fn from(error: toml::de::Error) -> Problem {
        let message = error.message().trim_end();
        let (problem, expected) = message.split_once(", expected ").unwrap_or((message, ""));
        Problem::new(error.span().unwrap_or(0..0), problem, expected)
    }
}

#[cfg(test)]
mod tests;
