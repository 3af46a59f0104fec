//! GetRevisionIdList ([MS-WSUSSS] 3.1.4.5): what is new since an anchor, in one answer however long.

use super::get_cookie::Cookie;
use super::{Server, identity, protocol_version};
use crate::catalogue::{Guid, Identity, Part, Revision};
use crate::soap::anchor::Anchor;
use crate::soap::fault::SoapFault;
use crate::soap::read::{Element, Reading, Unreadable};
use crate::soap::write::{Sink, Writer};

mod filter;

pub use filter::{Filter, IdAndDelta, LanguageAndDelta};

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
    pub new_revisions: Vec<Identity>,
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
        Ok(RevisionIdList { anchor: anchor.to_string(), new_revisions: self.select(server, Moment { since, version }) })
    }

    fn select(&self, server: Server<'_>, at: Moment) -> Vec<Identity> {
        if self.filter.get_config {
            return identities(server.catalogue.revisions(Part::Configuration, at.since));
        }
        // Only a list of new products, classifications or languages reaches behind the anchor.
        let from = if self.filter.reaches_behind_anchor() { None } else { at.since };
        let revisions = server.catalogue.revisions(Part::Updates, from);
        let facts = |revision: &Revision| server.catalogue.facts(revision.identity).unwrap_or_default();
        identities(revisions.filter(|revision| self.filter.selects(revision, at, || facts(revision))))
    }
}

fn identities(revisions: impl Iterator<Item = Revision>) -> Vec<Identity> {
    revisions.map(|revision| revision.identity).collect()
}

impl RevisionIdList {
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.text("Anchor", &self.anchor);
        identity::write_all(writer, "NewRevisions", &self.new_revisions);
    }

    pub(crate) fn expected_size(&self) -> usize {
        /// Tags and GUID, and a revision number of three digits.
        const ENTRY: usize = 130;
        self.new_revisions.len() * ENTRY
    }
}

/// Whether one of the ids of a list is among those of a revision, and whether one of these wants all.
fn matching(list: &[IdAndDelta], ids: &[Guid]) -> Option<bool> {
    let mut found = list.iter().filter(|item| ids.contains(&item.id)).peekable();
    found.peek()?;
    Some(found.any(|item| !item.delta))
}
