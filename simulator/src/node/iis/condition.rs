//! Conditions of a request for a file (RFC 9110, 13): whether it is given at all, and whether in parts.

use time::OffsetDateTime;

use crate::layer::http::{date, parse_date};

/// By what a client knows a state of a file again.
#[derive(Clone, Debug)]
pub(super) struct Validators {
    tag: String,
    changed: OffsetDateTime,
}

/// What the conditions of a request come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The file is given.
    Proceed,
    /// 304: the client has it.
    NotModified,
    /// 412: it is not the file that the client means.
    Failed,
}

impl Validators {
    /// Those of a file that last changed then. IIS makes the tag from the file's time and a change number.
    pub(super) fn of(changed: OffsetDateTime) -> Validators {
        let second = changed.replace_nanosecond(0).unwrap_or(changed);
        Validators { tag: format!("\"{:x}:0\"", changed.unix_timestamp()), changed: second }
    }

    /// The fields in which they are told, in IIS's order.
    pub(super) fn fields(&self) -> [(&'static str, String); 3] {
        [("Last-Modified", date(self.changed)), ("Accept-Ranges", "bytes".to_owned()), ("ETag", self.tag.clone())]
    }

    /// Judges the conditions; `field` gives the value of a header field.
    pub(super) fn judge<'a>(&self, field: impl Fn(&str) -> Option<&'a str>) -> Verdict {
        let stands = match (field("if-match"), field("if-unmodified-since")) {
            (Some(tags), _) => self.is_among(tags, |tag| tag),
            (None, Some(since)) => parse_date(since).is_none_or(|since| self.changed <= since),
            (None, None) => true,
        };
        let is_known = match (field("if-none-match"), field("if-modified-since")) {
            // This comparison alone is the weak one.
            (Some(tags), _) => self.is_among(tags, |tag| tag.strip_prefix("W/").unwrap_or(tag)),
            (None, Some(since)) => parse_date(since).is_some_and(|since| self.changed <= since),
            (None, None) => false,
        };
        match (stands, is_known) {
            (false, _) => Verdict::Failed,
            (true, true) => Verdict::NotModified,
            (true, false) => Verdict::Proceed,
        }
    }

    /// Whether a client with that `If-Range` gets parts: only of the very file that it has parts of.
    pub(super) fn allows_parts(&self, if_range: Option<&str>) -> bool {
        if_range.is_none_or(|known| known.trim() == self.tag || parse_date(known.trim()) == Some(self.changed))
    }

    fn is_among(&self, tags: &str, strip: fn(&str) -> &str) -> bool {
        tags.trim() == "*" || tags.split(',').any(|tag| strip(tag.trim()) == self.tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "Tue, 11 Mar 2025 09:26:52 GMT";
    const THEN: &str = "Tue, 11 Mar 2025 09:26:53 GMT";
    const TAG: &str = "\"67d001dd:0\"";

    fn validators() -> Validators {
        Validators::of(time::macros::datetime!(2025-03-11 09:26:53.589 UTC))
    }

    #[test]
    fn conditions_are_judged_as_the_rfc_orders_them() {
        let expected = [
            (&[][..], Verdict::Proceed),
            (&[("if-unmodified-since", THEN)], Verdict::Proceed),
            (&[("if-unmodified-since", BEFORE)], Verdict::Failed),
            (&[("if-unmodified-since", "yesterday")], Verdict::Proceed),
            (&[("if-match", TAG), ("if-unmodified-since", BEFORE)], Verdict::Proceed),
            (&[("if-match", "\"other\", *")], Verdict::Failed),
            (&[("if-match", "*")], Verdict::Proceed),
            (&[("if-match", "W/\"67d001dd:0\"")], Verdict::Failed),
            (&[("if-none-match", "W/\"67d001dd:0\"")], Verdict::NotModified),
            (&[("if-none-match", "\"other\""), ("if-modified-since", THEN)], Verdict::Proceed),
            (&[("if-modified-since", THEN)], Verdict::NotModified),
            (&[("if-modified-since", BEFORE)], Verdict::Proceed),
            (&[("if-unmodified-since", BEFORE), ("if-none-match", TAG)], Verdict::Failed),
        ];
        for (fields, verdict) in expected {
            let field = |wanted: &str| fields.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value);
            assert_eq!(validators().judge(field), verdict, "{fields:?}");
        }
    }

    #[test]
    fn parts_are_only_of_the_file_that_the_client_knows() {
        let expected = [
            (None, true),
            (Some(TAG), true),
            (Some("W/\"67d001dd:0\""), false),
            (Some("\"other\""), false),
            (Some(THEN), true),
            (Some(BEFORE), false),
        ];
        for (if_range, allows) in expected {
            assert_eq!(validators().allows_parts(if_range), allows, "{if_range:?}");
        }
    }
}
