//! What a downstream server takes out of the metadata of a revision ([MS-WSUSSS] 3.1.1.1), as far as the examiner needs it.

use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;

use super::xml::{self, Visitor};

/// No update is known to have more files; a hostile one shall not fill the memory.
const MOST_FILES: usize = 100_000;

/// The facts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// `/Update/UpdateIdentity`: id in lower case, and revision.
    pub(super) identity: Option<(String, String)>,
    /// `/Update/Files/File`, and licence texts.
    pub(super) files: Vec<File>,
    /// A `SecuredFragment` says that its files are encrypted and their keys to be asked for.
    pub(super) wants_keys: bool,
}

/// A file of an update.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct File {
    /// `Digest`: SHA-1 in base64, as it came.
    pub(super) digest: String,
    /// `FileName`.
    pub(super) name: String,
    /// `Size`.
    pub(super) size: Option<u64>,
    /// `PatchingType` is `Express`: only some upstreams have it.
    pub(super) is_express: bool,
    /// A licence text, which no list of digests names.
    pub(super) is_eula: bool,
    /// An `AdditionalDigest` gives its SHA-256.
    pub(super) has_sha256: bool,
}

/// Reads a document; the reason where it is not well-formed.
pub(super) fn read(document: &str) -> Result<Facts, String> {
    let mut reading = Reading::default();
    xml::walk(document, &mut reading)?;
    if reading.is_begun { Ok(reading.facts) } else { Err("there is no element in it".to_owned()) }
}

#[derive(Default)]
struct Reading {
    facts: Facts,
    is_begun: bool,
    /// How many elements are open within a `SecuredFragment`, itself among them.
    in_fragment: usize,
}

impl Visitor for Reading {
    fn begin(&mut self, start: &BytesStart<'_>, depth: usize) -> Result<(), String> {
        self.is_begun = true;
        let attributes = Attributes::read(start)?;
        let name = start.local_name().into_inner();
        match name {
            "UpdateIdentity" if depth == 1 && self.facts.identity.is_none() => {
                let id = attributes.value("UpdateID").to_ascii_lowercase();
                self.facts.identity = Some((id, attributes.value("RevisionNumber")));
            }
            "File" | "EulaFile" if 1 < depth => self.file(&attributes, name == "EulaFile")?,
            "AdditionalDigest" if attributes.value("Algorithm").eq_ignore_ascii_case("SHA256") => {
                if let Some(file) = self.facts.files.last_mut() {
                    file.has_sha256 = true;
                }
            }
            "SecuredFragment" => {
                self.facts.wants_keys |= attributes.0.iter().any(|(_, value)| names_keys(value));
                self.in_fragment += 1;
                return Ok(());
            }
            _ => {}
        }
        self.in_fragment += usize::from(0 < self.in_fragment);
        Ok(())
    }

    fn text(&mut self, text: &str) {
        self.facts.wants_keys |= 0 < self.in_fragment && names_keys(text);
    }

    fn end(&mut self) {
        self.in_fragment = self.in_fragment.saturating_sub(1);
    }
}

impl Reading {
    fn file(&mut self, attributes: &Attributes, is_eula: bool) -> Result<(), String> {
        if self.facts.files.len() == MOST_FILES {
            return Err("it has too many files".to_owned());
        }
        self.facts.files.push(File {
            digest: attributes.value("Digest").split_whitespace().collect(),
            name: attributes.value("FileName"),
            size: attributes.value("Size").parse().ok(),
            is_express: attributes.value("PatchingType").eq_ignore_ascii_case("Express"),
            is_eula,
            has_sha256: false,
        });
        Ok(())
    }
}

/// The specification gives the path of the fragment and not its form, so its text counts as well as its attributes.
fn names_keys(text: &str) -> bool {
    text.trim() == "FileDecryption"
}

struct Attributes(Vec<(String, String)>);

impl Attributes {
    fn read(start: &BytesStart<'_>) -> Result<Attributes, String> {
        let mut read = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
            read.push((attribute.key.local_name().into_inner().to_owned(), value.into_owned()));
        }
        Ok(Attributes(read))
    }

    /// Empty where it is absent.
    fn value(&self, name: &str) -> String {
        self.0.iter().find(|(given, _)| given == name).map_or(String::new(), |(_, value)| value.trim().to_owned())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const UPDATE: &str = "<upd:Update xmlns:upd=\"u\"><upd:UpdateIdentity UpdateID=\"0A\" RevisionNumber=\"7\"/>\
        <upd:Properties><upd:SecuredFragment FragmentType=\"FileURL\"/></upd:Properties>\
        <upd:LocalizedPropertiesCollection><upd:EulaFile Digest=\"Rg==\" FileName=\"eula.txt\" Size=\"3\"/>\
        </upd:LocalizedPropertiesCollection><upd:Relationships><upd:BundledUpdates>\
        <upd:UpdateIdentity UpdateID=\"0b\" RevisionNumber=\"1\"/></upd:BundledUpdates></upd:Relationships>\
        <upd:Files><upd:File Digest=\"RQ= =\" FileName=\"a&amp;b.cab\" Size=\"12\" PatchingType=\"Express\">\
        <upd:AdditionalDigest Algorithm=\"SHA256\">Rg==</upd:AdditionalDigest></upd:File></upd:Files>\
        </upd:Update>";

    #[test]
    fn identity_and_files_are_found() {
        let facts = read(UPDATE).unwrap();
        let eula = File {
            digest: "Rg==".to_owned(),
            name: "eula.txt".to_owned(),
            size: Some(3),
            is_express: false,
            is_eula: true,
            has_sha256: false,
        };
        let file = File {
            digest: "RQ==".to_owned(),
            name: "a&b.cab".to_owned(),
            size: Some(12),
            is_express: true,
            is_eula: false,
            has_sha256: true,
        };
        let identity = Some(("0a".to_owned(), "7".to_owned()));
        assert_eq!(facts, Facts { identity, files: vec![eula, file], wants_keys: false });
    }

    #[test]
    fn a_fragment_asks_for_keys_in_either_form() {
        let asks = |fragment: &str| read(&format!("<u><Properties>{fragment}</Properties></u>")).unwrap().wants_keys;
        assert!(asks("<SecuredFragment FragmentType=\"FileDecryption\"/>"));
        assert!(asks("<SecuredFragment>FileDecryption</SecuredFragment>"));
        assert!(asks("<SecuredFragment><Type>FileDecryption</Type></SecuredFragment>"));
        assert!(!asks("<SecuredFragment>FileURL</SecuredFragment><Other>FileDecryption</Other>"));
    }

    #[test]
    fn what_is_not_well_formed_says_why() {
        assert_eq!(read("<u><v/>").unwrap_err(), "it ends in the middle of an element");
        assert_eq!(read(" ").unwrap_err(), "there is no element in it");
        assert!(read("<u a='&nope;'/>").is_err());
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "[<>/a-z&;='\" !\\[\\]-]{0,80}") {
            let _ = read(&text);
        }
    }
}
