//! The subject folder of a scenario: what its administrator would have gathered, and nothing that only the lab knows.

mod host;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use certs::Trust;
use serde_json::Value;
use time::OffsetDateTime;

use crate::network::NetworkFile;
use crate::scenario::Scenario;
use crate::subject::Certificate;

/// The files of a subject folder: path below it, and content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectFiles {
    /// `wsus.json`, `host.json`, `stores/root/organisation.cer` …; an empty store is a folder, and ends in a slash.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Scenario {
    /// The subject folder of this scenario at the moment `now`, as the examiner's clock shows it.
    pub fn subject_files(&self, trust: &Trust, now: OffsetDateTime) -> SubjectFiles {
        let mut files = BTreeMap::new();
        files.insert("wsus.json".to_owned(), self.wsus_json().into_bytes());
        if !self.leaves_out("host") {
            files.insert("host.json".to_owned(), host::json(self, trust, now).into_bytes());
            files.extend(self.store_files(trust));
        }
        SubjectFiles { files }
    }

    /// Step 0 as `ConvertTo-Json` of Windows PowerShell 5.1 prints it: four blanks of indent, two after the colon, CRLF.
    fn wsus_json(&self) -> String {
        let fields = self.subject.step0.fields();
        let printed: Vec<String> = fields
            .iter()
            .filter(|(name, _)| !self.leaves_out(name))
            .map(|(name, value)| format!("    \"{name}\":  {}", powershell(value.as_ref())))
            .collect();
        format!("{{\r\n{}\r\n}}\r\n", printed.join(",\r\n"))
    }

    fn store_files(&self, trust: &Trust) -> BTreeMap<String, Vec<u8>> {
        let stores = &self.subject.host.stores;
        let mut files = BTreeMap::new();
        for (folder, fact, store) in [
            ("root", "host.stores.root", &stores.root),
            ("ca", "host.stores.ca", &stores.ca),
            ("user-root", "host.stores.user_root", &stores.user_root),
        ] {
            let Some(store) = store.as_ref().filter(|_| !self.leaves_out(fact) && !self.leaves_out("host.stores"))
            else {
                continue;
            };
            files.insert(format!("stores/{folder}/"), Vec::new());
            for (name, der) in store.iter().map(|held| certificate(trust, held)) {
                // PEM, as the export wizard of Windows writes it too, so that curl and OpenSSL read the same file.
                files.insert(format!("stores/{folder}/{name}.cer"), certs::certificates_as_pem([der]).into_bytes());
            }
        }
        files
    }

    /// Whether the subject leaves this fact out.
    pub(crate) fn leaves_out(&self, fact: &str) -> bool {
        self.subject.absent.iter().any(|absent| absent == fact)
    }
}

impl SubjectFiles {
    /// The same with `network.json`, for an examiner that is not ours.
    #[must_use]
    pub fn with_network(mut self, network: &NetworkFile) -> SubjectFiles {
        let text = serde_json::to_string_pretty(network).unwrap_or_default();
        self.files.insert("network.json".to_owned(), (text + "\n").into_bytes());
        self
    }

    /// Writes the files below `folder`, which may exist.
    ///
    /// # Errors
    ///
    /// When the operating system would not write one.
    pub fn write_to(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        for (path, content) in &self.files {
            let file = folder.join(path);
            if path.ends_with('/') {
                std::fs::create_dir_all(file)?;
                continue;
            }
            if let Some(parent) = file.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(file, content)?;
        }
        Ok(())
    }
}

/// Name and DER of a certificate of the world.
fn certificate<'a>(trust: &'a Trust, certificate: &'a Certificate) -> (&'a str, &'a [u8]) {
    match certificate {
        Certificate::Organisation => ("organisation", &trust.organisation_root),
        Certificate::OrganisationIntermediate => ("organisation-intermediate", &trust.organisation_intermediate),
        Certificate::Microsoft => ("microsoft", &trust.microsoft_root),
        Certificate::Inspection => ("inspection", trust.further_roots.get("inspection").map_or(&[], Vec::as_slice)),
        Certificate::Node(name) => (name, trust.self_signed.get(name).map_or(&[], Vec::as_slice)),
        Certificate::RootOf(name) => (name, trust.further_roots.get(name).map_or(&[], Vec::as_slice)),
    }
}

/// A value as `ConvertTo-Json` of Windows PowerShell 5.1 prints it: besides JSON's own escapes it writes `'`, `<`, `>` and `&`
/// as `\u` and four digits.
fn powershell(value: Option<&Value>) -> String {
    let Some(Value::String(text)) = value else { return value.unwrap_or(&Value::Null).to_string() };
    let mut printed = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => printed.push_str("\\\""),
            '\\' => printed.push_str("\\\\"),
            '\n' => printed.push_str("\\n"),
            '\r' => printed.push_str("\\r"),
            '\t' => printed.push_str("\\t"),
            '\'' | '<' | '>' | '&' | '\0'..='\u{1f}' => {
                // Writing to a string cannot fail.
                let _ = write!(printed, "\\u{:04x}", u32::from(character));
            }
            other => printed.push(other),
        }
    }
    printed.push('"');
    printed
}

#[cfg(test)]
mod tests;
