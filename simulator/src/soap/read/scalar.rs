//! The simple types of the schema, and the words with which the framework refuses a text that is not of its type.

use std::str::FromStr;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use super::{Element, Unreadable};
use crate::catalogue::Guid;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The text of an element or of an attribute, to be read as a simple type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scalar<'e> {
    text: &'e str,
    /// Where the reader stood behind it, in bytes.
    at: usize,
}

impl Element<'_> {
    /// `xs:string`.
    pub(crate) fn string(&self) -> String {
        self.text.to_string()
    }

    /// `xs:boolean`.
    pub(crate) fn boolean(&self) -> Result<bool, Unreadable> {
        self.scalar().boolean()
    }

    /// `xs:int`.
    pub(crate) fn int(&self) -> Result<i32, Unreadable> {
        self.scalar().number()
    }

    /// The schema's own `guid`.
    pub(crate) fn guid(&self) -> Result<Guid, Unreadable> {
        self.scalar().guid()
    }

    /// `xs:dateTime`. Without a zone it is taken as UTC, which is what every server of the protocol means.
    pub(crate) fn date_time(&self) -> Result<OffsetDateTime, Unreadable> {
        self.scalar().date_time()
    }

    /// `xs:base64Binary`; white space may stand anywhere in it.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, Unreadable> {
        let text = self.text.as_bytes();
        let decoded = if text.iter().any(u8::is_ascii_whitespace) {
            BASE64.decode(text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<_>>())
        } else {
            BASE64.decode(text)
        };
        decoded.map_err(|_| Unreadable::Malformed)
    }

    /// Its own text.
    pub(crate) fn scalar(&self) -> Scalar<'_> {
        Scalar { text: &self.text, at: self.end }
    }

    /// The attribute of this name.
    pub(crate) fn attribute(&self, name: &str) -> Option<Scalar<'_>> {
        let (_, text) = self.attributes.iter().find(|(own, _)| own == name)?;
        Some(Scalar { text, at: self.end })
    }
}

impl Scalar<'_> {
    /// `xs:string`.
    pub(crate) fn string(self) -> String {
        self.text.to_owned()
    }

    /// `xs:int`, `xs:short` and `xs:unsignedByte`, each within its own bounds.
    pub(crate) fn number<N: FromStr>(self) -> Result<N, Unreadable> {
        let refuse = |_| self.refuse("Input string was not in a correct format.".to_owned());
        self.text.trim().parse().map_err(refuse)
    }

    /// The schema's own `guid`.
    pub(crate) fn guid(self) -> Result<Guid, Unreadable> {
        let refuse = |_| {
            let pattern = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
            self.refuse(format!("Guid should contain 32 digits with 4 dashes ({pattern})."))
        };
        self.text.trim().parse().map_err(refuse)
    }

    /// `xs:dateTime`.
    pub(crate) fn date_time(self) -> Result<OffsetDateTime, Unreadable> {
        let text = self.text.trim();
        read_date_time(text).ok_or_else(|| self.refuse(format!("The string '{text}' is not a valid AllXsd value.")))
    }

    fn boolean(self) -> Result<bool, Unreadable> {
        match self.text.trim() {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            text => Err(self.refuse(format!("The string '{text}' is not a valid Boolean value."))),
        }
    }

    fn refuse(self, why: String) -> Unreadable {
        Unreadable::Scalar { at: self.at, why }
    }
}

fn read_date_time(text: &str) -> Option<OffsetDateTime> {
    const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
    const TIME: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]:[second]");
    let Some((date, rest)) = text.split_once('T') else {
        return Some(Date::parse(text, DATE).ok()?.midnight().assume_utc());
    };
    let clock = rest.find(['Z', '+', '-']).map_or(rest, |zone| &rest[..zone]);
    let offset = offset(&rest[clock.len()..])?;
    let (seconds, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let time = Time::parse(seconds, TIME).ok()?.replace_nanosecond(nanoseconds(fraction)?).ok()?;
    let local = PrimitiveDateTime::new(Date::parse(date, DATE).ok()?, time);
    local.assume_offset(offset).checked_to_offset(UtcOffset::UTC)
}

/// The first nine digits of a fraction.
fn nanoseconds(fraction: &str) -> Option<u32> {
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    format!("{fraction:0<9}")[..9].parse().ok()
}

fn offset(zone: &str) -> Option<UtcOffset> {
    const OFFSET: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]");
    if matches!(zone, "" | "Z") {
        return Some(UtcOffset::UTC);
    }
    let (hour, minute, _) = Time::parse(zone.get(1..)?, OFFSET).ok()?.as_hms();
    let minutes = (i32::from(hour) * 60 + i32::from(minute)) * if zone.starts_with('-') { -1 } else { 1 };
    UtcOffset::from_whole_seconds(minutes * 60).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use time::macros::datetime;

    use super::super::parse;
    use super::*;

    fn with<T>(text: &str, read: impl Fn(&Element<'static>) -> Result<T, Unreadable>) -> Result<T, String> {
        let text = format!("<a>{text}</a>").leak();
        read(&parse(text).unwrap().root).map_err(|unreadable| match unreadable {
            Unreadable::Malformed => "malformed".to_owned(),
            Unreadable::Scalar { why, .. } => why,
        })
    }

    #[test]
    fn scalars_tolerate_white_space_around_them() {
        assert_eq!(with("\n true ", Element::boolean), Ok(true));
        assert_eq!(with("0", Element::boolean), Ok(false));
        assert_eq!(with(" -7 ", Element::int), Ok(-7));
        assert_eq!(with("Zm9v\n  YmFy", Element::bytes), Ok(b"foobar".to_vec()));
        assert_eq!(with("", Element::bytes), Ok(Vec::new()));
    }

    #[test]
    fn a_wrong_scalar_is_refused_in_the_words_of_the_framework() {
        assert_eq!(with("maybe", Element::boolean), Err("The string 'maybe' is not a valid Boolean value.".into()));
        assert_eq!(with("1x", Element::int), Err("Input string was not in a correct format.".into()));
        let guid = "Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).";
        assert_eq!(with("7", Element::guid), Err(guid.into()));
        let date = "The string 'soon' is not a valid AllXsd value.";
        assert_eq!(with("soon", Element::date_time), Err(date.into()));
    }

    #[test]
    fn a_text_that_is_no_base64_makes_the_whole_document_malformed() {
        assert_eq!(with("%%%", Element::bytes), Err("malformed".into()));
    }

    #[test]
    fn the_dates_of_real_clients_are_read() {
        let good = [
            ("2026-10-04T20:33:26.65455Z", datetime!(2026-10-04 20:33:26.65455 UTC)),
            ("9999-12-31T23:59:59.9999999", datetime!(9999-12-31 23:59:59.9999999 UTC)),
            ("0001-01-01T00:00:00", datetime!(0001-01-01 00:00 UTC)),
            ("2026-10-04", datetime!(2026-10-04 00:00 UTC)),
            ("2005-09-22T00:05:11+02:00", datetime!(2005-09-21 22:05:11 UTC)),
        ];
        for (text, time) in good {
            assert_eq!(with(text, Element::date_time), Ok(time), "{text}");
        }
        for text in [
            "2026-13-04T20:33:26Z",
            "2026-10-04T25:00:00Z",
            "2026-10-04T20:33:26.Z",
            "2026-10-04T20:33:26+xy",
            "9999-12-31T23:59:59-14:00",
        ] {
            assert!(with(text, Element::date_time).is_err(), "{text}");
        }
    }
}
