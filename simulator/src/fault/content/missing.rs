//! `content/missing`: files are missing (404): all of them, or those of one kind.

use serde::{Deserialize, Serialize};

use crate::layer::content::{ContentAct, ContentSeam, FileAsked};

/// Which files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Missing {
    /// Only those whose names end so, as `txt`: the texts of licences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<String>,
    /// All but those whose names end so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub except: Option<String>,
}

impl ContentSeam for Missing {
    fn on_file(&self, asked: &FileAsked<'_>) -> ContentAct {
        let is = |extension: &String| extension.eq_ignore_ascii_case(asked.extension);
        let concerns = self.only.as_ref().is_none_or(is) && !self.except.as_ref().is_some_and(is);
        if concerns { ContentAct::Missing } else { ContentAct::Proceed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_missing_or_those_of_one_kind() {
        let is_missing = |only: Option<&str>, except: Option<&str>| {
            let fault = Missing { only: only.map(str::to_owned), except: except.map(str::to_owned) };
            let asked = FileAsked { is_head: false, extension: "txt", honest: None };
            fault.on_file(&asked) == ContentAct::Missing
        };
        assert!(is_missing(None, None) && is_missing(Some("TXT"), None) && is_missing(None, Some("cab")));
        assert!(!is_missing(Some("cab"), None) && !is_missing(None, Some("txt")));
    }
}
