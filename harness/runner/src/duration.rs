//! Durations on the command line: `500ms`, `30s`, `10m`, `2h`.

use std::time::Duration;

/// Reads one.
///
/// # Errors
///
/// When it is none; the message says what was expected.
pub fn parse(text: &str) -> Result<Duration, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let milliseconds: u64 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => 0,
    };
    let duration = number.parse::<u64>().ok().and_then(|number| number.checked_mul(milliseconds));
    // A year is longer than anybody waits, and the arithmetic on clocks must not overflow.
    duration
        .filter(|duration| (1..=365 * 24 * 3_600_000).contains(duration))
        .map(Duration::from_millis)
        .ok_or_else(|| "expected a number and ms, s, m or h, as 30s".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_a_number_and_a_unit() {
        for (text, wanted) in [("500ms", 500), ("30s", 30_000), ("10m", 600_000), ("2h", 7_200_000)] {
            assert_eq!(parse(text), Ok(Duration::from_millis(wanted)), "{text}");
        }
        for bad in ["", "30", "s", "0s", "-1s", "1.5s", "30 s", "99999999999999999999s", "999999999h", "1d"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
