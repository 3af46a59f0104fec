//! Anchors ([MS-WSUSSS] 3.1.4.4): where a downstream server stands. The time decides; the counter in front of it does not.

use std::fmt;

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

use super::Personality;
use super::fault::SoapFault;

/// An anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// WSUS counts deployments in front of the time; Microsoft Update does not.
    pub counter: Option<u32>,
    /// The time, to the millisecond.
    pub time: OffsetDateTime,
}

impl Anchor {
    /// The anchor that a server of this kind gives at this time, as long as no deployment was made or removed.
    pub fn at(time: OffsetDateTime, personality: Personality) -> Anchor {
        Anchor::counted(1, time, personality)
    }

    /// The anchor that a server of this kind gives at this time; the counter rises with each deployment made or removed.
    pub fn counted(counter: u32, time: OffsetDateTime, personality: Personality) -> Anchor {
        let counter = match personality {
            Personality::Asmx => Some(counter),
            Personality::Wcf => None,
        };
        Anchor { counter, time: time.replace_millisecond(time.millisecond()).unwrap_or(time) }
    }

    /// The time of the anchor that a request carries as `parameter`: none where it is absent or empty.
    pub(crate) fn since(text: Option<&str>, parameter: &str) -> Result<Option<OffsetDateTime>, SoapFault> {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
        let anchor = Anchor::parse(text).ok_or_else(|| SoapFault::invalid_parameter(parameter))?;
        Ok(Some(anchor.time))
    }

    /// Reads an anchor of either kind; `None` when it is none.
    pub fn parse(text: &str) -> Option<Anchor> {
        const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
        const TIME: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]:[second].[subsecond]");
        let (counter, moment) = match text.split_once(',') {
            Some((counter, moment)) => (Some(counter.trim().parse().ok()?), moment.trim()),
            None => (None, text.trim()),
        };
        let (date, clock) = moment.split_once(' ')?;
        let time = PrimitiveDateTime::new(Date::parse(date, DATE).ok()?, Time::parse(clock, TIME).ok()?);
        Some(Anchor { counter, time: time.assume_utc() })
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(counter) = self.counter {
            write!(f, "{counter},")?;
        }
        let (date, clock) = (self.time.date(), self.time.time());
        write!(f, "{:04}-{:02}-{:02} ", date.year(), u8::from(date.month()), date.day())?;
        write!(f, "{:02}:{:02}:{:02}.{:03}", clock.hour(), clock.minute(), clock.second(), clock.millisecond())
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn each_kind_writes_its_own_syntax_and_both_are_read_back() {
        let time = datetime!(2026-10-04 16:33:26.670 UTC);
        for (personality, text) in
            [(Personality::Asmx, "1,2026-10-04 16:33:26.670"), (Personality::Wcf, "2026-10-04 16:33:26.670")]
        {
            let anchor = Anchor::at(time, personality);
            assert_eq!(anchor.to_string(), text);
            assert_eq!(Anchor::parse(text), Some(anchor));
        }
    }

    #[test]
    fn the_counter_of_another_server_is_read() {
        let anchor = Anchor::parse("9438,2026-10-04 16:33:26.670");
        assert_eq!(anchor.and_then(|anchor| anchor.counter), Some(9438));
    }

    #[test]
    fn what_is_no_anchor_is_refused() {
        for text in
            ["garbage", "1,", "1", "x,2026-10-04 16:33:26.670", "2026-10-04", "2026-13-04 16:33:26.670", ",", " "]
        {
            assert_eq!(Anchor::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_anchor_keeps_milliseconds_only() {
        assert_eq!(
            Anchor::at(datetime!(2026-10-04 16:33:26.6709 UTC), Personality::Wcf).time,
            datetime!(2026-10-04 16:33:26.670 UTC)
        );
    }
}
