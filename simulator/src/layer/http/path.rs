//! Paths as HTTP.SYS hands them on: without percent-encoding.

/// The path without percent-encoding; what is no encoding stays as it is.
pub(crate) fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, after @ ..] = rest {
        match (first, after) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                bytes.push(digit(*high) << 4 | digit(*low));
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn digit(hexadecimal: u8) -> u8 {
    match hexadecimal {
        b'0'..=b'9' => hexadecimal - b'0',
        b'a'..=b'f' => hexadecimal - b'a' + 10,
        _ => hexadecimal.to_ascii_uppercase() - b'A' + 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_encoding_is_undone_and_nothing_else() {
        assert_eq!(decoded("/Content/%41%2e%zz%"), "/Content/A.%zz%");
    }
}
