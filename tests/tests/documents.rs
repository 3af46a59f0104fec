//! The generated parts of the documents: the table of scenarios in README.md, the table of codes in ARCHITECTURE.md.
//!
//! `WSUSLAB_BLESS=1 cargo test -p wsuslab-tests --test documents` writes them anew.

#![allow(clippy::unwrap_used, reason = "a proof that cannot be set up has failed")]

use std::fmt::Write as _;

use wsuslab_tests::source;

#[test]
fn the_readme_lists_every_scenario() {
    let mut table = String::from("| scenario | modes | guide | what is wrong | concluded |\n| --- | --- | --- | --- | --- |\n");
    for scenario in scenarios::catalogue() {
        let expect = &scenario.expect;
        let mut concluded = format!("`{}`", expect.cause);
        for warning in &expect.warnings {
            write!(concluded, ", warns `{warning}`").unwrap();
        }
        let guide = if scenario.guide.is_empty() { "—".to_owned() } else { format!("§{}", scenario.guide) };
        let modes = scenario.modes.join(", ");
        writeln!(table, "| `{}` | {modes} | {guide} | {} | {concluded} |", scenario.id, scenario.title).unwrap();
    }
    check("README.md", "scenarios", &table);
}

#[test]
fn the_architecture_lists_every_code() {
    let mut table = String::from("| code | modes | guide | meaning |\n| --- | --- | --- | --- |\n");
    for rule in diagnosis::rules::ALL {
        let guide = if rule.guide.is_empty() { "—".to_owned() } else { format!("§{}", rule.guide) };
        writeln!(table, "| `{}` | {} | {guide} | {} |", rule.code, rule.modes.join(", "), rule.title).unwrap();
    }
    check("ARCHITECTURE.md", "codes", &table);
}

#[test]
fn no_document_and_no_source_names_one_machine() {
    // Put together here, so that this file does not accuse itself.
    let words = [["/wo", "rk/"].concat(), [" /ro", "ot/"].concat(), ["index.", "crates.io"].concat(), ["localhost:", "4873"].concat()];
    for document in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", ".ci/run", "Cargo.toml"] {
        let text = std::fs::read_to_string(source::root().join(document)).unwrap();
        for word in &words {
            assert!(!text.contains(word), "{document} has {word}");
        }
    }
}

/// Compares the part of a document between its markers with what it must be, or writes it.
fn check(document: &str, part: &str, wanted: &str) {
    let path = source::root().join(document);
    let text = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = (format!("<!-- {part}: generated -->\n"), format!("<!-- end of {part} -->"));
    let from = text.find(&begin).unwrap_or_else(|| panic!("{document} has no {begin}")) + begin.len();
    let to = text[from..].find(&end).unwrap_or_else(|| panic!("{document} has no {end}")) + from;
    if std::env::var_os("WSUSLAB_BLESS").is_some() {
        std::fs::write(&path, format!("{}\n{wanted}\n{}", &text[..from].trim_end(), &text[to..])).unwrap();
        return;
    }
    assert!(
        text[from..to].trim() == wanted.trim(),
        "{document}: the table of {part} is stale; WSUSLAB_BLESS=1 cargo test -p wsuslab-tests --test documents writes it"
    );
}
