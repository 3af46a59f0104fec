//! What a rule is: evidence in, one outcome out. A rule touches no socket, no file and no clock.

pub(crate) mod remedies;

use std::borrow::Cow;

use crate::evidence::Evidence;

/// One thing that can be wrong, and how to tell that it is.
pub struct Rule {
    /// The stable name of the cause, `layer/what-is-wrong`; equal to the rule's path under `rules/`.
    pub code: &'static str,
    /// One line for lists.
    pub title: &'static str,
    /// Why this breaks a synchronization and how it is told from its look-alikes; a paragraph.
    pub explanation: &'static str,
    /// The failure modes of the field notes, as `F-31`.
    pub modes: &'static [&'static str],
    /// The section of the guide that treats it; empty where it has none.
    pub guide: &'static str,
    /// Where the judgement comes from: specification section, RFC, or field note.
    pub citation: &'static str,
    /// What the administrator sees for it on the server, each with its provenance.
    pub appearances: &'static [Appearance],
    /// What to look at first.
    pub first_check: &'static str,
    /// What to do, in order. `{host}`, `{port}`, `{proxy}`, `{proxy_port}` and `{url}` stand for the subject's values.
    pub remedy: &'static [Action],
    /// Evidence in, outcome out.
    pub check: fn(&Evidence) -> Outcome,
}

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

/// One step of a remedy.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    /// Which shell takes it, or where a person does it.
    pub shell: Shell,
    /// The command, or the instruction where `shell` is a person's.
    pub command: &'static str,
    /// What it does beside its purpose.
    pub effect: Effect,
    /// What must be so before, as "close all WSUS consoles"; empty where nothing must.
    pub before: &'static str,
    /// Where it must not be run, as "a downstream or replica server"; empty where it may be run anywhere.
    pub not_on: &'static str,
    /// For which servers it is a remedy at all.
    pub audience: Audience,
}

/// For which servers a step of a remedy is meant; to the others it is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// For all.
    Everyone,
    /// For a server that synchronizes from an upstream WSUS server.
    Downstream,
    /// For a server that synchronizes from Microsoft Update.
    TopServer,
    /// For a server with a proxy of its own for HTTPS.
    SeparateProxy,
}

/// Which shell takes a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// Windows PowerShell 5.1, elevated; the UpdateServices module is not for PowerShell 7.
    WindowsPowerShell,
    /// `cmd.exe`, elevated.
    Cmd,
    /// A person, in the WSUS console or at another machine.
    Person,
}

/// What a command does beside its purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Reads only, or changes only what it says.
    Safe,
    /// Restarts IIS or the WSUS service: running synchronizations and downloads stop.
    RestartsIis,
    /// Affects other applications on the same server.
    AffectsOtherApplications,
    /// Sends a password in clear text.
    SendsPasswordInClearText,
}

/// What a rule says of evidence.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The question does not arise on this path.
    DoesNotApply,
    /// The question arose, and the answer is no, because …
    RuledOut(Cow<'static, str>),
    /// The question arises and cannot be answered.
    CannotTell(Doubt),
    /// It is so.
    Found(Finding),
}

/// Why a rule cannot tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// The step that would be blocked if it were so.
    pub step: Step,
    /// What is missing, as "the certificate stores of the server".
    pub for_want_of: Cow<'static, str>,
    /// The check that would decide.
    pub decided_by: Cow<'static, str>,
}

/// A rule's claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Whether it blocks a step of the synchronization, or only warns.
    pub weight: Weight,
    /// One sentence with the facts of this case in it.
    pub sentence: String,
    /// Indices into [`Evidence::observations`] on which it rests; empty where it rests on the subject alone.
    pub rests_on: Vec<usize>,
}

/// Whether a finding blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// This step cannot succeed.
    Blocks(Step),
    /// The synchronization works in spite of it.
    Warns,
}

/// The steps of a synchronization, in the order in which they can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The configuration names a usable source and way.
    Configuration,
    /// The name of the first hop (the proxy's, or the target's) resolves.
    Name,
    /// TCP to the first hop.
    Connect,
    /// The proxy opens the way to the target.
    Proxy,
    /// TLS, up to the Finished messages.
    Handshake,
    /// The subject accepts the certificate.
    Certificate,
    /// HTTP: the target answers requests.
    Request,
    /// GetAuthConfig, GetAuthorizationCookie, GetCookie, GetConfigData.
    Authorization,
    /// GetRevisionIdList, GetUpdateData.
    Metadata,
    /// Files.
    Content,
}

impl Step {
    /// The step in a reader's words.
    pub fn in_words(self) -> &'static str {
        match self {
            Step::Configuration => "the configuration",
            Step::Name => "name resolution",
            Step::Connect => "the TCP connection",
            Step::Proxy => "the proxy",
            Step::Handshake => "the TLS handshake",
            Step::Certificate => "the certificate",
            Step::Request => "the first request",
            Step::Authorization => "authorization",
            Step::Metadata => "the metadata",
            Step::Content => "the files",
        }
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

impl Shell {
    /// As it stands in a diagnosis.
    pub fn name(self) -> &'static str {
        match self {
            Shell::WindowsPowerShell => "windows-powershell",
            Shell::Cmd => "cmd",
            Shell::Person => "person",
        }
    }
}

impl Effect {
    /// As it stands in a diagnosis.
    pub fn name(self) -> &'static str {
        match self {
            Effect::Safe => "safe",
            Effect::RestartsIis => "restarts-iis",
            Effect::AffectsOtherApplications => "affects-other-applications",
            Effect::SendsPasswordInClearText => "sends-password-in-clear-text",
        }
    }
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

impl Action {
    /// For elevated Windows PowerShell 5.1.
    pub const fn windows_powershell(command: &'static str) -> Action {
        Action {
            shell: Shell::WindowsPowerShell,
            command,
            effect: Effect::Safe,
            before: "",
            not_on: "",
            audience: Audience::Everyone,
        }
    }

    /// For an elevated `cmd.exe`.
    pub const fn cmd(command: &'static str) -> Action {
        Action {
            shell: Shell::Cmd,
            command,
            effect: Effect::Safe,
            before: "",
            not_on: "",
            audience: Audience::Everyone,
        }
    }

    /// For a person.
    pub const fn person(command: &'static str) -> Action {
        Action {
            shell: Shell::Person,
            command,
            effect: Effect::Safe,
            before: "",
            not_on: "",
            audience: Audience::Everyone,
        }
    }

    /// Says what it does beside its purpose.
    pub const fn that(mut self, effect: Effect) -> Action {
        self.effect = effect;
        self
    }

    /// Says what must be so before.
    pub const fn before(mut self, condition: &'static str) -> Action {
        self.before = condition;
        self
    }

    /// Says for which servers it is meant.
    pub const fn only_for(mut self, audience: Audience) -> Action {
        self.audience = audience;
        self
    }

    /// Says where it must not be run.
    pub const fn not_on(mut self, place: &'static str) -> Action {
        self.not_on = place;
        self
    }
}

impl Finding {
    /// A claim that `step` cannot succeed.
    pub fn blocks(step: Step, sentence: impl Into<String>) -> Finding {
        Finding { weight: Weight::Blocks(step), sentence: sentence.into(), rests_on: Vec::new() }
    }

    /// A claim that something deserves attention though the synchronization works.
    pub fn warns(sentence: impl Into<String>) -> Finding {
        Finding { weight: Weight::Warns, sentence: sentence.into(), rests_on: Vec::new() }
    }

    /// Names the observations on which the claim rests.
    pub fn resting_on(mut self, observations: impl IntoIterator<Item = usize>) -> Finding {
        self.rests_on.extend(observations);
        self
    }
}

impl Outcome {
    /// The question arose and the answer is no.
    pub fn ruled_out(why: impl Into<Cow<'static, str>>) -> Outcome {
        Outcome::RuledOut(why.into())
    }

    /// The question cannot be answered.
    pub fn cannot_tell(
        step: Step,
        for_want_of: impl Into<Cow<'static, str>>,
        decided_by: impl Into<Cow<'static, str>>,
    ) -> Outcome {
        Outcome::CannotTell(Doubt { step, for_want_of: for_want_of.into(), decided_by: decided_by.into() })
    }
}

impl From<Finding> for Outcome {
    fn from(finding: Finding) -> Outcome {
        Outcome::Found(finding)
    }
}
