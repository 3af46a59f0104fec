//! HTTP as a Windows server speaks it: hyper between a byte seam and a site that answers.
//!
//! HTTP.SYS's part is here (bad requests, hosts, limits, keep-alive); what IIS and the services say is the site's.

use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::fault::Fault;
use crate::layer::visit::Visit;
use crate::running::lab::{Lab, Place as ListenerPlace};
use crate::seam::{Act, Seams, Standing};

pub(crate) mod kernel_page;
mod path;
mod request;
mod response;
mod sending;
#[cfg(test)]
mod tests;
mod wire;

pub(crate) use kernel_page::{KernelPage, RANGE_NOT_SATISFIABLE};
pub(crate) use request::Asked;
pub(crate) use response::{Answer, date, date_now, parse_date};

/// IIS waits two minutes for the head of a request, the first as well as any further one, and for a body.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long bytes are still taken after the last answer, so that it is not overtaken by RST.
const LINGER: Duration = Duration::from_secs(2);
/// What ASP.NET reads of a request unless told otherwise (`maxRequestLength`).
const LARGEST_BODY: usize = 4 * 1024 * 1024;
/// HTTP.SYS reads so much of a head by default.
const LONGEST_HEAD: usize = 16 * 1024;

/// Where faults of HTTP act.
pub(crate) trait HttpSeam: Send + Sync {
    /// The head of a request was read; its body was not.
    fn on_head(&self) -> HeadAct {
        HeadAct::Proceed
    }

    /// A request was read whole and is about to be answered.
    fn before_answer(&self) -> AnswerAct {
        AnswerAct::Proceed
    }

    /// The honest answer stands and is about to be sent.
    fn on_answer(&self, honest: &Answer) -> AnswerAct {
        let _ = honest;
        AnswerAct::Proceed
    }

    /// What it takes for itself; `None` where it does not act always.
    fn standing(&self) -> Option<Standing> {
        None
    }
}

/// What a fault makes of the head of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeadAct {
    /// The request is read further.
    Proceed,
    /// HTTP.SYS answers with this page.
    Answer(KernelPage),
}

/// What a fault makes of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AnswerAct {
    /// It is given.
    Proceed,
    /// This one is given in its place; before the honest one stands, nothing behind the listener hears of the request.
    Answer(Box<Answer>),
    /// The connection is closed in its place.
    Close,
}

impl Act for HeadAct {
    fn proceed() -> Self {
        HeadAct::Proceed
    }

    fn proceeds(&self) -> bool {
        *self == HeadAct::Proceed
    }
}

impl Act for AnswerAct {
    fn proceed() -> Self {
        AnswerAct::Proceed
    }

    fn proceeds(&self) -> bool {
        *self == AnswerAct::Proceed
    }
}

/// What answers requests behind a listener.
pub(crate) trait Site: Send + Sync {
    /// Answers by the head alone where it does not want the body; `length` is what the head says of it, in bytes.
    fn before_body(&self, _length: u64) -> Option<Answer> {
        None
    }

    /// How many bytes of a body are read for it.
    fn largest_body(&self) -> usize {
        LARGEST_BODY
    }

    /// Answers a request, of which the body was read whole unless it was too large.
    fn answer(&self, asked: &Asked) -> Reply;
}

/// What a site says to a request.
#[derive(Debug)]
pub(crate) enum Reply {
    /// This answer.
    Answer(Answer),
    /// Nothing: the connection is closed.
    Close,
}

/// The HTTP of one listener.
#[derive(Debug)]
pub(crate) struct Place {
    /// How long it waits for a whole body.
    body_within: Duration,
    /// Whether requests come over TLS.
    secure: bool,
    seams: Arc<Seams<dyn HttpSeam>>,
}

impl Place {
    /// The HTTP of a listener, with the faults that are placed on it.
    pub(crate) fn new(lab: &Lab, place: &ListenerPlace<'_>, secure: bool, faults: &[Fault]) -> Arc<Place> {
        let mut seams: Seams<dyn HttpSeam> = lab.seams(place);
        for fault in faults.iter().filter(|fault| fault.is_on(place.listener)) {
            if let Some(http) = &fault.http {
                let (name, at_seam) = http.at_seam();
                seams.place(name, fault.when.clone(), at_seam);
            }
        }
        Arc::new(Place { body_within: PATIENCE, secure, seams: Arc::new(seams) })
    }
}

/// Serves requests on a connection to its end; says in words how it ended.
pub(crate) async fn serve<S>(stream: S, visit: Arc<Visit>, site: Arc<dyn Site>, place: Arc<Place>) -> String
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut wire = wire::Wire::new(stream);
    match wire.first_word(PATIENCE).await {
        wire::FirstWord::Verb => {}
        wire::FirstWord::Nothing => return "the peer said nothing".to_owned(),
        wire::FirstWord::Garbage => {
            wire.say_last(&kernel_page::INVALID_VERB.bytes(), LINGER).await;
            return "closed: what came was not HTTP".to_owned();
        }
    }
    let service =
        service_fn(move |asked| request::answer(asked, Arc::clone(&visit), Arc::clone(&site), Arc::clone(&place)));
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(LONGEST_HEAD)
        .half_close(true)
        .title_case_headers(true)
        .auto_date_header(false)
        .serve_connection(TokioIo::new(wire), service);
    let served = (&mut connection).await;
    connection.into_parts().io.into_inner().linger(LINGER).await;
    served.map_or_else(|error| words(&error), |()| "closed".to_owned())
}

fn words(error: &hyper::Error) -> String {
    use std::error::Error;
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
