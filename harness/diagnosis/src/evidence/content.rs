//! What became of a file that was fetched from an upstream.

use serde::{Deserialize, Serialize};

use super::{ConfigSeen, Ended, Evidence, ExchangeSeen, Purpose, Seen, Sight};
use crate::path::Source;
use crate::rule::{Finding, Step};
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
    /// Whether it is the text of a licence, which is there whether or not its update was approved.
    #[serde(default)]
    pub is_licence: bool,
    /// HEAD, as BITS asks first; `None` where no connection came about.
    pub head: Option<ExchangeSeen>,
    /// GET of one part after the other, as BITS asks for them, where HEAD did not speak against it.
    #[serde(default)]
    pub gets: Vec<ExchangeSeen>,
    /// What became of the parts that were asked for.
    #[serde(default)]
    pub parts: PartsEnd,
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
    /// A status that is neither that nor a file's.
    Refused(u16),
    /// It is larger than the metadata says.
    TooLarge,
    /// Another part came than was asked for, so that there is nothing to compare.
    NotCompared,
    /// No whole answer; see the exchange.
    NoAnswer,
    /// No connection came about; see the observation before.
    NotReached,
}

/// What became of the parts that were asked for (RFC 9110, 14).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartsEnd {
    /// It did not come to that.
    #[default]
    NotAsked,
    /// They came as they were asked for.
    Came,
    /// The whole file came in their place (200).
    WholeInstead,
    /// 206, and yet not what was asked for.
    Wrong(String),
}

impl ContentSeen {
    /// What became of it, as a sentence: a success or a failure. What is absent is a failure of nothing but this file.
    pub(crate) fn told(&self, place: &str) -> Result<String, String> {
        let path = safe(&self.path);
        match (&self.parts, self.refuses_head()) {
            (PartsEnd::WholeInstead, _) => {
                return Err(format!("{place} gave the whole of {path} (200) for a part that was asked for"));
            }
            (PartsEnd::Wrong(what), _) => {
                let what = safe(what);
                return Err(format!("{place} gave another part of {path}: {what}; its bytes were not compared"));
            }
            (_, Some(status)) => return Err(format!("{place} refused HEAD of {path} with {status}")),
            (PartsEnd::NotAsked | PartsEnd::Came, None) => {}
        }
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
            ContentEnd::NotCompared => Err(format!("{place} has {path}, and its bytes were not compared")),
            ContentEnd::NoAnswer => {
                let last = self.gets.last().or(self.head.as_ref());
                let how = last.map_or(String::new(), |exchange| super::walk::ended(&exchange.ended));
                Err(format!("{place} gave no whole answer to the request for {path}: {how}"))
            }
            ContentEnd::NotReached => Err(format!("{place} could not be reached for {path}")),
        }
    }

    /// The status with which HEAD itself, and not the file, was refused.
    pub(crate) fn refuses_head(&self) -> Option<u16> {
        self.head.as_ref().and_then(refused_method)
    }
}

/// The status of an answer that refuses its method and nothing else.
pub(crate) fn refused_method(exchange: &ExchangeSeen) -> Option<u16> {
    let status = exchange.answer.as_ref().map(|head| head.status);
    status.filter(|status| matches!(status, 405 | 501))
}

/// What an exchange says of a file, if it ends the matter; `None` for a whole answer of 200 or 206.
pub(crate) fn ending(exchange: &ExchangeSeen) -> Option<ContentEnd> {
    let status = exchange.answer.as_ref().map(|head| head.status);
    match (status, &exchange.ended) {
        (Some(200 | 206), Ended::Complete) => None,
        (Some(200 | 206), Ended::TooLarge) => Some(ContentEnd::TooLarge),
        (Some(404), Ended::Complete | Ended::TooLarge) => Some(ContentEnd::Absent),
        (Some(status), Ended::Complete | Ended::TooLarge) => Some(ContentEnd::Refused(status)),
        _ => Some(ContentEnd::NoAnswer),
    }
}

/// The files that were fetched as this server would, after a whole synchronization from an upstream that has files.
pub(crate) struct Files<'a> {
    /// At least one.
    pub(crate) sights: Vec<Sight<'a, ContentSeen>>,
    pub(crate) config: &'a ConfigSeen,
    /// Whether it is known that the server takes its files from there.
    takes_them: bool,
}

impl Evidence {
    /// The files; `None` where none was fetched or where this server does not take its files from its upstream.
    pub(crate) fn files(&self) -> Option<Files<'_>> {
        let content = self.subject.host.content.as_ref();
        let host_on_microsoft_update = content.and_then(|facts| facts.host_binaries_on_microsoft_update);
        let from_microsoft_update = content.and_then(|facts| facts.get_content_from_mu);
        let elsewhere = host_on_microsoft_update == Some(true) || from_microsoft_update == Some(true);
        self.path().filter(|path| path.source == Source::Upstream && !elsewhere)?;
        let sync = self.sync()?.seen;
        let config = sync.config.as_ref().filter(|config| sync.stopped_at.is_none() && !config.catalog_only_sync)?;
        let sights: Vec<_> = self.content(Purpose::Content).collect();
        let takes_them = host_on_microsoft_update == Some(false) && from_microsoft_update == Some(false);
        (!sights.is_empty()).then_some(Files { sights, config, takes_them })
    }

    /// Fetched files of one purpose.
    pub(crate) fn content(&self, purpose: Purpose) -> impl Iterator<Item = Sight<'_, ContentSeen>> {
        self.of(purpose).filter_map(|(index, observation)| match &observation.seen {
            Seen::Content(seen) => Some(Sight { index, observation, seen }),
            _ => None,
        })
    }
}

impl<'a> Files<'a> {
    /// The first file that is so, and how many are.
    pub(crate) fn first(
        &self,
        is_so: impl Fn(&ContentSeen) -> bool,
    ) -> Option<(&Sight<'a, ContentSeen>, String, Vec<usize>)> {
        let such: Vec<_> = self.sights.iter().filter(|sight| is_so(sight.seen)).collect();
        let count = format!("{} of {} files", such.len(), self.sights.len());
        such.first().map(|first| (*first, count, such.iter().map(|sight| sight.index).collect()))
    }

    /// A finding that no file can come: a warning where it is not known that this server takes its files from there.
    pub(crate) fn finding(&self, sentence: String, rests_on: Vec<usize>) -> Finding {
        let finding = if self.takes_them { Finding::blocks(Step::Content, sentence) } else { Finding::warns(sentence) };
        finding.resting_on(rests_on)
    }
}
