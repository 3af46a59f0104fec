//! `ServerSyncFilter` ([MS-WSUSSS] 3.1.4.5.3.1): which revisions a downstream server wants.

use time::OffsetDateTime;

use super::matching;
use crate::catalogue::{Guid, Revision};
use crate::soap::read::{Element, Reading, Unreadable};

/// The filter. `DssProtocolVersion` is an empty type that nobody sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// `Anchor`: from the beginning when absent or empty.
    pub anchor: Option<String>,
    /// `GetConfig`: categories, classifications and detectoids in place of updates.
    pub get_config: bool,
    /// `Get63LanguageOnly`: false when absent, as real servers have it.
    pub get_63_language_only: bool,
    /// `Categories`: products. An empty list counts as none.
    pub categories: Vec<IdAndDelta>,
    /// `Classifications`. An empty list counts as none.
    pub classifications: Vec<IdAndDelta>,
    /// `Languages`. Every update of the lab is in all languages, so that it decides nothing here.
    pub languages: Vec<LanguageAndDelta>,
}

/// `IdAndDelta` ([MS-WSUSSS] 3.1.4.5.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdAndDelta {
    /// `Id`: of a product or of a classification.
    pub id: Guid,
    /// `Delta`: only what changed since the anchor; else everything again.
    pub delta: bool,
}

/// `LanguageAndDelta` ([MS-WSUSSS] 3.1.4.5.3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LanguageAndDelta {
    /// `Id`: a Windows language identifier.
    pub id: i32,
    /// `Delta`.
    pub delta: bool,
}

const MEMBERS: [&str; 7] =
    ["DssProtocolVersion", "Anchor", "GetConfig", "Get63LanguageOnly", "Categories", "Classifications", "Languages"];

impl Filter {
    pub(super) fn read(reading: Reading, element: Option<&Element<'_>>) -> Result<Filter, Unreadable> {
        let [_, anchor, get_config, only_63, categories, classifications, languages] =
            reading.members(element, MEMBERS);
        let flag = |member: Option<&Element<'_>>| member.map_or(Ok(false), Element::boolean);
        Ok(Filter {
            anchor: anchor.map(Element::string),
            get_config: flag(get_config)?,
            get_63_language_only: flag(only_63)?,
            categories: read_ids(reading, categories)?,
            classifications: read_ids(reading, classifications)?,
            languages: read_languages(reading, languages)?,
        })
    }

    /// Whether a list asks for everything of some id again.
    pub(super) fn reaches_behind_anchor(&self) -> bool {
        self.categories.iter().chain(&self.classifications).any(|item| !item.delta)
    }

    /// Neither list selects all, both select what is in both, and one without the other selects nothing.
    pub(super) fn selects(&self, revision: &Revision, since: Option<OffsetDateTime>) -> bool {
        let new = since.is_none_or(|since| since < revision.changed);
        if self.categories.is_empty() && self.classifications.is_empty() {
            return new;
        }
        let product = matching(&self.categories, &revision.products);
        let classification = matching(&self.classifications, revision.classification.as_slice());
        match (product, classification) {
            (Some(whole_product), Some(whole_classification)) => new || whole_product || whole_classification,
            _ => false,
        }
    }
}

/// The items of `ArrayOfIdAndDelta`.
pub(in crate::soap::operation) fn read_ids(
    reading: Reading,
    list: Option<&Element<'_>>,
) -> Result<Vec<IdAndDelta>, Unreadable> {
    let pair = |item| {
        let (id, delta) = pair(reading, item)?;
        Ok(IdAndDelta { id: id.map(Element::guid).transpose()?.unwrap_or_default(), delta })
    };
    list.into_iter().flat_map(|list| reading.items(list, "IdAndDelta")).map(pair).collect()
}

fn read_languages(reading: Reading, list: Option<&Element<'_>>) -> Result<Vec<LanguageAndDelta>, Unreadable> {
    let pair = |item| {
        let (id, delta) = pair(reading, item)?;
        Ok(LanguageAndDelta { id: id.map(Element::int).transpose()?.unwrap_or_default(), delta })
    };
    list.into_iter().flat_map(|list| reading.items(list, "LanguageAndDelta")).map(pair).collect()
}

fn pair<'e, 'x>(reading: Reading, item: &'e Element<'x>) -> Result<(Option<&'e Element<'x>>, bool), Unreadable> {
    let [id, delta] = reading.members(Some(item), ["Id", "Delta"]);
    Ok((id, delta.map_or(Ok(false), Element::boolean)?))
}
