//! Bytes to text: the encodings in which Windows writes files, told by content because nothing else tells.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::error::{Place, SubjectError};

/// The most that is read of one file. Step 0 prints about one kilobyte; pasted outputs are longer.
pub(super) const LIMIT: u64 = 4 * 1024 * 1024;

/// Reads a text file of at most [`LIMIT`] bytes.
pub(super) fn read(file: &Path) -> Result<String, SubjectError> {
    decode(&bytes(file)?).ok_or_else(|| SubjectError::Unusable {
        file: file.to_owned(),
        place: Place::default(),
        problem: "not a text file".to_owned(),
        expected: "text in UTF-8, UTF-16 or the ANSI code page".to_owned(),
    })
}

/// Reads a file of at most [`LIMIT`] bytes.
pub(super) fn bytes(file: &Path) -> Result<Vec<u8>, SubjectError> {
    let unreadable = |source| SubjectError::Unreadable { file: file.to_owned(), source };
    // Asked before opening: opening a pipe would wait for a writer.
    if !std::fs::metadata(file).map_err(unreadable)?.is_file() {
        return Err(SubjectError::Unusable {
            file: file.to_owned(),
            place: Place::default(),
            problem: "not a regular file".to_owned(),
            expected: "a file".to_owned(),
        });
    }
    let mut content = Vec::new();
    File::open(file).and_then(|open| open.take(LIMIT + 1).read_to_end(&mut content)).map_err(unreadable)?;
    if LIMIT < content.len() as u64 {
        return Err(SubjectError::TooLarge { file: file.to_owned(), limit: LIMIT });
    }
    Ok(content)
}

/// The text that the bytes stand for, without its byte order mark. `None` for what is not text in any of the encodings.
fn decode(bytes: &[u8]) -> Option<String> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| (guess(bytes), 0));
    let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
    (!text.contains('\0')).then(|| text.into_owned())
}

/// The encoding of bytes without a mark. UTF-16 of mostly Western text has NUL in every other byte; and text in a
/// single-byte code page with anything beyond ASCII is hardly ever valid UTF-8. The OEM code pages of a console cannot be
/// told from the ANSI one; the fields that matter are ASCII in all of them.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let nul_at = |parity: usize| bytes.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (nul_at(0), nul_at(1), bytes.len() / 2);
    if half < odd * 2 && even == 0 {
        UTF_16LE
    } else if half < even * 2 && odd == 0 {
        UTF_16BE
    } else if std::str::from_utf8(bytes).is_ok() {
        UTF_8
    } else {
        WINDOWS_1252
    }
}

/// The text without terminal escape sequences (ECMA-48, 5.4): PowerShell 7 colours names and errors even in files.
pub(super) fn without_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("\u{1b}[") {
        plain.push_str(&rest[..start]);
        let sequence = &rest[start + 2..];
        let end = sequence.find(|c: char| matches!(c, '@'..='~')).map_or(sequence.len(), |end| end + 1);
        rest = &sequence[end..];
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: Option<&str>) {
        assert_eq!(decode(bytes).as_deref(), expected);
    }

    #[test]
    fn every_encoding_that_windows_writes_is_told_by_content() {
        check(b"Pr\xc3\xbcfung", Some("Prüfung"));
        check(b"\xef\xbb\xbfPr\xc3\xbcfung", Some("Prüfung"));
        check(b"\xff\xfeP\0r\0\xfc\0f\0", Some("Prüf"));
        check(b"\xfe\xff\0P\0r\0\xfc\0f", Some("Prüf"));
        check(b"P\0r\0\xfc\0f\0", Some("Prüf"));
        check(b"\0P\0r\0\xfc\0f", Some("Prüf"));
        check(b"Pr\xfcfung \x80", Some("Prüfung €"));
        check(b"", Some(""));
    }

    #[test]
    fn utf_16_cut_in_the_middle_of_a_unit_is_still_read() {
        check(b"a\0b\0c\0d", Some("abc\u{fffd}"));
        check(b"\xff\xfea\0b\0\xe9", Some("ab\u{fffd}"));
    }

    #[test]
    fn binary_content_is_not_text() {
        check(b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0", None);
        check(b"abc\0\0\0def", None);
    }

    #[test]
    fn colours_are_taken_out() {
        assert_eq!(without_escapes("\u{1b}[32;1mUseProxy : \u{1b}[0mTrue\u{1b}["), "UseProxy : True");
    }
}
