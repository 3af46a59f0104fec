//! What the administrator of a server decided: target groups, approvals, declined updates, accepted licences
//! ([MS-WSUSSS] 3.1.1). A replica takes all of it over.

use time::OffsetDateTime;

use crate::catalogue::{Catalogue, Guid, Part, Revision};

/// The decisions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Administration {
    /// Every target group; a group that is missing here is deleted on a replica.
    pub groups: Vec<TargetGroup>,
    /// Approvals, those that were removed included.
    pub deployments: Vec<Deployment>,
    /// Declined updates.
    pub hidden_updates: Vec<Guid>,
    /// Licences that were accepted.
    pub accepted_eulas: Vec<Guid>,
    /// How many deployments were made or removed since the server began; the counter in its anchors.
    pub changes: u32,
}

/// A target group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetGroup {
    /// `TargetGroupID`.
    pub id: Guid,
    /// `ParentGroupId`; zeros for the topmost.
    pub parent: Guid,
    /// `Name`.
    pub name: String,
    /// `IsBuiltin`.
    pub is_builtin: bool,
}

/// An approval of a revision for a target group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// `DeploymentGuid`.
    pub id: Guid,
    /// What is approved.
    pub revision: crate::catalogue::Identity,
    /// For whom.
    pub group: Guid,
    /// `Action`: 0 install, 1 uninstall, 2 scan, 3 block.
    pub action: i32,
    /// `AdminName`.
    pub admin_name: String,
    /// When it was made.
    pub made: OffsetDateTime,
    /// When it was removed.
    pub removed: Option<OffsetDateTime>,
}

const ALL_COMPUTERS: Guid = Guid::of(0xa0a08746_4dbe_4a37_9adf_9e7652c0b421);
const UNASSIGNED_COMPUTERS: Guid = Guid::of(0xb73ca6ed_5727_47f3_84de_015e03f6a88a);

/// Classifications that the sample administrator approves for installation: security, critical and definition updates.
const APPROVED: [Guid; 3] = [
    Guid::of(0x0fa1201d_4330_4fa8_8ae9_b877473b6441),
    Guid::of(0xe6cf1350_c01b_414d_a61f_263d14d133b4),
    Guid::of(0xe0789628_ce08_4437_be74_2495b842f43b),
];

/// The action of an approval for installation.
const INSTALL: i32 = 0;

/// How many updates the sample administrator looked at; a large catalogue is mostly not approved.
const LOOKED_AT: usize = 200;

impl Administration {
    /// What the administrator of a lab server decided about a catalogue: the same for the same catalogue.
    pub fn sample(catalogue: &dyn Catalogue) -> Administration {
        let mut decisions = Administration { groups: groups(), ..Administration::default() };
        for revision in catalogue.revisions(Part::Updates, None).take(LOOKED_AT) {
            let facts = catalogue.facts(revision.identity).unwrap_or_default();
            match (facts.explicitly_deployable, facts.expired) {
                (true, false) => {
                    let deployment = Deployment::sample(&revision);
                    // Nobody approves an update for installation before its licence is accepted.
                    decisions.accepted_eulas.extend(facts.eula.filter(|_| deployment.action == INSTALL));
                    decisions.deployments.push(deployment);
                }
                (true, true) => decisions.hidden_updates.push(revision.identity.id),
                (false, _) => {}
            }
        }
        decisions.accepted_eulas.sort();
        decisions.accepted_eulas.dedup();
        decisions
    }

    /// Approves a revision.
    pub fn approve(&mut self, deployment: Deployment) {
        self.deployments.push(deployment);
        self.changes = self.changes.saturating_add(1);
    }

    /// Removes an approval.
    pub fn remove(&mut self, id: Guid, at: OffsetDateTime) {
        let found = self.deployments.iter_mut().find(|deployment| deployment.id == id && deployment.removed.is_none());
        if let Some(deployment) = found {
            deployment.removed = Some(at);
            self.changes = self.changes.saturating_add(1);
        }
    }
}

impl Deployment {
    fn sample(revision: &Revision) -> Deployment {
        let installs = revision.classification.is_some_and(|classification| APPROVED.contains(&classification));
        let (action, admin_name) = if installs { (INSTALL, "CORP\\wsusadmin") } else { (2, "WUS Server") };
        Deployment {
            id: Guid::named(&format!("deployment/{}", revision.identity.id)),
            revision: revision.identity,
            group: ALL_COMPUTERS,
            action,
            admin_name: admin_name.to_owned(),
            made: revision.changed,
            removed: None,
        }
    }
}

fn groups() -> Vec<TargetGroup> {
    let group = |id, parent, name: &str, is_builtin| TargetGroup { id, parent, name: name.to_owned(), is_builtin };
    vec![
        group(ALL_COMPUTERS, Guid::default(), "All Computers", true),
        group(UNASSIGNED_COMPUTERS, ALL_COMPUTERS, "Unassigned Computers", true),
        group(Guid::named("target-group/pilots"), ALL_COMPUTERS, "wsuslab pilots", false),
    ]
}
