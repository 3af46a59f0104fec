//! What a server of a world offers, where it is not the lab's usual catalogue.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Change;
use crate::catalogue;

/// The catalogue of one server. A setting; by default it is that of the lab.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Catalogue {
    /// A generated catalogue in place of the built-in one.
    pub generated: Option<Generated>,
    /// What becomes of it while the server runs; each change is made once.
    pub changes: Vec<Change>,
}

/// A catalogue of any size, computed and not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Generated {
    /// The same seed gives the same catalogue.
    #[serde(default)]
    pub seed: u64,
    /// How many updates, each in one revision: at most [`Generated::LARGEST`].
    pub size: u32,
}

impl Generated {
    /// Ten times what the largest real servers offer. A list of many more would be longer than Windows waits for.
    pub const LARGEST: u32 = 10_000_000;

    /// The catalogue itself.
    pub(crate) fn open(self) -> Arc<dyn catalogue::Catalogue> {
        Arc::new(catalogue::generated::Generated::new(self.seed, self.size))
    }

    /// What cannot be, in words.
    pub(super) fn check(self) -> Result<(), String> {
        if Generated::LARGEST < self.size {
            return Err(format!("a generated catalogue has at most {} updates, not {}", Generated::LARGEST, self.size));
        }
        Ok(())
    }
}

impl Catalogue {
    /// What the server offers from the start; `of_the_lab` where it says nothing else.
    pub(crate) fn base(&self, of_the_lab: Arc<dyn catalogue::Catalogue>) -> Arc<dyn catalogue::Catalogue> {
        match self.generated {
            Some(generated) => generated.open(),
            None => of_the_lab,
        }
    }

    /// What cannot be, in words.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.generated.map_or(Ok(()), Generated::check)?;
        self.changes.iter().try_for_each(Change::check)
    }
}
