//! What could not be looked at because something stands before it.

use crate::chain::Trust;
use crate::evidence::{Evidence, Purpose, WalkEnd};
use crate::path::{Route, Scheme, SyncPath};
use crate::rule::{Doubt, Rule, Step};
use crate::words::safe;

pub(super) fn steps(evidence: &Evidence, doubts: &[(&'static Rule, Doubt)]) -> Vec<String> {
    let mut unseen: Vec<String> = Vec::new();
    match evidence.path() {
        Some(path) => unseen.extend(beyond(evidence, &path)),
        None => unseen.push("the network: no path can be derived from the configuration".to_owned()),
    }
    unseen.extend(above_the_missing_issuer(evidence));
    for (_, doubt) in doubts {
        let missing = doubt.for_want_of.to_string();
        if !unseen.contains(&missing) {
            unseen.push(missing);
        }
    }
    unseen
}

/// A chain that breaks off may lead anywhere: what is wrong further up shows only once the issuer is there.
fn above_the_missing_issuer(evidence: &Evidence) -> Option<String> {
    match evidence.chain_verdict()?.1.trust {
        Trust::Partial { issuer, .. } => {
            Some(format!("the certificate of {issuer}, and whether it leads to a trusted root"))
        }
        _ => None,
    }
}

fn beyond(evidence: &Evidence, path: &SyncPath) -> Vec<String> {
    let walk = evidence.walk(Purpose::Path);
    let stopped = match walk.end {
        WalkEnd::RanToItsEnd => return Vec::new(),
        WalkEnd::Stopped { step, .. } => step,
        WalkEnd::Open => walk.reached.unwrap_or(Step::Configuration),
        WalkEnd::NotBegun => Step::Configuration,
    };
    let target = format!("{}:{}", safe(&path.host), path.port);
    let (https, proxied) = (path.scheme == Scheme::Https, path.route != Route::Direct);
    let chain_seen = evidence.presented_chain().is_some();
    let steps = [
        (Step::Name, true, "the name of the first hop".to_owned()),
        (Step::Connect, true, "the connection to the first hop".to_owned()),
        (Step::Proxy, proxied, format!("the way from the proxy to {target}")),
        (Step::Handshake, https, format!("TLS with {target}")),
        (Step::Certificate, https && !chain_seen, format!("the certificate of {target}")),
        (Step::Request, true, format!("the web services of {target}")),
        (Step::Authorization, true, "authorization, cookie and configuration".to_owned()),
        (Step::Metadata, true, "the metadata".to_owned()),
    ];
    steps.into_iter().filter(|(step, arises, _)| *arises && stopped < *step).map(|(_, _, words)| words).collect()
}
