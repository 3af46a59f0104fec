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
    /// `MaxUpdatesPerRequestInGetUpdateDecryptionData`; absent from servers before 2012, which have no such operation.
    pub max_updates_per_decryption_request: Option<u32>,
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

/// [MS-WSUSSS] 3.1.4.18: the keys of encrypted files. The keys themselves are nobody's business here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecryptionData {
    /// The revisions for which there is an entry with at least one key.
    pub with_keys: Vec<UpdateIdentity>,
}

/// [MS-WSUSSS] 3.1.4.10: what a replica takes over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployments {
    /// `Anchor`: since when, the next time.
    pub anchor: Option<String>,
    /// How many target groups there are.
    pub groups: usize,
    /// The revision of each deployment.
    pub deployments: Vec<UpdateIdentity>,
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
            max_updates_per_request: maximum(result, "MaxNumberOfUpdatesPerRequest")?,
            max_updates_per_decryption_request: maximum(result, "MaxUpdatesPerRequestInGetUpdateDecryptionData")?,
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

impl DecryptionData {
    pub(super) fn read(result: &Element) -> Result<DecryptionData, String> {
        let updates = result.child("UpdateFileDecryptionData").into_iter();
        let updates = updates.flat_map(|list| list.children_named("ServerSyncUpdateFileDecryption"));
        let with_keys = updates.filter(|update| {
            let mut files = update.child("FileDecryptionData").into_iter();
            files.any(|list| list.children_named("ServerSyncFileDecryption").any(has_key))
        });
        let identity =
            |update: &Element| UpdateIdentity::read(update.child("UpdateId").ok_or("a key has no UpdateId")?);
        Ok(DecryptionData { with_keys: with_keys.map(identity).collect::<Result<_, _>>()? })
    }
}

fn has_key(file: &Element) -> bool {
    optional(file, "DecryptionKey").is_some()
}

impl Deployments {
    pub(super) fn read(result: &Element) -> Result<Deployments, String> {
        let list = |name: &str, each: &'static str| -> Vec<&Element> {
            result.child(name).into_iter().flat_map(|list| list.children_named(each)).collect()
        };
        let deployments = list("Deployments", "ServerSyncDeployment");
        let revision = |deployment: &&Element| {
            Ok(UpdateIdentity {
                // This type alone spells it so.
                update_id: required(deployment, "UpdateId")?.to_ascii_lowercase(),
                revision_number: number(deployment, "RevisionNumber")?.ok_or("a deployment has no RevisionNumber")?,
            })
        };
        Ok(Deployments {
            anchor: optional(result, "Anchor"),
            groups: list("Groups", "ServerSyncTargetGroup").len(),
            deployments: deployments.iter().map(revision).collect::<Result<_, String>>()?,
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

fn maximum(element: &Element, name: &str) -> Result<Option<u32>, String> {
    Ok(number(element, name)?.and_then(|most| most.try_into().ok()))
}

/// XML Schema Part 2, 3.2.16: blanks within base64 mean nothing.
fn base64(text: &str) -> String {
    text.split_whitespace().collect()
}
