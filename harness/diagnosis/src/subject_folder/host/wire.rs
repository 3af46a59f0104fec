//! `host.json` as it is written. What cannot be a fact is refused here, where its place in the file is still known.

use std::collections::BTreeMap;

use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::subject::TlsVersion;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct Host {
    #[serde(rename = "schema")]
    _schema: Schema,
    pub(super) now: Option<Moment>,
    pub(super) reference_now: Option<Moment>,
    pub(super) wsus_version: Option<WsusVersion>,
    pub(super) updates: Option<Vec<Update>>,
    pub(super) protocol_version: Option<ProtocolVersion>,
    pub(super) tls: Option<Tls>,
    pub(super) stores: Option<StorePaths>,
    pub(super) microsoft_roots: Option<Vec<Thumbprint>>,
    pub(super) proxy: Option<Proxy>,
    pub(super) content: Option<Content>,
    pub(super) winhttp_proxy: Option<String>,
    #[serde(default)]
    pub(super) outputs: BTreeMap<String, String>,
}

/// `tls`, with the suites from either of their two places: a list, or the policy's value `Functions`.
#[derive(Deserialize)]
#[serde(try_from = "TlsKeys")]
pub(super) struct Tls {
    pub(super) protocols: Option<Vec<TlsVersion>>,
    pub(super) suites: Option<Vec<String>>,
    pub(super) sch_use_strong_crypto: Option<bool>,
}

/// Certificate files by store, relative to `host.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with root, ca and user_root")]
pub(in crate::subject_folder) struct StorePaths {
    pub(in crate::subject_folder) root: Option<Vec<String>>,
    pub(in crate::subject_folder) ca: Option<Vec<String>>,
    pub(in crate::subject_folder) user_root: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with user, domain and allow_basic")]
pub(super) struct Proxy {
    pub(super) user: Option<String>,
    pub(super) domain: Option<String>,
    pub(super) allow_basic: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with host_binaries_on_microsoft_update and get_content_from_mu")]
pub(super) struct Content {
    pub(super) host_binaries_on_microsoft_update: Option<bool>,
    pub(super) get_content_from_mu: Option<bool>,
}

#[derive(Deserialize)]
#[serde(try_from = "u32")]
struct Schema;

#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Moment(pub(super) OffsetDateTime);

#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct WsusVersion(pub(super) String);

/// The number of an installed update, `KB` in capitals.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Update(pub(super) String);

#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct ProtocolVersion(pub(super) String);

#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Thumbprint(pub(super) String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with protocols, suites or functions, and sch_use_strong_crypto")]
struct TlsKeys {
    protocols: Option<Vec<TlsVersion>>,
    suites: Option<Vec<String>>,
    functions: Option<String>,
    sch_use_strong_crypto: Option<bool>,
}

impl TryFrom<u32> for Schema {
    type Error = String;

    fn try_from(schema: u32) -> Result<Self, String> {
        if schema == 1 { Ok(Schema) } else { Err(format!("schema {schema} is not known, expected 1")) }
    }
}

impl TryFrom<String> for Moment {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        OffsetDateTime::parse(text.trim(), &Rfc3339)
            .map(Moment)
            .map_err(|_| format!("{text:?} is not a time, expected RFC 3339 as 2026-02-28T09:00:00Z"))
    }
}

impl TryFrom<String> for WsusVersion {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match components(&text) {
            Some(2..=4) => Ok(WsusVersion(text)),
            _ => Err(format!("{text:?} is not a version of WSUS, expected numbers as 10.0.20348.2227")),
        }
    }
}

impl TryFrom<String> for Update {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let number = text.trim().to_ascii_uppercase();
        let digits = number.strip_prefix("KB").unwrap_or(&number);
        if (5..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Update(format!("KB{digits}")));
        }
        Err(format!("{text:?} is not the number of an update, expected as KB4484071"))
    }
}

impl TryFrom<String> for ProtocolVersion {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match components(&text) {
            Some(2) => Ok(ProtocolVersion(text)),
            _ => Err(format!("{text:?} is not a protocol version, expected two numbers as 1.20")),
        }
    }
}

/// How many numbers a version has; `None` when something in it is no number.
fn components(version: &str) -> Option<usize> {
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()) && part.parse::<u32>().is_ok();
    version.split('.').all(is_number).then(|| version.split('.').count())
}

impl TryFrom<String> for Thumbprint {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        // The certificate dialog copies an invisible mark (U+200E) before the first digit.
        let counts = |c: &char| !c.is_whitespace() && !matches!(c, ':' | '\u{200e}');
        let digits: String = text.chars().filter(counts).map(|c| c.to_ascii_uppercase()).collect();
        if digits.len() == 40 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(Thumbprint(digits));
        }
        Err(format!("{text:?} is not a SHA-1 thumbprint, expected 40 hexadecimal digits"))
    }
}

impl TryFrom<TlsKeys> for Tls {
    type Error = String;

    fn try_from(keys: TlsKeys) -> Result<Self, String> {
        let tidy = |suites: Vec<String>| -> Vec<String> {
            suites.iter().map(|suite| suite.trim().to_owned()).filter(|suite| !suite.is_empty()).collect()
        };
        let suites = match (keys.suites, keys.functions) {
            (Some(_), Some(_)) => {
                return Err("both `suites` and `functions`, expected the one that is in force".to_owned());
            }
            (Some(suites), None) => Some(tidy(suites)),
            // The policy separates by commas, the registry's own list has one a line.
            (None, Some(functions)) => Some(tidy(functions.split([',', '\n']).map(str::to_owned).collect())),
            (None, None) => None,
        };
        Ok(Tls { protocols: keys.protocols, suites, sch_use_strong_crypto: keys.sch_use_strong_crypto })
    }
}
