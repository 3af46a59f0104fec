//! Faults of the server-to-server protocol. Never "SOAP fault": that is the message, [`SoapFaultKind::Answer`] makes one.

use serde::{Deserialize, Serialize};

use crate::soap::SoapSeam;

mod answer;
mod approve_unknown;
mod garble_metadata;
mod strip_sha256;
mod withhold_digests;
mod withhold_file_urls;
mod withhold_keys;
mod withhold_metadata;

pub use answer::AnswerWithFault;

/// What the protocol's implementation can do wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum SoapFaultKind {
    /// Answers with a SOAP fault in place of the response.
    Answer(AnswerWithFault),
    /// GetDeployments tells of an approval of an update that the server does not have (F-56).
    ApproveUnknown {},
    /// The metadata of one revision in every answer is cut off (F-60).
    GarbleMetadata {},
    /// The metadata gives no SHA-256 of files.
    StripSha256 {},
    /// GetUpdateData names no digest of a file.
    WithholdDigests {},
    /// GetUpdateData tells no URL of a file.
    WithholdFileUrls {},
    /// GetUpdateDecryptionData gives no key.
    WithholdKeys {},
    /// The last revision that GetUpdateData is asked for is never given (F-60).
    WithholdMetadata {},
}

impl SoapFaultKind {
    /// The name under which it signs, and what it does at the seams.
    pub(crate) fn at_seam(&self) -> (&'static str, Box<dyn SoapSeam>) {
        match self {
            SoapFaultKind::Answer(fault) => ("soap/answer", Box::new(fault.clone())),
            SoapFaultKind::ApproveUnknown {} => ("soap/approve-unknown", Box::new(approve_unknown::ApproveUnknown)),
            SoapFaultKind::GarbleMetadata {} => ("soap/garble-metadata", Box::new(garble_metadata::GarbleMetadata)),
            SoapFaultKind::StripSha256 {} => ("soap/strip-sha256", Box::new(strip_sha256::StripSha256)),
            SoapFaultKind::WithholdDigests {} => ("soap/withhold-digests", Box::new(withhold_digests::WithholdDigests)),
            SoapFaultKind::WithholdFileUrls {} => {
                ("soap/withhold-file-urls", Box::new(withhold_file_urls::WithholdFileUrls))
            }
            SoapFaultKind::WithholdKeys {} => ("soap/withhold-keys", Box::new(withhold_keys::WithholdKeys)),
            SoapFaultKind::WithholdMetadata {} => {
                ("soap/withhold-metadata", Box::new(withhold_metadata::WithholdMetadata))
            }
        }
    }
}
