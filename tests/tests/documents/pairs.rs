//! The pairs of causes that look alike, and what tells them apart: from the rules and the lessons of the scenarios, in no words
//! of its own. Two look alike if the administrator sees one and the same line for both, or if they are one failure mode of the
//! field notes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use diagnosis::rule::Rule;
use scenarios::Scenario;

/// A line that everybody sees, whatever the cause, makes no two causes alike.
const COMMON: usize = 6;

/// The text of the generated part.
pub(crate) fn text() -> String {
    let pairs = pairs();
    let mut text = String::new();
    let mut codes: BTreeSet<&str> = BTreeSet::new();
    text.push_str(
        "| one | the other | alike in | check for the one | check for the other |\n| --- | --- | --- | --- | --- |\n",
    );
    for ((one, other), alike) in &pairs {
        let (one, other) = (&diagnosis::rules::ALL[*one], &diagnosis::rules::ALL[*other]);
        codes.extend([one.code, other.code]);
        let alike: Vec<&str> = alike.iter().map(String::as_str).collect();
        let (one_check, other_check) = (cell(one.first_check), cell(other.first_check));
        writeln!(text, "| `{}` | `{}` | {} | {one_check} | {other_check} |", one.code, other.code, alike.join("; "))
            .unwrap();
    }
    text.push_str("\nHow each of them is told from what looks alike, as its lesson says:\n\n");
    for code in codes {
        let lesson = lesson(code).unwrap_or_else(|| panic!("no scenario teaches {code}"));
        let told = lesson.lesson.tell_apart.split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(text, "- `{code}` (`show {}`): {told}", lesson.id).unwrap();
    }
    text
}

type Pairs = BTreeMap<(usize, usize), BTreeSet<String>>;

/// Every pair of rules by their places in the rule book, and in what they are alike.
fn pairs() -> Pairs {
    let mut pairs = Pairs::new();
    for (trait_, rules) in traits() {
        for (nth, one) in rules.iter().enumerate() {
            for other in &rules[nth + 1..] {
                pairs.entry((*one, *other)).or_default().insert(trait_.clone());
            }
        }
    }
    pairs
}

/// What several rules have in common: a line that is seen, or a failure mode.
fn traits() -> BTreeMap<String, Vec<usize>> {
    let mut traits: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (nth, rule) in diagnosis::rules::ALL.iter().enumerate() {
        for of_rule in of(rule) {
            traits.entry(of_rule).or_default().push(nth);
        }
    }
    traits.retain(|_, rules| 1 < rules.len() && rules.len() <= COMMON);
    traits
}

fn of(rule: &Rule) -> BTreeSet<String> {
    let seen = rule.appearances.iter().map(|appearance| format!("“{}”", cell(appearance.text)));
    seen.chain(rule.modes.iter().map(|mode| (*mode).to_owned())).collect()
}

/// The scenario that teaches a code: the one of its name, else the first that expects it.
fn lesson(code: &str) -> Option<&'static Scenario> {
    let expects =
        |scenario: &&Scenario| scenario.expect.cause == code || scenario.expect.warnings.iter().any(|it| it == code);
    scenarios::find(code).filter(|scenario| expects(scenario)).or_else(|| scenarios::catalogue().iter().find(expects))
}

/// A text that stands in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
