//! The `xn--` form of an internationalized label, read back (RFC 3492). Only for a certificate that carries the wrong form.

const PREFIX: &str = "xn--";

/// The name with every `xn--` label in Unicode; `None` when it has no such label, or one that cannot be read.
pub(crate) fn in_unicode(name: &str) -> Option<String> {
    let labels: Option<Vec<String>> = name
        .split('.')
        .map(|label| match label.strip_prefix(PREFIX) {
            Some(encoded) => decoded(encoded),
            None => Some(label.to_owned()),
        })
        .collect();
    labels.map(|labels| labels.join(".")).filter(|unicode| unicode != name)
}

/// RFC 3492, 6.2, with the parameters of section 5.
fn decoded(encoded: &str) -> Option<String> {
    let (basic, deltas) = encoded.rsplit_once('-').unwrap_or(("", encoded));
    let mut output: Vec<char> = basic.chars().collect();
    let (mut code, mut place, mut bias) = (128_usize, 0_usize, 72_usize);
    let mut digits = deltas.bytes();
    while digits.len() > 0 {
        let before = place;
        let (mut weight, mut threshold_at) = (1_usize, 36_usize);
        loop {
            let digit = digit(digits.next()?)?;
            place = place.checked_add(digit.checked_mul(weight)?)?;
            let threshold = threshold_at.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
            threshold_at += 36;
        }
        let length = output.len() + 1;
        bias = adapted(place - before, length, before == 0);
        code = code.checked_add(place / length)?;
        place %= length;
        output.insert(place, char::from_u32(u32::try_from(code).ok()?)?);
        place += 1;
    }
    Some(output.into_iter().collect())
}

fn digit(byte: u8) -> Option<usize> {
    match byte {
        b'a'..=b'z' => Some(usize::from(byte - b'a')),
        b'A'..=b'Z' => Some(usize::from(byte - b'A')),
        b'0'..=b'9' => Some(usize::from(byte - b'0') + 26),
        _ => None,
    }
}

fn adapted(delta: usize, length: usize, first: bool) -> usize {
    let delta = if first { delta / 700 } else { delta / 2 };
    let (mut delta, mut bias) = (delta + delta / length, 0);
    while 455 < delta {
        delta /= 35;
        bias += 36;
    }
    bias + 36 * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_back_from_its_encoded_form() {
        for (encoded, unicode) in [
            ("xn--bcher-kva.corp.example", Some("bücher.corp.example")),
            ("wsus.xn--mnchen-3ya.example", Some("wsus.münchen.example")),
            ("xn--fiqs8s.example", Some("中国.example")),
            // RFC 3492, 7.1 (L).
            ("xn--3B-ww4c5e180e575a65lsy2b.example", Some("3年B組金八先生.example")),
            ("wsus.corp.example", None),
            ("xn--!.example", None),
            ("xn--99999999999999.example", None),
        ] {
            assert_eq!(in_unicode(encoded).as_deref(), unicode, "{encoded}");
        }
    }
}
