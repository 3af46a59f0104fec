//! `NewRevisions`: the identities of an answer. What a server selects is not kept but selected while it is sent, since it may
//! be all of a catalogue.

use std::sync::Arc;

use bytes::Bytes;

use super::filter::{Filter, Moment};
use crate::body::Stream;
use crate::catalogue::{Catalogue, Identity, Part, Revision, Rows};
use crate::soap::Personality;
use crate::soap::operation::identity;
use crate::soap::write::Writer;

/// The identities of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewRevisions {
    /// These.
    Listed(Vec<Identity>),
    /// Those that a filter leaves of a catalogue.
    Selected(Selection),
}

/// A filter and what it is asked about.
#[derive(Clone, Debug)]
pub struct Selection {
    catalogue: Arc<dyn Catalogue>,
    filter: Arc<Filter>,
    at: Moment,
}

impl NewRevisions {
    /// What `filter` leaves of a catalogue, which must not change under it.
    pub(super) fn select(catalogue: &Arc<dyn Catalogue>, filter: &Filter, at: Moment) -> NewRevisions {
        NewRevisions::Selected(Selection { catalogue: Arc::clone(catalogue), filter: Arc::new(filter.clone()), at })
    }

    /// The identities in their order, made while they are taken.
    pub fn identities(&self) -> Box<dyn Iterator<Item = Identity> + Send> {
        match self {
            NewRevisions::Listed(identities) => Box::new(identities.clone().into_iter()),
            NewRevisions::Selected(selection) => Box::new(selection.rows().map(|row| row.identity)),
        }
    }
}

impl Selection {
    fn rows(&self) -> Rows {
        let Selection { catalogue, filter, at } = self.clone();
        if filter.get_config {
            return catalogue.revisions(Part::Configuration, at.since);
        }
        // Only a list of new products, classifications or languages reaches behind the anchor.
        let from = if filter.reaches_behind_anchor() { None } else { at.since };
        let rows = catalogue.revisions(Part::Updates, from);
        let facts = move |row: &Revision| catalogue.facts(row.identity).unwrap_or_default();
        Box::new(rows.filter(move |row| filter.selects(row, at, || facts(row))))
    }
}

impl PartialEq for Selection {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.catalogue, &other.catalogue) && self.filter == other.filter && self.at == other.at
    }
}

impl Eq for Selection {}

/// Bytes of a piece: more than a hundred identities.
const PIECE: usize = 16 * 1024;
/// Tags and the id of an identity; its number comes to it.
const TAGS: usize = 87;
const ID: usize = 36;

impl Stream for NewRevisions {
    fn length(&self) -> u64 {
        self.identities().map(|identity| (TAGS + ID + digits(identity.revision)) as u64).sum()
    }

    fn pieces(&self) -> Box<dyn Iterator<Item = Bytes> + Send> {
        let mut identities = self.identities();
        Box::new(std::iter::from_fn(move || {
            let mut piece = Vec::with_capacity(PIECE);
            // No element of an identity can be empty, which is all in which frameworks differ.
            let mut writer = Writer::new(&mut piece, Personality::Asmx);
            let most = PIECE / (TAGS + ID + digits(i32::MIN));
            identities.by_ref().take(most).for_each(|one| identity::write(&mut writer, "UpdateIdentity", one));
            (!piece.is_empty()).then(|| piece.into())
        }))
    }
}

/// How many characters a number takes, its sign among them.
fn digits(number: i32) -> usize {
    let digits = number.unsigned_abs().checked_ilog10().map_or(1, |tens| tens as usize + 1);
    digits + usize::from(number < 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::Body;
    use crate::catalogue::Guid;

    #[test]
    fn a_list_is_as_long_as_it_says() {
        for revision in [0, 7, 10, 99, 100, 204, i32::MAX, -1, i32::MIN] {
            check(vec![Identity { id: Guid::of(1), revision }]);
        }
        check(Vec::new());
        check((0..5_000).map(|number| Identity { id: Guid::of(7), revision: number }).collect());
    }

    fn check(identities: Vec<Identity>) {
        let list = NewRevisions::Listed(identities.clone());
        assert!(list.pieces().all(|piece| piece.len() <= PIECE && !piece.is_empty()));
        let (said, body) = (list.length(), Body::Streamed(Arc::new(list)));
        let text = String::from_utf8_lossy(&body.to_bytes()).into_owned();
        assert_eq!(said, text.len() as u64);
        assert_eq!(text.matches("<UpdateIdentity><UpdateID>").count(), identities.len());
    }
}
