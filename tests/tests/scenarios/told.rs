//! What the examiner itself told of causes that are near to each other, over all scenarios: those among which it left a case
//! open, and those that it ruled out for a reason which it has under one cause only. A reason that is told under several causes
//! tells nothing of any two.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Mutex;

use diagnosis::Diagnosis;

use crate::document;

/// Diagnoses by the id of their scenario.
static TOLD: Mutex<BTreeMap<String, Diagnosis>> = Mutex::new(BTreeMap::new());

/// Keeps the diagnosis of a scenario.
pub(crate) fn keep(id: &str, diagnosis: &Diagnosis) {
    TOLD.lock().expect("nobody panics while writing").insert(id.to_owned(), diagnosis.clone());
}

/// Holds the page against what was kept; nothing is compared where only some scenarios were run.
pub(crate) fn check() -> Result<(), String> {
    let told = TOLD.lock().expect("nobody panics while writing");
    if told.len() < scenarios::catalogue().len() {
        return Ok(());
    }
    document::check("docs/confusable-pairs.md", "told", &text(&told))
}

fn text(told: &BTreeMap<String, Diagnosis>) -> String {
    let mut text = "| left open among | where | decided by |\n| --- | --- | --- |\n".to_owned();
    // Writing to a string cannot fail.
    for (id, diagnosis) in told {
        let _ = left_open(&mut text, id, diagnosis);
    }
    text.push_str("\n| it is | and not | because |\n| --- | --- | --- |\n");
    for (cause, code, reason) in ruled_out(told) {
        let _ = writeln!(text, "| `{cause}` | `{code}` | {} |", cell(reason));
    }
    text
}

fn left_open(text: &mut String, id: &str, diagnosis: &Diagnosis) -> std::fmt::Result {
    let open: Vec<_> = diagnosis.considered.iter().filter(|considered| !considered.excluded).collect();
    if diagnosis.cause != "undetermined" || open.len() < 2 {
        return Ok(());
    }
    let codes: Vec<String> = open.iter().map(|considered| format!("`{}`", considered.code)).collect();
    let checks: BTreeSet<&str> = open
        .iter()
        .filter_map(|considered| considered.why.split_once("; decided by: ").map(|(_, check)| check))
        .collect();
    let checks: Vec<String> = checks.into_iter().map(cell).collect();
    writeln!(text, "| {} | `show {id}` | {} |", codes.join(", "), checks.join("; or "))
}

/// Cause, the code that is ruled out, and why.
fn ruled_out(told: &BTreeMap<String, Diagnosis>) -> BTreeSet<(&str, &str, &str)> {
    let mut causes: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for diagnosis in told.values() {
        for considered in diagnosis.considered.iter().filter(|considered| considered.excluded) {
            causes.entry((&considered.code, &considered.why)).or_default().insert(&diagnosis.cause);
        }
    }
    let mut near = BTreeSet::new();
    for ((code, reason), causes) in causes {
        if let [cause] = causes.into_iter().collect::<Vec<_>>()[..]
            && cause.contains('/')
            && !holds_a_value(reason)
        {
            near.insert((cause, code, reason));
        }
    }
    near
}

/// Names, numbers and versions are those of one scenario.
fn holds_a_value(reason: &str) -> bool {
    let is_value = |word: &str| {
        word.contains(|char: char| char.is_ascii_digit() || char == '=') || word.trim_end_matches('.').contains('.')
    };
    reason.split_whitespace().any(is_value)
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
