//! The `upd:Update` document of a place: the namespaces and elements of real ones, the words our own. As in real lists, some
//! prerequisites come later than what needs them, and a few are nowhere.

use std::fmt::{self, Write};

use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use time::format_description::well_known::Rfc3339;

use super::{BEGINNING, Generated, STEP};
use crate::catalogue::{File, Guid};

/// The document.
pub(super) fn write(catalogue: &Generated, place: u32, file: &File) -> String {
    let mut xml = String::with_capacity(6_144);
    // A String takes everything.
    let _ = Draft { catalogue, place, xml: &mut xml }.whole(file);
    xml
}

struct Draft<'a> {
    catalogue: &'a Generated,
    place: u32,
    xml: &'a mut String,
}

/// Title and description: in English, and in two languages whose letters are not all ASCII.
const LANGUAGES: [(&str, &str, &[&str]); 3] = [
    (
        "en",
        "Generated update",
        &["This", "sample", "changes", "nothing", "and", "repairs", "nothing", "on", "any", "server"],
    ),
    (
        "de",
        "Erzeugtes Update",
        &["Dieses", "Beispiel", "ändert", "nichts", "und", "behebt", "nichts", "für", "größere", "Netze"],
    ),
    ("ja", "生成された更新プログラム", &["この", "例は", "何も", "変更", "せず", "何も", "修正", "しません", "。"]),
];

impl Draft<'_> {
    fn whole(&mut self, file: &File) -> fmt::Result {
        let identity = self.catalogue.identity(self.place);
        write!(
            self.xml,
            "<upd:Update xmlns:bar=\"http://schemas.microsoft.com/msus/2002/12/BaseApplicabilityRules\" \
             xmlns:lar=\"http://schemas.microsoft.com/msus/2002/12/LogicalApplicabilityRules\" \
             xmlns:cmd=\"http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/CommandLineInstallation\" \
             xmlns:upd=\"http://schemas.microsoft.com/msus/2002/12/Update\">\
             <upd:UpdateIdentity UpdateID=\"{}\" RevisionNumber=\"{}\" />",
            identity.id, identity.revision
        )?;
        self.properties(file)?;
        self.words()?;
        self.relationships()?;
        self.rules(file)?;
        self.files(file)?;
        write!(
            self.xml,
            "<upd:HandlerSpecificData xsi:type=\"cmd:CommandLineInstallation\" \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><cmd:InstallCommand Program=\"{}\" \
             Arguments=\"/quiet\"><cmd:ReturnCode Code=\"0\" Result=\"Succeeded\" /></cmd:InstallCommand>\
             </upd:HandlerSpecificData></upd:Update>",
            file.name
        )
    }

    fn properties(&mut self, file: &File) -> fmt::Result {
        let created = (BEGINNING + STEP * self.place).format(&Rfc3339).map_err(|_| fmt::Error)?;
        write!(
            self.xml,
            "<upd:Properties DefaultPropertiesLanguage=\"en\" UpdateType=\"Software\" ExplicitlyDeployable=\"true\" \
             AutoSelectOnWebSites=\"true\" Handler=\"http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/\
             CommandLineInstallation\" MaxDownloadSize=\"{size}\" MinDownloadSize=\"{size}\" \
             PublicationState=\"Published\" CreationDate=\"{created}\" \
             PublisherID=\"395392a0-19c0-48b7-a927-f7c15066d905\"><upd:KBArticleID>{}</upd:KBArticleID>\
             <upd:SupportUrl>https://wsuslab.example/</upd:SupportUrl><upd:InstallationBehavior \
             RebootBehavior=\"CanRequestReboot\" Impact=\"Normal\" /></upd:Properties>",
            self.article(),
            size = file.size,
        )
    }

    fn words(&mut self) -> fmt::Result {
        let article = self.article();
        let mut hash = self.catalogue.cipher.hash(self.place, 4);
        // One in four is too long to be sent uncompressed.
        let count = if hash % 4 == 3 { 200 } else { 12 };
        self.xml.push_str("<upd:LocalizedPropertiesCollection>");
        for (language, title, words) in LANGUAGES {
            write!(
                self.xml,
                "<upd:LocalizedProperties><upd:Language>{language}</upd:Language><upd:Title>{title} (KB{article})\
                 </upd:Title><upd:Description>"
            )?;
            for index in 0..count {
                hash = super::cipher::mix(hash.wrapping_add(index));
                let word = words[hash as usize % words.len()];
                write!(self.xml, "{}{word}", if index == 0 { "" } else { " " })?;
            }
            self.xml.push_str("</upd:Description></upd:LocalizedProperties>");
        }
        self.xml.push_str("</upd:LocalizedPropertiesCollection>");
        Ok(())
    }

    fn relationships(&mut self) -> fmt::Result {
        self.xml.push_str("<upd:Relationships>");
        let hash = self.catalogue.cipher.hash(self.place, 5);
        if let Some(superseded) = self.place.checked_sub(1 + (hash % 50) as u32).filter(|_| hash >> 32 & 7 == 0) {
            self.xml.push_str("<upd:SupersededUpdates>");
            self.id(self.catalogue.identity(superseded).id)?;
            self.xml.push_str("</upd:SupersededUpdates>");
        }
        self.xml.push_str("<upd:Prerequisites>");
        if let Some(id) = self.catalogue.prerequisite_of(self.place) {
            self.id(id)?;
        }
        let products = self.catalogue.products_of(self.place).clone();
        for ids in [&products[..], &[self.catalogue.classification_of(self.place)]] {
            self.xml.push_str("<upd:AtLeastOne IsCategory=\"true\">");
            ids.iter().try_for_each(|id| self.id(*id))?;
            self.xml.push_str("</upd:AtLeastOne>");
        }
        self.xml.push_str("</upd:Prerequisites></upd:Relationships>");
        Ok(())
    }

    fn rules(&mut self, file: &File) -> fmt::Result {
        write!(
            self.xml,
            "<upd:ApplicabilityRules><upd:IsInstalled><bar:FileExists Csidl=\"37\" Path=\"wsuslab\\{}\" />\
             </upd:IsInstalled><upd:IsInstallable><lar:And><bar:Processor Architecture=\"9\" /><bar:WindowsVersion \
             Comparison=\"GreaterThanOrEqualTo\" MajorVersion=\"10\" MinorVersion=\"0\" /></lar:And>\
             </upd:IsInstallable></upd:ApplicabilityRules>",
            file.name
        )
    }

    fn files(&mut self, file: &File) -> fmt::Result {
        write!(
            self.xml,
            "<upd:Files><upd:File Digest=\"{}\" DigestAlgorithm=\"SHA1\" FileName=\"{}\" Size=\"{}\" \
             Modified=\"2025-03-18T17:00:00Z\" PatchingType=\"SelfContained\"><upd:AdditionalDigest \
             Algorithm=\"SHA256\">{}</upd:AdditionalDigest></upd:File></upd:Files>",
            Base64Display::new(&file.sha1.0, &STANDARD),
            file.name,
            file.size,
            Base64Display::new(&file.sha256.0, &STANDARD),
        )
    }

    fn id(&mut self, id: Guid) -> fmt::Result {
        write!(self.xml, "<upd:UpdateIdentity UpdateID=\"{id}\" />")
    }

    fn article(&self) -> u64 {
        7_000_000 + u64::from(self.place)
    }
}
