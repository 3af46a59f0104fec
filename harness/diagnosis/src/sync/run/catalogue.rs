//! The metadata phase ([MS-WSUSSS] 3.2.4.2): what there is, and all of it in batches.

use std::collections::HashSet;

use super::{LISTED, Session, Stop, UNEXPECTED, reaction, received};
use crate::evidence::{Reaction, SmallerRequest};
use crate::network::Depth;
use crate::sync::answer::{Answer, FileUrl, Received, RevisionIdList, Update, UpdateData, UpdateIdentity};
use crate::sync::document::Facts;
use crate::sync::request::{Request, encode};
use crate::sync::{Courier, Message, Operation, metadata};

impl<C: Courier> Session<'_, C> {
    pub(super) fn get_revision_id_list(
        &mut self,
        config: bool,
        anchor: Option<String>,
    ) -> Result<RevisionIdList, Stop> {
        let cookie = self.valid_cookie()?;
        // [MS-WSUSSS] 3.2.4.2: version 1.1 does not know the member.
        let languages_63_only = (self.protocol_version() != "1.1").then_some(false);
        let request = Request::GetRevisionIdList { cookie, anchor, config, languages_63_only };
        let mut list = self.call(self.server_sync(), &request, |answer| match answer {
            Answer::GetRevisionIdList(list) => Ok(list),
            _ => Err(UNEXPECTED.to_owned()),
        })?;
        let mut known = HashSet::new();
        list.new_revisions.retain(|id| known.insert(id.clone()));
        self.seen.announced += list.new_revisions.len() as u64;
        if self.client.is_replica {
            self.announced.extend(known.into_iter().map(|id| id.update_id));
        }
        Ok(list)
    }

    /// Asks for the metadata of every revision, or of one request's worth of them. An upstream may leave out what would make its
    /// answer too long, without a word, so what did not come is asked for again as long as anything comes at all.
    pub(super) fn get_all_update_data(&mut self, mut wanted: Vec<UpdateIdentity>, most: usize) -> Result<(), Stop> {
        if self.client.depth == Depth::Sample {
            wanted.truncate(most);
        }
        while !wanted.is_empty() {
            let batch = wanted[..most.min(wanted.len())].to_vec();
            let came = match self.get_update_data(batch.clone()) {
                Err(Stop::NotSoap(operation)) => {
                    self.ask_for_less(batch)?;
                    return Err(Stop::NotSoap(operation));
                }
                came => came?,
            };
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

    /// Which of the revisions came; what is wrong with them is noted.
    fn get_update_data(&mut self, batch: Vec<UpdateIdentity>) -> Result<HashSet<UpdateIdentity>, Stop> {
        let asked: HashSet<_> = batch.iter().cloned().collect();
        let request = Request::GetUpdateData { cookie: self.valid_cookie()?, update_ids: batch };
        let UpdateData { updates, file_urls } = self.call(self.server_sync(), &request, |answer| match answer {
            Answer::GetUpdateData(data) => Ok(data),
            _ => Err(UNEXPECTED.to_owned()),
        })?;
        let mut came = HashSet::new();
        let urls: HashSet<&str> = file_urls.iter().map(|FileUrl { file_digest, .. }| file_digest.as_str()).collect();
        for update in updates.iter().filter(|update| asked.contains(&update.id)) {
            match metadata::read(update) {
                Ok(facts) => self.look_into(update, facts, &urls),
                Err(reason) => note(&mut self.seen.unreadable, update, &reason),
            }
            came.insert(update.id.clone());
        }
        Ok(came)
    }

    /// Whether one revision can be had where many cannot: what is refused for its size is answered when it is smaller. No
    /// downstream server does that, so the call is not noted among its calls.
    fn ask_for_less(&mut self, mut batch: Vec<UpdateIdentity>) -> Result<(), Stop> {
        let Some(cookie) = self.cookie.clone().filter(|_| 1 < batch.len()) else { return Ok(()) };
        let body = |update_ids| encode(&Request::GetUpdateData { cookie: cookie.clone(), update_ids });
        let refused_bytes = body(batch.clone()).len() as u64;
        batch.truncate(1);
        let operation = Operation::GetUpdateData;
        let message = Message { operation, path: self.server_sync(), body: body(batch) };
        let bytes = message.body.len() as u64;
        let carried = self.courier.carry(&message).map_err(Stop::Broken)?;
        let received = received::received(operation, &carried);
        let answered = match received {
            Some(Received::Answer(_)) => true,
            // A cookie that is refused is refused whatever is asked for.
            Some(Received::Fault(fault)) => {
                fault.error_code.as_deref().and_then(reaction::demanded) != Some(Reaction::BeganAgain)
            }
            _ => false,
        };
        self.seen.smaller_request = Some(SmallerRequest { refused_bytes, bytes, answered });
        Ok(())
    }

    fn look_into(&mut self, update: &Update, facts: Facts, urls: &HashSet<&str>) {
        if let Some(reason) = metadata::misnamed(update, &facts) {
            note(&mut self.seen.misnamed, update, &reason);
        }
        for file in facts.files.iter().filter(|file| !file.is_eula) {
            if !update.file_digests.contains(&file.digest) {
                note(&mut self.seen.unlisted, update, &file.digest);
            }
            if !file.has_sha256 {
                note(&mut self.seen.without_sha256, update, &file.digest);
            }
        }
        let named = facts.files.iter().filter(|file| !file.is_eula).map(|file| &file.digest);
        let digests: HashSet<&String> = update.file_digests.iter().chain(named).collect();
        for digest in digests.into_iter().filter(|digest| !urls.contains(digest.as_str())) {
            note(&mut self.seen.without_url, update, digest);
        }
        if facts.wants_keys {
            self.wanting_keys.push(update.id.clone());
        }
        self.files.extend(facts.files);
    }
}

fn note(list: &mut Vec<String>, update: &Update, what: &str) {
    if list.len() < LISTED {
        list.push(format!("{}: {what}", name(&update.id)));
    }
}

pub(super) fn name(id: &UpdateIdentity) -> String {
    format!("{}/{}", id.update_id, id.revision_number)
}
