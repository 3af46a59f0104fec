//! What a fault takes for itself at a listener. Each fault says so in its own file, so that a world in which another one could
//! never act beside it is refused before it starts.

/// Where a fault acts always, and what that leaves to the others at the same listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The seam at which it acts whenever its condition holds.
    pub stage: Stage,
    /// Whether no later seam is asked once it has acted.
    pub ends: bool,
    /// The operations during which alone it acts; all without.
    pub operations: Option<&'static [&'static str]>,
}

/// The seams of all layers, in the order in which a request comes to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// A name is asked for.
    Question,
    /// A connection is asked for, and the kernel answers.
    Connecting,
    /// So many bytes were sent on a connection.
    Sent(u64),
    /// A request has come to a proxy.
    ProxyRequest,
    /// A ClientHello has come.
    ClientHello,
    /// A chain is about to be sent.
    Chain,
    /// The head of a request has come.
    Head,
    /// A request is about to be answered.
    Answer,
    /// An operation is about to be answered.
    Outcome,
    /// A file is asked for.
    File,
}

impl Standing {
    /// It acts here, and what comes later is asked all the same.
    pub const fn at(stage: Stage) -> Standing {
        Standing { stage, ends: false, operations: None }
    }

    /// It acts here, and nothing comes later.
    pub const fn end(stage: Stage) -> Standing {
        Standing { stage, ends: true, operations: None }
    }

    /// It lets so many bytes pass on a connection. Without a single one, whatever a later seam did would not be seen.
    pub const fn after_bytes(bytes: u64) -> Standing {
        Standing { stage: Stage::Sent(bytes), ends: bytes == 0, operations: None }
    }

    /// It acts during these operations only.
    pub const fn during(self, operations: &'static [&'static str]) -> Standing {
        Standing { operations: Some(operations), ..self }
    }
}

impl Stage {
    /// What is taken there, after "every".
    pub fn moment(self) -> &'static str {
        match self {
            Stage::Question => "question",
            Stage::Connecting | Stage::Sent(_) => "connection",
            Stage::ProxyRequest | Stage::Head | Stage::Answer => "request",
            Stage::ClientHello => "ClientHello",
            Stage::Chain => "handshake",
            Stage::Outcome => "operation",
            Stage::File => "file",
        }
    }
}
