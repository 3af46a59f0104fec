//! The languages of a server ([MS-WSUSSS] 3.1.4.4.3.3).

use crate::soap::Personality;
use crate::soap::write::{Sink, Writer};

/// `ServerSyncLanguageData`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// `LanguageID`: a Windows language identifier.
    pub id: u32,
    /// `ShortLanguage`.
    pub short: &'static str,
    /// `LongLanguage`.
    pub long: &'static str,
    /// `Enabled`: whether updates in it are offered.
    pub enabled: bool,
}

impl Language {
    pub(super) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.wrap("ServerSyncLanguageData", |writer| {
            writer.value("LanguageID", self.id);
            writer.text("ShortLanguage", self.short);
            writer.text("LongLanguage", self.long);
            writer.value("Enabled", self.enabled);
        });
    }
}

/// Every language. Microsoft Update enables only the row for all of them; a lab's WSUS server also English.
pub(in crate::soap::operation) fn all(personality: Personality) -> Vec<Language> {
    let enabled = |id| id == 0 || (id == 1033 && personality == Personality::Asmx);
    LANGUAGES.iter().map(|&(id, short, long)| Language { id, short, long, enabled: enabled(id) }).collect()
}

/// The identifier of a language by its short name, which metadata has in any case of letters.
pub(in crate::soap::operation) fn id(short: &str) -> Option<i32> {
    let (id, _, _) = LANGUAGES.iter().find(|(_, name, _)| name.eq_ignore_ascii_case(short))?;
    i32::try_from(*id).ok()
}

const LANGUAGES: [(u32, &str, &str); 39] = [
    (0, "all", "all"),
    (1025, "ar", "Arabic"),
    (1026, "bg", "Bulgarian"),
    (1028, "zh-tw", "Chinese (Traditional)"),
    (1029, "cs", "Czech"),
    (1030, "da", "Danish"),
    (1031, "de", "German"),
    (1032, "el", "Greek"),
    (1033, "en", "English"),
    (1034, "es", "Spanish"),
    (1035, "fi", "Finnish"),
    (1036, "fr", "French"),
    (1037, "he", "Hebrew"),
    (1038, "hu", "Hungarian"),
    (1040, "it", "Italian"),
    (1041, "ja", "Japanese"),
    (1042, "ko", "Korean"),
    (1043, "nl", "Dutch"),
    (1044, "no", "Norwegian"),
    (1045, "pl", "Polish"),
    (1046, "pt-br", "Portuguese (Brazil)"),
    (1048, "ro", "Romanian"),
    (1049, "ru", "Russian"),
    (1050, "hr", "Croatian"),
    (1051, "sk", "Slovak"),
    (1053, "sv", "Swedish"),
    (1054, "th", "Thai"),
    (1055, "tr", "Turkish"),
    (1058, "uk", "Ukrainian"),
    (1060, "sl", "Slovenian"),
    (1061, "et", "Estonian"),
    (1062, "lv", "Latvian"),
    (1063, "lt", "Lithuanian"),
    (1081, "hi", "Hindi"),
    (2052, "zh-cn", "Chinese (Simplified)"),
    (2070, "pt", "Portuguese"),
    (2074, "sr", "Serbian (Latin)"),
    (3076, "zh-hk", "Chinese (Hong Kong S.A.R.)"),
    (66577, "ja-nec", "Japanese (NEC)"),
];
