//! `explain`: what a word means, and in which scenarios it can be tried.

use std::fmt::Write as _;

use diagnosis::explain::Explanation;
use serde::Serialize;

use crate::catalogue_text::{json, wrapped};
use crate::failure::Failure;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    word: &'a str,
    explanations: Vec<Explained>,
}

#[derive(Serialize)]
struct Explained {
    #[serde(flatten)]
    explanation: Explanation,
    scenarios: Vec<&'static str>,
}

/// So many meanings of one word are enough.
const MOST: usize = 5;

/// The meanings of `word` for people.
///
/// # Errors
///
/// When nothing is known of it.
pub fn text(word: &str, width: usize) -> Result<String, Failure> {
    let mut page = String::new();
    let explained = explained(word)?;
    // Under a list of codes the remedies of all of them would hide what they are.
    let alone = explained.len() == 1;
    for Explained { explanation, scenarios } in explained {
        if !page.is_empty() {
            page.push('\n');
        }
        let Explanation { what, word, title, text, codes, modes, guide, citation, remedy } = explanation;
        // Writing to a string cannot fail.
        let _ = writeln!(page, "{word} ({what})\n{}{}", wrapped(&title, width), wrapped(&text, width));
        for (label, value) in [
            ("Codes", codes.join(", ")),
            ("Modes", modes.join(", ")),
            ("Guide", guide),
            ("Source", citation),
            ("Try", scenarios.join(", ")),
        ] {
            if !value.is_empty() {
                let _ = write!(
                    page,
                    "  {label:<7}{}",
                    wrapped(&value, width.saturating_sub(9)).replace("\n  ", "\n         ").trim_start()
                );
                if !page.ends_with('\n') {
                    page.push('\n');
                }
            }
        }
        if alone {
            page.push_str(&diagnosis::render::remedy(&remedy, width));
        }
    }
    Ok(page)
}

/// The same as JSON.
///
/// # Errors
///
/// As [`text`].
pub fn as_json(word: &str) -> Result<String, Failure> {
    Ok(json(&Document { schema: 1, word, explanations: explained(word)? }))
}

fn explained(word: &str) -> Result<Vec<Explained>, Failure> {
    let explanations = diagnosis::explain::explain(word);
    if explanations.is_empty() {
        let help = "expected a code (tls/expired), a failure mode (F-34), an HRESULT (0x80072EE2), an event id (10022), or a \
                    piece of exception text";
        return Err(Failure::input_with_help(format!("nothing is known of {word:?}"), help));
    }
    let with_scenarios = |explanation: Explanation| Explained { scenarios: try_it(&explanation), explanation };
    Ok(explanations.into_iter().take(MOST).map(with_scenarios).collect())
}

/// The scenarios that show it.
fn try_it(explanation: &Explanation) -> Vec<&'static str> {
    let Explanation { codes, modes, .. } = explanation;
    let shows = |scenario: &&scenarios::Scenario| {
        let expect = &scenario.expect;
        [&expect.cause].into_iter().chain(&expect.warnings).any(|code| codes.contains(code))
            || codes.is_empty() && scenario.modes.iter().any(|mode| modes.contains(mode))
    };
    scenarios::catalogue().iter().filter(shows).map(|scenario| scenario.id.as_str()).take(8).collect()
}
