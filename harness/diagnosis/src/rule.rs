//! What a rule is: evidence in, one outcome out. A rule touches no socket, no file and no clock.

mod action;
mod appearance;
pub(crate) mod remedies;

use std::borrow::Cow;

use crate::evidence::Evidence;

pub use action::{Action, Audience, Effect, Shell};
pub use appearance::{Appearance, Place, Provenance};

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
