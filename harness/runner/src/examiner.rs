//! Who is asked: the black box, or somebody else's program. Both get the same subject and nothing else.

mod command;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use diagnosis::deadlines::Deadlines;
use diagnosis::evidence::{Evidence, Seen};
use diagnosis::network::{Network, Plan};
use diagnosis::secret::Password;
use simulator::AddressPlan;
use time::OffsetDateTime;

use crate::failure::with_sources;

pub use command::{Command, PASSWORD_FILE};

/// Who is asked.
#[derive(Clone, Debug)]
pub enum Examiner {
    /// The black box of this repository.
    BuiltIn {
        /// No wait is longer than this; the short profile without.
        deadline: Option<Duration>,
    },
    /// Somebody else's program.
    Command(Command),
}

/// What an examiner is told.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The subject folder.
    pub subject: &'a Path,
    /// How to reach the world.
    pub plan: &'a AddressPlan,
    /// The file with the proxy password, where the administrator has one.
    pub password_file: Option<&'a Path>,
    /// Set when nobody wants the answer any more.
    pub give_up: &'a AtomicBool,
}

/// What an examiner said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The cause.
    pub cause: String,
    /// Its sentence, as far as it has one.
    pub sentence: String,
    /// The codes of its warnings.
    pub warnings: Vec<String>,
    /// What it says that it rests on.
    pub evidence: Vec<String>,
    /// Whether it says that it has not seen everything, or that more is wrong; a foreign program may not tell.
    pub tells_of_more: Option<bool>,
    /// The lab addresses that it dialled; a foreign program does not tell.
    pub dialled: Option<BTreeSet<SocketAddr>>,
}

/// Why an examiner gave no diagnosis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The lab is at fault.
    Lab(String),
    /// The examiner is: it crashed, was too slow, or what it printed is no diagnosis.
    Examiner(String),
}

impl Examiner {
    /// Asks, and waits for the answer. Blocks the thread.
    ///
    /// # Errors
    ///
    /// When there is no diagnosis.
    pub fn ask(&self, question: Question<'_>) -> Result<Answer, NoAnswer> {
        match self {
            Examiner::BuiltIn { deadline } => built_in(question, *deadline),
            Examiner::Command(command) => command.ask(question),
        }
    }
}

fn built_in(question: Question<'_>, deadline: Option<Duration>) -> Result<Answer, NoAnswer> {
    let lab = |error: &dyn std::error::Error| NoAnswer::Lab(with_sources(error));
    let subject =
        diagnosis::subject_folder::read(question.subject, OffsetDateTime::now_utc()).map_err(|error| lab(&error))?;
    let password = question.password_file.map(std::fs::read_to_string).transpose().map_err(|error| lab(&error))?;
    let network = Network {
        dns: dns(question.plan),
        plan: Some(plan(question.plan)),
        proxy_password: password.map(Password::new),
        ..Network::default()
    };
    let deadlines = deadline.map_or(Deadlines::LOOPBACK, |limit| Deadlines::LOOPBACK.at_most(limit));
    let evidence = diagnosis::examine(&subject, &network, deadlines).map_err(|error| lab(&error))?;
    let diagnosis = diagnosis::conclude(&evidence);
    Ok(Answer {
        cause: diagnosis.cause,
        sentence: diagnosis.sentence,
        warnings: diagnosis.warnings.into_iter().map(|warning| warning.code).collect(),
        evidence: diagnosis.evidence,
        tells_of_more: Some(!diagnosis.not_seen.is_empty() || !diagnosis.consequences.is_empty()),
        dialled: Some(dialled(&evidence)),
    })
}

/// The plan in the black box's own type: the two halves share none.
pub(crate) fn plan(plan: &AddressPlan) -> Plan {
    Plan { tcp: plan.tcp.clone(), udp: plan.udp.clone(), closed: plan.closed.clone() }
}

/// The lab address of the world's DNS server.
fn dns(plan: &AddressPlan) -> Option<SocketAddr> {
    plan.udp.keys().find(|lab| lab.port() == 53).copied()
}

fn dialled(evidence: &Evidence) -> BTreeSet<SocketAddr> {
    let address = |seen: &Seen| match seen {
        Seen::Connect(connect) => Some(connect.address),
        _ => None,
    };
    evidence.observations.iter().filter_map(|observation| address(&observation.seen)).collect()
}
