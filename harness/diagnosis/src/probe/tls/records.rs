//! The beginning of what a server sends in a handshake, read from its raw records (RFC 5246, 6.2 and 7; RFC 8446, 4.1.3).
//! The library's error text would not say which version the server named, nor tell an alert from a close.

/// What the records say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Records {
    /// The first bytes are no TLS record.
    pub(super) not_tls: bool,
    /// The version of the ServerHello, as on the wire.
    pub(super) server_version: Option<u16>,
    /// How long the message that carries the certificates is, header and all; before TLS 1.3 it comes in clear.
    pub(super) certificate_message: Option<u32>,
    /// How many bits the prime of its Diffie-Hellman group has (RFC 5246, 7.4.3); before TLS 1.3 it comes in clear.
    pub(super) dh_bits: Option<u32>,
    /// Whether the server asked for a certificate of the client; before TLS 1.3 that comes in clear.
    pub(super) asks_for_certificate: bool,
    /// The first fatal alert that came in clear.
    pub(super) fatal_alert: Option<u8>,
}

const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;
const FATAL: u8 = 2;
const SERVER_HELLO: u8 = 2;
const CERTIFICATE: u8 = 11;
const SERVER_KEY_EXCHANGE: u8 = 12;
const CERTIFICATE_REQUEST: u8 = 13;
/// `named_curve`: where the key exchange of elliptic curves begins with a type, that of DHE has the length of a prime, whose
/// first byte is smaller for any prime below 6144 bits (RFC 8422, 5.4).
const NAMED_CURVE: u8 = 3;
const SUPPORTED_VERSIONS: u16 = 0x002b;

impl Records {
    /// Reads records as far as they came.
    pub(super) fn of(bytes: &[u8]) -> Records {
        let mut seen = Records { not_tls: !begins_like_a_record(bytes), ..Records::default() };
        if seen.not_tls {
            return seen;
        }
        let mut handshake = Vec::new();
        let mut rest = bytes;
        while let Some((kind, payload, after)) = record(rest) {
            match (kind, payload) {
                (HANDSHAKE, _) => handshake.extend_from_slice(payload),
                (ALERT, [FATAL, code]) => {
                    seen.fatal_alert.get_or_insert(*code);
                }
                // What follows is encrypted.
                (CHANGE_CIPHER_SPEC, _) => break,
                _ => {}
            }
            rest = after;
        }
        seen.server_version = server_hello_version(&handshake);
        seen.certificate_message = certificate_message(&handshake);
        seen.dh_bits = dh_bits(&handshake);
        seen.asks_for_certificate = messages(&handshake).any(|(kind, ..)| kind == CERTIFICATE_REQUEST);
        seen
    }
}

/// How many sealed records a client's side of a handshake of TLS 1.3 has: its Finished, and before that a Certificate if it
/// was asked for one, be it empty (RFC 8446, 4.4.2). The library says nothing of the CertificateRequest, which is sealed too.
pub(super) fn sealed(mut sent: &[u8]) -> usize {
    let records = std::iter::from_fn(|| {
        let (kind, _, after) = record(sent)?;
        sent = after;
        Some(kind)
    });
    records.filter(|kind| *kind == APPLICATION_DATA).count()
}

/// A type from 20 to 24, then major version 3. Nothing at all is not evidence against TLS.
fn begins_like_a_record(bytes: &[u8]) -> bool {
    match bytes {
        [] => true,
        [kind] => (20..=24).contains(kind),
        [kind, major, ..] => (20..=24).contains(kind) && *major == 3,
    }
}

/// Type, payload (as far as it came) and what follows.
fn record(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let [kind, 3, _, high, low, rest @ ..] = bytes else { return None };
    let length = usize::from(u16::from_be_bytes([*high, *low])).min(rest.len());
    let (payload, after) = rest.split_at(length);
    Some((*kind, payload, after))
}

fn certificate_message(handshake: &[u8]) -> Option<u32> {
    messages(handshake).find(|(kind, ..)| *kind == CERTIFICATE).map(|(_, length, _)| 4 + length)
}

fn dh_bits(handshake: &[u8]) -> Option<u32> {
    let (.., exchange) = messages(handshake).find(|(kind, ..)| *kind == SERVER_KEY_EXCHANGE)?;
    let [high, low, rest @ ..] = exchange else { return None };
    let prime = rest.get(..usize::from(u16::from_be_bytes([*high, *low]))).filter(|_| *high < NAMED_CURVE)?;
    let begins = prime.iter().position(|byte| *byte != 0)?;
    let bits = 8 * (prime.len() - begins) - usize::try_from(prime[begins].leading_zeros()).ok()?;
    u32::try_from(bits).ok()
}

/// Kind, length, and the body as far as it came, of every message whose head came.
fn messages(mut handshake: &[u8]) -> impl Iterator<Item = (u8, u32, &[u8])> {
    std::iter::from_fn(move || {
        let [kind, a, b, c, body @ ..] = handshake else { return None };
        let length = u32::from_be_bytes([0, *a, *b, *c]);
        let end = usize::try_from(length).unwrap_or(usize::MAX).min(body.len());
        let (body, after) = body.split_at(end);
        handshake = after;
        Some((*kind, length, body))
    })
}

fn server_hello_version(handshake: &[u8]) -> Option<u16> {
    let [SERVER_HELLO, _, _, _, high, low, rest @ ..] = handshake else { return None };
    let legacy = u16::from_be_bytes([*high, *low]);
    Some(selected_version(rest).unwrap_or(legacy))
}

/// What the extension `supported_versions` selects; TLS 1.3 says its version only there.
fn selected_version(after_version: &[u8]) -> Option<u16> {
    let after_random = after_version.get(32..)?;
    let session_id = usize::from(*after_random.first()?);
    // Session id, suite, compression method, length of the extensions.
    let mut extensions = after_random.get(1 + session_id + 2 + 1 + 2..)?;
    loop {
        let [kind_high, kind_low, high, low, rest @ ..] = extensions else { return None };
        let body = rest.get(..usize::from(u16::from_be_bytes([*high, *low])))?;
        match (u16::from_be_bytes([*kind_high, *kind_low]), body) {
            (SUPPORTED_VERSIONS, [high, low]) => return Some(u16::from_be_bytes([*high, *low])),
            _ => extensions = &rest[body.len()..],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server_hello(version: u16, extensions: &[u8]) -> Vec<u8> {
        let mut body = version.to_be_bytes().to_vec();
        body.extend([7; 32]);
        body.extend([2, 1, 1]);
        body.extend([0x13, 0x01, 0]);
        if !extensions.is_empty() {
            body.extend(u16::try_from(extensions.len()).unwrap_or(0).to_be_bytes());
            body.extend(extensions);
        }
        let length = u8::try_from(body.len()).unwrap_or(0);
        [&[SERVER_HELLO, 0, 0, length][..], &body].concat()
    }

    fn record_of(kind: u8, payload: &[u8]) -> Vec<u8> {
        [&[kind, 3, 1, 0, u8::try_from(payload.len()).unwrap_or(0)][..], payload].concat()
    }

    fn check(bytes: &[u8], server_version: Option<u16>, fatal_alert: Option<u8>) {
        assert_eq!(Records::of(bytes), Records { server_version, fatal_alert, ..Records::default() });
    }

    #[test]
    fn a_server_hello_names_its_version() {
        check(&record_of(HANDSHAKE, &server_hello(0x0301, &[])), Some(0x0301), None);
    }

    #[test]
    fn tls_1_3_says_its_version_in_an_extension() {
        let extensions = [0, 0x33, 0, 1, 9, 0, 0x2b, 0, 2, 3, 4];
        check(&record_of(HANDSHAKE, &server_hello(0x0303, &extensions)), Some(0x0304), None);
    }

    #[test]
    fn a_server_hello_may_lie_in_two_records() {
        let hello = server_hello(0x0302, &[]);
        let bytes = [record_of(HANDSHAKE, &hello[..5]), record_of(HANDSHAKE, &hello[5..])].concat();
        check(&bytes, Some(0x0302), None);
    }

    #[test]
    fn the_length_of_the_certificates_is_read_before_they_have_come() {
        let flight = [server_hello(0x0303, &[]), vec![CERTIFICATE, 3, 0x0d, 0x40, 3, 0x0d, 0x3d]].concat();
        assert_eq!(Records::of(&record_of(HANDSHAKE, &flight)).certificate_message, Some(200_004));
        assert_eq!(Records::of(&record_of(HANDSHAKE, &flight[..flight.len() - 4])).certificate_message, None);
    }

    #[test]
    fn the_prime_of_a_group_is_measured_and_a_curve_is_none() {
        let bits = |exchange: &[u8]| {
            let length = u8::try_from(exchange.len()).unwrap_or(0);
            let flight = [&server_hello(0x0303, &[])[..], &[SERVER_KEY_EXCHANGE, 0, 0, length], exchange].concat();
            Records::of(&record_of(HANDSHAKE, &flight)).dh_bits
        };
        assert_eq!(bits(&[0, 2, 0x80, 1, 0, 1, 2]), Some(16));
        assert_eq!(bits(&[0, 3, 0, 0x1f, 1, 0, 1, 2]), Some(13));
        assert_eq!(bits(&[3, 0, 0x17, 65, 4]), None);
        assert_eq!(bits(&[0, 9, 0x80, 1]), None);
    }

    #[test]
    fn a_request_for_a_certificate_is_seen() {
        let asks = |flight: &[u8]| Records::of(&record_of(HANDSHAKE, flight)).asks_for_certificate;
        let hello = server_hello(0x0303, &[]);
        assert!(asks(&[&hello[..], &[CERTIFICATE, 0, 0, 1, 0, CERTIFICATE_REQUEST, 0, 0, 0]].concat()));
        assert!(!asks(&[&hello[..], &[CERTIFICATE, 0, 0, 1, CERTIFICATE_REQUEST]].concat()));
    }

    #[test]
    fn sealed_records_are_counted() {
        let hello = record_of(HANDSHAKE, &[1, 0, 0, 0]);
        let change = record_of(CHANGE_CIPHER_SPEC, &[1]);
        let sealed_one = record_of(APPLICATION_DATA, &[7; 60]);
        assert_eq!(sealed(&[&hello[..], &change, &sealed_one].concat()), 1);
        assert_eq!(sealed(&[&hello[..], &change, &sealed_one, &sealed_one].concat()), 2);
        assert_eq!(sealed(b"GET / HTTP/1.1"), 0);
    }

    #[test]
    fn a_fatal_alert_counts_and_a_warning_does_not() {
        check(&record_of(ALERT, &[2, 70]), None, Some(70));
        check(&[record_of(ALERT, &[1, 112]), record_of(ALERT, &[2, 40])].concat(), None, Some(40));
    }

    #[test]
    fn an_encrypted_alert_is_not_read() {
        let bytes = [record_of(CHANGE_CIPHER_SPEC, &[1]), record_of(ALERT, &[2, 40])].concat();
        check(&bytes, None, None);
    }

    #[test]
    fn http_is_not_tls_and_silence_is_not_evidence() {
        assert!(Records::of(b"HTTP/1.1 400 Bad Request").not_tls);
        assert!(!Records::of(b"").not_tls);
        assert!(!Records::of(&[22, 3]).not_tls);
    }

    #[test]
    fn no_prefix_of_a_flight_makes_it_stumble() {
        let extensions = [0, 0x2b, 0, 2, 3, 4];
        let hello = [server_hello(0x0303, &extensions), vec![CERTIFICATE, 0, 0, 1, 0]].concat();
        let flight = [record_of(HANDSHAKE, &hello), record_of(ALERT, &[2, 40])].concat();
        for end in 0..flight.len() {
            let _ = Records::of(&flight[..end]);
        }
    }
}
