//! One synchronization, from GetAuthConfig to the last GetUpdateData. It stops at the first call that is not answered.

mod service_url;

use std::collections::HashSet;

use super::answer::{
    Answer, AuthConfig, AuthorizationCookie, ConfigData, Cookie, Received, RevisionIdList, UpdateData,
};
use super::answer::{UpdateIdentity, decode};
use super::request::{Request, encode};
use super::{Carried, Courier, Message, Operation, metadata};
use crate::evidence::{CallOutcome, CallSeen, ConfigSeen, Ended, SyncSeen};
use crate::network::{Depth, ExamineError};
use crate::path::SyncPath;

/// The name that the examiner gives itself. A real upstream adds a row with this name to its list of downstream servers
/// at the first contact ([MS-WSUSSS] 3.1.4.2), so it must be plain to an administrator what that row is; the row may be
/// deleted. The name belongs to nobody (RFC 6761, 6.4).
const ACCOUNT_NAME: &str = "wsuslab-examiner.invalid";

/// Always the same, so that a hundred examinations leave one row and not a hundred.
const ACCOUNT_GUID: &str = "5b4f1d6e-3c0a-4c7e-9d53-77735c6c6162";

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
}

/// Synchronizes, as far as the upstream goes along.
pub(crate) fn run(client: &Client, courier: &mut impl Courier) -> Result<SyncSeen, ExamineError> {
    let seen = SyncSeen { sampled: client.depth == Depth::Sample, ..SyncSeen::default() };
    let mut session = Session { client, courier, seen };
    match session.synchronize() {
        Ok(()) => {}
        Err(Stop::At(operation)) => session.seen.stopped_at = Some(operation.name().to_owned()),
        Err(Stop::Broken(error)) => return Err(error),
    }
    Ok(session.seen)
}

/// Only the first call of a synchronization: enough to see whether anybody is there.
pub(crate) fn knock(client: &Client, courier: &mut impl Courier) -> Result<(), ExamineError> {
    let mut session = Session { client, courier, seen: SyncSeen::default() };
    match session.get_auth_config() {
        Ok(_) | Err(Stop::At(_)) => Ok(()),
        Err(Stop::Broken(error)) => Err(error),
    }
}

/// Why a synchronization does not go on.
enum Stop {
    /// This call was not answered.
    At(Operation),
    /// The lab is broken.
    Broken(ExamineError),
}

struct Session<'a, C> {
    client: &'a Client,
    courier: &'a mut C,
    seen: SyncSeen,
}

impl<C: Courier> Session<'_, C> {
    fn synchronize(&mut self) -> Result<(), Stop> {
        let auth_path = self.get_auth_config()?;
        let authorization = self.get_authorization_cookie(auth_path)?;
        let cookie = self.get_cookie(authorization)?;
        let config = self.get_config_data(&cookie)?;
        let most = match config.max_updates_per_request {
            None | Some(0) => MOST_UPDATES,
            Some(most) => MOST_UPDATES.min(most as usize),
        };
        let categories = self.get_revision_id_list(&cookie, true, None)?;
        self.get_all_update_data(&cookie, categories.new_revisions, most)?;
        let since = categories.anchor.filter(|_| self.client.depth == Depth::Sample);
        let updates = self.get_revision_id_list(&cookie, false, since)?;
        self.get_all_update_data(&cookie, updates.new_revisions, most)
    }

    /// Answers with the path of the authorization service.
    fn get_auth_config(&mut self) -> Result<String, Stop> {
        let path = &self.client.path;
        self.call(self.server_sync(), &Request::GetAuthConfig, |answer| match answer {
            Answer::GetAuthConfig(AuthConfig { service_url, .. }) => service_url::path(path, &service_url),
            _ => Err(UNEXPECTED.to_owned()),
        })
    }

    fn get_authorization_cookie(&mut self, path: String) -> Result<AuthorizationCookie, Stop> {
        let request = Request::GetAuthorizationCookie {
            account_name: ACCOUNT_NAME.to_owned(),
            account_guid: ACCOUNT_GUID.to_owned(),
        };
        self.call(path, &request, |answer| match answer {
            Answer::GetAuthorizationCookie(cookie) => Ok(cookie),
            _ => Err(UNEXPECTED.to_owned()),
        })
    }

    fn get_cookie(&mut self, authorization: AuthorizationCookie) -> Result<Cookie, Stop> {
        let request = Request::GetCookie { authorization, protocol_version: self.protocol_version().to_owned() };
        self.call(self.server_sync(), &request, |answer| match answer {
            Answer::GetCookie(cookie) => Ok(cookie),
            _ => Err(UNEXPECTED.to_owned()),
        })
    }

    fn get_config_data(&mut self, cookie: &Cookie) -> Result<ConfigData, Stop> {
        let request = Request::GetConfigData { cookie: cookie.clone() };
        let config = self.call(self.server_sync(), &request, |answer| match answer {
            Answer::GetConfigData(config) => Ok(config),
            _ => Err(UNEXPECTED.to_owned()),
        })?;
        self.seen.config = Some(ConfigSeen {
            protocol_version: config.protocol_version.clone(),
            catalog_only_sync: config.catalog_only_sync,
            max_updates_per_request: config.max_updates_per_request,
        });
        Ok(config)
    }

    fn get_revision_id_list(
        &mut self,
        cookie: &Cookie,
        config: bool,
        anchor: Option<String>,
    ) -> Result<RevisionIdList, Stop> {
        // [MS-WSUSSS] 3.2.4.2: version 1.1 does not know the member.
        let languages_63_only = (self.protocol_version() != "1.1").then_some(false);
        let request = Request::GetRevisionIdList { cookie: cookie.clone(), anchor, config, languages_63_only };
        let mut list = self.call(self.server_sync(), &request, |answer| match answer {
            Answer::GetRevisionIdList(list) => Ok(list),
            _ => Err(UNEXPECTED.to_owned()),
        })?;
        let mut known = HashSet::new();
        list.new_revisions.retain(|id| known.insert(id.clone()));
        self.seen.announced += list.new_revisions.len() as u64;
        Ok(list)
    }

    /// Asks for the metadata of every revision, or of one request's worth of them. An upstream may leave out what would make its
    /// answer too long, without a word, so what did not come is asked for again as long as anything comes at all.
    fn get_all_update_data(
        &mut self,
        cookie: &Cookie,
        mut wanted: Vec<UpdateIdentity>,
        most: usize,
    ) -> Result<(), Stop> {
        if self.client.depth == Depth::Sample {
            wanted.truncate(most);
        }
        while !wanted.is_empty() {
            let batch = wanted[..most.min(wanted.len())].to_vec();
            let came = self.get_update_data(cookie, batch.clone())?;
            let before = wanted.len();
            wanted.retain(|id| !came.contains(id));
            self.seen.received += (before - wanted.len()) as u64;
            if wanted.len() == before {
                let missing = wanted.drain(..batch.len()).map(|id| name(&id));
                let room = LISTED.saturating_sub(self.seen.missing.len());
                self.seen.missing.extend(missing.take(room));
            }
        }
        Ok(())
    }

    /// Which of the revisions came; those that cannot be read are noted.
    fn get_update_data(
        &mut self,
        cookie: &Cookie,
        batch: Vec<UpdateIdentity>,
    ) -> Result<HashSet<UpdateIdentity>, Stop> {
        let asked: HashSet<_> = batch.iter().cloned().collect();
        let request = Request::GetUpdateData { cookie: cookie.clone(), update_ids: batch };
        let UpdateData { updates, .. } = self.call(self.server_sync(), &request, |answer| match answer {
            Answer::GetUpdateData(data) => Ok(data),
            _ => Err(UNEXPECTED.to_owned()),
        })?;
        let mut came = HashSet::new();
        for update in updates.iter().filter(|update| asked.contains(&update.id)) {
            if let Some(reason) = metadata::unreadable(update)
                && self.seen.unreadable.len() < LISTED
            {
                self.seen.unreadable.push(format!("{}: {reason}", name(&update.id)));
            }
            came.insert(update.id.clone());
        }
        Ok(came)
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
        let picked = match received(operation, &carried) {
            Some(Received::Answer(answer)) => pick(answer).map_err(CallOutcome::NotSoap),
            Some(Received::Fault(fault)) => Err(CallOutcome::Fault(fault)),
            Some(Received::NotSoap(reason)) => Err(CallOutcome::NotSoap(reason)),
            None => Err(CallOutcome::NoAnswer),
        };
        let (outcome, result) = match picked {
            Ok(value) => (CallOutcome::Answered, Ok(value)),
            Err(outcome) => (outcome, Err(Stop::At(operation))),
        };
        let seen = CallSeen { operation: operation.name().to_owned(), exchange: carried.exchange, outcome };
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

/// What .NET's SOAP client would look into: an answer of type `text/xml` with the status 200, 400 or 500. `None` where no
/// whole answer came.
fn received(operation: Operation, carried: &Carried) -> Option<Received> {
    let exchange = &carried.exchange;
    let head = exchange.answer.as_ref().filter(|_| exchange.ended == Ended::Complete)?;
    if !matches!(head.status, 200 | 400 | 500) {
        return Some(Received::NotSoap(format!("the HTTP status is {}", head.status)));
    }
    let content_type = head.header("Content-Type").unwrap_or("");
    let media_type = content_type.split(';').next().unwrap_or("").trim();
    if !media_type.eq_ignore_ascii_case("text/xml") {
        return Some(Received::NotSoap(format!("the content type is {content_type:?}, not text/xml")));
    }
    if let Some(coding) = head.header("Content-Encoding").filter(|coding| !coding.eq_ignore_ascii_case("identity")) {
        return Some(Received::NotSoap(format!("the content is encoded as {coding:?}, which was not asked for")));
    }
    Some(match decode(operation, &carried.body) {
        Received::Answer(_) if head.status != 200 => Received::NotSoap(format!("the HTTP status is {}", head.status)),
        received => received,
    })
}

fn name(id: &UpdateIdentity) -> String {
    format!("{}/{}", id.update_id, id.revision_number)
}

#[cfg(test)]
mod tests;
