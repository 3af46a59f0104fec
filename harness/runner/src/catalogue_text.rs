//! `list` and `show`: the catalogue for people and for programs.

use std::fmt::Write as _;

use scenarios::Scenario;
use serde::Serialize;
use simulator::world::Node;

/// A row of the list.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    title: &'a str,
    modes: &'a [String],
    guide: &'a str,
    cause: &'a str,
    warnings: &'a [String],
}

#[derive(Serialize)]
struct List<'a> {
    schema: u32,
    scenarios: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    schema: u32,
    #[serde(flatten)]
    scenario: &'a Scenario,
}

/// Every scenario, a line each: id, failure modes, title.
pub fn list(scenarios: &[Scenario]) -> String {
    let width = scenarios.iter().map(|scenario| scenario.id.len()).max().unwrap_or_default();
    let mut text = String::new();
    for scenario in scenarios {
        let modes = scenario.modes.join(" ");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:<width$}  {modes:<11}  {}", scenario.id, scenario.title);
    }
    text
}

/// The same as JSON.
pub fn list_json(scenarios: &[Scenario]) -> String {
    json(&List { schema: 1, scenarios: scenarios.iter().map(row).collect() })
}

fn row(scenario: &Scenario) -> Row<'_> {
    let Scenario { id, title, modes, guide, expect, .. } = scenario;
    Row { id, title, modes, guide, cause: &expect.cause, warnings: &expect.warnings }
}

/// One scenario with its lesson, wrapped at `width` columns.
pub fn show(scenario: &Scenario, width: usize) -> String {
    let mut page = format!("{}\n{}\n\n", scenario.id, scenario.title);
    let expect = &scenario.expect;
    let guide = if scenario.guide.is_empty() { String::new() } else { format!("section {}", scenario.guide) };
    for (label, value) in [
        ("Modes", scenario.modes.join(", ")),
        ("Guide", guide),
        ("Expected", expect.cause.clone()),
        ("Warnings", expect.warnings.join(", ")),
        ("Hidden", expect.hidden_behind.join(", ")),
        ("Known gap", expect.known_gap.clone().unwrap_or_default()),
        ("Nodes", nodes(scenario)),
    ] {
        if !value.is_empty() {
            let _ = writeln!(page, "{label:<10} {value}");
        }
    }
    let lesson = &scenario.lesson;
    for (title, text) in [
        ("What is seen", &lesson.symptom),
        ("What is behind it", &lesson.cause),
        ("How to tell it apart", &lesson.tell_apart),
        ("What helps", &lesson.remedy),
    ] {
        let _ = write!(page, "\n{title}\n{}", wrapped(text, width));
    }
    let _ = writeln!(page, "\nReferences\n  {}", lesson.references.join("\n  "));
    page
}

/// The same as JSON.
pub fn show_json(scenario: &Scenario) -> String {
    // A lab's password is worth nothing, and a program should not learn to expect one here.
    let mut scenario = scenario.clone();
    for node in scenario.world.nodes.values_mut() {
        if let Node::Proxy(proxy) = node
            && let Some(simulator::world::ProxyAuth::Basic(account)) = &mut proxy.auth
        {
            "redacted".clone_into(&mut account.password);
        }
    }
    json(&Shown { schema: 1, scenario: &scenario })
}

fn nodes(scenario: &Scenario) -> String {
    let node = |(name, node): (&String, &Node)| {
        let faults = node.faults().iter().flat_map(|fault| fault.layers()).collect::<Vec<_>>();
        if faults.is_empty() { name.clone() } else { format!("{name} (fault: {})", faults.join(", ")) }
    };
    scenario.world.nodes.iter().map(node).collect::<Vec<_>>().join(", ")
}

/// A paragraph, indented and wrapped.
pub(crate) fn wrapped(text: &str, width: usize) -> String {
    let mut lines = String::new();
    let mut line = String::from(" ");
    for word in text.split_whitespace() {
        if 1 < line.len() && width.max(40) < line.chars().count() + 1 + word.chars().count() {
            lines.push_str(&line);
            lines.push('\n');
            " ".clone_into(&mut line);
        }
        line.push(' ');
        line.push_str(word);
    }
    lines + &line + "\n"
}

/// Texts, numbers and lists always have a JSON form.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_id_modes_and_title() {
        let text = list(scenarios::catalogue());
        let row = text.lines().find(|line| line.starts_with("tls/expired ")).expect("a row");
        assert!(row.contains("  F-34 ") && row.ends_with("The upstream certificate has expired"), "{row}");
    }

    #[test]
    fn every_scenario_is_shown_within_the_width() {
        for scenario in scenarios::catalogue() {
            let page = show(scenario, 80);
            assert!(page.contains("How to tell it apart\n"), "{page}");
            let paragraphs = page.split("\nWhat is seen\n").nth(1).and_then(|rest| rest.split("\nReferences\n").next());
            for line in paragraphs.expect("paragraphs").lines() {
                assert!(line.chars().count() <= 80, "{line}");
            }
        }
    }

    #[test]
    fn a_lab_password_is_not_shown() {
        for scenario in scenarios::catalogue() {
            assert!(!show_json(scenario).contains("lab-only-password"), "{}", scenario.id);
        }
    }
}
