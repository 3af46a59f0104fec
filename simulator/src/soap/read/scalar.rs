//! The simple types of the schema, and the words with which the framework refuses a text that is not of its type.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, Time};

use super::{Element, Unreadable};
use crate::catalogue::Guid;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl Element<'_> {
    /// `xs:string`.
    pub(crate) fn string(&self) -> String {
        self.text.to_string()
    }

    /// `xs:boolean`.
    pub(crate) fn boolean(&self) -> Result<bool, Unreadable> {
        match self.text.trim() {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            text => Err(self.refuse(format!("The string '{text}' is not a valid Boolean value."))),
        }
    }

    /// `xs:int`.
    pub(crate) fn int(&self) -> Result<i32, Unreadable> {
        let refuse = |_| self.refuse("Input string was not in a correct format.".to_owned());
        self.text.trim().parse().map_err(refuse)
    }

    /// The schema's own `guid`.
    pub(crate) fn guid(&self) -> Result<Guid, Unreadable> {
        let refuse = |_| {
            let pattern = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
            self.refuse(format!("Guid should contain 32 digits with 4 dashes ({pattern})."))
        };
        self.text.trim().parse().map_err(refuse)
    }

    /// `xs:dateTime`: checked only, since no message of a client carries a time that we go by.
    pub(crate) fn check_date_time(&self) -> Result<(), Unreadable> {
        let text = self.text.trim();
        if is_date_time(text) {
            return Ok(());
        }
        Err(self.refuse(format!("The string '{text}' is not a valid AllXsd value.")))
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

    fn refuse(&self, why: String) -> Unreadable {
        Unreadable::Scalar { at: self.end, why }
    }
}

fn is_date_time(text: &str) -> bool {
    const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
    const TIME: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]:[second]");
    let Some((date, rest)) = text.split_once('T') else { return Date::parse(text, DATE).is_ok() };
    let clock = rest.find(['Z', '+', '-']).map_or(rest, |zone| &rest[..zone]);
    let (seconds, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let zone = &rest[clock.len()..];
    Date::parse(date, DATE).is_ok()
        && Time::parse(seconds, TIME).is_ok()
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && is_zone(zone)
}

fn is_zone(zone: &str) -> bool {
    const OFFSET: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]");
    matches!(zone, "" | "Z") || zone.get(1..).is_some_and(|offset| Time::parse(offset, OFFSET).is_ok())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
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
        assert_eq!(with("soon", Element::check_date_time), Err(date.into()));
    }

    #[test]
    fn a_text_that_is_no_base64_makes_the_whole_document_malformed() {
        assert_eq!(with("%%%", Element::bytes), Err("malformed".into()));
    }

    #[test]
    fn the_dates_of_real_clients_are_read() {
        let good = [
            "2026-10-04T20:33:26.65455Z",
            "9999-12-31T23:59:59.9999999",
            "0001-01-01T00:00:00",
            "2026-10-04",
            "2005-09-22T00:05:11+02:00",
        ];
        for text in good {
            assert_eq!(with(text, Element::check_date_time), Ok(()), "{text}");
        }
        for text in ["2026-13-04T20:33:26Z", "2026-10-04T25:00:00Z", "2026-10-04T20:33:26.Z", "2026-10-04T20:33:26+xy"]
        {
            assert!(with(text, Element::check_date_time).is_err(), "{text}");
        }
    }
}
