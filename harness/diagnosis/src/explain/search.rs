//! Finding the entries that a word means: first as the kind of word that it looks like, then as a piece of text.

use super::{Entry, Explanation, alerts, events, explain_rule, hresults, modes, names, statuses, texts};
use crate::rules;

pub(super) fn search(word: &str) -> Vec<Explanation> {
    let kinds = [codes, mode, hresult, number, alert, status, name, text];
    // A word that is of one kind by its look is not searched for as another.
    let mut found = kinds.iter().map(|kind| kind(word)).find(|found| !found.is_empty()).unwrap_or_default();
    let mut seen = std::collections::HashSet::new();
    found.retain(|explanation| seen.insert((explanation.what.clone(), explanation.word.clone())));
    found
}

/// A code, or the beginning of some: `tls`, `tls/`, `proxy/credentials`.
fn codes(word: &str) -> Vec<Explanation> {
    let wanted = word.to_ascii_lowercase();
    if let Some(entry) = names::SPECIAL_CODES.iter().find(|entry| entry.word == wanted) {
        return vec![entry.explain("code")];
    }
    let exact: Vec<_> = rules::ALL.iter().filter(|rule| rule.code == wanted).map(|rule| explain_rule(rule)).collect();
    if !exact.is_empty() {
        return exact;
    }
    let layer = wanted.trim_end_matches('/');
    let layers = names::LAYERS.iter().filter(|entry| entry.word == layer).map(|entry| entry.explain("layer"));
    let prefix = if wanted.contains('/') { wanted.clone() } else { format!("{wanted}/") };
    let below = rules::ALL.iter().filter(|rule| !layer.is_empty() && rule.code.starts_with(&prefix));
    layers.chain(below.map(|rule| explain_rule(rule))).collect()
}

/// `F-08`, `f8`, `X-1`, `F-44b`.
fn mode(word: &str) -> Vec<Explanation> {
    let upper = word.to_ascii_uppercase();
    let Some(number) = upper.strip_prefix(['F', 'X']).map(|rest| rest.trim_start_matches('-')) else { return vec![] };
    let (number, case) = match number.strip_suffix(|letter: char| letter.is_ascii_uppercase()) {
        Some(digits) => (digits, number[digits.len()..].to_ascii_lowercase()),
        None => (number, String::new()),
    };
    let Ok(number) = number.parse::<u8>() else { return vec![] };
    let id = if upper.starts_with('F') { format!("F-{number:02}{case}") } else { format!("X-{number}{case}") };
    modes::find(&id).into_iter().collect()
}

/// `0x80072EE2`, `80072EE2`, `-2147012894`, `2147954402`.
fn hresult(word: &str) -> Vec<Explanation> {
    let hex = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X"));
    let value = match hex {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None if word.len() == 8 && word.starts_with(['8', 'C', 'c']) => u32::from_str_radix(word, 16).ok(),
        None => word.parse::<i64>().ok().and_then(bits),
    };
    value.map(hresults::explain).into_iter().collect()
}

fn bits(value: i64) -> Option<u32> {
    let negative = i32::try_from(value).ok().filter(|value| *value < 0).map(i32::cast_unsigned);
    negative.or_else(|| u32::try_from(value).ok().filter(|value| 0x8000_0000 <= *value))
}

/// `10022`, `event 10022`; a bare number may be an error of Winsock or an HTTP status as well.
fn number(word: &str) -> Vec<Explanation> {
    let number = strip_word(word, &["event", "id", "eventid"]);
    let of = |table: &[Entry], what: &str| -> Vec<Explanation> {
        table.iter().filter(|entry| entry.word == number).map(|entry| entry.explain(what)).collect()
    };
    let mut found = of(events::EVENTS, "event");
    if number == word {
        found.extend(of(hresults::WINSOCK, "name"));
        found.extend(of(statuses::STATUSES, "http status"));
    }
    found
}

/// `alert 70`.
fn alert(word: &str) -> Vec<Explanation> {
    let number = strip_word(word, &["alert", "tls alert"]);
    let asked = number != word;
    alerts::ALERTS
        .iter()
        .filter(|entry| asked && entry.word == number)
        .map(|entry| entry.explain("tls alert"))
        .collect()
}

/// `HTTP 503`, `status 503`, `HTTP status 503`.
fn status(word: &str) -> Vec<Explanation> {
    let number = strip_word(word, &["http status", "http", "status"]);
    let asked = number != word;
    let fits = statuses::STATUSES.iter().filter(|entry| asked && entry.word == number);
    fits.map(|entry| entry.explain("http status")).collect()
}

/// A name that stands by itself: `UssCommunicationError`, `InvalidCookie`, `PartialChain`.
fn name(word: &str) -> Vec<Explanation> {
    let named = names::NAMES.iter().filter(|entry| entry.word.eq_ignore_ascii_case(word));
    named.map(|entry| entry.explain("name")).collect()
}

/// A piece of exception text or of a log line.
fn text(word: &str) -> Vec<Explanation> {
    if word.chars().count() < 4 {
        return Vec::new();
    }
    let known = texts::TEXTS.iter().filter(|entry| alike(word, entry.word)).map(|entry| entry.explain("text"));
    let shown = rules::ALL.iter().filter(|rule| rule.appearances.iter().any(|appearance| alike(word, appearance.text)));
    let titled = |title: &str| title.to_ascii_lowercase().contains(&word.to_ascii_lowercase());
    let about = rules::ALL.iter().filter(|rule| titled(rule.title));
    let modes = modes::titled(word);
    let names = names::NAMES.iter().filter(|entry| alike(word, entry.word)).map(|entry| entry.explain("name"));
    known.chain(names).chain(shown.chain(about).map(|rule| explain_rule(rule))).chain(modes).collect()
}

/// Whether one text holds the other, whatever the case; `<…>` and `…` in a pattern stand for anything.
fn alike(given: &str, pattern: &str) -> bool {
    let (given, pattern) = (given.to_ascii_lowercase(), pattern.to_ascii_lowercase());
    if pattern.contains(&given) {
        return true;
    }
    let fixed: Vec<&str> =
        pattern.split(['<', '>', '…']).step_by(2).map(str::trim).filter(|piece| 6 < piece.len()).collect();
    !fixed.is_empty() && fixed.iter().all(|piece| given.contains(piece))
}

fn strip_word<'a>(word: &'a str, prefixes: &[&str]) -> &'a str {
    for prefix in prefixes {
        let head = word.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
        let rest = word.get(prefix.len()..).unwrap_or("");
        if head && !rest.is_empty() {
            return rest.trim_start_matches([' ', ':', '=', '#']);
        }
    }
    word
}
