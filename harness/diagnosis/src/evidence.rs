//! What an examination saw, as plain data: the subject (redacted), the time, and a list of raw observations.
//!
//! What we study is data, never an error: a refused connection, an alert and a deadline that passed are results. Everything
//! here survives a trip through JSON, so that a diagnosis can be replayed. Nothing here judges.

mod challenge;
mod content;
mod query;
mod refusal;
mod walk;

use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::deadlines::Deadlines;
use crate::path::{Route, Scheme};
use crate::subject::{Der, Subject, TlsVersion};

pub use challenge::{Attempt, Challenge};
pub use content::{ContentEnd, ContentSeen, PartsEnd};
pub(crate) use content::{ending, refused_method};
pub use query::{HopEnd, ProxyVoice, Sight};
pub use refusal::{Author, Refusal};
pub(crate) use walk::success;
pub use walk::{Walk, WalkEnd};

/// All that one examination saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Version of this format; 1.
    pub schema: u32,
    /// The examiner's clock at the start, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub taken_at: OffsetDateTime,
    /// The server under examination, as told.
    pub subject: Subject,
    /// How long each wait was allowed to take.
    pub deadlines: Deadlines,
    /// Whether the proxy password was at hand for the one authenticated attempt.
    pub proxy_password_at_hand: bool,
    /// In the order in which they were made.
    pub observations: Vec<Observation>,
}

/// One look at one thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// Why it was made.
    pub purpose: Purpose,
    /// The way it took.
    pub route: Route,
    /// The host that was looked at: the proxy itself where [`Seen::Name`] or [`Seen::Connect`] concern the hop to the proxy.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// What was seen.
    pub seen: Seen,
}

/// Why an observation was made. Only [`Purpose::Path`] is what the server itself would meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// The next step on the path that the server uses.
    Path,
    /// The same target without the proxy: context only, the server does not go this way.
    DirectComparison,
    /// Another version or suite list offered to the same listener.
    TlsMatrix,
    /// The very offer that failed, made to the same listener once more.
    Again,
    /// Another server name, or none, offered to the same listener.
    NameMatrix,
    /// The same listener as another client of this server meets it: the import from the Catalog.
    ImportPath,
    /// A certificate that was not presented, fetched from where another one says it lies. The observation's route tells whether
    /// it went as CryptoAPI goes (WinHTTP's proxy) or as WSUS does.
    IssuerFetch,
    /// Another scheme or port of the same upstream host.
    SchemeMatrix,
    /// The page for agents on the same listener of an upstream, at which people look first. It says nothing of the web service.
    ClientPage,
    /// The endpoint that Microsoft documents today, in place of the one configured.
    CurrentEndpoint,
    /// A few files of the upstream, after a whole synchronization. They never speak against its metadata.
    Content,
    /// Such a file without the proxy: context only, the server does not go this way.
    ContentWithoutProxy,
}

/// What one observation saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// A name was looked up.
    Name(NameSeen),
    /// A TCP connection was attempted.
    Connect(ConnectSeen),
    /// A proxy was asked for a tunnel (CONNECT).
    Tunnel(TunnelSeen),
    /// A TLS handshake was attempted.
    Handshake(HandshakeSeen),
    /// One HTTP exchange.
    Exchange(ExchangeSeen),
    /// One call of the server-to-server protocol.
    Call(CallSeen),
    /// The whole synchronization.
    Sync(SyncSeen),
    /// A certificate was fetched (RFC 5280, 4.2.2.1).
    Fetch(FetchSeen),
    /// A file of an update was fetched.
    Content(ContentSeen),
}

/// A name lookup (RFC 1035).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NameSeen {
    /// The DNS server asked; `None` where the system's resolver was used.
    pub server: Option<SocketAddr>,
    /// How it ended.
    pub ended: NameEnd,
}

/// How a name lookup ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameEnd {
    /// The name has these addresses.
    Addresses(Vec<IpAddr>),
    /// The host was an IP address already; nothing was asked.
    Literal(IpAddr),
    /// NXDOMAIN.
    NoSuchName,
    /// The name exists and has no address.
    NoAddress,
    /// Another response code of the server (2 SERVFAIL, 5 REFUSED …).
    Failure(u16),
    /// No answer before the deadline.
    TimedOut,
    /// The system's resolver or the socket said this.
    Other(String),
}

/// A TCP connection attempt (RFC 9293).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectSeen {
    /// The address dialled, before any address plan.
    pub address: SocketAddr,
    /// How it ended.
    pub ended: ConnectEnd,
}

/// How a TCP connection attempt ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectEnd {
    /// SYN, SYN-ACK, ACK.
    Connected,
    /// RST to our SYN.
    Refused,
    /// Nothing came before the deadline.
    TimedOut,
    /// Network or host unreachable.
    Unreachable,
    /// The operating system said this.
    Other(String),
}

/// A CONNECT request to a proxy and its answer (RFC 9110, 9.3.6).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TunnelSeen {
    /// The target that was asked for, `host:port`.
    pub target: String,
    /// Whether this request carried credentials.
    pub authenticated: bool,
    /// The proxy's answer, as far as one came.
    pub answer: Option<Head>,
    /// The beginning of the answer's body, as text.
    pub body: String,
    /// How the answer ended.
    pub ended: Ended,
}

/// The head of an HTTP response: names in the case in which they came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// Status code.
    pub status: u16,
    /// Reason phrase.
    pub reason: String,
    /// Fields in order.
    pub headers: Vec<(String, String)>,
}

impl Head {
    /// The first field of that name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// How a stream of bytes ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// As the protocol wants it; the message is whole.
    Complete,
    /// FIN before the message was whole.
    Closed,
    /// RST.
    Reset,
    /// Nothing more came before the deadline.
    TimedOut,
    /// More than the examiner is willing to read.
    TooLarge,
    /// A fatal alert of TLS, after the handshake.
    Alert(u8),
    /// The bytes are not of the protocol; the beginning of them as lossy text.
    NotTheProtocol(String),
    /// The operating system or the TLS library said this.
    Other(String),
}

/// A TLS handshake (RFC 5246, RFC 8446).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandshakeSeen {
    /// What the examiner offered.
    pub offer: Offer,
    /// How it ended.
    pub ended: TlsEnd,
    /// Bytes received, all records together.
    pub bytes_received: u64,
    /// The first bytes received, at most 64, lower-case hex.
    pub first_bytes: String,
    /// The version of the ServerHello, where one came.
    pub server_version: Option<TlsVersion>,
    /// How long the message with the certificates is, in bytes; known before TLS 1.3, also where the handshake failed over it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_message: Option<u32>,
    /// How many bits the prime of the server's Diffie-Hellman group has, where it chose DHE; known before TLS 1.3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dh_bits: Option<u32>,
    /// Whether the server asked for a certificate of the client.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks_for_certificate: bool,
    /// The suite of the completed handshake, by its IANA name.
    pub suite: Option<String>,
    /// The certificates as presented, leaf first. Presented is not verified.
    pub chain: Vec<Der>,
}

/// What a ClientHello offers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// Who would offer this.
    pub profile: Profile,
    /// The versions, oldest first.
    pub versions: Vec<TlsVersion>,
    /// The suites by their IANA names; empty: all that the profile has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suites: Vec<String>,
    /// The groups; empty: all that the profile has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// The server name, absent for an address.
    pub server_name: Option<String>,
}

/// Whose ClientHello the examiner imitates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// As the subject's policy would.
    Subject,
    /// As the import from the Catalog does without strong cryptography: .NET's defaults of old.
    Import,
    /// Everything that the examiner's library can do.
    Everything,
}

/// How a TLS handshake ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TlsEnd {
    /// The handshake completed. That says nothing of trust: the examiner accepts any certificate in order to see it.
    Completed,
    /// The server sent this fatal alert (RFC 8446, 6).
    Alert(u8),
    /// The server answered with a version that was not offered; the examiner gave up, as the subject would.
    VersionNotOffered,
    /// RST.
    Reset,
    /// FIN.
    Closed,
    /// Nothing came before the deadline.
    TimedOut,
    /// The answer was not TLS.
    NotTls,
    /// The TLS library said this.
    Other(String),
}

/// A certificate that was fetched (RFC 5280, 4.2.2.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FetchSeen {
    /// What was asked for.
    pub url: String,
    /// The answer's head, as far as one came.
    pub answer: Option<Head>,
    /// The certificates in the answer. Fetched is not verified.
    pub certificates: Vec<Der>,
    /// How the answer ended.
    pub ended: Ended,
}

/// One HTTP exchange (RFC 9112).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExchangeSeen {
    /// Request method.
    pub method: String,
    /// Scheme of the target.
    pub scheme: Scheme,
    /// Path and query.
    pub target: String,
    /// The answer's head, as far as one came.
    pub answer: Option<Head>,
    /// The beginning of the body, at most 4 KiB, as lossy text. What a body says is never proof by itself.
    pub body: String,
    /// How the answer ended.
    pub ended: Ended,
}

/// One call of the server-to-server protocol ([MS-WSUSSS] 3.1.4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallSeen {
    /// Name of the operation, as `GetCookie`.
    pub operation: String,
    /// The HTTP exchange below it.
    pub exchange: ExchangeSeen,
    /// What came of it.
    pub outcome: CallOutcome,
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallOutcome {
    /// A well-formed response of the operation.
    Answered,
    /// A SOAP fault ([MS-WSUSSS] 2.2.9).
    Fault(SoapFaultSeen),
    /// An HTTP answer that is not a SOAP response of the operation; why not.
    NotSoap(String),
    /// No whole HTTP answer; see the exchange.
    NoAnswer,
}

/// A SOAP fault as received.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SoapFaultSeen {
    /// `faultcode`.
    pub code: String,
    /// `faultstring`.
    pub text: String,
    /// `faultactor`.
    pub actor: Option<String>,
    /// `ErrorCode` of the detail ([MS-WSUSSS] 2.2.9.3).
    pub error_code: Option<String>,
    /// `Message` of the detail.
    pub message: Option<String>,
    /// `Method` of the detail.
    pub method: Option<String>,
}

/// A whole synchronization, as far as it got.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SyncSeen {
    /// The operation that stopped it; `None` when it ran to its end.
    pub stopped_at: Option<String>,
    /// The upstream's configuration, once GetConfigData had answered.
    pub config: Option<ConfigSeen>,
    /// Revisions announced by GetRevisionIdList, configuration and updates together.
    pub announced: u64,
    /// Revisions whose metadata came.
    pub received: u64,
    /// Announced and asked for, and never received, as `id/revision`; at most 100.
    pub missing: Vec<String>,
    /// Metadata that could not be read, with the reason; at most 100.
    pub unreadable: Vec<String>,
    /// Metadata that is that of another revision than the one for which it came; at most 100.
    pub misnamed: Vec<String>,
    /// Files of the metadata for which `fileUrls` has no entry, as `id/revision: digest`; at most 100.
    pub without_url: Vec<String>,
    /// Files of the metadata that `FileDigestList` does not name, as `id/revision: digest`; at most 100.
    pub unlisted: Vec<String>,
    /// Files of the metadata without a SHA-256, as `id/revision: digest`; at most 100.
    pub without_sha256: Vec<String>,
    /// Revisions that say that their files are encrypted, and for which GetUpdateDecryptionData gave no key, as
    /// `id/revision`; at most 100.
    pub without_keys: Vec<String>,
    /// What became of a smaller request, where a larger one of its kind got no SOAP message for an answer.
    pub smaller_request: Option<SmallerRequest>,
    /// What GetDeployments told a replica.
    pub deployments: Option<DeploymentsSeen>,
    /// Faults after which a downstream server does not just stop, and what was done.
    pub reactions: Vec<ReactionSeen>,
    /// `Expiration` of the last cookie, as it came.
    pub cookie_expires: Option<String>,
    /// How many cookies had expired by the examiner's clock when they were to be used.
    pub expired_cookies: u32,
    /// Whether everything announced was asked for, or only a sample.
    pub sampled: bool,
}

/// The same operation, asked for less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmallerRequest {
    /// Bytes in the body of the request that was refused.
    pub refused_bytes: u64,
    /// Bytes in the body of the smaller one.
    pub bytes: u64,
    /// Whether that one was answered with a SOAP message.
    pub answered: bool,
}

/// What GetDeployments told ([MS-WSUSSS] 3.1.4.10.3.1).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeploymentsSeen {
    /// Target groups; at least the two built-in ones.
    pub groups: u64,
    /// Deployments, all or only the newest.
    pub deployments: u64,
    /// Revisions that are deployed and of whose update none was announced, as `id/revision`; at most 100, none where only a
    /// sample was seen.
    pub unannounced: Vec<String>,
}

/// A SOAP fault, and the reaction that [MS-WSUSSS] 2.2.9.3 demands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReactionSeen {
    /// The operation that was refused.
    pub operation: String,
    /// `ErrorCode` of the fault.
    pub error_code: String,
    /// What was done.
    pub reaction: Reaction,
}

/// A reaction to a SOAP fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reaction {
    /// The protocol began again with GetAuthConfig, without a cookie.
    BeganAgain,
    /// The protocol went on with GetConfigData, without an anchor.
    ResetAnchors,
    /// It stopped: that is demanded, or the reaction was tried before and did not help.
    Stopped,
}

/// What GetConfigData told ([MS-WSUSSS] 3.1.4.4.3.1).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConfigSeen {
    /// `ProtocolVersion`; absent from WSUS 2.0.
    pub protocol_version: Option<String>,
    /// `CatalogOnlySync`.
    pub catalog_only_sync: bool,
    /// `LazySync`: files are there only for what somebody approved.
    pub lazy_sync: bool,
    /// `ServerHostsPsfFiles`: express files are there too.
    pub server_hosts_psf_files: bool,
    /// `MaxNumberOfUpdatesPerRequest`.
    pub max_updates_per_request: Option<u32>,
}
