//! GetRelatedRevisionsForUpdates ([MS-WSUSSS] 3.1.4.9): declared and not used; a server ignores what it is asked.

use super::identity;
use crate::catalogue::Identity;
use crate::soap::write::{Sink, Writer};

/// `GetRelatedRevisionsForUpdatesResult`: nothing, from an honest server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RelatedRevisions {
    /// The items.
    pub revisions: Vec<Identity>,
}

impl RelatedRevisions {
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        self.revisions.iter().for_each(|revision| identity::write(writer, "UpdateIdentity", *revision));
    }
}
