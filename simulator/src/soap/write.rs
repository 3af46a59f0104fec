//! Writing an answer: elements straight into a sink, without a tree in between.

use std::fmt::{self, Display, Write as _};
use std::sync::Arc;

use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::body::Stream;
use crate::soap::Personality;

/// Where an answer goes.
pub(crate) trait Sink {
    /// Takes the next piece.
    fn put(&mut self, text: &str);

    /// Takes text that others share; a sink may keep it as it is.
    fn put_shared(&mut self, text: &Bytes);

    /// Takes what is made piece by piece, or keeps its place.
    fn put_stream(&mut self, stream: &Arc<dyn Stream>);
}

impl Sink for Vec<u8> {
    fn put(&mut self, text: &str) {
        self.extend_from_slice(text.as_bytes());
    }

    fn put_shared(&mut self, text: &Bytes) {
        self.extend_from_slice(text);
    }

    fn put_stream(&mut self, stream: &Arc<dyn Stream>) {
        stream.pieces().for_each(|piece| self.extend_from_slice(&piece));
    }
}

/// Writes elements in the manner of one implementation.
#[derive(Debug)]
pub(crate) struct Writer<'s, S: Sink> {
    sink: &'s mut S,
    /// Who writes; a few elements differ.
    pub(crate) personality: Personality,
}

impl<'s, S: Sink> Writer<'s, S> {
    /// A writer into this sink.
    pub(crate) fn new(sink: &'s mut S, personality: Personality) -> Writer<'s, S> {
        Writer { sink, personality }
    }

    /// Markup, as it is.
    pub(crate) fn raw(&mut self, markup: &str) {
        self.sink.put(markup);
    }

    /// Markup that others share.
    pub(crate) fn shared(&mut self, markup: &Bytes) {
        self.sink.put_shared(markup);
    }

    /// An element around others.
    pub(crate) fn wrap(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.open(name);
        inside(self);
        self.close(name);
    }

    /// An element around the items of an array; an empty tag when there are none.
    pub(crate) fn array<T>(&mut self, name: &str, items: &[T], each: impl Fn(&mut Self, &T)) {
        if items.is_empty() {
            return self.empty(name);
        }
        self.wrap(name, |writer| items.iter().for_each(|item| each(writer, item)));
    }

    /// An element around items that are made piece by piece; an empty tag when there are none.
    pub(crate) fn stream(&mut self, name: &str, items: &Arc<dyn Stream>) {
        if items.pieces().next().is_none() {
            return self.empty(name);
        }
        self.wrap(name, |writer| writer.sink.put_stream(items));
    }

    /// An element around text; an empty tag when there is none.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        if text.is_empty() {
            return self.empty(name);
        }
        self.open(name);
        self.escaped(text);
        self.close(name);
    }

    /// An element around a value whose text needs no escaping.
    pub(crate) fn value(&mut self, name: &str, value: impl Display) {
        self.open(name);
        // A sink takes everything.
        let _ = write!(Plain(self.sink), "{value}");
        self.close(name);
    }

    /// An `xs:dateTime`.
    pub(crate) fn date_time(&mut self, name: &str, time: OffsetDateTime) {
        self.value(name, DateTime(time));
    }

    /// An `xs:dateTime` without a zone, as the protocol has it in a few places.
    pub(crate) fn local_date_time(&mut self, name: &str, time: PrimitiveDateTime) {
        self.value(name, Unzoned(time));
    }

    /// An element that has attributes and nothing in it.
    pub(crate) fn attributed(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.sink.put("<");
        self.sink.put(name);
        for (name, value) in attributes {
            self.sink.put(" ");
            self.sink.put(name);
            self.sink.put("=\"");
            self.sink.put(&quick_xml::escape::escape(*value));
            self.sink.put("\"");
        }
        self.sink.put(self.end_of_empty());
    }

    /// An `xs:base64Binary`.
    pub(crate) fn bytes(&mut self, name: &str, bytes: &[u8]) {
        self.value(name, Base64Display::new(bytes, &STANDARD));
    }

    /// An element with nothing in it.
    pub(crate) fn empty(&mut self, name: &str) {
        self.sink.put("<");
        self.sink.put(name);
        self.sink.put(self.end_of_empty());
    }

    const fn end_of_empty(&self) -> &'static str {
        match self.personality {
            Personality::Asmx => " />",
            Personality::Wcf => "/>",
        }
    }

    /// Text between tags.
    pub(crate) fn escaped(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find(['&', '<', '>', '\r']) {
            self.sink.put(&rest[..at]);
            self.sink.put(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                // A bare one would come out as a line feed at the reader.
                _ => "&#xD;",
            });
            rest = &rest[at + 1..];
        }
        self.sink.put(rest);
    }

    fn open(&mut self, name: &str) {
        self.sink.put("<");
        self.sink.put(name);
        self.sink.put(">");
    }

    fn close(&mut self, name: &str) {
        self.sink.put("</");
        self.sink.put(name);
        self.sink.put(">");
    }
}

struct Plain<'s, S>(&'s mut S);

impl<S: Sink> fmt::Write for Plain<'_, S> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.put(text);
        Ok(())
    }
}

/// UTC.
struct DateTime(OffsetDateTime);

impl Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utc = self.0.to_offset(time::UtcOffset::UTC);
        write!(f, "{}Z", Unzoned(PrimitiveDateTime::new(utc.date(), utc.time())))
    }
}

/// Up to seven fractional digits, zeros at their end cut off.
struct Unzoned(PrimitiveDateTime);

impl Display for Unzoned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, clock) = (self.0.date(), self.0.time());
        write!(f, "{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())?;
        write!(f, "T{:02}:{:02}:{:02}", clock.hour(), clock.minute(), clock.second())?;
        let ticks = clock.nanosecond() / 100;
        if ticks == 0 {
            return Ok(());
        }
        let digits = format!("{ticks:07}");
        write!(f, ".{}", digits.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn written(personality: Personality, write: impl Fn(&mut Writer<'_, Vec<u8>>)) -> String {
        let mut sink = Vec::new();
        write(&mut Writer::new(&mut sink, personality));
        String::from_utf8_lossy(&sink).into_owned()
    }

    #[test]
    fn text_is_escaped_and_survives_its_reader() {
        let text = written(Personality::Asmx, |writer| writer.text("a", "<b c=\"1\">&\r\n"));
        assert_eq!(text, "<a>&lt;b c=\"1\"&gt;&amp;&#xD;\n</a>");
    }

    #[test]
    fn an_empty_element_is_written_as_each_framework_does() {
        assert_eq!(written(Personality::Asmx, |writer| writer.text("a", "")), "<a />");
        assert_eq!(written(Personality::Wcf, |writer| writer.array::<u8>("a", &[], |_, _| ())), "<a/>");
    }

    #[test]
    fn times_carry_no_trailing_zeros() {
        let date = |time| written(Personality::Asmx, |writer| writer.date_time("a", time));
        assert_eq!(date(datetime!(2026-10-04 20:33:26.65455 UTC)), "<a>2026-10-04T20:33:26.65455Z</a>");
        assert_eq!(date(datetime!(2026-10-04 20:33:26 +2)), "<a>2026-10-04T18:33:26Z</a>");
        assert_eq!(date(datetime!(2026-10-04 20:33:26.000000099 UTC)), "<a>2026-10-04T20:33:26Z</a>");
    }
}
