//! What an HTTP answer is to a SOAP client.

use crate::evidence::Ended;
use crate::sync::answer::{Received, decode};
use crate::sync::{Carried, Operation};

/// What .NET's SOAP client would look into: an answer of type `text/xml` with the status 200, 400 or 500. `None` where no
/// whole answer came.
pub(super) fn received(operation: Operation, carried: &Carried) -> Option<Received> {
    let exchange = &carried.exchange;
    let head = exchange.answer.as_ref().filter(|_| exchange.ended == Ended::Complete)?;
    if !matches!(head.status, 200 | 400 | 500) {
        return Some(Received::NotSoap(format!("the HTTP status is {}", head.status)));
    }
    let content_type = head.header("Content-Type").unwrap_or("");
    let media_type = content_type.split(';').next().unwrap_or("").trim();
    if !media_type.eq_ignore_ascii_case("text/xml") {
        return Some(Received::NotSoap(format!("the content type is {content_type:?}, not text/xml")));
    }
    Some(match &carried.body {
        Err(reason) => Received::NotSoap(reason.clone()),
        Ok(body) => match decode(operation, body) {
            Received::Answer(_) if head.status != 200 => {
                Received::NotSoap(format!("the HTTP status is {}", head.status))
            }
            received => received,
        },
    })
}
