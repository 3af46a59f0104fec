//! SyncUpdates ([MS-WUSP] 3.1.5.7): the revisions whose prerequisites a computer has, in pages. Drivers, changes and what
//! goes out of scope are left to real servers.

use std::collections::HashSet;

use time::OffsetDateTime;

use super::super::Server;
use super::super::get_cookie::Cookie;
use super::fragment;
use crate::catalogue::{Facts, Guid, Part, Revision};
use crate::soap::fault::{ErrorCode, SoapFault};
use crate::soap::read::{Element, Reading, Unreadable};
use crate::soap::seal::Kind;
use crate::soap::write::{Sink, Writer};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncUpdates {
    /// `cookie`.
    pub cookie: Option<Cookie>,
    /// `parameters`.
    pub parameters: Option<SyncParameters>,
}

/// `SyncUpdateParameters` ([MS-WUSP] 2.2.2.2.4), as far as it decides something here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncParameters {
    /// `InstalledNonLeafUpdateIDs`.
    pub installed_non_leaf_update_ids: Vec<i32>,
    /// `OtherCachedUpdateIDs`.
    pub other_cached_update_ids: Vec<i32>,
    /// Whether there is a `SystemSpec`.
    pub has_system_spec: bool,
    /// `SkipSoftwareSync`.
    pub skip_software_sync: bool,
}

/// `SyncInfo` ([MS-WUSP] 2.2.2.2.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncInfo {
    /// `NewUpdates`.
    pub new_updates: Vec<UpdateInfo>,
    /// `Truncated`: there is more.
    pub truncated: bool,
    /// `NewCookie`.
    pub new_cookie: Cookie,
}

/// `UpdateInfo`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateInfo {
    /// `ID`: the revision, by a number of this server's own.
    pub id: i32,
    /// `Action` of its deployment.
    pub action: &'static str,
    /// `LastChangeTime` of its deployment, of which the date is sent.
    pub changed: OffsetDateTime,
    /// `IsLeaf`.
    pub is_leaf: bool,
    /// `Xml`: the core fragment.
    pub xml: String,
}

/// Updates in one page, and ids in the list of installed ones, as real servers have it.
const PAGE: usize = 30;
const MAX_INSTALLED: usize = 400;
/// Where the numbers of the second part begin, so that the first may grow.
const UPDATES_FROM: i32 = 1_000_001;

impl SyncUpdates {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> Result<SyncUpdates, Unreadable> {
        let [cookie, parameters] = reading.members(wrapper, ["cookie", "parameters"]);
        Ok(SyncUpdates {
            cookie: cookie.map(|cookie| Cookie::read(reading, cookie)).transpose()?,
            parameters: parameters.map(|parameters| SyncParameters::read(reading, parameters)).transpose()?,
        })
    }

    pub(in super::super) fn answer(&self, server: Server<'_>) -> Result<SyncInfo, SoapFault> {
        let mut contents = server.admit_client(self.cookie.as_ref())?;
        let parameters = self.parameters.as_ref().ok_or_else(|| SoapFault::invalid_parameter("parameters"))?;
        parameters.check()?;
        if !server.state.is_registered(contents.account) {
            return Err(SoapFault::of(ErrorCode::RegistrationRequired));
        }
        let mut new_updates = if parameters.skip_software_sync { Vec::new() } else { parameters.needed(server) };
        let truncated = PAGE < new_updates.len();
        new_updates.truncate(PAGE);
        contents.epoch = server.catalogue.epoch();
        let encrypted_data = server.state.seal.close(Kind::ClientAccess, &contents);
        let new_cookie = Cookie { expiration: contents.expires, encrypted_data };
        Ok(SyncInfo { new_updates, truncated, new_cookie })
    }
}

impl SyncParameters {
    fn read(reading: Reading, element: &Element<'_>) -> Result<SyncParameters, Unreadable> {
        const MEMBERS: [&str; 6] = [
            "ExpressQuery",
            "InstalledNonLeafUpdateIDs",
            "OtherCachedUpdateIDs",
            "SystemSpec",
            "CachedDriverIDs",
            "SkipSoftwareSync",
        ];
        let [_, installed, cached, spec, _, skip] = reading.members(Some(element), MEMBERS);
        let numbers = |list: Option<&Element<'_>>| -> Result<Vec<i32>, Unreadable> {
            list.map_or(Ok(Vec::new()), |list| reading.items(list, "int").map(Element::int).collect())
        };
        Ok(SyncParameters {
            installed_non_leaf_update_ids: numbers(installed)?,
            other_cached_update_ids: numbers(cached)?,
            has_system_spec: spec.is_some(),
            skip_software_sync: skip.map_or(Ok(false), Element::boolean)?,
        })
    }

    fn check(&self) -> Result<(), SoapFault> {
        if MAX_INSTALLED < self.installed_non_leaf_update_ids.len() {
            return Err(SoapFault::invalid_parameter("parameters.InstalledNonLeafUpdateIDs"));
        }
        if self.has_system_spec && !self.skip_software_sync {
            return Err(SoapFault::invalid_parameter("parameters.SystemSpec"));
        }
        Ok(())
    }

    /// Up to one more than a page: what is not cached and has all its prerequisites.
    fn needed(&self, server: Server<'_>) -> Vec<UpdateInfo> {
        let numbers: HashSet<i32> = self.installed_non_leaf_update_ids.iter().copied().collect();
        let cached: HashSet<i32> = self.other_cached_update_ids.iter().copied().collect();
        let named = rows(server).filter(|(id, _, _)| numbers.contains(id));
        let installed: HashSet<Guid> = named.map(|(_, _, revision)| revision.identity.id).collect();
        let others = rows(server).filter(|(id, _, _)| !numbers.contains(id) && !cached.contains(id));
        others.filter_map(|(id, part, row)| info(server, id, part, &row, &installed)).take(PAGE + 1).collect()
    }
}

/// Every revision with its number.
fn rows(server: Server<'_>) -> impl Iterator<Item = (i32, Part, Revision)> {
    let part =
        move |part, first| (first..).zip(server.catalogue.revisions(part, None)).map(move |(id, row)| (id, part, row));
    part(Part::Configuration, 1).chain(part(Part::Updates, UPDATES_FROM))
}

fn info(server: Server<'_>, id: i32, part: Part, row: &Revision, installed: &HashSet<Guid>) -> Option<UpdateInfo> {
    let xml = server.catalogue.metadata(row.identity)?.xml;
    let facts = Facts::of(&xml);
    let has = |clause: &Vec<Guid>| clause.iter().any(|id| installed.contains(id));
    facts.prerequisites.iter().all(has).then(|| UpdateInfo {
        id,
        action: action(part, &facts),
        changed: row.changed,
        // Nothing but categories and detectoids is anybody's prerequisite.
        is_leaf: part == Part::Updates,
        xml: fragment::core(&xml),
    })
}

fn action(part: Part, facts: &Facts) -> &'static str {
    match (part, facts.explicitly_deployable) {
        (Part::Configuration, _) => "Evaluate",
        (Part::Updates, true) => "PreDeploymentCheck",
        (Part::Updates, false) => "Bundle",
    }
}

impl SyncInfo {
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.array("NewUpdates", &self.new_updates, |writer, update| update.write(writer));
        writer.value("Truncated", self.truncated);
        writer.wrap("NewCookie", |writer| self.new_cookie.write(writer));
        writer.text("DriverSyncNotNeeded", "false");
    }

    pub(crate) fn expected_size(&self) -> usize {
        /// Tags around one.
        const EACH: usize = 400;
        self.new_updates.iter().map(|update| update.xml.len() * 5 / 4 + EACH).sum()
    }
}

impl UpdateInfo {
    fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.wrap("UpdateInfo", |writer| {
            writer.value("ID", self.id);
            writer.wrap("Deployment", |writer| {
                writer.value("ID", self.id);
                writer.text("Action", self.action);
                writer.value("IsAssigned", true);
                writer.value("LastChangeTime", self.changed.date());
                for name in ["AutoSelect", "AutoDownload", "SupersedenceBehavior"] {
                    writer.value(name, 0);
                }
            });
            writer.value("IsLeaf", self.is_leaf);
            writer.text("Xml", &self.xml);
        });
    }
}
