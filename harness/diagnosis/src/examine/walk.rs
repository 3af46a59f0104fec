//! The walk along a path: name, connection, proxy, TLS, and the calls of a synchronization, until one fails.

use std::time::Instant;

use super::examiner::{Examiner, Place, elapsed_ms};
use super::link::Link;
use super::open::{Keep, Stop, open};
use super::way::{Way, subject_offer};
use crate::evidence::{NameEnd, Purpose, Seen};
use crate::network::ExamineError;
use crate::path::{Source, SyncPath};
use crate::probe::dns;
use crate::sync::{self, Client, Operation, Ran, WantedFile};

/// How far a walk came.
pub(super) struct Walked {
    /// The way, if the name of its first hop resolved.
    pub(super) way: Option<Way>,
    /// The step that failed.
    pub(super) stop: Option<Stop>,
    /// Files worth a look, where the upstream keeps files of its own.
    pub(super) files: Vec<WantedFile>,
}

/// Walks along `path` to the end of a synchronization. For [`Purpose::CurrentEndpoint`] one call is enough.
pub(super) fn walk(examiner: &mut Examiner<'_>, path: &SyncPath, purpose: Purpose) -> Result<Walked, ExamineError> {
    let Some(mut way) = resolve(examiner, path, purpose)? else {
        return Ok(Walked { way: None, stop: Some(Stop::Name), files: Vec::new() });
    };
    let connection = match open(examiner, &mut way, purpose, Keep::Everything)? {
        Ok(connection) => connection,
        Err(stop) => return Ok(Walked { way: Some(way), stop: Some(stop), files: Vec::new() }),
    };
    let client = Client {
        path: path.clone(),
        protocol_version: examiner.subject.host.protocol_version.clone(),
        depth: examiner.network.depth(),
        is_replica: path.source == Source::Upstream && examiner.subject.step0.is_replica_server == Some(true),
    };
    let mut link = Link { examiner, way, purpose, connection: Some(connection), refused_by_proxy: false };
    let (stop, files) = match purpose {
        Purpose::Path => synchronize(&client, &mut link)?,
        _ => sync::knock(&client, &mut link).map(|()| (None, Vec::new()))?,
    };
    link.close();
    Ok(Walked { stop, way: Some(link.way), files })
}

/// Looks the first hop up. Behind a proxy the target's name is the proxy's business and never ours.
pub(super) fn resolve(
    examiner: &mut Examiner<'_>,
    path: &SyncPath,
    purpose: Purpose,
) -> Result<Option<Way>, ExamineError> {
    let (host, port) = Way::first_hop(path);
    let started = Instant::now();
    let seen = dns::look_up(examiner.network, host, port, examiner.dns())?;
    let name: NameEnd = seen.ended.clone();
    examiner.note(Place { purpose, route: &path.route, host, port }, elapsed_ms(started), Seen::Name(seen));
    let addresses = dns::addresses(examiner.network, host, port, &name);
    let offer = subject_offer(examiner.subject, &path.host);
    Ok((!addresses.is_empty()).then(|| Way { path: path.clone(), name, addresses, offer }))
}

fn synchronize(client: &Client, link: &mut Link<'_, '_>) -> Result<(Option<Stop>, Vec<WantedFile>), ExamineError> {
    let started = Instant::now();
    let Ran { seen, mut files } = sync::run(client, link)?;
    let stop = seen.stopped_at.as_deref().map(|operation| match operation {
        _ if link.refused_by_proxy => Stop::Proxy,
        _ if operation == Operation::GetAuthConfig.name() => Stop::FirstCall,
        _ => Stop::LaterCall,
    });
    if seen.config.as_ref().is_none_or(|config| config.catalog_only_sync) {
        files.clear();
    }
    link.examiner.note(link.way.target(link.purpose), elapsed_ms(started), Seen::Sync(seen));
    Ok((stop, files))
}
