//! Step 0 of the guide as printed: `ConvertTo-Json` of either PowerShell, or `Format-List`; or the errors it stopped with.
//!
//! A transcript around a list is tolerated, further fields (a raw `GetConfiguration()`) are passed over and not kept.

mod failure;
mod fields;
mod json;
mod list;

use std::path::Path;

use self::fields::{Fields, Printed};
use super::error::{Place, SubjectError};
use super::text;
use crate::subject::Step0;

/// Reads the output of Step 0.
pub(super) fn read(file: &Path) -> Result<Step0, SubjectError> {
    let text = text::without_escapes(&text::read(file)?);
    let step0 = if is_json(&text) {
        Some(fields::fill(&json::fields(&text).map_err(|error| error.in_file(file))?, file)?)
    } else {
        from_list(&text, file)?
    };
    match step0 {
        Some(step0) if !is_blank(&step0) => Ok(step0),
        blank => Err(failure::of(&text, file).unwrap_or_else(|| match blank {
            Some(_) => SubjectError::NothingRead { file: file.to_owned() },
            None => unrecognised(&text).in_file(file),
        })),
    }
}

/// Whether the text begins as JSON does, and not as the guide's `[pscustomobject]@{` when it was pasted as well.
fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    match text.strip_prefix('[') {
        Some(items) => items.trim_start().starts_with(['{', '[', ']']),
        None => text.starts_with('{'),
    }
}

/// A transcript may hold several outputs: the last that has a value is the present state.
fn from_list(text: &str, file: &Path) -> Result<Option<Step0>, SubjectError> {
    let mut newest = None;
    for object in list::objects(text).map_err(|error| error.in_file(file))?.iter().rev() {
        let step0 = fields::fill(object, file)?;
        if !is_blank(&step0) {
            return Ok(Some(step0));
        }
        newest = newest.or(Some(step0));
    }
    Ok(newest)
}

/// Whether Step 0 printed its names only: `$config` was empty because an earlier command had failed.
fn is_blank(step0: &Step0) -> bool {
    let blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    let texts = [&step0.mu_url, &step0.upstream_wsus_server_name, &step0.proxy_name, &step0.ssl_proxy_name];
    let others = Step0 {
        mu_url: None,
        upstream_wsus_server_name: None,
        proxy_name: None,
        ssl_proxy_name: None,
        ..step0.clone()
    };
    texts.into_iter().all(blank) && others == Step0::default()
}

/// What is wrong, where, and what was expected; the file is added on the way out.
struct Misprint {
    place: Place,
    problem: String,
    expected: String,
}

impl Misprint {
    fn in_file(self, file: &Path) -> SubjectError {
        SubjectError::Unusable {
            file: file.to_owned(),
            place: self.place,
            problem: self.problem,
            expected: self.expected,
        }
    }
}

fn unrecognised(text: &str) -> Misprint {
    let named = |line: &str| Step0::FIELDS.iter().filter(|field| line.contains(*field)).count();
    let place = |line: usize| Place { line: Some(line + 1), ..Place::default() };
    let (place, problem) = if text.trim().is_empty() {
        (Place::default(), "empty")
    } else if let Some(line) = text.lines().position(|line| line.trim_end() == "{") {
        (place(line), "JSON with other text before it")
    } else if let Some((line, header)) = text.lines().enumerate().find(|(_, line)| 1 < named(line)) {
        let separated = header.contains([',', ';', '\t']);
        (place(line), if separated { "CSV" } else { "a table, which cuts values off" })
    } else {
        (Place::default(), "nothing of Step 0 in it")
    };
    Misprint {
        place,
        problem: problem.to_owned(),
        expected: "the output of Step 0 as ConvertTo-Json or Format-List prints it".to_owned(),
    }
}
