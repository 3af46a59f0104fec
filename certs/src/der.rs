//! As much of DER as is needed to write what the certificate library will not, and to find one's way in what it wrote.

/// SEQUENCE.
pub(crate) const SEQUENCE: u8 = 0x30;
/// OBJECT IDENTIFIER.
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
/// The dNSName of a GeneralName (RFC 5280, 4.2.1.6).
pub(crate) const DNS_NAME: u8 = 0x82;
/// The uniformResourceIdentifier of a GeneralName.
pub(crate) const URI: u8 = 0x86;

/// A value with its tag and length in front.
pub(crate) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let length = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    let mut der = vec![tag];
    match content.len() {
        0 => der.push(0),
        1..=0x7f => der.extend(length),
        _ => {
            der.push(0x80 | u8::try_from(length.len()).expect("invariant: a length has at most eight bytes"));
            der.extend(length);
        }
    }
    der.extend(content);
    der
}

/// Where a value stands among the bytes around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// Where its content begins.
    pub(crate) content: usize,
    /// Where it ends, and the next one begins.
    pub(crate) end: usize,
}

/// The value that begins here.
pub(crate) fn span(der: &[u8], start: usize) -> Option<Span> {
    let first = usize::from(*der.get(start + 1)?);
    let (content, length) = if first < 0x80 {
        (start + 2, first)
    } else {
        let content = start + 2 + (first & 0x7f);
        (content, der.get(start + 2..content)?.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)))
    };
    let end = content.checked_add(length)?;
    (end <= der.len()).then_some(Span { content, end })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_as_it_was_written() {
        for (length, header) in [(0, 2), (1, 2), (0x7f, 2), (0x80, 3), (0xff, 3), (0x100, 4), (0x1_0000, 5)] {
            let der = value(SEQUENCE, &vec![7; length]);
            assert_eq!(span(&der, 0), Some(Span { content: header, end: header + length }), "{length}");
            assert_eq!(span(&der[..der.len() - 1], 0), None, "{length}");
        }
    }
}
