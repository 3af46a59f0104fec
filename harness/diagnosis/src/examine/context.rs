//! What is looked at beside the path, and only after a failure: other versions, other schemes and ports, the direct way,
//! the endpoint of today. Context for the judgement; the server itself goes none of these ways.

mod direct;
mod issuer;
mod tls;

use std::time::Instant;

use super::examiner::{Examiner, elapsed_ms};
use super::open::{Keep, Stop, open};
use super::walk::{Walked, walk};
use super::way::Way;
use crate::evidence::{ExchangeSeen, Purpose, Seen};
use crate::network::ExamineError;
use crate::path::{Route, Scheme, Source, SyncPath};
use crate::probe::http::{Connection, Request};
use crate::subject::Step0;

/// The endpoint that Microsoft documents today.
const CURRENT: &str = "sws.update.microsoft.com";

/// Endpoints of earlier days; for them the current one is looked at even where all is well.
const FORMER: [&str; 4] =
    ["fe2.update.microsoft.com", "sws1.update.microsoft.com", "update.microsoft.com", "www.update.microsoft.com"];

/// The usual ports of an upstream.
const USUAL_PORTS: [u16; 2] = [8530, 8531];

/// What a healthy upstream shows to a browser, and what the usual test asks for.
const CLIENT_PAGE: &str = "/ClientWebService/client.asmx";

const SERVICE: &str = "/ServerSyncWebService/ServerSyncWebService.asmx";

/// More of a page than evidence keeps is not read.
const MOST_OF_A_PAGE: usize = 64 * 1024;

/// Looks at what can set causes apart that look alike on the path.
pub(super) fn look_around(examiner: &mut Examiner<'_>, path: &SyncPath, walked: &Walked) -> Result<(), ExamineError> {
    examiner.hurry();
    if path.route != Route::Direct {
        direct::compare(examiner, path, walked.stop)?;
    }
    if let (Some(stop), Some(way)) = (walked.stop, &walked.way) {
        if stop == Stop::Handshake {
            tls::after_a_failure(examiner, way)?;
        }
        if path.source == Source::Upstream && concerns_the_port(path, stop) {
            scheme_matrix(examiner, way)?;
        }
        if path.source == Source::Upstream && stop == Stop::FirstCall && examiner.was_refused() {
            client_page(examiner, way)?;
        }
    }
    if let Some(way) =
        walked.way.as_ref().filter(|_| path.scheme == Scheme::Https && walked.stop != Some(Stop::Handshake))
    {
        tls::after_a_success(examiner, way)?;
        issuer::fetch(examiner, way)?;
    }
    let former = FORMER.contains(&path.host.as_str());
    let elsewhere = path.host != CURRENT || path.scheme == Scheme::Http;
    if path.source == Source::MicrosoftUpdate && elsewhere && (former || walked.stop.is_some()) {
        current_endpoint(examiner)?;
    }
    Ok(())
}

/// Whether another scheme or port may be what is wanted. A proxy that cannot be reached says nothing of them.
fn concerns_the_port(path: &SyncPath, stop: Stop) -> bool {
    match stop {
        Stop::Connect => path.route == Route::Direct,
        Stop::Handshake | Stop::FirstCall => true,
        Stop::Name | Stop::Proxy | Stop::LaterCall => false,
    }
}

/// Both schemes on the configured port and on the usual ones.
fn scheme_matrix(examiner: &mut Examiner<'_>, way: &Way) -> Result<(), ExamineError> {
    let mut ports = vec![way.path.port];
    ports.extend(USUAL_PORTS.into_iter().filter(|port| *port != way.path.port));
    for port in ports {
        for scheme in [Scheme::Https, Scheme::Http] {
            let mut cell = way.to(examiner.network, port, scheme);
            match open(examiner, &mut cell, Purpose::SchemeMatrix, Keep::Handshakes)? {
                Ok(connection) => get(examiner, &cell, connection, Purpose::SchemeMatrix, SERVICE),
                // A port that does not take the one does not take the other.
                Err(Stop::Connect) => break,
                Err(_) => {}
            }
        }
    }
    Ok(())
}

/// The page for agents, where the web service gave no answer of its own.
fn client_page(examiner: &mut Examiner<'_>, way: &Way) -> Result<(), ExamineError> {
    let purpose = Purpose::ClientPage;
    let mut same = way.to(examiner.network, way.path.port, way.path.scheme);
    if let Ok(connection) = open(examiner, &mut same, purpose, Keep::Handshakes)? {
        get(examiner, &same, connection, purpose, CLIENT_PAGE);
    }
    Ok(())
}

/// Asks for a page of the target.
fn get(examiner: &mut Examiner<'_>, way: &Way, mut connection: Connection, purpose: Purpose, page: &str) {
    let local = format!("{}{page}", way.path.base);
    let mut request = Request::get(way.request_target(&local), way.host_field());
    let credentials = examiner.login.accepted().filter(|_| way.is_forwarded());
    if let Some(credentials) = &credentials {
        request = credentials.sign(request);
    }
    let started = Instant::now();
    let mut answer = connection.exchange(&request, examiner.answer(), MOST_OF_A_PAGE);
    let elapsed_ms = elapsed_ms(started);
    connection.close();
    if let Some(credentials) = &credentials {
        credentials.redact(&mut answer);
    }
    let body = answer.shown_body();
    let seen = ExchangeSeen {
        method: "GET".to_owned(),
        scheme: way.path.scheme,
        target: local,
        answer: answer.head,
        body,
        ended: answer.ended,
    };
    examiner.note(way.target(purpose), elapsed_ms, Seen::Exchange(seen));
}

/// The endpoint of today, by the kind of route that Step 0 prescribes for it.
fn current_endpoint(examiner: &mut Examiner<'_>) -> Result<(), ExamineError> {
    let step0 = Step0 { mu_url: Some(format!("https://{CURRENT}")), ..examiner.subject.step0.clone() };
    // The path to the configured endpoint could be derived; this one differs in the scheme at most, which may need the
    // name of another proxy.
    if let Ok(path) = SyncPath::of(&step0) {
        walk(examiner, &path, Purpose::CurrentEndpoint)?;
    }
    Ok(())
}
