//! Parts of a file (RFC 9110, 14), as the handler for static files of IIS gives them. Pure: text and sizes in, bytes out.

use std::ops::Range;

use bytes::Bytes;

/// Which bytes of a file a client wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The file as it is: nothing else was asked for, or not so that it could be understood.
    Whole,
    /// One part or several, in the order in which they were asked for.
    Parts(Vec<Range<usize>>),
    /// Bytes that the file does not have.
    Unsatisfiable,
}

/// What parts of a file are sent as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Partial {
    /// `Content-Type`.
    pub(super) content_type: String,
    /// `Content-Range`, for a single part.
    pub(super) content_range: Option<String>,
    /// The body.
    pub(super) body: Bytes,
}

/// Between parts. IIS has the same one in every answer, brackets included.
const BOUNDARY: &str = "<q1w2e3r4t5y6u7i8o9p0zaxscdvfbgnhmjklkl>";

/// What the value of a field `Range` asks of a file of that size.
pub(super) fn wanted(field: &str, size: usize) -> Wanted {
    let Some(specs) = field.trim().split_once('=').filter(|(unit, _)| unit.trim().eq_ignore_ascii_case("bytes")) else {
        return Wanted::Whole;
    };
    let specs = specs.1.split(',').map(str::trim).filter(|spec| !spec.is_empty());
    let Some(parts) = specs.map(|spec| part(spec, size)).collect::<Option<Vec<_>>>() else { return Wanted::Whole };
    if parts.is_empty() {
        return Wanted::Whole;
    }
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let length: usize = parts.iter().map(Range::len).fold(0, usize::saturating_add);
    match parts.len() {
        0 => Wanted::Unsatisfiable,
        // Parts that overlap over and over would make a small request cost much; a server may give the whole file then.
        2.. if size < length => Wanted::Whole,
        _ => Wanted::Parts(parts),
    }
}

/// Those parts of a file of that type. Each must lie within it.
pub(super) fn partial(file: &Bytes, content_type: &str, parts: &[Range<usize>]) -> Partial {
    if let [part] = parts {
        return Partial {
            content_type: content_type.to_owned(),
            content_range: Some(content_range(part, file.len())),
            body: file.slice(part.clone()),
        };
    }
    let mut body = Vec::new();
    for part in parts {
        let range = content_range(part, file.len());
        let head = format!("--{BOUNDARY}\r\nContent-Type: {content_type}\r\nContent-Range: {range}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&file[part.clone()]);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let content_type = format!("multipart/byteranges; boundary={BOUNDARY}");
    Partial { content_type, content_range: None, body: Bytes::from(body) }
}

/// `Content-Range` of an answer without any part.
pub(super) fn of_none(size: usize) -> String {
    format!("bytes */{size}")
}

fn content_range(part: &Range<usize>, size: usize) -> String {
    format!("bytes {}-{}/{size}", part.start, part.end - 1)
}

/// One part, empty where the file has none of it; `None` when the text is no part.
fn part(spec: &str, size: usize) -> Option<Range<usize>> {
    let (first, last) = spec.split_once('-')?;
    let (first, last) = (first.trim(), last.trim());
    if first.is_empty() {
        return Some(size.saturating_sub(number(last)?)..size);
    }
    let first = number(first)?;
    let last = if last.is_empty() { usize::MAX } else { number(last)? };
    if last < first {
        return None;
    }
    let end = last.saturating_add(1).min(size);
    Some(first.min(end)..end)
}

/// A number of whatever length: past the end of any file one is as good as another.
fn number(text: &str) -> Option<usize> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "one part is a list of one")]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_follows_the_field() {
        let parts = |parts: &[Range<usize>]| Wanted::Parts(parts.to_vec());
        let expected = [
            ("bytes=0-3", parts(&[0..4])),
            ("bytes=4-", parts(&[4..10])),
            ("bytes=-3", parts(&[7..10])),
            ("bytes=-30", parts(&[0..10])),
            ("bytes=8-20", parts(&[8..10])),
            ("bytes=9-9", parts(&[9..10])),
            ("Bytes = 0-3", parts(&[0..4])),
            ("bytes=0-99999999999999999999999999", parts(&[0..10])),
            ("bytes=0-1,4-5", parts(&[0..2, 4..6])),
            ("bytes=4-5, 0-1,", parts(&[4..6, 0..2])),
            ("bytes=0-1,10-", parts(&[0..2])),
            ("bytes=10-", Wanted::Unsatisfiable),
            ("bytes=10-12,20-", Wanted::Unsatisfiable),
            ("bytes=-0", Wanted::Unsatisfiable),
            ("bytes=18446744073709551616-", Wanted::Unsatisfiable),
            ("bytes=3-2", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("bytes=", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("bytes=0-1,x", Wanted::Whole),
            ("items=0-3", Wanted::Whole),
            ("0-3", Wanted::Whole),
            ("bytes=0-,0-,0-", Wanted::Whole),
        ];
        for (field, wanted_of_ten) in expected {
            assert_eq!(wanted(field, 10), wanted_of_ten, "{field}");
        }
    }

    #[test]
    fn nothing_of_an_empty_file_can_be_given() {
        for field in ["bytes=0-", "bytes=0-0", "bytes=-1"] {
            assert_eq!(wanted(field, 0), Wanted::Unsatisfiable, "{field}");
        }
    }

    #[test]
    fn one_part_keeps_the_type_of_the_file() {
        let partial = partial(&Bytes::from_static(b"0123456789"), "a/b", &[2..5]);
        let expected = Partial {
            content_type: "a/b".to_owned(),
            content_range: Some("bytes 2-4/10".to_owned()),
            body: Bytes::from_static(b"234"),
        };
        assert_eq!(partial, expected);
    }

    #[test]
    fn several_parts_stand_between_boundaries() {
        let partial = partial(&Bytes::from_static(b"0123456789"), "a/b", &[0..2, 9..10]);
        assert_eq!(partial.content_range, None);
        assert_eq!(partial.content_type, "multipart/byteranges; boundary=<q1w2e3r4t5y6u7i8o9p0zaxscdvfbgnhmjklkl>");
        let expected = "--<q1w2e3r4t5y6u7i8o9p0zaxscdvfbgnhmjklkl>\r\nContent-Type: a/b\r\n\
                        Content-Range: bytes 0-1/10\r\n\r\n01\r\n\
                        --<q1w2e3r4t5y6u7i8o9p0zaxscdvfbgnhmjklkl>\r\nContent-Type: a/b\r\n\
                        Content-Range: bytes 9-9/10\r\n\r\n9\r\n\
                        --<q1w2e3r4t5y6u7i8o9p0zaxscdvfbgnhmjklkl>--\r\n";
        assert_eq!(partial.body, expected);
    }
}
