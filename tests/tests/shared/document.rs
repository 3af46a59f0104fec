//! The generated part of a document: compared, or written anew where `WSUSLAB_BLESS` is set.

use wsuslab_tests::source;

/// Compares the part of a document between its markers with what it must be, or writes it.
pub(crate) fn check(document: &str, part: &str, wanted: &str) -> Result<(), String> {
    let path = source::root().join(document);
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{document}: {error}"))?;
    let (begin, end) = (format!("<!-- {part}: generated -->\n"), format!("<!-- end of {part} -->"));
    let from = text.find(&begin).ok_or_else(|| format!("{document} has no {begin}"))? + begin.len();
    let to = text[from..].find(&end).ok_or_else(|| format!("{document} has no {end}"))? + from;
    if std::env::var_os("WSUSLAB_BLESS").is_some() {
        let text = format!("{}\n{wanted}\n{}", text[..from].trim_end(), &text[to..]);
        return std::fs::write(&path, text).map_err(|error| format!("{document}: {error}"));
    }
    if text[from..to].trim() == wanted.trim() {
        return Ok(());
    }
    Err(format!("{document}: the part {part} is stale; the same test with WSUSLAB_BLESS=1 writes it"))
}
