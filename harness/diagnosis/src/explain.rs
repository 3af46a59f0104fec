//! What a code, an F-number, an HRESULT, an event id or a piece of exception text means.
//!
//! A lexicon beside the rule book: it explains words, it does not diagnose. Where a word is only a hint it says so.

mod alerts;
mod events;
mod hresults;
mod modes;
mod names;
mod search;
mod statuses;
mod texts;

use serde::Serialize;

use crate::conclude::unfilled;
use crate::diagnosis::Action;
use crate::rule::Rule;
use crate::rules;

/// What one word means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// What kind of word it is: `code`, `layer`, `failure mode`, `hresult`, `event`, `name`, `tls alert`, `http status`
    /// or `text`.
    pub what: String,
    /// The word in its proper spelling.
    pub word: String,
    /// One line.
    pub title: String,
    /// A paragraph.
    pub text: String,
    /// The codes of the rules that fit.
    pub codes: Vec<String>,
    /// The failure modes of the field notes that fit.
    pub modes: Vec<String>,
    /// The section of the guide; empty where it has none.
    pub guide: String,
    /// Where it comes from; empty where the text says so.
    pub citation: String,
    /// What to do, where it is a code: the steps of its remedy, `<host>` and so on in place of values.
    pub remedy: Vec<Action>,
}

/// Explains `word`; empty where nothing is known of it. The best fit comes first.
pub fn explain(word: &str) -> Vec<Explanation> {
    search::search(word.trim())
}

/// One entry of a table of the lexicon.
#[derive(Clone, Copy)]
struct Entry {
    /// The word in its proper spelling.
    word: &'static str,
    /// One line.
    title: &'static str,
    /// What more there is to say, cautions before all.
    text: &'static str,
    /// The failure modes that it speaks for.
    modes: &'static [&'static str],
}

impl Entry {
    fn explain(&self, what: &str) -> Explanation {
        Explanation {
            what: what.to_owned(),
            word: self.word.to_owned(),
            title: self.title.to_owned(),
            text: self.text.to_owned(),
            codes: codes_for(self.modes),
            modes: self.modes.iter().map(|mode| (*mode).to_owned()).collect(),
            guide: self.modes.first().map_or("", |mode| modes::guide(mode)).to_owned(),
            citation: String::new(),
            remedy: Vec::new(),
        }
    }
}

fn explain_rule(rule: &Rule) -> Explanation {
    Explanation {
        what: "code".to_owned(),
        word: rule.code.to_owned(),
        title: rule.title.to_owned(),
        text: rule.explanation.to_owned(),
        codes: vec![rule.code.to_owned()],
        modes: rule.modes.iter().map(|mode| (*mode).to_owned()).collect(),
        guide: rule.guide.to_owned(),
        citation: rule.citation.to_owned(),
        remedy: rule.remedy.iter().map(unfilled).collect(),
    }
}

fn codes_for(modes: &[&str]) -> Vec<String> {
    // A rule for one of several cases of a mode (F-44b) fits the mode as well.
    let of_mode = |mode: &&str| modes.contains(mode) || modes.contains(&modes::without_case(mode));
    let fits = |rule: &&&Rule| rule.modes.iter().any(of_mode);
    rules::ALL.iter().filter(fits).map(|rule| rule.code.to_owned()).collect()
}

#[cfg(test)]
mod tests;
