//! What all steps of one examination share: the subject, the network, the deadlines, the login and the evidence so far.

use std::time::{Duration, Instant};

use super::login::Login;
use crate::deadlines::Deadlines;
use crate::evidence::{CallOutcome, HandshakeSeen, Observation, Purpose, Seen, TlsEnd};
use crate::network::Network;
use crate::path::Route;
use crate::subject::{Der, Subject, TlsVersion};

/// What is looked at beside the path need not be waited for as long as the server itself would wait.
const LONGEST_SIDE_GLANCE: Duration = Duration::from_secs(21);
/// A peer that stayed silent for a whole deadline is asked a dozen things more; each of them gets this part of it.
const PART_FOR_THE_SILENT: u32 = 8;

/// One examination.
pub(super) struct Examiner<'a> {
    pub(super) subject: &'a Subject,
    pub(super) network: &'a Network,
    pub(super) login: Login,
    deadlines: Deadlines,
    hurried: bool,
    observations: Vec<Observation>,
}

/// Where an observation is made.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) purpose: Purpose,
    pub(super) route: &'a Route,
    pub(super) host: &'a str,
    pub(super) port: u16,
}

impl<'a> Examiner<'a> {
    pub(super) fn new(subject: &'a Subject, network: &'a Network, deadlines: Deadlines) -> Examiner<'a> {
        let login = Login::of(subject, network);
        Examiner { subject, network, login, deadlines, hurried: false, observations: Vec::new() }
    }

    /// From here on only context is looked at.
    pub(super) fn hurry(&mut self) {
        self.deadlines = self.deadlines.at_most(LONGEST_SIDE_GLANCE);
        self.hurried = true;
    }

    /// Keeps what was seen.
    pub(super) fn note(&mut self, place: Place<'_>, elapsed_ms: u64, seen: Seen) {
        let Place { purpose, route, host, port } = place;
        self.observations.push(Observation {
            purpose,
            route: route.clone(),
            host: host.to_owned(),
            port,
            elapsed_ms,
            seen,
        });
    }

    /// The handshake that was seen last, whatever for.
    pub(super) fn last_handshake(&self) -> Option<&HandshakeSeen> {
        self.observations.iter().rev().find_map(|observation| match &observation.seen {
            Seen::Handshake(handshake) => Some(handshake),
            _ => None,
        })
    }

    /// Whether the path's own handshake came to TLS 1.3.
    pub(super) fn negotiated_1_3(&self) -> bool {
        self.on_the_path().is_some_and(|handshake| handshake.server_version == Some(TlsVersion::Tls13))
    }

    /// The certificates that were presented on the path.
    pub(super) fn presented(&self) -> Vec<Der> {
        self.on_the_path().map(|handshake| handshake.chain.clone()).unwrap_or_default()
    }

    fn on_the_path(&self) -> Option<&HandshakeSeen> {
        self.observations.iter().rev().filter(|observation| observation.purpose == Purpose::Path).find_map(
            |observation| match &observation.seen {
                Seen::Handshake(handshake) => Some(handshake),
                _ => None,
            },
        )
    }

    /// Whether the last call on the path was answered with something that is no SOAP message.
    pub(super) fn was_refused(&self) -> bool {
        let mut path = self.observations.iter().rev().filter(|observation| observation.purpose == Purpose::Path);
        let last =
            path.find_map(|observation| if let Seen::Call(call) = &observation.seen { Some(call) } else { None });
        last.is_some_and(|call| matches!(call.outcome, CallOutcome::NotSoap(_)))
    }

    pub(super) fn into_observations(self) -> Vec<Observation> {
        self.observations
    }

    pub(super) fn dns(&self) -> Duration {
        Duration::from_millis(self.deadlines.dns_ms)
    }

    pub(super) fn connect(&self) -> Duration {
        // A limit of nothing at all is one that the operating system refuses.
        Duration::from_millis(self.deadlines.connect_ms.max(1))
    }

    pub(super) fn handshake(&self) -> Duration {
        let whole = Duration::from_millis(self.deadlines.handshake_ms);
        let silent = self.on_the_path().is_some_and(|handshake| handshake.ended == TlsEnd::TimedOut);
        if self.hurried && silent { whole / PART_FOR_THE_SILENT } else { whole }
    }

    pub(super) fn answer(&self) -> Duration {
        Duration::from_millis(self.deadlines.answer_ms)
    }
}

/// Whole milliseconds since `started`.
pub(super) fn elapsed_ms(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}
