//! Internationalized names in their form for the wire: `b\u{fc}cher` is `xn--bcher-kva` (RFC 3492, RFC 5890). No mapping beyond lower
//! case, which is all that a name out of a configuration needs.

/// The name with every label in ASCII; a label that cannot be written so stays as it is.
pub(super) fn to_ascii(name: &str) -> String {
    if name.is_ascii() {
        return name.to_owned();
    }
    let label = |label: &str| {
        let lower = label.to_lowercase();
        if lower.is_ascii() { lower } else { encode(&lower).map_or(lower, |encoded| format!("xn--{encoded}")) }
    };
    name.split('.').map(label).collect::<Vec<_>>().join(".")
}

/// Longer labels do not exist in DNS.
const LONGEST: usize = 63;
const BASE: u32 = 36;
const LEAST: u32 = 1;
const MOST: u32 = 26;

/// Punycode (RFC 3492, 6.3).
fn encode(label: &str) -> Option<String> {
    let points: Vec<u32> = label.chars().take(LONGEST + 1).map(u32::from).collect();
    let mut output: String = label.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(output.len()).ok()?;
    if 0 < basic {
        output.push('-');
    }
    let (mut next, mut delta, mut bias, mut handled) = (128u32, 0u32, 72u32, basic);
    while handled < u32::try_from(points.len()).ok()? {
        let least = points.iter().copied().filter(|point| next <= *point).min()?;
        delta = delta.checked_add((least - next).checked_mul(handled + 1)?)?;
        next = least;
        for point in &points {
            if *point < next {
                delta = delta.checked_add(1)?;
            }
            if *point == next {
                variable_length(delta, bias, &mut output)?;
                bias = adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled += 1;
            }
        }
        delta = delta.checked_add(1)?;
        next += 1;
    }
    (output.len() + 4 <= LONGEST).then_some(output)
}

fn variable_length(delta: u32, bias: u32, output: &mut String) -> Option<()> {
    let (mut rest, mut position) = (delta, BASE);
    loop {
        let threshold = position.saturating_sub(bias).clamp(LEAST, MOST);
        if rest < threshold {
            output.push(digit(rest)?);
            return Some(());
        }
        output.push(digit(threshold + (rest - threshold) % (BASE - threshold))?);
        rest = (rest - threshold) / (BASE - threshold);
        position += BASE;
    }
}

fn digit(value: u32) -> Option<char> {
    char::from_digit(if value < 26 { value + 10 } else { value - 26 }, 36)
}

fn adapt(delta: u32, handled: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / handled;
    let mut steps = 0;
    while (BASE - LEAST) * MOST / 2 < delta {
        delta /= BASE - LEAST;
        steps += BASE;
    }
    steps + (BASE - LEAST + 1) * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::to_ascii;

    #[test]
    fn names_are_written_as_on_the_wire() {
        for (name, expected) in [
            ("up.contoso.com", "up.contoso.com"),
            ("b\u{fc}cher.contoso.com", "xn--bcher-kva.contoso.com"),
            ("M\u{dc}NCHEN.example", "xn--mnchen-3ya.example"),
            (
                "\u{4ed6}\u{4eec}\u{4e3a}\u{4ec0}\u{4e48}\u{4e0d}\u{8bf4}\u{4e2d}\u{6587}",
                "xn--ihqwcrb4cv8a8dqg056pqjye",
            ),
        ] {
            assert_eq!(to_ascii(name), expected);
        }
    }

    #[test]
    fn what_no_label_can_be_stays_as_it_is() {
        let long = "\u{fc}".repeat(500);
        assert_eq!(to_ascii(&long), long);
    }
}
