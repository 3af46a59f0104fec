//! An answer, and how it goes out: always with its length, never in chunks.

use hyper::ext::ReasonPhrase;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::body::Body;
use crate::layer::http::sending::Sending;
use crate::pack::gzip;

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
    /// The body. A request by HEAD gets its length alone.
    pub(crate) body: Body,
    /// Whether the connection is closed after it.
    pub(crate) closes: bool,
}

impl Answer {
    /// Whether its body is coded for the way.
    pub(crate) fn is_coded(&self) -> bool {
        self.headers.iter().any(|(name, _)| *name == "Content-Encoding")
    }

    /// The same with its body in gzip, and the two fields that say so behind its type.
    pub(crate) fn gzipped(self) -> Answer {
        let mut headers = self.headers;
        let at = headers.iter().position(|(name, _)| *name == "Content-Type").map_or(0, |at| at + 1);
        headers.insert(at, ("Vary", "Accept-Encoding".to_owned()));
        headers.insert(at, ("Content-Encoding", "gzip".to_owned()));
        Answer { headers, body: gzip::encode(&self.body.to_bytes()).into(), ..self }
    }

    /// As hyper takes it. `length` is that of the body.
    pub(super) fn into_response(self, length: u64, to_head: bool) -> Response<Sending> {
        let mut response = Response::new(Sending::of(if to_head { Body::default() } else { self.body }));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if let Some(phrase) = phrase(self.status) {
            response.extensions_mut().insert(ReasonPhrase::from_static(phrase.as_bytes()));
        }
        // HTTP.SYS writes this one behind those of its own.
        let (last, mut fields): (Vec<_>, Vec<_>) =
            self.headers.into_iter().partition(|(name, _)| *name == "Content-Range");
        fields.push(("Date", date_now()));
        if self.closes {
            fields.push(("Connection", "close".to_owned()));
        }
        fields.push(("Content-Length", length.to_string()));
        fields.extend(last);
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

/// The reason phrase of Windows where it is an older one than hyper's.
fn phrase(status: u16) -> Option<&'static str> {
    match status {
        413 => Some("Request Entity Too Large"),
        416 => Some("Requested Range Not Satisfiable"),
        _ => None,
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

/// A time as a client wrote it; anything but the preferred form is no time.
pub(crate) fn parse_date(text: &str) -> Option<OffsetDateTime> {
    PrimitiveDateTime::parse(text, DATE).ok().map(PrimitiveDateTime::assume_utc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_as_it_is_written() {
        let time = time::macros::datetime!(2025-03-11 09:26:53 UTC);
        assert_eq!(date(time), "Tue, 11 Mar 2025 09:26:53 GMT");
        assert_eq!(parse_date(&date(time)), Some(time));
        assert_eq!(parse_date("2025-03-11"), None);
    }
}
