//! Faults of the server-to-server protocol. Never "SOAP fault": that is the message, [`SoapFaultKind::Answer`] makes one.

use serde::{Deserialize, Serialize};

/// What the protocol's implementation can do wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum SoapFaultKind {
    /// Answers with a SOAP fault in place of the response.
    Answer(AnswerWithFault),
}

/// Parameters of [`SoapFaultKind::Answer`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AnswerWithFault {
    /// `ErrorCode` of the detail, as `IncompatibleProtocolVersion` ([MS-WSUSSS] 2.2.9.3).
    pub error_code: String,
    /// `Message` of the detail.
    #[serde(default)]
    pub message: String,
}
