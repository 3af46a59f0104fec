//! The traces that a cause leaves on the server, each with how well it is known.

/// A trace that a cause leaves on the server.
#[derive(Clone, Copy, Debug)]
pub struct Appearance {
    /// Exception text, HRESULT (`0x80072EFD`), event (`Event 10022`) or log line, verbatim.
    pub text: &'static str,
    /// Where it is seen.
    pub place: Place,
    /// How well it is known.
    pub provenance: Provenance,
    /// On which build it was seen, where that is known; else empty.
    pub build: &'static str,
}

/// Where an administrator sees a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say all")]
pub enum Place {
    Exception,
    Hresult,
    Event,
    Log,
}

/// How well a trace is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// Seen in a published source.
    Seen,
    /// Derived mechanically from the .NET Framework's reference source.
    Derived,
    /// Recalled or inferred; unverified.
    Recalled,
}

impl Appearance {
    /// The text of an exception.
    pub const fn exception(text: &'static str, provenance: Provenance) -> Appearance {
        Appearance { text, place: Place::Exception, provenance, build: "" }
    }

    /// An HRESULT with its name. Metadata synchronization itself reports none of WinHTTP's; they are hints from other tools.
    pub const fn hresult(text: &'static str, provenance: Provenance) -> Appearance {
        Appearance { text, place: Place::Hresult, provenance, build: "" }
    }

    /// An event of the Application or System log.
    pub const fn event(text: &'static str, provenance: Provenance) -> Appearance {
        Appearance { text, place: Place::Event, provenance, build: "" }
    }

    /// A line of `SoftwareDistribution.log` or of another log file.
    pub const fn log(text: &'static str, provenance: Provenance) -> Appearance {
        Appearance { text, place: Place::Log, provenance, build: "" }
    }

    /// Names the build on which it was seen.
    pub const fn on(mut self, build: &'static str) -> Appearance {
        self.build = build;
        self
    }
}

impl Place {
    /// As it stands in a diagnosis.
    pub fn name(self) -> &'static str {
        match self {
            Place::Exception => "exception",
            Place::Hresult => "hresult",
            Place::Event => "event",
            Place::Log => "log",
        }
    }
}

impl Provenance {
    /// As it stands in a diagnosis.
    pub fn name(self) -> &'static str {
        match self {
            Provenance::Seen => "seen",
            Provenance::Derived => "derived",
            Provenance::Recalled => "recalled",
        }
    }
}
