//! What became of a file that was fetched from an upstream.

use serde::{Deserialize, Serialize};

use super::{Ended, ExchangeSeen};
use crate::words::safe;

/// A file of an update, as [MS-WSUSSS] 2.1 has it: below `/Content`, under its digest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContentSeen {
    /// Path on the upstream.
    pub path: String,
    /// SHA-1 that the metadata gives, in capital hexadecimal digits.
    pub digest: String,
    /// `Size` that the metadata gives.
    pub size: u64,
    /// HEAD, as BITS asks first; `None` where no connection came about.
    pub head: Option<ExchangeSeen>,
    /// GET, where HEAD did not speak against it.
    pub get: Option<ExchangeSeen>,
    /// How many bytes came.
    pub received: u64,
    /// What became of it.
    pub ended: ContentEnd,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContentEnd {
    /// It came, and its bytes have the digest of the metadata.
    Matches,
    /// It came, and its bytes have this digest instead.
    Differs(String),
    /// 404. Where `LazySync` is true nothing else is to be expected of a file that nobody approved.
    Absent,
    /// Another status than 200.
    Refused(u16),
    /// It is larger than the metadata says.
    TooLarge,
    /// No whole answer; see the exchange.
    NoAnswer,
    /// No connection came about; see the observation before.
    NotReached,
}

impl ContentSeen {
    /// What became of it, as a sentence: a success or a failure. What is absent is a failure of nothing but this file.
    pub(crate) fn told(&self, place: &str) -> Result<String, String> {
        let path = safe(&self.path);
        match &self.ended {
            ContentEnd::Matches => Ok(format!("{place} has {path}, and its digest is that of the metadata")),
            ContentEnd::Differs(digest) => {
                Err(format!("{place} has {path}, and its bytes have another digest: {}", safe(digest)))
            }
            ContentEnd::Absent => Err(format!("{place} does not have {path} (404)")),
            ContentEnd::Refused(status) => Err(format!("{place} answered the request for {path} with {status}")),
            ContentEnd::TooLarge => {
                Err(format!("{place} has more of {path} than the {} bytes of the metadata", self.size))
            }
            ContentEnd::NoAnswer => {
                let last = self.get.as_ref().or(self.head.as_ref());
                let how = last.map_or(String::new(), |exchange| super::walk::ended(&exchange.ended));
                Err(format!("{place} gave no whole answer to the request for {path}: {how}"))
            }
            ContentEnd::NotReached => Err(format!("{place} could not be reached for {path}")),
        }
    }
}

/// What an exchange says of a file, if it ends the matter; `None` for a whole answer of 200.
pub(crate) fn ending(exchange: &ExchangeSeen) -> Option<ContentEnd> {
    let status = exchange.answer.as_ref().map(|head| head.status);
    match (status, &exchange.ended) {
        (Some(200), Ended::Complete) => None,
        (Some(200), Ended::TooLarge) => Some(ContentEnd::TooLarge),
        (Some(404), Ended::Complete | Ended::TooLarge) => Some(ContentEnd::Absent),
        (Some(status), Ended::Complete | Ended::TooLarge) => Some(ContentEnd::Refused(status)),
        _ => Some(ContentEnd::NoAnswer),
    }
}
