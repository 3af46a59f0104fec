//! What downstream servers report about themselves and their computers ([MS-WSUSSS] 3.1.1: DSS Table, client computers,
//! update status and activity). Tables end at a bound, past which a server answers as one whose database is full.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use time::OffsetDateTime;

use crate::catalogue::Guid;
use crate::soap::operation::rollup_downstream_servers::{ServerRollup, ServerSummary, System};

/// The tables.
#[derive(Debug, Default)]
pub(crate) struct Reports {
    servers: BTreeMap<Guid, DownstreamServer>,
    computers: BTreeMap<String, Computer>,
    deleted: BTreeSet<String>,
    /// Successes and failures per server, update and system.
    activity: HashMap<(Guid, Guid, System), (u32, u32)>,
    /// Entries in all `status` of the computers.
    statuses: usize,
}

/// A downstream server, as it is known here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DownstreamServer {
    /// Full name.
    pub name: String,
    /// The server that it synchronizes from; `None` before its first report.
    pub parent: Option<Guid>,
    /// Component version; empty before its first report.
    pub version: String,
    /// Whether it is a replica; `None` before its first report.
    pub is_replica: Option<bool>,
    /// When it last synchronized.
    pub last_sync: Option<OffsetDateTime>,
    /// When it last reported.
    pub last_rollup: Option<OffsetDateTime>,
    /// The counts that it reported.
    pub summary: ServerSummary,
}

/// A computer below a downstream server, as it is known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computer {
    /// The server that it gets updates from.
    pub parent: Guid,
    /// When it last asked that server for updates.
    pub last_sync: OffsetDateTime,
    /// 0 unknown, 1 succeeded, 2 failed.
    pub last_sync_result: i32,
    /// Full name; empty until details were reported.
    pub name: String,
    /// `RollupNumber` of the last status report; 0 before.
    pub rollup_number: i32,
    /// State of each update and when it came about.
    pub status: BTreeMap<Guid, (i32, OffsetDateTime)>,
}

/// A table has reached its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

const SERVERS: usize = 20_000;
const COMPUTERS: usize = 200_000;
const ACTIVITIES: usize = 200_000;
const STATUSES: usize = 1_000_000;

impl Reports {
    pub(crate) fn servers(&self) -> Vec<(Guid, DownstreamServer)> {
        self.servers.iter().map(|(id, server)| (*id, server.clone())).collect()
    }

    pub(crate) fn computers(&self) -> Vec<(String, Computer)> {
        self.computers.iter().map(|(id, computer)| (id.clone(), computer.clone())).collect()
    }

    pub(crate) fn server(&self, id: Guid) -> Option<&DownstreamServer> {
        self.servers.get(&id)
    }

    pub(crate) fn computer(&self, id: &str) -> Option<&Computer> {
        self.computers.get(id)
    }

    /// The first contact enters a server under the name it gives; past the bound it is served and not remembered.
    pub(crate) fn meet(&mut self, id: Guid, name: &str) {
        if self.servers.len() < SERVERS {
            let fresh = || DownstreamServer { name: name.to_owned(), ..DownstreamServer::default() };
            self.servers.entry(id).or_insert_with(fresh);
        }
    }

    /// Takes a server's report, unless a later one is there already.
    pub(crate) fn report_server(&mut self, report: &ServerRollup, parent: Guid) -> Result<(), Full> {
        let known = self.servers.get(&report.server_id);
        if known.is_some_and(|known| known.last_rollup.is_some_and(|last| report.last_rollup_time < last)) {
            return Ok(());
        }
        if known.is_none() && SERVERS <= self.servers.len() {
            return Err(Full);
        }
        let server = DownstreamServer {
            name: report.full_domain_name.clone(),
            parent: Some(parent),
            version: report.version.clone(),
            is_replica: Some(report.is_replica),
            last_sync: Some(report.last_sync_time),
            last_rollup: Some(report.last_rollup_time),
            summary: report.server_summary,
        };
        self.servers.insert(report.server_id, server);
        self.count_activity(report)
    }

    /// Enters a computer or replaces what is known of it; statuses stay.
    pub(crate) fn report_computer(&mut self, id: String, computer: Computer) -> Result<(), Full> {
        if !self.computers.contains_key(&id) && COMPUTERS <= self.computers.len() {
            return Err(Full);
        }
        self.deleted.remove(&id);
        self.computers.insert(id, computer);
        Ok(())
    }

    pub(crate) fn is_deleted(&self, computer: &str) -> bool {
        self.deleted.contains(computer)
    }

    pub(crate) fn delete_computer(&mut self, id: &str) {
        if let Some(computer) = self.computers.remove(id) {
            self.statuses -= computer.status.len();
            if self.deleted.len() < COMPUTERS {
                self.deleted.insert(id.to_owned());
            }
        }
    }

    /// Takes the status report of a computer; what is not known is left aside.
    pub(crate) fn report_status(
        &mut self,
        id: &str,
        rollup_number: i32,
        is_full: bool,
        status: &[(Guid, i32, OffsetDateTime)],
    ) -> Result<(), Full> {
        let Some(computer) = self.computers.get_mut(id) else { return Ok(()) };
        computer.rollup_number = rollup_number;
        if is_full {
            self.statuses -= computer.status.len();
            computer.status.clear();
        }
        for (update, state, changed) in status {
            match computer.status.get_mut(update) {
                Some(known) if known.1 <= *changed => *known = (*state, *changed),
                Some(_) => {}
                None if STATUSES <= self.statuses => return Err(Full),
                None => {
                    self.statuses += 1;
                    computer.status.insert(*update, (*state, *changed));
                }
            }
        }
        Ok(())
    }

    /// A server and all below it.
    pub(crate) fn family(&self, id: Guid) -> BTreeSet<Guid> {
        let mut children: HashMap<Guid, Vec<Guid>> = HashMap::new();
        for (child, server) in &self.servers {
            children.entry(server.parent.unwrap_or_default()).or_default().push(*child);
        }
        let (mut family, mut next) = (BTreeSet::new(), vec![id]);
        while let Some(member) = next.pop() {
            if family.insert(member) {
                next.extend(children.get(&member).into_iter().flatten());
            }
        }
        family
    }

    fn count_activity(&mut self, report: &ServerRollup) -> Result<(), Full> {
        for client in &report.client_summaries {
            for activity in &client.activity_summaries {
                let key = (report.server_id, activity.update_id, client.system.clone());
                if !self.activity.contains_key(&key) && ACTIVITIES <= self.activity.len() {
                    return Err(Full);
                }
                let counts = self.activity.entry(key).or_default();
                counts.0 = counts.0.saturating_add_signed(activity.install_success_count);
                counts.1 = counts.1.saturating_add_signed(activity.install_failure_count);
            }
        }
        Ok(())
    }
}
