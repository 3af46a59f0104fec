//! How far a clock is off, as a scenario file writes it: `+2h`, `-40d`.

use serde::{Deserialize, Serialize};

/// An offset of whole seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Offset {
    seconds: i64,
}

impl Offset {
    /// As a duration of the crate `time`.
    pub fn duration(self) -> time::Duration {
        time::Duration::seconds(self.seconds)
    }
}

impl TryFrom<String> for Offset {
    type Error = String;

    fn try_from(text: String) -> Result<Offset, String> {
        parse(&text)
            .map(|seconds| Offset { seconds })
            .ok_or_else(|| format!("`{text}` is no offset, expected a sign, a number and s, m, h or d, as `+2h`"))
    }
}

impl From<Offset> for String {
    fn from(offset: Offset) -> String {
        format!("{:+}s", offset.seconds)
    }
}

fn parse(text: &str) -> Option<i64> {
    let unit = match text.bytes().last()? {
        b's' => 1,
        b'm' => 60,
        b'h' => 3_600,
        b'd' => 86_400,
        _ => return None,
    };
    let number = &text[..text.len() - 1];
    let signed = number.starts_with(['+', '-']);
    let amount: i64 = number.parse().ok()?;
    // A thousand years either way: more is no clock, and the arithmetic on dates must not overflow.
    let seconds = amount.checked_mul(unit).filter(|seconds| seconds.abs() <= 1_000 * 366 * 86_400)?;
    signed.then_some(seconds)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    #[test]
    fn an_offset_has_a_sign_a_number_and_a_unit() {
        assert_eq!(parse("+2h"), Some(7_200));
        assert_eq!(parse("-40d"), Some(-3_456_000));
        for bad in ["", "h", "2h", "+h", "+2", "+2w", "+ 2h", "+9999999999999d", "+-2h"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_offset_survives_the_way_back() {
        let offset = Offset::try_from("-3m".to_owned()).unwrap();
        assert_eq!(Offset::try_from(String::from(offset)), Ok(offset));
    }
}
