//! The generated parts of the documents: the table of scenarios in README.md, the table of codes in ARCHITECTURE.md.
//!
//! `WSUSLAB_BLESS=1 cargo test -p wsuslab-tests --test documents` writes them anew.

#![allow(clippy::unwrap_used, reason = "a proof that cannot be set up has failed")]

#[path = "shared/document.rs"]
mod document;
#[path = "documents/pairs.rs"]
mod pairs;

use std::fmt::Write as _;

use wsuslab_tests::source;

#[test]
fn the_readme_lists_every_scenario() {
    let mut table =
        String::from("| scenario | modes | guide | what is wrong | concluded |\n| --- | --- | --- | --- | --- |\n");
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
fn the_causes_that_look_alike_are_listed_with_what_tells_them_apart() {
    check("docs/confusable-pairs.md", "pairs", &pairs::text());
}

#[test]
fn no_document_and_no_source_names_one_machine() {
    // Put together here, so that this file does not accuse itself.
    let words = [
        ["/wo", "rk/"].concat(),
        [" /ro", "ot/"].concat(),
        ["index.", "crates.io"].concat(),
        ["localhost:", "4873"].concat(),
    ];
    let documents =
        ["README.md", "ARCHITECTURE.md", "docs/confusable-pairs.md", "CHANGELOG.md", ".ci/run", "Cargo.toml"];
    let read = |name: &str| (name.into(), std::fs::read_to_string(source::root().join(name)).unwrap());
    let mut texts: Vec<(std::path::PathBuf, String)> = documents.into_iter().map(read).collect();
    for folder in ["certs", "simulator", "scenarios", "harness", "tests"] {
        texts.extend(["rs", "toml", "md", "sh", "py", "xml"].into_iter().flat_map(|kind| source::files(folder, kind)));
    }
    for (path, text) in texts {
        for word in &words {
            assert!(!text.contains(word), "{} has {word}", path.display());
        }
    }
}

fn check(document: &str, part: &str, wanted: &str) {
    document::check(document, part, wanted).unwrap();
}

#[test]
fn the_readme_has_no_place_left_to_fill() {
    let text = std::fs::read_to_string(source::root().join("README.md")).unwrap();
    let shouted =
        |word: &&str| word.len() > 4 && word.contains('_') && word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    let left: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(shouted).collect();
    assert!(
        left.iter().all(|word| word.starts_with("WSUSLAB_") || word.starts_with("ERR_") || word.starts_with("TLS_")),
        "{left:?}"
    );
}
