//! `ServerSyncFilter` ([MS-WSUSSS] 3.1.4.5.3.1): which revisions a downstream server wants.

use time::OffsetDateTime;

use super::matching;
use crate::catalogue::{Facts, Guid, Revision};
use crate::soap::operation::get_config_data::languages;
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
    /// `Languages`. An empty list counts as none; an update that is for all languages passes any.
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
        self.categories.iter().chain(&self.classifications).any(|item| !item.delta) || self.has_new_language()
    }

    /// Whether a revision is wanted. Its facts are asked for only where they can decide.
    pub(super) fn selects(&self, revision: &Revision, at: Moment, facts: impl FnOnce() -> Facts) -> bool {
        let Some(is_whole) = self.matches(revision) else { return false };
        let is_wanted = is_whole || at.since.is_none_or(|since| since < revision.changed);
        let only_63 = self.get_63_language_only || at.version == FIRST_VERSION;
        let asks = only_63 || !self.languages.is_empty() || at.version < CURRENT_VERSION;
        if !asks || !(is_wanted || self.has_new_language()) {
            return is_wanted;
        }
        let facts = facts();
        let is_too_new = facts.compatible_protocol_version.is_some_and(|least| at.version < least);
        let is_out_of_reach = is_too_new || only_63 && is_beyond_63(&facts);
        !is_out_of_reach && self.speaks(&facts, is_wanted)
    }

    /// Neither list selects all, both select what is in both, and one without the other selects nothing; and whether
    /// everything of a matching id is wanted again.
    fn matches(&self, revision: &Revision) -> Option<bool> {
        if self.categories.is_empty() && self.classifications.is_empty() {
            return Some(false);
        }
        let product = matching(&self.categories, &revision.products)?;
        let classification = matching(&self.classifications, revision.classification.as_slice())?;
        Some(product || classification)
    }

    /// Whether an update is for one of the languages; one that is newly wanted reaches behind the anchor.
    fn speaks(&self, facts: &Facts, is_wanted: bool) -> bool {
        if self.languages.is_empty() || facts.languages.is_empty() {
            return is_wanted;
        }
        let own: Vec<i32> = facts.languages.iter().filter_map(|short| languages::id(short)).collect();
        let mut spoken = self.languages.iter().filter(|item| item.id == ALL_LANGUAGES || own.contains(&item.id));
        spoken.any(|item| is_wanted || !item.delta)
    }

    fn has_new_language(&self) -> bool {
        self.languages.iter().any(|item| !item.delta)
    }
}

/// What decides besides the filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// The time of the anchor.
    pub(super) since: Option<OffsetDateTime>,
    /// The version that the downstream server speaks.
    pub(super) version: (u32, u32),
}

/// It knew 63 languages and could not say so.
const FIRST_VERSION: (u32, u32) = (1, 1);
/// No update is known that a downstream server of this version may not have, so that nothing need be read for it.
const CURRENT_VERSION: (u32, u32) = (1, 20);
/// The row for all languages.
const ALL_LANGUAGES: i32 = 0;

/// All 39 languages of the servers' own list are among the first 63.
fn is_beyond_63(facts: &Facts) -> bool {
    !facts.languages.is_empty() && facts.languages.iter().all(|short| languages::id(short).is_none())
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
