//! `host.json`: facts about the host, `"schema": 1`, every other field optional. Unknown keys are refused with their place.

mod wire;

use std::path::Path;

use serde_json::Value;
use time::{Duration, OffsetDateTime};

use self::wire::Host;
pub(super) use self::wire::StorePaths;
use super::error::{Place, SubjectError};
use super::mask::mask;
use super::{stores, text};
use crate::subject::{ContentFacts, HostFacts, ProxyFacts, TlsFacts};

/// Reads `host.json` and the stores that it names, or those that lie beside it.
pub(super) fn read(file: &Path, read_at: OffsetDateTime) -> Result<HostFacts, SubjectError> {
    let text = text::read(file)?;
    refuse_secrets(&text, file)?;
    let host: Host = serde_json::from_str(&text).map_err(|error| unusable(&error, &text, file))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let stores = match &host.stores {
        Some(named) => Some(stores::named(named, &text, file, folder)?),
        None => stores::beside(folder)?,
    };
    let now_read_at = match host.now {
        Some(_) => Some(read_at_clock(host.reference_now.map(|moment| moment.0), modified(file)?, read_at)),
        None if host.reference_now.is_some() => {
            return Err(SubjectError::Unusable {
                file: file.to_owned(),
                place: place_of_key(&text, "reference_now"),
                problem: "`reference_now` without `now`".to_owned(),
                expected: "both, taken at the same moment".to_owned(),
            });
        }
        None => None,
    };
    Ok(HostFacts {
        now: host.now.map(|moment| moment.0),
        now_read_at,
        wsus_version: host.wsus_version.map(|version| version.0),
        updates: host.updates.map(|updates| updates.into_iter().map(|update| update.0).collect()),
        protocol_version: host.protocol_version.map(|version| version.0),
        tls: host.tls.map(tls),
        stores,
        microsoft_roots: host.microsoft_roots.map(|roots| roots.into_iter().map(|root| root.0).collect()),
        proxy: host.proxy.map(|proxy| ProxyFacts {
            user: proxy.user,
            domain: proxy.domain,
            allow_basic: proxy.allow_basic,
        }),
        content: host.content.map(|content| ContentFacts {
            host_binaries_on_microsoft_update: content.host_binaries_on_microsoft_update,
            get_content_from_mu: content.get_content_from_mu,
        }),
        winhttp_proxy: host.winhttp_proxy.map(|text| mask(&text)),
        outputs: host.outputs.into_iter().map(|(name, text)| (mask(&name), mask(&text))).collect(),
    })
}

fn tls(wire: wire::Tls) -> TlsFacts {
    let protocols = wire.protocols.map(|mut versions| {
        versions.sort();
        versions.dedup();
        versions
    });
    TlsFacts { protocols, suites: wire.suites, sch_use_strong_crypto: wire.sch_use_strong_crypto }
}

/// The trusted clock at the moment of `now`; the module above documents the rule.
fn read_at_clock(
    reference: Option<OffsetDateTime>,
    modified: Option<OffsetDateTime>,
    read_at: OffsetDateTime,
) -> OffsetDateTime {
    let fresh = |modified: &OffsetDateTime| read_at - *modified < Duration::minutes(5);
    reference.or(modified.filter(|modified| !fresh(modified))).unwrap_or(read_at)
}

/// `None` on a file system without time stamps.
fn modified(file: &Path) -> Result<Option<OffsetDateTime>, SubjectError> {
    let metadata =
        std::fs::metadata(file).map_err(|source| SubjectError::Unreadable { file: file.to_owned(), source })?;
    Ok(metadata.modified().ok().map(OffsetDateTime::from))
}

/// Refuses a key that names a secret before any value could come into a message.
fn refuse_secrets(text: &str, file: &Path) -> Result<(), SubjectError> {
    let document: Value = serde_json::from_str(text).map_err(|error| unusable(&error, text, file))?;
    match secret_key(&document) {
        Some(key) => {
            Err(SubjectError::Secret { file: file.to_owned(), place: place_of_key(text, &key), key: mask(&key) })
        }
        None => Ok(()),
    }
}

fn secret_key(value: &Value) -> Option<String> {
    match value {
        Value::Object(object) => object.iter().find_map(|(key, value)| {
            if names_a_secret(key) && !value.is_boolean() { Some(key.clone()) } else { secret_key(value) }
        }),
        Value::Array(items) => items.iter().find_map(secret_key),
        _ => None,
    }
}

/// A boolean such as `HasProxyPassword` is no secret; it is refused as any other unknown key is.
fn names_a_secret(key: &str) -> bool {
    let letters: String = key.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    ["password", "passwd", "passwort", "passphrase", "secret"].iter().any(|word| letters.contains(word))
        || letters.ends_with("pwd")
}

pub(super) fn place_of_key(text: &str, key: &str) -> Place {
    // The key as JSON writes it, which for ordinary keys is the key in quotes.
    let quoted = Value::from(key).to_string();
    text.match_indices(&quoted)
        .find(|(at, _)| text[at + quoted.len()..].trim_start().starts_with(':'))
        .map_or_else(Place::default, |(at, _)| Place::of_byte(text, at))
}

/// Serde's message as place, problem and expectation. A text that stands in a wrong place is not repeated: it may be a secret.
fn unusable(error: &serde_json::Error, text: &str, file: &Path) -> SubjectError {
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    let (problem, expected) = match message.rsplit_once(", expected ") {
        Some((problem, expected)) => (problem.to_owned(), expected.to_owned()),
        None if message == "missing field `schema`" => (message.to_owned(), "\"schema\": 1".to_owned()),
        None if error.is_data() => (message.to_owned(), "each field once, and all that belong together".to_owned()),
        None => (message.to_owned(), "JSON".to_owned()),
    };
    let problem = match problem.split_once(": string \"") {
        Some((kind @ ("invalid type" | "invalid value"), _)) => format!("{kind}: a string"),
        _ => mask(&problem),
    };
    SubjectError::Unusable { file: file.to_owned(), place: place_of(error, text), problem, expected }
}

/// Where the error is. Serde blames a value only after it has passed the blanks and the bracket behind the value, maybe some
/// lines further down; then the end of the value is meant.
fn place_of(error: &serde_json::Error, text: &str) -> Place {
    let place = Place::at(error.line(), error.column());
    let line_start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let passed = text.get(..line_start + error.column()).and_then(|passed| passed.strip_suffix(['}', ']']));
    match passed.map(str::trim_end) {
        Some(passed) if error.is_data() && !error.to_string().starts_with("missing field") => {
            let last = passed.chars().next_back().map_or(0, char::len_utf8);
            Place::of_byte(text, passed.len() - last)
        }
        _ => place,
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_server_s_clock_is_compared_with_the_best_clock_of_its_moment() {
        let read_at = datetime!(2026-03-01 12:00 UTC);
        let reference = datetime!(2026-02-28 09:00 UTC);
        let check = |reference, modified, expected| assert_eq!(read_at_clock(reference, modified, read_at), expected);
        check(Some(reference), Some(datetime!(2026-02-27 09:00 UTC)), reference);
        check(None, Some(datetime!(2026-03-01 11:55:01 UTC)), read_at);
        check(None, Some(datetime!(2026-03-01 11:55:00 UTC)), datetime!(2026-03-01 11:55:00 UTC));
        check(None, Some(datetime!(2026-03-01 12:30 UTC)), read_at);
        check(None, None, read_at);
    }
}
