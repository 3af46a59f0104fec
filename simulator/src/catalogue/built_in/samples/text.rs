//! The documents of the samples: an update that carries its file itself, a hidden member of a bundle, a bundle.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::table::Sample;
use super::{Generated, identity};
use crate::catalogue::built_in::categories::{self, *};
use crate::catalogue::built_in::document::Document;
use crate::catalogue::{File, Guid, Identity};

const COMMAND_LINE: &str = "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/CommandLineInstallation";
const CBS: &str = "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/Cbs";
const INSTALLATION: &[(&str, &str)] = &[("RebootBehavior", "CanRequestReboot"), ("Impact", "Normal")];

/// An update that carries its file itself.
pub(super) fn alone(sample: &Sample, file: &File, eula: Option<&File>) -> Arc<str> {
    Document::update(sample.identity(), |document| {
        sample.properties(document, true, Some(COMMAND_LINE), file.size);
        sample.words(document, "", eula);
        document.element("upd:Relationships", &[], |document| {
            sample.superseded(document);
            sample.prerequisites(document);
        });
        rules(document, &file.name);
        sample.files(document, file);
        categories::handler(document, "cmd:CommandLineInstallation", ("xmlns:cmd", COMMAND_LINE), |document| {
            let command = [("Program", &*file.name), ("Arguments", "/quiet")];
            document.element("cmd:InstallCommand", &command, |document| {
                document.empty("cmd:ReturnCode", &[("Code", "0"), ("Result", "Succeeded")]);
            });
        });
    })
}

/// A hidden member of a bundle.
pub(super) fn member(sample: &Sample, identity: Identity, file: &File) -> Arc<str> {
    Document::update(identity, |document| {
        sample.properties(document, false, Some(CBS), file.size);
        sample.words(document, &format!(", member {}", file.name), None);
        document.element("upd:Relationships", &[], |document| sample.prerequisites(document));
        rules(document, &file.name);
        sample.files(document, file);
        categories::handler(document, "cbs:Cbs", ("xmlns:cbs", CBS), |document| document.empty("cbs:CbsData", &[]));
    })
}

/// A bundle: deployable, and without a file of its own.
pub(super) fn bundle(sample: &Sample, groups: &[&[Generated]]) -> Arc<str> {
    let size = groups.iter().filter_map(|group| group.first()).map(|file| file.size as u64).sum();
    Document::update(sample.identity(), |document| {
        sample.properties(document, true, None, size);
        sample.words(document, "", None);
        document.element("upd:Relationships", &[], |document| {
            sample.superseded(document);
            sample.prerequisites(document);
            document.element("upd:BundledUpdates", &[], |document| {
                groups.iter().for_each(|group| sample.bundled(document, group));
            });
        });
        document.element("upd:ApplicabilityRules", &[], |document| {
            document.element("upd:IsInstallable", &[], |document| document.empty("lar:True", &[]));
        });
    })
}

/// The directory that Microsoft Update keeps the files of a classification in.
pub(super) fn class(classification: Guid) -> &'static str {
    match classification {
        SECURITY => "secu",
        CRITICAL => "crup",
        DEFINITIONS => "defu",
        ROLLUPS => "uprl",
        FEATURE_PACKS => "ftpk",
        SERVICE_PACKS => "svpk",
        TOOLS => "tool",
        UPDATES => "updt",
        _ => "dflt",
    }
}

impl Sample {
    fn properties(&self, document: &mut Document, deployable: bool, handler: Option<&str>, size: u64) {
        let (size, eula) = (size.to_string(), self.eula_id().to_string());
        let mut attributes = vec![
            ("DefaultPropertiesLanguage", "en"),
            ("UpdateType", "Software"),
            ("ExplicitlyDeployable", if deployable { "true" } else { "false" }),
            ("MaxDownloadSize", &size),
            ("MinDownloadSize", &size),
            ("PublicationState", if self.expired { "Expired" } else { "Published" }),
            ("CreationDate", self.created),
            ("PublisherID", "395392a0-19c0-48b7-a927-f7c15066d905"),
        ];
        attributes.extend(handler.map(|handler| ("Handler", handler)));
        attributes.extend(self.severity.map(|severity| ("MsrcSeverity", severity)));
        attributes.extend(self.eula.map(|_| ("EulaID", &*eula)));
        document.element("upd:Properties", &attributes, |document| {
            document.leaf("upd:KBArticleID", &[], self.article);
            document.leaf("upd:SupportUrl", &[], "https://wsuslab.example/");
            document.empty("upd:InstallationBehavior", INSTALLATION);
            if self.is_encrypted {
                document.leaf("upd:SecuredFragment", &[], "FileDecryption");
            }
        });
    }

    fn words(&self, document: &mut Document, part: &str, eula: Option<&File>) {
        let title = format!("wsuslab sample {}{part} (KB{})", self.name, self.article);
        let description = "Changes nothing, repairs nothing.";
        let description = if self.is_long { [description; 60].join(" ") } else { description.to_owned() };
        document.words_and(&title, &description, |document| {
            if let Some(eula) = eula {
                let described = described(eula);
                let mut attributes: Vec<_> = described.iter().map(|(name, value)| (*name, &**value)).collect();
                attributes.extend([("Language", "en"), ("GeoId", "0")]);
                document.empty("upd:EulaFile", &attributes);
            }
        });
    }

    /// Made from the name of the text, so that updates with the same licence have one id.
    fn eula_id(&self) -> Guid {
        Guid::named(&format!("eula/{}", self.eula.map_or("", |eula| eula.name)))
    }

    fn superseded(&self, document: &mut Document) {
        if self.supersedes.is_empty() {
            return;
        }
        document.element("upd:SupersededUpdates", &[], |document| {
            self.supersedes.iter().for_each(|name| document.id(identity(name).id));
        });
    }

    fn prerequisites(&self, document: &mut Document) {
        document.element("upd:Prerequisites", &[], |document| {
            self.needs.iter().for_each(|name| document.id(detectoid(name)));
            self.prerequisites.iter().for_each(|name| document.id(identity(name).id));
            document.belongs_to(self.products);
            document.belongs_to(&[self.classification]);
        });
    }

    fn files(&self, document: &mut Document, file: &File) {
        let described = described(file);
        let mut attributes: Vec<_> = described.iter().map(|(name, value)| (*name, &**value)).collect();
        attributes.push(("PatchingType", "SelfContained"));
        attributes.extend(self.is_encrypted.then_some(("IsEncrypted", "true")));
        document.element("upd:Files", &[], |document| {
            document.element("upd:File", &attributes, |document| {
                document.leaf("upd:AdditionalDigest", &[("Algorithm", "SHA256")], &STANDARD.encode(file.sha256.0));
            });
        });
    }

    fn bundled(&self, document: &mut Document, group: &[Generated]) {
        match group {
            [file] => document.identity(self.member(file.name)),
            files => document.element("upd:AtLeastOne", &[], |document| {
                files.iter().for_each(|file| document.identity(self.member(file.name)));
            }),
        }
    }
}

fn rules(document: &mut Document, file: &str) {
    let subkey = format!("SOFTWARE\\wsuslab\\{file}");
    document.element("upd:ApplicabilityRules", &[], |document| {
        document.element("upd:IsInstalled", &[], |document| {
            document.rule("bar:RegKeyExists", &[("Key", "HKEY_LOCAL_MACHINE"), ("Subkey", &subkey)]);
        });
        document.element("upd:IsInstallable", &[], |document| document.empty("lar:True", &[]));
    });
}

/// What real documents say of a file, of a licence too.
fn described(file: &File) -> [(&'static str, String); 5] {
    [
        ("Digest", STANDARD.encode(file.sha1.0)),
        ("DigestAlgorithm", "SHA1".to_owned()),
        ("FileName", file.name.clone()),
        ("Size", file.size.to_string()),
        ("Modified", "2025-01-01T00:00:00Z".to_owned()),
    ]
}
