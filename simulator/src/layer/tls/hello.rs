//! The ClientHello, as far as a fault or the journal wants to know it (RFC 8446 4.1.2, RFC 5246 7.4.1.2).

use crate::layer::tls::Heard;

/// SSL 3.0 on the wire.
pub(crate) const SSL_3_0: u16 = 0x0300;
/// TLS 1.0 on the wire.
pub(crate) const TLS_1_0: u16 = 0x0301;
/// TLS 1.2 on the wire.
pub(crate) const TLS_1_2: u16 = 0x0303;

const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
const SERVER_NAME: u16 = 0;
const SUPPORTED_VERSIONS: u16 = 43;

/// A ClientHello.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ClientHello {
    /// What the client brings to the keys.
    pub(crate) random: [u8; 32],
    /// The name that was asked for.
    pub(crate) server_name: Option<String>,
    /// The highest version before TLS 1.3.
    pub(crate) legacy_version: u16,
    /// The versions by name; clients without TLS 1.3 do not send them.
    pub(crate) supported_versions: Option<Vec<u16>>,
    /// Cipher suites, in the client's order.
    pub(crate) suites: Vec<u16>,
}

/// The ClientHello that begins these bytes; `None` while it has not ended.
pub(crate) fn read(bytes: &[u8]) -> Option<Heard> {
    let mut message = Vec::new();
    let mut rest = bytes;
    loop {
        match rest {
            [HANDSHAKE, 3, _, high, low, after @ ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                message.extend_from_slice(&after[..length.min(after.len())]);
                rest = after.get(length..).unwrap_or_default();
            }
            // The beginning of a record header, or nothing yet.
            [] | [HANDSHAKE] | [HANDSHAKE, 3, ..] => return finished(&message),
            _ => return finished(&message).or(Some(Heard::NotTls)),
        }
    }
}

fn finished(message: &[u8]) -> Option<Heard> {
    match message {
        [CLIENT_HELLO, a, b, c, body @ ..] => {
            let body = body.get(..u32::from_be_bytes([0, *a, *b, *c]) as usize)?;
            Some(ClientHello::parse(body).map_or(Heard::NotTls, Heard::Hello))
        }
        [] | [CLIENT_HELLO, ..] => None,
        _ => Some(Heard::NotTls),
    }
}

impl ClientHello {
    /// Whether the client speaks a version before TLS 1.3, or that one by name.
    pub(crate) fn offers(&self, version: u16) -> bool {
        match &self.supported_versions {
            Some(named) => named.contains(&version),
            None => version <= self.legacy_version,
        }
    }

    fn parse(body: &[u8]) -> Option<ClientHello> {
        let mut body = Reader(body);
        let legacy_version = body.u16()?;
        let random = body.take(32)?.try_into().ok()?;
        body.short_list()?;
        let suites = body.long_list()?.chunks_exact(2).map(|suite| u16::from_be_bytes([suite[0], suite[1]])).collect();
        body.short_list()?;
        let mut hello = ClientHello { random, legacy_version, suites, ..ClientHello::default() };
        // A ClientHello of TLS 1.0 may end here.
        let mut extensions = Reader(body.long_list().unwrap_or_default());
        while let (Some(kind), Some(content)) = (extensions.u16(), extensions.long_list()) {
            hello.learn(kind, content);
        }
        Some(hello)
    }

    fn learn(&mut self, kind: u16, content: &[u8]) {
        let mut content = Reader(content);
        match kind {
            SERVER_NAME => self.server_name = content.long_list().and_then(host_name),
            SUPPORTED_VERSIONS => {
                let versions = content.short_list().unwrap_or_default().chunks_exact(2);
                self.supported_versions = Some(versions.map(|v| u16::from_be_bytes([v[0], v[1]])).collect());
            }
            _ => {}
        }
    }
}

/// The host name of a list of server names (RFC 6066, 3), in lower case.
fn host_name(list: &[u8]) -> Option<String> {
    let mut list = Reader(list);
    let kind = list.take(1)?;
    let name = list.long_list()?;
    (kind == [0]).then(|| String::from_utf8_lossy(name).to_ascii_lowercase())
}

/// Reads from the front; `None` where there is not enough.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2).map(|bytes| u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    /// A list whose length stands in one byte.
    fn short_list(&mut self) -> Option<&'a [u8]> {
        let length = self.take(1)?[0];
        self.take(usize::from(length))
    }

    /// A list whose length stands in two bytes.
    fn long_list(&mut self) -> Option<&'a [u8]> {
        let length = self.u16()?;
        self.take(usize::from(length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_yet_is_no_verdict() {
        check(&[], "wait");
        check(&[22, 3], "wait");
    }

    #[test]
    fn http_is_not_tls() {
        check(b"G", "not TLS");
    }

    #[test]
    fn another_handshake_message_is_not_a_client_hello() {
        check(&[22, 3, 1, 0, 1, 2], "not TLS");
    }

    #[test]
    fn a_hello_in_two_records_is_put_together() {
        let body = hello();
        let message = [&[1, 0, 0, u8::try_from(body.len()).unwrap_or(0)], &body[..]].concat();
        let (first, second) = message.split_at(20);
        let bytes = [record(first), record(second)].concat();
        check(&bytes[..bytes.len() - 1], "wait");
        check(&bytes, "hello wsus01 0303 [0304, 0303] [002f]");
    }

    #[test]
    fn a_hello_that_contradicts_its_lengths_is_not_tls() {
        check(&record(&[1, 0, 0, 2, 3, 3]), "not TLS");
    }

    fn check(bytes: &[u8], expected: &str) {
        let said = match read(bytes) {
            None => "wait".to_owned(),
            Some(Heard::NotTls) => "not TLS".to_owned(),
            Some(Heard::Hello(hello)) => format!(
                "hello {} {:04x} {} {}",
                hello.server_name.unwrap_or_default(),
                hello.legacy_version,
                hexadecimal(&hello.supported_versions.unwrap_or_default()),
                hexadecimal(&hello.suites)
            ),
        };
        assert_eq!(said, expected);
    }

    fn hexadecimal(numbers: &[u16]) -> String {
        format!("[{}]", numbers.iter().map(|number| format!("{number:04x}")).collect::<Vec<_>>().join(", "))
    }

    fn record(content: &[u8]) -> Vec<u8> {
        [&[22, 3, 1, 0, u8::try_from(content.len()).unwrap_or(0)], content].concat()
    }

    fn hello() -> Vec<u8> {
        let extensions: &[&[u8]] = &[&[0, 0, 0, 11, 0, 9, 0, 0, 6], b"WSUS01", &[0, 43, 0, 5, 4, 3, 4, 3, 3]];
        let extensions = extensions.concat();
        let length = u8::try_from(extensions.len()).unwrap_or(0);
        [&[3, 3][..], &[7; 32], &[0], &[0, 2, 0, 0x2f], &[1, 0], &[0, length], &extensions].concat()
    }
}
