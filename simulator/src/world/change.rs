//! What becomes of a server's catalogue while it runs: settings, since healthy servers change all the time.

use serde::{Deserialize, Serialize};

use super::Generated;
use crate::soap::message::Operation;

/// One change of a catalogue: when, and exactly one of what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Change {
    /// After what it is made; once.
    pub after: After,
    /// New updates come into the catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add: Option<Number>,
    /// Updates are withdrawn by their publisher: each comes again, in a further revision that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expire: Option<Number>,
    /// All of the catalogue is replaced, as by a restored database: downstream servers are told ServerChanged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replace: Option<Replace>,
}

/// After what a change is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum After {
    /// So many synchronizations, whoever made them. One counts once the list of updates was given, and is over when the next
    /// begins: at the first request that is neither for metadata nor for what comes after it.
    Synchronizations(u32),
    /// A call that was answered without a fault.
    Call(Call),
    /// So many seconds from the start of the world; seen at the next request.
    Seconds(u32),
}

/// A call of the protocol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Call {
    /// Its operation, as `GetRevisionIdList`.
    pub operation: String,
    /// Which of the answered calls of that operation, counted from 1 over all downstream servers.
    #[serde(default = "first")]
    pub nth: u32,
}

fn first() -> u32 {
    1
}

/// How many updates a change concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Number {
    /// One by default, at most [`Number::MOST`].
    pub updates: u32,
}

/// What takes the place of the catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Replace {
    /// A generated catalogue; the one that the server began with, where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generated: Option<Generated>,
}

impl Number {
    /// What is added is kept in memory.
    pub const MOST: u32 = 10_000;
}

impl Default for Number {
    fn default() -> Self {
        Number { updates: 1 }
    }
}

impl Change {
    /// What cannot be, in words.
    pub(super) fn check(&self) -> Result<(), String> {
        let given = [self.add.is_some(), self.expire.is_some(), self.replace.is_some()];
        if given.iter().filter(|given| **given).count() != 1 {
            return Err("a change of the catalogue is exactly one of add, expire and replace".to_owned());
        }
        let updates = [self.add, self.expire].into_iter().flatten().map(|number| number.updates).next();
        if updates.is_some_and(|updates| !(1..=Number::MOST).contains(&updates)) {
            return Err(format!("a change of the catalogue concerns 1 to {} updates", Number::MOST));
        }
        match &self.after {
            After::Synchronizations(0) => Err("a change comes after at least one synchronization".to_owned()),
            After::Call(Call { nth: 0, .. }) => Err("calls are counted from 1".to_owned()),
            After::Call(call) if Operation::labelled(&call.operation).is_none() => {
                Err(format!("{:?} is no operation after which a catalogue could change", call.operation))
            }
            _ => self.replace.and_then(|replace| replace.generated).map_or(Ok(()), |generated| generated.check()),
        }
    }
}
