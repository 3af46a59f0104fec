//! One synchronization, from GetAuthConfig to the last GetUpdateData. It stops at the first call that is not answered, unless
//! the answer is a fault after which a downstream server goes on.

mod authorization;
mod catalogue;
mod deployments;
mod files;
mod reaction;
mod received;
mod service_url;

use std::collections::HashSet;

use super::answer::{Answer, ConfigData, Cookie, Received, UpdateIdentity};
use super::request::{Request, encode};
use super::{Courier, Message, Operation};
use crate::evidence::{CallOutcome, CallSeen, ConfigSeen, SyncSeen};
use crate::network::{Depth, ExamineError};
use crate::path::SyncPath;
use files::Files;

pub(crate) use files::{WantedFile, hex};

/// What a server without a known version says of itself.
const PROTOCOL_VERSION: &str = "1.20";

/// No request asks for more, whatever the upstream allows.
const MOST_UPDATES: usize = 100;

/// The most that lists in evidence hold.
const LISTED: usize = 100;

const SERVER_SYNC: &str = "/ServerSyncWebService/ServerSyncWebService.asmx";

/// Who synchronizes, from whom and how much.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    /// The way to the upstream.
    pub(crate) path: SyncPath,
    /// The subject's own version of the protocol, where it is known.
    pub(crate) protocol_version: Option<String>,
    pub(crate) depth: Depth,
    /// Whether it takes over groups and approvals too.
    pub(crate) is_replica: bool,
}

/// What came of a synchronization.
#[derive(Clone, Debug)]
pub(crate) struct Ran {
    pub(crate) seen: SyncSeen,
    /// A few files that its metadata names; none where it did not run to its end.
    pub(crate) files: Vec<WantedFile>,
}

/// Synchronizes, as far as the upstream goes along.
pub(crate) fn run(client: &Client, courier: &mut impl Courier) -> Result<Ran, ExamineError> {
    let mut session = Session::of(client, courier);
    match session.synchronize() {
        Ok(()) => {}
        Err(Stop::At(operation) | Stop::NotSoap(operation) | Stop::Refused(operation, _)) => {
            session.seen.stopped_at = Some(operation.name().to_owned());
            session.files.clear();
        }
        Err(Stop::Broken(error)) => return Err(error),
    }
    let hosts_express = session.seen.config.as_ref().is_some_and(|config| config.server_hosts_psf_files);
    Ok(Ran { files: session.files.chosen(hosts_express), seen: session.seen })
}

/// Only the first call of a synchronization: enough to see whether anybody is there.
pub(crate) fn knock(client: &Client, courier: &mut impl Courier) -> Result<(), ExamineError> {
    match Session::of(client, courier).get_auth_config() {
        Ok(_) | Err(Stop::At(_) | Stop::NotSoap(_) | Stop::Refused(..)) => Ok(()),
        Err(Stop::Broken(error)) => Err(error),
    }
}

/// Why a synchronization does not go on.
enum Stop {
    /// This call was not answered.
    At(Operation),
    /// This call was answered with something that is no SOAP message.
    NotSoap(Operation),
    /// This call was answered with this ErrorCode, to which a downstream server reacts.
    Refused(Operation, String),
    /// The lab is broken.
    Broken(ExamineError),
}

struct Session<'a, C> {
    client: &'a Client,
    courier: &'a mut C,
    seen: SyncSeen,
    cookie: Option<Cookie>,
    files: Files,
    /// The updates that were announced, kept for a replica only.
    announced: HashSet<String>,
    /// Revisions whose files are encrypted.
    wanting_keys: Vec<UpdateIdentity>,
}

impl<'a, C: Courier> Session<'a, C> {
    fn of(client: &'a Client, courier: &'a mut C) -> Session<'a, C> {
        let seen = SyncSeen { sampled: client.depth == Depth::Sample, ..SyncSeen::default() };
        let (announced, wanting_keys) = (HashSet::new(), Vec::new());
        Session { client, courier, seen, cookie: None, files: Files::default(), announced, wanting_keys }
    }

    fn synchronize(&mut self) -> Result<(), Stop> {
        loop {
            match self.attempt() {
                Err(Stop::Refused(operation, error_code)) => self.react(operation, error_code)?,
                ended => return ended,
            }
        }
    }

    fn attempt(&mut self) -> Result<(), Stop> {
        let config = self.get_config_data()?;
        let most = match config.max_updates_per_request {
            None | Some(0) => MOST_UPDATES,
            Some(most) => MOST_UPDATES.min(most as usize),
        };
        let categories = self.get_revision_id_list(true, None)?;
        self.get_all_update_data(categories.new_revisions, most)?;
        let since = categories.anchor.filter(|_| self.client.depth == Depth::Sample);
        let updates = self.get_revision_id_list(false, since.clone())?;
        self.get_all_update_data(updates.new_revisions, most)?;
        self.get_all_keys(config.max_updates_per_decryption_request)?;
        if self.client.is_replica { self.get_deployments(since, updates.anchor) } else { Ok(()) }
    }

    fn get_config_data(&mut self) -> Result<ConfigData, Stop> {
        let request = Request::GetConfigData { cookie: self.valid_cookie()? };
        let config = self.call(self.server_sync(), &request, |answer| match answer {
            Answer::GetConfigData(config) => Ok(config),
            _ => Err(UNEXPECTED.to_owned()),
        })?;
        self.seen.config = Some(ConfigSeen {
            protocol_version: config.protocol_version.clone(),
            catalog_only_sync: config.catalog_only_sync,
            lazy_sync: config.lazy_sync,
            server_hosts_psf_files: config.server_hosts_psf_files,
            max_updates_per_request: config.max_updates_per_request,
        });
        Ok(config)
    }

    /// One call; `pick` takes from the answer what is needed, or says why that cannot be used.
    fn call<T>(
        &mut self,
        path: String,
        request: &Request,
        pick: impl FnOnce(Answer) -> Result<T, String>,
    ) -> Result<T, Stop> {
        let operation = request.operation();
        let message = Message { operation, path, body: encode(request) };
        let carried = self.courier.carry(&message).map_err(Stop::Broken)?;
        let picked = match received::received(operation, &carried) {
            Some(Received::Answer(answer)) => pick(answer).map_err(CallOutcome::NotSoap),
            Some(Received::Fault(fault)) => Err(CallOutcome::Fault(fault)),
            Some(Received::NotSoap(reason)) => Err(CallOutcome::NotSoap(reason)),
            None => Err(CallOutcome::NoAnswer),
        };
        let (outcome, result) = match picked {
            Ok(value) => (CallOutcome::Answered, Ok(value)),
            Err(outcome) => {
                let stop = stop(operation, &outcome);
                (outcome, Err(stop))
            }
        };
        let mut exchange = carried.exchange;
        if operation == Operation::GetUpdateDecryptionData && outcome == CallOutcome::Answered {
            // Evidence holds no keys.
            exchange.body.clear();
        }
        let seen = CallSeen { operation: operation.name().to_owned(), exchange, outcome };
        self.courier.keep(seen, carried.elapsed_ms);
        result
    }

    fn server_sync(&self) -> String {
        format!("{}{SERVER_SYNC}", self.client.path.base)
    }

    /// What cannot be a version is not sent: the upstream would refuse it, and the fault would be ours.
    fn protocol_version(&self) -> &str {
        let known = self.client.protocol_version.as_deref();
        known.filter(|version| is_a_version(version)).unwrap_or(PROTOCOL_VERSION)
    }
}

/// [MS-WSUSSS] 1.7: `x.y`.
fn is_a_version(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('.').is_some_and(|(major, minor)| is_number(major) && is_number(minor))
}

/// [`decode`] gives the answer of the operation that it is asked for.
const UNEXPECTED: &str = "it is the answer of another operation";

fn stop(operation: Operation, outcome: &CallOutcome) -> Stop {
    match outcome {
        CallOutcome::NotSoap(_) => Stop::NotSoap(operation),
        CallOutcome::Fault(fault) => match fault.error_code.as_deref() {
            Some(code) if reaction::demanded(code).is_some() => Stop::Refused(operation, code.to_owned()),
            _ => Stop::At(operation),
        },
        CallOutcome::Answered | CallOutcome::NoAnswer => Stop::At(operation),
    }
}

#[cfg(test)]
mod tests;
