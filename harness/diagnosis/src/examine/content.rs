//! A few files of the upstream, as its downstream server would fetch them (BITS: HEAD, then GET of one part after the
//! other): only after a whole synchronization, small ones, and never from Microsoft's network.

mod fetching;

use super::examiner::Examiner;
use super::walk::{Walked, resolve};
use super::way::Way;
use crate::evidence::{ContentSeen, PartsEnd, Purpose};
use crate::network::ExamineError;
use crate::path::{Route, Scheme, Source, SyncPath};
use crate::subject::Step0;
use fetching::Fetching;

/// Fetches the files that the walk found worth a look.
pub(super) fn fetch(examiner: &mut Examiner<'_>, path: &SyncPath, walked: &Walked) -> Result<(), ExamineError> {
    let (Some(way), Some(port)) = (&walked.way, content_port(path)) else { return Ok(()) };
    if path.source != Source::Upstream || walked.stop.is_some() || walked.files.is_empty() {
        return Ok(());
    }
    examiner.hurry();
    let Some(way) = way_to_content(examiner, way, port)? else { return Ok(()) };
    let route = way.path.route.clone();
    let mut fetching = Fetching::new(examiner, way, Purpose::Content);
    let mut in_doubt = None;
    for file in &walked.files {
        let seen = fetching.fetch(file)?;
        in_doubt = in_doubt.or(is_in_doubt(&seen).then_some(file));
    }
    let way = fetching.end();
    match in_doubt.filter(|_| route != Route::Direct) {
        Some(file) => compare(examiner, &way.path, file),
        None => Ok(()),
    }
}

/// Whether something on the way may have done what came of it, and not the upstream.
fn is_in_doubt(seen: &ContentSeen) -> bool {
    matches!(seen.parts, PartsEnd::WholeInstead | PartsEnd::Wrong(_)) || seen.refuses_head().is_some()
}

/// The same file without the proxy, to tell the proxy from the upstream.
fn compare(examiner: &mut Examiner<'_>, path: &SyncPath, file: &crate::sync::WantedFile) -> Result<(), ExamineError> {
    let direct = SyncPath { route: Route::Direct, ..path.clone() };
    let Some(way) = resolve(examiner, &direct, Purpose::ContentWithoutProxy)? else { return Ok(()) };
    let mut fetching = Fetching::new(examiner, way, Purpose::ContentWithoutProxy);
    fetching.fetch(file)?;
    fetching.end();
    Ok(())
}

/// [MS-WSUSSS] 2.1: beside HTTPS on port N stands HTTP on N - 1, and 80 beside 443. Files are never served over HTTPS. Plain
/// HTTP serves both, whatever the specification says.
fn content_port(path: &SyncPath) -> Option<u16> {
    match (path.scheme, path.port) {
        (Scheme::Http, port) => Some(port),
        (Scheme::Https, 443) => Some(80),
        (Scheme::Https, port) => port.checked_sub(1).filter(|port| 0 < *port),
    }
}

/// The same way, but for HTTP, which may need another proxy.
fn way_to_content(examiner: &mut Examiner<'_>, way: &Way, port: u16) -> Result<Option<Way>, ExamineError> {
    let step0 = Step0 {
        upstream_wsus_server_use_ssl: Some(false),
        upstream_wsus_server_port_number: Some(port),
        ..examiner.subject.step0.clone()
    };
    match SyncPath::of(&step0) {
        Ok(path) if path.route == way.path.route => Ok(Some(way.to(examiner.network, port, Scheme::Http))),
        Ok(path) => resolve(examiner, &path, Purpose::Content),
        Err(_) => Ok(None),
    }
}
