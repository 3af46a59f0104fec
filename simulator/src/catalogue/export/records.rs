//! `metadata.txt`: `id,revision,length,metadata` and the end of a line. The length counts UTF-16 code units, as .NET counts
//! a string, and the metadata may contain ends of lines, so that only the length finds the next record.

use std::ops::Range;

use super::error::{ExportError, RecordError, guid, shortened};
use super::package::Row;
use crate::catalogue::Identity;

/// The text, and where in it the metadata of each row lie. Rows and records are in the same order.
pub(super) fn cut(bytes: Vec<u8>, rows: &[Row]) -> Result<(String, Vec<Range<usize>>), ExportError> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let position = error.utf8_error().valid_up_to();
        not_utf8(&String::from_utf8_lossy(&error.as_bytes()[..position]), position)
    })?;
    let mut ranges = Vec::with_capacity(rows.len());
    let mut rest = Records { text: &text, at: 0 };
    while let Some(record) = rest.next() {
        let place = ranges.len();
        let Record { identity, range } = record.map_err(|fault| fault.at(place))?;
        let Some(row) = rows.get(place) else {
            let recorded = place + 1 + rest.count();
            return Err(ExportError::Count { listed: rows.len(), recorded, id: identity.id.to_string() });
        };
        if row.identity != identity {
            let source = RecordError::Unlisted { expected: row.identity };
            return Err(ExportError::record(place, identity, source));
        }
        ranges.push(range);
    }
    if let Some(row) = rows.get(ranges.len()) {
        let (listed, recorded) = (rows.len(), ranges.len());
        return Err(ExportError::Count { listed, recorded, id: row.identity.id.to_string() });
    }
    Ok((text, ranges))
}

/// Which record the first byte that is no text belongs to.
fn not_utf8(good: &str, position: usize) -> ExportError {
    let source = RecordError::NotUtf8 { position };
    let (mut complete, mut end) = (0, 0);
    for record in (Records { text: good, at: 0 }).map_while(Result::ok) {
        complete += 1;
        end = record.range.end + LINE_END.len();
    }
    match Head::read(&good[end..]) {
        Ok(head) => ExportError::record(complete, head.identity, source),
        Err(_) => ExportError::unreadable(complete, source),
    }
}

struct Records<'a> {
    text: &'a str,
    at: usize,
}

struct Record {
    identity: Identity,
    range: Range<usize>,
}

/// Why a record cannot be cut, with its identity if that can be read.
struct Fault(Option<Identity>, RecordError);

impl Fault {
    fn at(self, place: usize) -> ExportError {
        match self.0 {
            Some(identity) => ExportError::record(place, identity, self.1),
            None => ExportError::unreadable(place, self.1),
        }
    }
}

impl Records<'_> {
    fn record(&mut self) -> Result<Record, Fault> {
        let rest = &self.text[self.at..];
        let head = Head::read(rest).map_err(|why| Fault(None, why))?;
        let fault = |why| Fault(Some(head.identity), why);
        let body = &rest[HEAD..];
        let expected = head.length;
        let end = match prefix(body, expected) {
            Prefix::Bytes(end) => end,
            Prefix::Short(present) => return Err(fault(RecordError::Truncated { expected, present })),
            Prefix::Split(end) => {
                return Err(fault(RecordError::Length { expected, found: shortened(&body[end..]) }));
            }
        };
        let Some(_) = body[end..].strip_prefix(LINE_END) else {
            let found = shortened(&body[end..]);
            return Err(fault(RecordError::Length { expected, found }));
        };
        let start = self.at + HEAD;
        self.at = start + end + LINE_END.len();
        Ok(Record { identity: head.identity, range: start..start + end })
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at == self.text.len() {
            return None;
        }
        let record = self.record();
        if record.is_err() {
            // Nothing behind it can be found.
            self.at = self.text.len();
        }
        Some(record)
    }
}

const LINE_END: &str = "\r\n";

/// A GUID, two numbers of eight hexadecimal digits, and three commas.
const HEAD: usize = 36 + 1 + 8 + 1 + 8 + 1;

struct Head {
    identity: Identity,
    /// In UTF-16 code units.
    length: usize,
}

impl Head {
    fn read(text: &str) -> Result<Head, RecordError> {
        let wrong = || RecordError::Head { found: shortened(text) };
        let head = text.get(..HEAD).ok_or_else(wrong)?;
        let mut fields = head.split(',');
        let (Some(id), Some(revision), Some(length), Some(""), None) =
            (fields.next(), fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return Err(wrong());
        };
        if (id.len(), revision.len(), length.len()) != (36, 8, 8) {
            return Err(wrong());
        }
        let number = |what, text: &str| {
            u32::from_str_radix(text, 16).map_err(|_| RecordError::Number { what, text: text.to_owned() })
        };
        let revision_number = i32::try_from(number("revision", revision)?);
        let revision =
            revision_number.map_err(|_| RecordError::Number { what: "revision", text: revision.to_owned() })?;
        let identity = Identity { id: guid("id", id)?, revision };
        Ok(Head { identity, length: number("length", length)? as usize })
    }
}

enum Prefix {
    /// So many bytes are it.
    Bytes(usize),
    /// There are only so many units.
    Short(usize),
    /// It would end within the character that begins at this byte.
    Split(usize),
}

/// How many bytes the first `units` UTF-16 code units of a text take.
fn prefix(text: &str, units: usize) -> Prefix {
    let (mut left, mut at) = (units, 0);
    let bytes = text.as_bytes();
    while 0 < left {
        // Most of it is ASCII, sixteen bytes at a time.
        if let Some(block) = bytes.get(at..at + 16).filter(|block| 16 <= left && block.is_ascii()) {
            at += block.len();
            left -= block.len();
            continue;
        }
        let Some(byte) = bytes.get(at) else { return Prefix::Short(units - left) };
        let (width, own) = match byte {
            0..0x80 => (1, 1),
            0x80..0xe0 => (2, 1),
            0xe0..0xf0 => (3, 1),
            _ => (4, 2),
        };
        if left < own {
            return Prefix::Split(at);
        }
        at += width;
        left -= own;
    }
    Prefix::Bytes(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, units: usize, expected: &str) {
        let found = match prefix(text, units) {
            Prefix::Bytes(at) => format!("{at} bytes"),
            Prefix::Short(units) => format!("only {units} units"),
            Prefix::Split(at) => format!("split at {at}"),
        };
        assert_eq!(found, expected, "{units} of {text}");
    }

    #[test]
    fn a_length_counts_utf_16_code_units() {
        check("", 0, "0 bytes");
        check("aé€😀", 5, "10 bytes");
        check("aé€😀", 4, "split at 6");
        check("aé€😀", 6, "only 5 units");
        check(&format!("{}é", "x".repeat(40)), 41, "42 bytes");
        check(&format!("{}\u{ffff}", "x".repeat(16)), 17, "19 bytes");
    }
}
