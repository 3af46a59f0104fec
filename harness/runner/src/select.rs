//! Which scenarios are meant: an id, a glob over ids, or the path of a file.

use std::path::Path;

use globset::GlobBuilder;
use scenarios::Scenario;

use crate::failure::Failure;

/// The scenarios that `words` name, in the order of the catalogue and then of the files; all of the catalogue where none is
/// named.
///
/// # Errors
///
/// When a word names nothing, or a file cannot be used.
pub fn select(words: &[String]) -> Result<Vec<Scenario>, Failure> {
    if words.is_empty() {
        return Ok(scenarios::catalogue().to_vec());
    }
    let (files, patterns): (Vec<&String>, Vec<&String>) = words.iter().partition(|word| is_file(word));
    let mut chosen = vec![false; scenarios::catalogue().len()];
    for pattern in patterns {
        mark(pattern, &mut chosen)?;
    }
    let named = scenarios::catalogue().iter().zip(chosen).filter(|(_, chosen)| *chosen);
    let mut selected: Vec<Scenario> = named.map(|(scenario, _)| scenario.clone()).collect();
    for file in files {
        selected.push(scenarios::read_file(Path::new(file))?);
    }
    Ok(selected)
}

/// The one scenario that `word` names.
///
/// # Errors
///
/// As [`select`], and when a glob names several.
pub fn select_one(word: &str) -> Result<Scenario, Failure> {
    if is_file(word) {
        return Ok(scenarios::read_file(Path::new(word))?);
    }
    scenarios::find(word).cloned().ok_or_else(|| nothing_named(word))
}

fn is_file(word: &str) -> bool {
    word.ends_with(".toml")
}

fn mark(pattern: &str, chosen: &mut [bool]) -> Result<(), Failure> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    let glob = glob.map_err(|error| {
        Failure::input_with_help(
            format!("{pattern}: no pattern: {}", error.kind()),
            "expected an id or a glob, as 'tls/*'",
        )
    })?;
    let matcher = glob.compile_matcher();
    let mut found = false;
    for (scenario, chosen) in scenarios::catalogue().iter().zip(chosen) {
        if matcher.is_match(&scenario.id) {
            *chosen = true;
            found = true;
        }
    }
    if found { Ok(()) } else { Err(nothing_named(pattern)) }
}

fn nothing_named(word: &str) -> Failure {
    let nearest = nearest(word);
    let help = if nearest.is_empty() {
        "`wsuslab list` prints every id; the path of a scenario file ends in .toml".to_owned()
    } else {
        format!("did you mean {}? `wsuslab list` prints every id", nearest.join(", "))
    };
    Failure::input_with_help(format!("no scenario is called {word:?}"), help)
}

/// At most three ids that resemble `word`: those that contain it, then those that differ from it by few letters.
fn nearest(word: &str) -> Vec<&'static str> {
    let word = word.trim_matches(['*', '/']).to_ascii_lowercase();
    let name = |id: &'static str| id.split_once('/').map_or(id, |(_, name)| name);
    let mut ranked: Vec<(usize, &'static str)> = scenarios::catalogue()
        .iter()
        .filter_map(|scenario| {
            let id = scenario.id.as_str();
            let differs = distance(&word, id).min(distance(&word, name(id)));
            if 3 <= word.len() && id.contains(&word) {
                return Some((differs.min(1), id));
            }
            (differs <= word.len() / 3).then_some((differs, id))
        })
        .collect();
    ranked.sort_by_key(|(differs, _)| *differs);
    ranked.into_iter().take(3).map(|(_, id)| id).collect()
}

/// Levenshtein's distance.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, letter) in one.chars().enumerate() {
        let mut corner = above;
        row[0] = above + 1;
        for (column, with) in other.iter().enumerate() {
            let replaced = corner + usize::from(letter != *with);
            corner = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(corner + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    fn ids(words: &[&str]) -> Vec<String> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        select(&words).expect("scenarios").into_iter().map(|scenario| scenario.id).collect()
    }

    #[test]
    fn nothing_named_means_everything() {
        assert_eq!(ids(&[]).len(), scenarios::catalogue().len());
    }

    #[test]
    fn ids_and_globs_select_each_scenario_once_in_the_order_of_the_catalogue() {
        assert_eq!(
            ids(&["tls/expired", "dns/*-found", "tls/expired"]),
            ["dns/name-not-found", "dns/upstream-name-not-found", "tls/expired"]
        );
    }

    #[test]
    fn a_misspelt_id_is_answered_with_the_nearest() {
        let text = select_one("tls/exspired").unwrap_err().text(false);
        assert!(text.contains("no scenario is called \"tls/exspired\"") && text.contains("tls/expired"), "{text}");
        assert_eq!(nearest("expired").first(), Some(&"tls/expired"));
        assert!(nearest("zzzzzz").is_empty());
    }

    #[test]
    fn the_distance_counts_single_letters() {
        assert_eq!((distance("", "abc"), distance("kitten", "sitting"), distance("a", "a")), (3, 3, 0));
    }
}
