//! An answer, and how it goes out: always with its length, never in chunks.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

/// IMF-fixdate (RFC 9110, 5.6.7).
const DATE: &[BorrowedFormatItem<'_>] =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");

/// Tells the byte seam that no body follows, whatever the length says; the seam takes it away.
pub(super) const NO_BODY: &str = "X-No-Body";

/// What a site or HTTP.SYS says. `Date` and `Content-Length` are added on the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Status code.
    pub(crate) status: u16,
    /// Header fields in their order, `Server` among them.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// The whole body. A request by HEAD gets its length alone.
    pub(crate) body: Bytes,
    /// Whether the connection is closed after it.
    pub(crate) closes: bool,
}

impl Answer {
    /// As hyper takes it.
    pub(crate) fn into_response(self, to_head: bool) -> Response<Full<Bytes>> {
        let length = self.body.len();
        let mut response = Response::new(Full::new(if to_head { Bytes::new() } else { self.body }));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut fields = self.headers;
        fields.push(("Date", date_now()));
        if self.closes {
            fields.push(("Connection", "close".to_owned()));
        }
        fields.push(("Content-Length", length.to_string()));
        if to_head {
            fields.push((NO_BODY, String::new()));
        }
        for (name, value) in fields {
            // A field that cannot stand in a head is left out.
            if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value)) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}

/// The server's clock, as `Date` spells it.
pub(crate) fn date_now() -> String {
    date(OffsetDateTime::now_utc())
}

/// A time, as `Date` and `Last-Modified` spell it.
pub(crate) fn date(time: OffsetDateTime) -> String {
    // Formatting a time of this calendar cannot fail; without a date the answer is still one.
    time.format(DATE).unwrap_or_default()
}
