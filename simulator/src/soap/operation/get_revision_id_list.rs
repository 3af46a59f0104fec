//! GetRevisionIdList ([MS-WSUSSS] 3.1.4.5): what is new since an anchor, in one answer however long.

use std::sync::Arc;

use super::get_cookie::Cookie;
use super::{Server, protocol_version};
use crate::body::Stream;
use crate::catalogue::Guid;
use crate::soap::anchor::Anchor;
use crate::soap::fault::SoapFault;
use crate::soap::read::{Element, Reading, Unreadable};
use crate::soap::write::{Sink, Writer};

mod filter;
mod new_revisions;

pub use filter::{Filter, IdAndDelta, LanguageAndDelta};
pub use new_revisions::{NewRevisions, Selection};

pub(super) use filter::read_ids;

use filter::Moment;

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetRevisionIdList {
    /// `cookie`.
    pub cookie: Option<Cookie>,
    /// `filter`; an absent one selects every update.
    pub filter: Filter,
}

/// `GetRevisionIdListResult`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionIdList {
    /// `Anchor`: where the next delta begins.
    pub anchor: String,
    /// `NewRevisions`.
    pub new_revisions: NewRevisions,
}

impl GetRevisionIdList {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> Result<GetRevisionIdList, Unreadable> {
        let [cookie, filter] = reading.members(wrapper, ["cookie", "filter"]);
        let cookie = cookie.map(|cookie| Cookie::read(reading, cookie)).transpose()?;
        Ok(GetRevisionIdList { cookie, filter: Filter::read(reading, filter)? })
    }

    pub(super) fn answer(&self, server: Server<'_>) -> Result<RevisionIdList, SoapFault> {
        let version = protocol_version::check(&server.admit(self.cookie.as_ref())?.protocol_version)?;
        let since = Anchor::since(self.filter.anchor.as_deref(), "filter")?;
        // The clock of a lab may lie before the catalogue's last change, which must not come again for ever.
        let anchor = Anchor::at(server.now.max(server.catalogue.changed()), server.settings.personality);
        let new_revisions = NewRevisions::select(server.catalogue, &self.filter, Moment { since, version });
        Ok(RevisionIdList { anchor: anchor.to_string(), new_revisions })
    }
}

impl RevisionIdList {
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.text("Anchor", &self.anchor);
        let new_revisions: Arc<dyn Stream> = Arc::new(self.new_revisions.clone());
        writer.stream("NewRevisions", &new_revisions);
    }
}

/// Whether one of the ids of a list is among those of a revision, and whether one of these wants all.
fn matching(list: &[IdAndDelta], ids: &[Guid]) -> Option<bool> {
    let mut found = list.iter().filter(|item| ids.contains(&item.id)).peekable();
    found.peek()?;
    Some(found.any(|item| !item.delta))
}
