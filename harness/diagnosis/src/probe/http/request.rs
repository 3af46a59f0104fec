//! Requests, byte by byte as .NET Framework's SOAP client writes them.

/// The user agent of .NET Framework's SOAP client on Windows Server 2016 and later.
const USER_AGENT: &str = "Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.42000)";

/// A request.
#[derive(Debug)]
pub(crate) struct Request {
    method: &'static str,
    target: String,
    fields: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Request {
    /// A SOAP 1.1 call, with its fields in the order of `HttpWebRequest`.
    pub(crate) fn soap(target: String, host: String, action: &str, body: Vec<u8>) -> Request {
        let fields = vec![
            ("User-Agent", USER_AGENT.to_owned()),
            ("Accept-Encoding", "xpress".to_owned()),
            ("Content-Type", "text/xml; charset=utf-8".to_owned()),
            ("SOAPAction", format!("\"{action}\"")),
            ("Host", host),
            ("Content-Length", body.len().to_string()),
            ("Expect", "100-continue".to_owned()),
        ];
        Request { method: "POST", target, fields, body }
    }

    /// A GET.
    pub(crate) fn get(target: String, host: String) -> Request {
        let fields = vec![("User-Agent", USER_AGENT.to_owned()), ("Host", host)];
        Request { method: "GET", target, fields, body: Vec::new() }
    }

    /// A request for a file as BITS of Windows Server 2016 and later writes it.
    pub(crate) fn file(method: &'static str, target: String, host: String) -> Request {
        let fields = vec![
            ("Accept", "*/*".to_owned()),
            ("Accept-Encoding", "identity".to_owned()),
            ("User-Agent", "Microsoft BITS/7.8".to_owned()),
            ("Host", host),
        ];
        Request { method, target, fields, body: Vec::new() }
    }

    /// A request for a tunnel (RFC 9110, 9.3.6).
    pub(crate) fn connect(target: &str) -> Request {
        let fields = vec![("User-Agent", USER_AGENT.to_owned()), ("Host", target.to_owned())];
        Request { method: "CONNECT", target: target.to_owned(), fields, body: Vec::new() }
    }

    /// Adds a field at the end.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Request {
        self.fields.push((name, value.into()));
        self
    }

    pub(crate) fn method(&self) -> &'static str {
        self.method
    }

    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    pub(super) fn expects_continue(&self) -> bool {
        self.fields.iter().any(|(name, _)| *name == "Expect")
    }

    pub(super) fn head(&self) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, in_one_word(&self.target));
        for (name, value) in &self.fields {
            head.push_str(&format!("{name}: {}\r\n", in_one_line(value)));
        }
        head.push_str("\r\n");
        head.into_bytes()
    }
}

/// Part of a target comes from the upstream (`ServiceUrl`), and what a URL cannot carry must not end our first line.
fn in_one_word(target: &str) -> String {
    let escaped = target
        .bytes()
        .map(|byte| if byte.is_ascii_graphic() { char::from(byte).to_string() } else { format!("%{byte:02X}") });
    escaped.collect()
}

fn in_one_line(value: &str) -> String {
    value.replace(char::is_control, "")
}

/// Host and port as in a URL; the port left out where it is the scheme's own.
pub(crate) fn authority(host: &str, port: u16, default_port: Option<u16>) -> String {
    let host = if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.to_owned() };
    if Some(port) == default_port { host } else { format!("{host}:{port}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_looks_like_one_of_net_framework() {
        let request = Request::soap("/a.asmx".to_owned(), "up:8530".to_owned(), "urn:x/Op", b"<x/>".to_vec())
            .with("Connection", "Keep-Alive");
        let expected = "POST /a.asmx HTTP/1.1\r\n\
            User-Agent: Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.42000)\r\n\
            Accept-Encoding: xpress\r\n\
            Content-Type: text/xml; charset=utf-8\r\n\
            SOAPAction: \"urn:x/Op\"\r\n\
            Host: up:8530\r\n\
            Content-Length: 4\r\n\
            Expect: 100-continue\r\n\
            Connection: Keep-Alive\r\n\r\n";
        assert_eq!(String::from_utf8_lossy(&request.head()), expected);
    }

    #[test]
    fn nothing_from_outside_ends_a_line() {
        let request = Request::get("/a b\r\nX: y".to_owned(), "up\r\nX: y".to_owned());
        let head = String::from_utf8_lossy(&request.head()).into_owned();
        assert!(head.starts_with("GET /a%20b%0D%0AX:%20y HTTP/1.1\r\n"), "{head}");
        assert!(head.ends_with("\r\nHost: upX: y\r\n\r\n"), "{head}");
    }

    #[test]
    fn an_authority_leaves_the_usual_port_out_and_puts_brackets_around_ipv6() {
        assert_eq!(authority("sws.update.microsoft.com", 443, Some(443)), "sws.update.microsoft.com");
        assert_eq!(authority("up", 8531, Some(443)), "up:8531");
        assert_eq!(authority("fd00::1", 443, None), "[fd00::1]:443");
    }
}
