//! GetDeployments ([MS-WSUSSS] 3.1.4.10): what a replica takes over from its parent. A server that has reported itself
//! autonomous gets nothing of it.

use time::macros::datetime;
use time::{OffsetDateTime, PrimitiveDateTime};

use super::get_cookie::Cookie;
use super::{Server, guids};
use crate::catalogue::Guid;
use crate::soap::anchor::Anchor;
use crate::soap::fault::SoapFault;
use crate::soap::read::{Element, Reading, Unreadable};
use crate::soap::state::{Administration, Deployment, TargetGroup};
use crate::soap::write::{Sink, Writer};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetDeployments {
    /// `cookie`.
    pub cookie: Option<Cookie>,
    /// `deploymentAnchor`: absent or empty on first contact.
    pub deployment_anchor: Option<String>,
    /// `syncAnchor`: of the last GetRevisionIdList.
    pub sync_anchor: Option<String>,
}

/// `ServerSyncDeploymentResult` ([MS-WSUSSS] 3.1.4.10.3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployments {
    /// `Anchor`.
    pub anchor: String,
    /// `Groups`: all of them.
    pub groups: Vec<TargetGroup>,
    /// `Deployments`: made between the two anchors.
    pub deployments: Vec<Deployment>,
    /// `DeadDeployments`: removed between the two anchors.
    pub dead_deployments: Vec<Guid>,
    /// `HiddenUpdates`: all of them.
    pub hidden_updates: Vec<Guid>,
    /// `AcceptedEulas`: all of them.
    pub accepted_eulas: Vec<Guid>,
}

impl GetDeployments {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> Result<GetDeployments, Unreadable> {
        let [cookie, deployment, sync] = reading.members(wrapper, ["cookie", "deploymentAnchor", "syncAnchor"]);
        Ok(GetDeployments {
            cookie: cookie.map(|cookie| Cookie::read(reading, cookie)).transpose()?,
            deployment_anchor: deployment.map(Element::string),
            sync_anchor: sync.map(Element::string),
        })
    }

    pub(super) fn answer(&self, server: Server<'_>) -> Result<Deployments, SoapFault> {
        let account = server.admit(self.cookie.as_ref())?.account;
        let since = Anchor::since(self.deployment_anchor.as_deref(), "deploymentAnchor")?;
        let until = Anchor::since(self.sync_anchor.as_deref(), "syncAnchor")?;
        let until = until.ok_or_else(|| SoapFault::invalid_parameter("syncAnchor"))?;
        let is_autonomous = server.state.reports().server(account).is_some_and(|known| known.is_replica == Some(false));
        let initial = || Administration::sample(&**server.catalogue);
        Ok(server.state.administration(initial, |decisions| {
            let anchor = Anchor::counted(1 + decisions.changes, until, server.settings.personality).to_string();
            if is_autonomous {
                Deployments::none(anchor)
            } else {
                Deployments::between(since, until, decisions, anchor)
            }
        }))
    }
}

impl Deployments {
    fn none(anchor: String) -> Deployments {
        Deployments {
            anchor,
            groups: Vec::new(),
            deployments: Vec::new(),
            dead_deployments: Vec::new(),
            hidden_updates: Vec::new(),
            accepted_eulas: Vec::new(),
        }
    }

    fn between(
        since: Option<OffsetDateTime>,
        until: OffsetDateTime,
        decisions: &Administration,
        anchor: String,
    ) -> Deployments {
        let is_between = |time: OffsetDateTime| since.is_none_or(|since| since < time) && time <= until;
        let was_removed = |deployment: &Deployment| deployment.removed.is_some_and(|removed| removed <= until);
        let made = decisions.deployments.iter().filter(|deployment| is_between(deployment.made));
        let removed = decisions.deployments.iter().filter(|deployment| deployment.removed.is_some_and(is_between));
        Deployments {
            anchor,
            groups: decisions.groups.clone(),
            deployments: made.filter(|deployment| !was_removed(deployment)).cloned().collect(),
            dead_deployments: removed.map(|deployment| deployment.id).collect(),
            hidden_updates: decisions.hidden_updates.clone(),
            accepted_eulas: decisions.accepted_eulas.clone(),
        }
    }

    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.text("Anchor", &self.anchor);
        writer.array("Groups", &self.groups, write_group);
        writer.array("Deployments", &self.deployments, write_deployment);
        guids::write(writer, "DeadDeployments", &self.dead_deployments);
        guids::write(writer, "HiddenUpdates", &self.hidden_updates);
        guids::write(writer, "AcceptedEulas", &self.accepted_eulas);
    }

    pub(crate) fn expected_size(&self) -> usize {
        /// Tags and values of a deployment.
        const EACH: usize = 600;
        self.deployments.len() * EACH
    }
}

/// The specification spells the two ids differently.
fn write_group<S: Sink>(writer: &mut Writer<'_, S>, group: &TargetGroup) {
    writer.wrap("ServerSyncTargetGroup", |writer| {
        writer.value("TargetGroupID", group.id);
        writer.value("ParentGroupId", group.parent);
        writer.text("Name", &group.name);
        writer.value("IsBuiltin", group.is_builtin);
    });
}

fn write_deployment<S: Sink>(writer: &mut Writer<'_, S>, deployment: &Deployment) {
    /// No deadline, which is written without a zone.
    const NEVER: PrimitiveDateTime = datetime!(9999-12-31 23:59:59.9999999);
    writer.wrap("ServerSyncDeployment", |writer| {
        writer.value("UpdateId", deployment.revision.id);
        writer.value("RevisionNumber", deployment.revision.revision);
        writer.value("Action", deployment.action);
        writer.text("AdminName", &deployment.admin_name);
        writer.local_date_time("Deadline", NEVER);
        writer.value("IsAssigned", true);
        let made = deployment.made.to_offset(time::UtcOffset::UTC);
        writer.local_date_time("GoLiveTime", PrimitiveDateTime::new(made.date(), made.time()));
        writer.value("DeploymentGuid", deployment.id);
        writer.value("TargetGroupId", deployment.group);
        writer.value("DownloadPriority", 1);
    });
}
