//! The diagnosis: the cause, what follows from it, what was ruled out and what to do. Plain data, stable as JSON (`"schema": 1`).

use serde::{Deserialize, Serialize};

/// What the black box concludes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// Version of this format; 1.
    pub schema: u32,
    /// A rule's code, or `healthy`, `not-you`, `undetermined`.
    pub cause: String,
    /// One sentence with the facts of this case in it.
    pub sentence: String,
    /// The section of the guide; empty where it has none.
    pub guide: String,
    /// What deserves attention though it is not the cause.
    pub warnings: Vec<Remark>,
    /// What follows from the cause, and what is wrong behind it; not allegations.
    pub consequences: Vec<Remark>,
    /// Every rule whose question arose and was answered no, or could not be answered, and why.
    pub considered: Vec<Considered>,
    /// What could not be looked at because the cause stands before it.
    pub not_seen: Vec<String>,
    /// What the diagnosis rests on, a line each.
    pub evidence: Vec<String>,
    /// What the administrator sees for this cause.
    pub appearances: Vec<Appearance>,
    /// What to look at first.
    pub first_check: String,
    /// What to do, in order.
    pub remedy: Vec<Action>,
}

/// A code and its sentence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    /// A rule's code.
    pub code: String,
    /// One sentence.
    pub sentence: String,
}

/// A cause that was considered and not named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Considered {
    /// A rule's code.
    pub code: String,
    /// Why it was not named.
    pub why: String,
    /// Whether it was excluded, or could not be decided.
    pub excluded: bool,
}

/// What the administrator sees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Appearance {
    /// Exception text, HRESULT, event or log line.
    pub text: String,
    /// `exception`, `hresult`, `event` or `log`.
    pub place: String,
    /// `seen`, `derived` or `recalled`.
    pub provenance: String,
    /// On which build; empty where unknown.
    pub build: String,
}

/// One step of the remedy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// `windows-powershell`, `cmd` or `person`.
    pub shell: String,
    /// The command or instruction.
    pub command: String,
    /// `safe`, `restarts-iis`, `affects-other-applications` or `sends-password-in-clear-text`.
    pub effect: String,
    /// What must be so before; empty where nothing must.
    pub before: String,
    /// Where it must not be run; empty where it may be run anywhere.
    pub not_on: String,
}
