//! The server-to-server protocol as a downstream server speaks it ([MS-WSUSSS]): authorization, configuration, the lists of
//! revisions and their metadata. No HTTP in here: a `Courier` carries the messages.

mod answer;
mod cabinet;
mod document;
mod metadata;
mod operation;
mod request;
mod run;
mod xml;
pub(crate) mod xpress;

use time::OffsetDateTime;

use crate::evidence::CallSeen;
use crate::network::ExamineError;

pub use answer::{
    Answer, AuthConfig, AuthorizationCookie, ConfigData, Cookie, DecryptionData, Deployments, FileUrl, Language,
    Received, RevisionIdList, Update, UpdateData, UpdateIdentity, decode,
};
pub use operation::Operation;
pub use request::{Request, encode};
pub(crate) use run::{Client, Ran, WantedFile, hex, knock, run};

/// One message, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) operation: Operation,
    /// What stands behind the base URL, beginning with a slash.
    pub(crate) path: String,
    pub(crate) body: String,
}

/// The way to the service: one HTTP exchange for a message, and a place where every call is kept.
pub(crate) trait Courier {
    /// Sends a message; what came back, with the whole body where it is whole.
    fn carry(&mut self, message: &Message) -> Result<Carried, ExamineError>;

    /// The examiner's clock, UTC.
    fn now(&self) -> OffsetDateTime;

    /// Keeps what came of the call, as evidence.
    fn keep(&mut self, carried: CallSeen, elapsed_ms: u64);
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Carried {
    pub(crate) exchange: crate::evidence::ExchangeSeen,
    /// The whole body, its coding undone; or why that cannot be.
    pub(crate) body: Result<Vec<u8>, String>,
    pub(crate) elapsed_ms: u64,
}
