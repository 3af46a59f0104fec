//! What the proxy says itself: the pages and header fields that administrators know from squid, marked as this lab's.

use std::io::{self, ErrorKind};

use time::OffsetDateTime;
use time::macros::format_description;

use super::reach::NoWay;

/// The value of Server, and what Via calls the software.
pub(super) const SOFTWARE: &str = "squid/5.7 (wsuslab)";

/// An answer that the proxy makes up itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Page {
    pub(super) status: u16,
    reason: &'static str,
    /// Value of X-Squid-Error: squid's name for the page, and the number of the system error behind it.
    error: String,
    /// Proxy-Authenticate, for a 407.
    challenge: Option<String>,
    text: String,
}

impl Page {
    fn new(status: u16, reason: &'static str, error: &str, text: impl Into<String>) -> Page {
        Page { status, reason, error: error.to_owned(), challenge: None, text: text.into() }
    }

    pub(super) fn authentication_required(challenge: String) -> Page {
        let text = "Cache Access Denied. You are not allowed to request this until you have authenticated yourself.";
        let error = "ERR_CACHE_ACCESS_DENIED 0";
        Page { challenge: Some(challenge), ..Page::new(407, "Proxy Authentication Required", error, text) }
    }

    pub(super) fn not_http() -> Page {
        Page::new(400, "Bad Request", "ERR_INVALID_REQ 0", "Invalid Request: this is a proxy for HTTP.")
    }

    pub(super) fn malformed_target() -> Page {
        Page::new(400, "Bad Request", "ERR_INVALID_URL 0", "Invalid URL.")
    }

    pub(super) fn origin_form() -> Page {
        let text = "Invalid URL: this is a proxy and no web server. Ask it by CONNECT or with an absolute URL.";
        Page::new(400, "Bad Request", "ERR_INVALID_URL 0", text)
    }

    pub(super) fn other_scheme() -> Page {
        let text = "Unsupported Request Method and Protocol: for anything but http ask by CONNECT.";
        Page::new(501, "Not Implemented", "ERR_UNSUP_REQ 0", text)
    }

    pub(super) fn head_too_large() -> Page {
        let text = "Request header is too large.";
        Page::new(431, "Request Header Fields Too Large", "ERR_TOO_BIG 0", text)
    }

    pub(super) fn too_slow() -> Page {
        Page::new(408, "Request Timeout", "ERR_REQUEST_TIMEOUT 0", "The request did not arrive in time.")
    }

    /// No connection to the target `host`.
    pub(super) fn no_way(no_way: &NoWay, host: &str) -> Page {
        let unavailable = |error: &str, text: String| Page::new(503, "Service Unavailable", error, text);
        match no_way {
            NoWay::Denied => {
                Page::new(403, "Forbidden", "ERR_ACCESS_DENIED 0", "Access Denied by a rule of this proxy.")
            }
            NoWay::Outside => {
                let text = format!(
                    "Access Denied. This proxy belongs to a wsuslab world and is no open relay: it forwards to the hosts of \
                     its world only. Name {host} in allow-outside to make it forward there.",
                );
                Page::new(403, "Forbidden", "ERR_ACCESS_DENIED 0", text)
            }
            NoWay::NameNotFound => unavailable(
                "ERR_DNS_FAIL 0",
                format!("Unable to determine IP address from host name {host}: Name Error."),
            ),
            NoWay::Unanswered => {
                unavailable("ERR_CONNECT_FAIL 110", format!("Connection to {host} failed: (110) Connection timed out."))
            }
            NoWay::Failed(error) => {
                let number = number(error);
                let text = format!("Connection to {host} failed: ({number}) {error}.");
                unavailable(&format!("ERR_CONNECT_FAIL {number}"), text)
            }
            NoWay::Insecure(why) => unavailable(
                "ERR_SECURE_CONNECT_FAIL 71",
                format!("Failed to establish a secure connection to {host}: (71) Protocol error: {why}."),
            ),
        }
    }

    pub(super) fn no_answer() -> Page {
        Page::new(502, "Bad Gateway", "ERR_ZERO_SIZE_OBJECT 0", "The server closed the connection without an answer.")
    }

    pub(super) fn not_an_answer() -> Page {
        Page::new(502, "Bad Gateway", "ERR_INVALID_RESP 0", "The server answered with bytes that are not HTTP.")
    }

    pub(super) fn answer_unread(kind: ErrorKind) -> Page {
        let number = number(&kind.into());
        Page::new(502, "Bad Gateway", &format!("ERR_READ_ERROR {number}"), "The connection to the server failed.")
    }

    pub(super) fn answer_too_late() -> Page {
        Page::new(504, "Gateway Timeout", "ERR_READ_TIMEOUT 0", "The server did not answer in time.")
    }

    /// The bytes on the wire. A client that asked by HEAD gets no body.
    pub(super) fn bytes(&self, proxy: &str, wanted: &str, keep: bool, head_only: bool) -> Vec<u8> {
        let Page { status, reason, error, .. } = self;
        let body = self.html(proxy, wanted);
        let date = http_date(OffsetDateTime::now_utc());
        let challenge = match &self.challenge {
            Some(challenge) => format!("Proxy-Authenticate: {challenge}\r\n"),
            None => String::new(),
        };
        let connection = if keep { "keep-alive" } else { "close" };
        let mut bytes = format!(
            "HTTP/1.1 {status} {reason}\r\nServer: {SOFTWARE}\r\nMime-Version: 1.0\r\nDate: {date}\r\n\
             Content-Type: text/html;charset=utf-8\r\nContent-Length: {}\r\nX-Squid-Error: {error}\r\n{challenge}\
             Via: 1.1 {proxy} ({SOFTWARE_IN_VIA})\r\nConnection: {connection}\r\n\r\n",
            body.len(),
        )
        .into_bytes();
        if !head_only {
            bytes.extend_from_slice(body.as_bytes());
        }
        bytes
    }

    fn html(&self, proxy: &str, wanted: &str) -> String {
        format!(
            "<!DOCTYPE html>\n<html><head><title>ERROR: The requested URL could not be retrieved</title></head>\n\
             <body id=\"{}\">\n<h1>ERROR</h1>\n<h2>The requested URL could not be retrieved</h2>\n\
             <p>While trying to retrieve {}:</p>\n<blockquote><p><b>{}</b></p></blockquote>\n\
             <p>Generated by {} ({SOFTWARE_IN_VIA})</p>\n</body></html>\n",
            self.error.split(' ').next().unwrap_or_default(),
            escaped(wanted),
            escaped(&self.text),
            escaped(proxy),
        )
    }
}

/// A comment within a comment would have to be escaped.
const SOFTWARE_IN_VIA: &str = "squid/5.7 wsuslab";

/// The value of Via that a message gets on its way through this proxy.
pub(super) fn via(proxy: &str) -> String {
    format!("1.1 {proxy} ({SOFTWARE_IN_VIA})")
}

/// The number that squid, which people run on Linux, prints for an error.
fn number(error: &io::Error) -> i32 {
    match error.kind() {
        ErrorKind::ConnectionRefused => 111,
        ErrorKind::ConnectionReset => 104,
        ErrorKind::TimedOut => 110,
        ErrorKind::HostUnreachable => 113,
        ErrorKind::NetworkUnreachable => 101,
        _ => error.raw_os_error().unwrap_or(0),
    }
}

/// RFC 9110, 5.6.7.
fn http_date(now: OffsetDateTime) -> String {
    let format =
        format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
    now.format(&format).unwrap_or_default()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

    use super::*;

    #[test]
    fn a_page_says_what_squid_would_say_and_whose_it_is() {
        let page = Page::no_way(&NoWay::NameNotFound, "sws.update.microsoft.com");
        let text = String::from_utf8(page.bytes("proxy.corp.example", "<b>", true, false)).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 503 Service Unavailable\r\nServer: squid/5.7 (wsuslab)\r\n"), "{head}");
        assert!(head.contains("\r\nX-Squid-Error: ERR_DNS_FAIL 0\r\n"), "{head}");
        assert!(head.contains(&format!("\r\nContent-Length: {}\r\n", body.len())), "{head}");
        assert!(body.contains("&lt;b&gt;") && !body.contains("<b>:"), "{body}");
    }

    #[test]
    fn a_refused_connection_has_the_number_of_linux() {
        let page = Page::no_way(&NoWay::Failed(ErrorKind::ConnectionRefused.into()), "a");
        assert_eq!((page.status, page.error.as_str()), (503, "ERR_CONNECT_FAIL 111"));
    }

    #[test]
    fn head_gets_no_body() {
        let bytes = Page::not_http().bytes("p", "x", false, true);
        assert!(bytes.ends_with(b"Connection: close\r\n\r\n"));
    }

    #[test]
    fn dates_are_those_of_http() {
        let date = OffsetDateTime::from_unix_timestamp(784_111_777).unwrap();
        assert_eq!(http_date(date), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
