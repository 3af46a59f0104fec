//! How much a request may bring to an upstream server.

use serde::{Deserialize, Serialize};

/// What IIS and ASP.NET are configured to read of a request. The names are those of their configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RequestLimits {
    /// Bytes that request filtering lets pass, by what the head says; beyond them IIS answers 404 (404.13 in its log).
    pub max_allowed_content_length: u64,
    /// Kilobytes that ASP.NET reads; beyond them its web services answer with a SOAP fault, those of WCF with 413.
    pub max_request_length: u16,
    /// Where client certificates are asked for: the bytes that IIS reads before it renegotiates TLS. What is longer gets 413, over
    /// HTTPS alone. Without, nobody asks for client certificates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upload_read_ahead_size: Option<u64>,
}

impl Default for RequestLimits {
    /// What Windows and WSUS set up.
    fn default() -> Self {
        RequestLimits { max_allowed_content_length: 30_000_000, max_request_length: 4096, upload_read_ahead_size: None }
    }
}

impl RequestLimits {
    /// Bytes that ASP.NET reads.
    pub(crate) fn largest_body(&self) -> usize {
        usize::from(self.max_request_length) * 1024
    }
}
