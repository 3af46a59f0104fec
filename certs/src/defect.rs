//! The defects. Each is one file that acts at the seams of [`Deviation`]; the honest path asks for none by name.

mod expired;
mod incomplete_chain;
mod self_signed;
mod untrusted_root;
mod wrong_host;

use serde::{Deserialize, Serialize};

use crate::leaf::Leaf;
use crate::names::Names;

/// What is wrong with a chain; the names are badssl.com's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Defect {
    /// Issued below a root that no store of the subject holds (F-32).
    UntrustedRoot,
    /// The leaf alone is sent, without AIA (F-31).
    IncompleteChain,
    /// Issued to another name (F-40).
    WrongHost,
    /// The leaf's `notAfter` has passed (F-34).
    Expired,
    /// The leaf signed itself (F-33).
    SelfSigned,
}

impl Defect {
    /// All of them.
    pub const ALL: &[Self] =
        &[Self::UntrustedRoot, Self::IncompleteChain, Self::WrongHost, Self::Expired, Self::SelfSigned];

    /// The name that [`Defect::WrongHost`] puts in place of this name: that of another server in the same domain.
    pub fn wrong_name_for(name: &str) -> String {
        wrong_host::wrong_name_for(name)
    }

    pub(crate) fn deviation(self) -> &'static dyn Deviation {
        match self {
            Self::UntrustedRoot => &untrusted_root::UntrustedRoot,
            Self::IncompleteChain => &incomplete_chain::IncompleteChain,
            Self::WrongHost => &wrong_host::WrongHost,
            Self::Expired => &expired::Expired,
            Self::SelfSigned => &self_signed::SelfSigned,
        }
    }
}

/// Where a defect may act, in this order.
pub(crate) trait Deviation {
    /// Before anything is minted: what the leaf is issued to. The constraints of the roots are drawn from it.
    fn issued_to(&self, _names: &mut Names) {}

    /// Before the leaf is signed: what it says, and who signs it.
    fn leaf(&self, _leaf: &mut Leaf) {}

    /// After it is signed: which certificates the server sends, the leaf first, the root not among them.
    fn sent(&self, _certificates: &mut Vec<Vec<u8>>) {}
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod tests {
    use std::path::Path;

    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StrDeserializer};

    use super::*;

    #[test]
    fn every_file_of_the_folder_is_a_defect_of_that_name_in_the_list() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/defect");
        let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let mut named: Vec<Defect> =
            files.iter().map(|file| defect_of(file.file_stem().unwrap().to_str().unwrap())).collect();
        assert_eq!(named.len(), Defect::ALL.len());
        named.retain(|defect| !Defect::ALL.contains(defect));
        assert_eq!(named, []);
    }

    fn defect_of(stem: &str) -> Defect {
        let name = stem.replace('_', "-");
        let text: StrDeserializer<'_, Error> = name.as_str().into_deserializer();
        Defect::deserialize(text).unwrap()
    }
}
