//! The results of the operations, member by member. What the specification lets be absent may be absent here.

use super::super::xml::Element;

/// [MS-WSUSSS] 3.1.4.1: how the upstream wants to be authorized.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthConfig {
    /// `LastChange`.
    pub last_change: Option<String>,
    /// `PlugInID` of the one plug-in; `DssTargeting`.
    pub plug_in_id: String,
    /// `ServiceUrl`: where the authorization service is, relative to the base URL.
    pub service_url: String,
}

/// [MS-WSUSSS] 2.2.4.7. Opaque.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationCookie {
    /// `PlugInId`.
    pub plug_in_id: String,
    /// `CookieData`, base64 as it came.
    pub cookie_data: String,
}

/// [MS-WSUSSS] 2.2.4.8. Opaque.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// `Expiration` as it came.
    pub expiration: String,
    /// `EncryptedData`, base64 as it came.
    pub encrypted_data: String,
}

/// [MS-WSUSSS] 3.1.4.4: the upstream's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigData {
    /// `CatalogOnlySync`: the upstream keeps no files.
    pub catalog_only_sync: bool,
    /// `LazySync`: it fetches files only when somebody approves them.
    pub lazy_sync: bool,
    /// `ServerHostsPsfFiles`.
    pub server_hosts_psf_files: bool,
    /// `MaxNumberOfUpdatesPerRequest`.
    pub max_updates_per_request: Option<u32>,
    /// `NewConfigAnchor`.
    pub new_config_anchor: Option<String>,
    /// `ProtocolVersion`; absent from WSUS 2.0.
    pub protocol_version: Option<String>,
    /// `LanguageUpdateList`.
    pub languages: Vec<Language>,
}

/// `ServerSyncLanguageData`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language {
    /// `LanguageID`.
    pub id: i64,
    /// `ShortLanguage`.
    pub short: Option<String>,
    /// `Enabled`.
    pub enabled: bool,
}

/// [MS-WSUSSS] 3.1.4.5: which revisions there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionIdList {
    /// `Anchor`: since when, the next time.
    pub anchor: Option<String>,
    /// `NewRevisions`.
    pub new_revisions: Vec<UpdateIdentity>,
}

/// One revision of one update.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UpdateIdentity {
    /// `UpdateID`, a GUID in lower case.
    pub update_id: String,
    /// `RevisionNumber`.
    pub revision_number: i64,
}

/// [MS-WSUSSS] 3.1.4.6: metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateData {
    /// `updates`.
    pub updates: Vec<Update>,
    /// `fileUrls`.
    pub file_urls: Vec<FileUrl>,
}

/// `ServerSyncUpdateData`: the metadata of one revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// `Id`.
    pub id: UpdateIdentity,
    /// `XmlUpdateBlob`: the metadata itself.
    pub xml_update_blob: Option<String>,
    /// `XmlUpdateBlobCompressed`: the same in a cabinet, base64 as it came.
    pub xml_update_blob_compressed: Option<String>,
    /// `FileDigestList`, base64 as it came.
    pub file_digests: Vec<String>,
}

/// `ServerSyncUrlData`: where a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileUrl {
    /// `FileDigest`, base64 as it came.
    pub file_digest: String,
    /// `MUUrl`.
    pub mu_url: Option<String>,
}

impl AuthConfig {
    pub(super) fn read(result: &Element) -> Result<AuthConfig, String> {
        let plug_in = result.child("AuthInfo").and_then(|info| info.child("AuthPlugInInfo"));
        let plug_in = plug_in.ok_or("it has no AuthPlugInInfo")?;
        Ok(AuthConfig {
            last_change: optional(result, "LastChange"),
            plug_in_id: required(plug_in, "PlugInID")?,
            service_url: required(plug_in, "ServiceUrl")?,
        })
    }
}

impl AuthorizationCookie {
    pub(super) fn read(result: &Element) -> Result<AuthorizationCookie, String> {
        let plug_in_id = optional(result, "PlugInId").or_else(|| optional(result, "PlugInID")).unwrap_or_default();
        Ok(AuthorizationCookie { plug_in_id, cookie_data: base64(&required(result, "CookieData")?) })
    }
}

impl Cookie {
    pub(super) fn read(result: &Element) -> Result<Cookie, String> {
        let encrypted_data = base64(&required(result, "EncryptedData")?);
        Ok(Cookie { expiration: required(result, "Expiration")?, encrypted_data })
    }
}

impl ConfigData {
    pub(super) fn read(result: &Element) -> Result<ConfigData, String> {
        let languages = result.child("LanguageUpdateList").into_iter();
        let languages = languages.flat_map(|list| list.children_named("ServerSyncLanguageData"));
        Ok(ConfigData {
            catalog_only_sync: boolean(result, "CatalogOnlySync")?,
            lazy_sync: boolean(result, "LazySync")?,
            server_hosts_psf_files: boolean(result, "ServerHostsPsfFiles")?,
            max_updates_per_request: number(result, "MaxNumberOfUpdatesPerRequest")?
                .and_then(|most| most.try_into().ok()),
            new_config_anchor: optional(result, "NewConfigAnchor"),
            protocol_version: optional(result, "ProtocolVersion"),
            languages: languages.map(Language::read).collect::<Result<_, _>>()?,
        })
    }
}

impl Language {
    fn read(language: &Element) -> Result<Language, String> {
        Ok(Language {
            id: number(language, "LanguageID")?.ok_or("a language has no LanguageID")?,
            short: optional(language, "ShortLanguage"),
            enabled: boolean(language, "Enabled")?,
        })
    }
}

impl RevisionIdList {
    pub(super) fn read(result: &Element) -> Result<RevisionIdList, String> {
        let revisions = result.child("NewRevisions").into_iter().flat_map(|list| list.children_named("UpdateIdentity"));
        let new_revisions = revisions.map(UpdateIdentity::read).collect::<Result<_, _>>()?;
        Ok(RevisionIdList { anchor: optional(result, "Anchor"), new_revisions })
    }
}

impl UpdateIdentity {
    fn read(identity: &Element) -> Result<UpdateIdentity, String> {
        Ok(UpdateIdentity {
            update_id: required(identity, "UpdateID")?.to_ascii_lowercase(),
            revision_number: number(identity, "RevisionNumber")?.ok_or("a revision has no RevisionNumber")?,
        })
    }
}

impl UpdateData {
    pub(super) fn read(result: &Element) -> Result<UpdateData, String> {
        let updates = result.child("updates").into_iter().flat_map(|list| list.children_named("ServerSyncUpdateData"));
        let file_urls = result.child("fileUrls").into_iter().flat_map(|list| list.children_named("ServerSyncUrlData"));
        Ok(UpdateData {
            updates: updates.map(Update::read).collect::<Result<_, _>>()?,
            file_urls: file_urls.map(FileUrl::read).collect::<Result<_, _>>()?,
        })
    }
}

impl Update {
    fn read(update: &Element) -> Result<Update, String> {
        let digests = update.child("FileDigestList").into_iter().flat_map(|list| list.children_named("base64Binary"));
        // The metadata is kept as it came, blanks and all.
        let blob = update.child("XmlUpdateBlob").map(|blob| blob.text().to_owned()).filter(|blob| !blob.is_empty());
        Ok(Update {
            id: UpdateIdentity::read(update.child("Id").ok_or("an update has no Id")?)?,
            xml_update_blob: blob,
            xml_update_blob_compressed: optional(update, "XmlUpdateBlobCompressed").map(|blob| base64(&blob)),
            file_digests: digests.map(|digest| base64(digest.text())).collect(),
        })
    }
}

impl FileUrl {
    fn read(url: &Element) -> Result<FileUrl, String> {
        Ok(FileUrl { file_digest: base64(&required(url, "FileDigest")?), mu_url: optional(url, "MUUrl") })
    }
}

/// An empty element says no more than an absent one.
fn optional(element: &Element, name: &str) -> Option<String> {
    element.value(name).filter(|value| !value.is_empty()).map(str::to_owned)
}

fn required(element: &Element, name: &str) -> Result<String, String> {
    optional(element, name).ok_or_else(|| format!("it has no {name}"))
}

/// XML Schema Part 2, 3.2.2; absent means false.
fn boolean(element: &Element, name: &str) -> Result<bool, String> {
    match element.value(name) {
        None | Some("" | "false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(other) => Err(format!("its {name} is {other:?}, not a boolean")),
    }
}

fn number(element: &Element, name: &str) -> Result<Option<i64>, String> {
    let Some(text) = optional(element, name) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| format!("its {name} is {text:?}, not a number"))
}

/// XML Schema Part 2, 3.2.16: blanks within base64 mean nothing.
fn base64(text: &str) -> String {
    text.split_whitespace().collect()
}
