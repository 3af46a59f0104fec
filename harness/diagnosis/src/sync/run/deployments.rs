//! What only some downstream servers ask for: the keys of encrypted files, and the approvals that a replica takes over
//! ([MS-WSUSSS] 3.2.4.2 and 3.2.4.3).

use super::catalogue::name;
use super::{LISTED, Session, Stop, UNEXPECTED};
use crate::evidence::DeploymentsSeen;
use crate::network::Depth;
use crate::sync::Courier;
use crate::sync::answer::{Answer, DecryptionData, Deployments, UpdateIdentity};
use crate::sync::request::Request;

/// Encrypted files are those of upgrades of Windows, of which there are some hundreds; more are not asked for.
const MOST_KEYS: usize = 1000;

/// No request asks for more, whatever the upstream allows.
const MOST_AT_ONCE: usize = 100;

impl<C: Courier> Session<'_, C> {
    /// Asks for the keys of all encrypted files seen. A server that names no maximum has no such operation.
    pub(super) fn get_all_keys(&mut self, maximum: Option<u32>) -> Result<(), Stop> {
        let Some(most) = maximum.filter(|most| 0 < *most) else { return Ok(()) };
        let mut wanted = std::mem::take(&mut self.wanting_keys);
        wanted.truncate(MOST_KEYS);
        for batch in wanted.chunks(MOST_AT_ONCE.min(most as usize)) {
            self.get_keys(batch)?;
        }
        Ok(())
    }

    fn get_keys(&mut self, batch: &[UpdateIdentity]) -> Result<(), Stop> {
        let request = Request::GetUpdateDecryptionData { cookie: self.valid_cookie()?, update_ids: batch.to_vec() };
        let DecryptionData { with_keys } = self.call(self.server_sync(), &request, |answer| match answer {
            Answer::GetUpdateDecryptionData(data) => Ok(data),
            _ => Err(UNEXPECTED.to_owned()),
        })?;
        let without = batch.iter().filter(|id| !with_keys.contains(id)).map(name);
        let room = LISTED.saturating_sub(self.seen.without_keys.len());
        self.seen.without_keys.extend(without.take(room));
        Ok(())
    }

    /// Asks for groups and deployments, all of them or those after `since`.
    pub(super) fn get_deployments(&mut self, since: Option<String>, sync_anchor: Option<String>) -> Result<(), Stop> {
        let cookie = self.valid_cookie()?;
        let request = Request::GetDeployments { cookie, deployment_anchor: since, sync_anchor };
        let Deployments { groups, deployments, .. } =
            self.call(self.server_sync(), &request, |answer| match answer {
                Answer::GetDeployments(deployments) => Ok(deployments),
                _ => Err(UNEXPECTED.to_owned()),
            })?;
        let whole = self.client.depth == Depth::Whole;
        // An approval may be of an older revision than the newest, which alone is announced.
        let unannounced = deployments.iter().filter(|id| whole && !self.announced.contains(&id.update_id));
        self.seen.deployments = Some(DeploymentsSeen {
            groups: groups as u64,
            deployments: deployments.len() as u64,
            unannounced: unannounced.take(LISTED).map(name).collect(),
        });
        Ok(())
    }
}
