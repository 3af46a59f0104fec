//! The characters that the bytes of a request mean. The two frameworks differ: ASP.NET believes a byte order mark, then the
//! charset of the Content-Type, and reads around what is wrong; WCF takes three encodings and no wrong byte.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::Unreadable;
use crate::soap::Personality;

/// The text of a body, without a byte order mark.
pub(crate) fn characters<'b>(
    body: &'b [u8],
    content_type: &str,
    personality: Personality,
) -> Result<Cow<'b, str>, Unreadable> {
    let named = charset(content_type).and_then(|label| Encoding::for_label(label.as_bytes()));
    match personality {
        Personality::Wcf => strictly(body, named),
        Personality::Asmx => match named {
            // .NET's StreamReader: a mark outranks the charset, and a wrong byte becomes U+FFFD.
            Some(encoding) => Ok(encoding.decode(body).0),
            None if is_text(content_type) => Ok(ascii(body)),
            None => strictly(body, None),
        },
    }
}

/// Whether WCF reads what this Content-Type announces; all else it answers with 415.
pub(crate) fn is_taken_by_wcf(content_type: &str) -> bool {
    charset(content_type).is_none_or(|label| Encoding::for_label(label.as_bytes()).is_some_and(is_unicode))
}

/// The charset of a Content-Type, without its quotes.
fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    })
}

fn is_text(content_type: &str) -> bool {
    content_type.trim_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("text/"))
}

fn is_unicode(encoding: &'static Encoding) -> bool {
    [UTF_8, UTF_16LE, UTF_16BE].contains(&encoding)
}

/// RFC 3023 makes text without a charset ASCII, and ASP.NET holds on to it: what is none becomes a question mark.
fn ascii(body: &[u8]) -> Cow<'_, str> {
    match (Encoding::for_bom(body), std::str::from_utf8(body)) {
        (Some((encoding, _)), _) => encoding.decode(body).0,
        (None, Ok(text)) if text.is_ascii() => Cow::Borrowed(text),
        (None, _) => body.iter().map(|&byte| if byte.is_ascii() { char::from(byte) } else { '?' }).collect(),
    }
}

/// As an XML reader that is given bytes: by the mark, the charset, the first characters or the declaration, which must not
/// contradict each other, and without a wrong byte.
fn strictly<'b>(body: &'b [u8], named: Option<&'static Encoding>) -> Result<Cow<'b, str>, Unreadable> {
    let (marked, body) = match Encoding::for_bom(body) {
        Some((encoding, length)) => (Some(encoding), &body[length..]),
        None => (None, body),
    };
    let seen = marked.or(named).unwrap_or(match body {
        [0, b'<', ..] => UTF_16BE,
        [b'<', 0, ..] => UTF_16LE,
        _ => UTF_8,
    });
    let decode = |encoding: &'static Encoding| {
        encoding.decode_without_bom_handling_and_without_replacement(body).ok_or(Unreadable::Malformed)
    };
    // Only the declaration is looked at, which is ASCII.
    let beginning = seen.decode_without_bom_handling(&body[..body.len().min(400)]).0;
    let Some(label) = declared(&beginning) else { return decode(seen) };
    let declared = Encoding::for_label(label.as_bytes()).ok_or(Unreadable::Malformed)?;
    let is_wide = |encoding| encoding == UTF_16LE || encoding == UTF_16BE;
    match (is_wide(declared), is_wide(seen)) {
        (true, true) => decode(seen),
        (false, false) if marked.is_none() && named.is_none() => decode(declared),
        (false, false) if declared == seen => decode(seen),
        _ => Err(Unreadable::Malformed),
    }
}

/// The encoding that the declaration names.
fn declared(text: &str) -> Option<&str> {
    let (declaration, _) = text.strip_prefix("<?xml")?.split_once("?>")?;
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    rest[1..].split_once(quote).map(|(label, _)| label)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UTF_16: &str = "<?xml version=\"1.0\" encoding=\"utf-16\"?><a>ü</a>";

    fn wide(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    /// What each framework reads: ASP.NET first, then WCF; `-` where it refuses.
    fn check(body: &[u8], content_type: &str, asmx: &str, wcf: &str) {
        for (personality, expected) in [(Personality::Asmx, asmx), (Personality::Wcf, wcf)] {
            let read = characters(body, content_type, personality);
            assert_eq!(read.as_deref().unwrap_or("-"), expected, "{content_type} {personality:?}");
        }
    }

    #[test]
    fn a_byte_order_mark_outranks_the_charset() {
        let little = wide(&format!("\u{feff}{UTF_16}"), u16::to_le_bytes);
        let big = wide(&format!("\u{feff}{UTF_16}"), u16::to_be_bytes);
        for body in [little, big] {
            check(&body, "text/xml; charset=utf-8", UTF_16, UTF_16);
            check(&body, "text/xml", UTF_16, UTF_16);
            check(&body, "application/soap+xml", UTF_16, UTF_16);
        }
        check("\u{feff}<a/>".as_bytes(), "text/xml; charset=utf-8", "<a/>", "<a/>");
    }

    #[test]
    fn the_charset_is_believed_without_a_mark() {
        check(&wide(UTF_16, u16::to_le_bytes), "text/xml; charset=utf-16", UTF_16, UTF_16);
        check(&wide(UTF_16, u16::to_be_bytes), "text/xml; charset=\"unicodeFFFE\"", UTF_16, UTF_16);
        let latin = characters(b"<a>\xfc</a>", "text/xml; charset=iso-8859-1", Personality::Asmx);
        assert_eq!(latin.as_deref(), Ok("<a>ü</a>"));
    }

    #[test]
    fn utf_16_without_mark_and_charset_is_seen_by_an_xml_reader_alone() {
        let body = wide(UTF_16, u16::to_le_bytes);
        check(&body, "application/soap+xml", UTF_16, UTF_16);
        assert!(characters(&body, "text/xml", Personality::Asmx).is_ok_and(|text| text.contains('\0')));
    }

    #[test]
    fn a_declaration_that_contradicts_the_bytes_is_refused_by_an_xml_reader_alone() {
        check(UTF_16.as_bytes(), "application/soap+xml", "-", "-");
        check(UTF_16.as_bytes(), "text/xml; charset=utf-8", UTF_16, "-");
        check(b"<?xml version='1.0' encoding='x'?><a/>", "application/soap+xml", "-", "-");
    }

    #[test]
    fn a_wrong_byte_is_replaced_by_asp_net_and_refused_by_wcf() {
        check(b"<a>\xff</a>", "text/xml; charset=utf-8", "<a>\u{fffd}</a>", "-");
        check(b"<a>\xff</a>", "application/soap+xml", "-", "-");
    }

    #[test]
    fn text_without_a_charset_is_ascii_to_asp_net() {
        check("<a>ü</a>".as_bytes(), "text/xml", "<a>??</a>", "<a>ü</a>");
        check("<a>ü</a>".as_bytes(), "text/xml; charset=martian", "<a>??</a>", "<a>ü</a>");
    }

    #[test]
    fn wcf_takes_three_encodings() {
        for content_type in ["text/xml", "text/xml; charset=UTF-8", "text/xml;charset=\"utf-16\""] {
            assert!(is_taken_by_wcf(content_type), "{content_type}");
        }
        for content_type in ["text/xml; charset=iso-8859-1", "text/xml; charset=martian"] {
            assert!(!is_taken_by_wcf(content_type), "{content_type}");
        }
    }
}
