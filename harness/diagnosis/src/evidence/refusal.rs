//! An HTTP answer in the place of a SOAP response: what it is, and whose.

use super::{CallOutcome, CallSeen, Ended, Evidence, ExchangeSeen, Head, ProxyVoice, Purpose, Sight, SmallerRequest};
use crate::path::{Route, Scheme, Source, SyncPath};
use crate::rule::{Outcome, Step};
use crate::sync::Operation;
use crate::words::safe;

/// The answer of an upstream, or of something in its place, that ended the walk and is no SOAP message.
#[derive(Clone, Debug)]
pub struct Refusal<'a> {
    /// The call.
    pub call: Sight<'a, CallSeen>,
    /// The head of the answer.
    pub head: &'a Head,
    /// The path on which it came.
    pub path: SyncPath,
}

/// The statuses with which IIS and firewalls refuse a request for its size.
const FOR_A_SIZE: [u16; 5] = [400, 403, 404, 413, 431];

/// Who wrote an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// The target, or what stands in front of it under its name.
    Target,
    /// The proxy says that it did.
    Proxy,
    /// The answer came in clear through a proxy, which may have written it.
    Unclear,
}

impl Evidence {
    /// What stands in the place of a SOAP response on the path to an upstream.
    pub fn refusal(&self) -> Option<Refusal<'_>> {
        let path = self.path().filter(|path| path.source == Source::Upstream)?;
        let call = self.last_call().filter(|call| matches!(call.seen.outcome, CallOutcome::NotSoap(_)))?;
        let exchange = &call.seen.exchange;
        let head = exchange.answer.as_ref().filter(|_| matches!(exchange.ended, Ended::Complete | Ended::TooLarge))?;
        Some(Refusal { call, head, path })
    }
}

impl Evidence {
    /// A larger and a smaller request of one kind, where only the smaller one was answered.
    pub fn answered_when_smaller(&self) -> Option<&SmallerRequest> {
        self.sync()?.seen.smaller_request.as_ref().filter(|smaller| smaller.answered)
    }

    /// The same, where the larger one was refused with a status that is given for a size. Any other failure may have
    /// passed by itself between the two.
    pub fn refused_for_its_size(&self) -> Option<&SmallerRequest> {
        self.refusal().filter(|refusal| FOR_A_SIZE.contains(&refusal.head.status))?;
        self.answered_when_smaller()
    }

    /// The page for agents, where it opens on the listener whose web service gave no answer of its own.
    pub fn client_page(&self) -> Option<Sight<'_, ExchangeSeen>> {
        let mut pages = self.exchanges(Purpose::ClientPage);
        pages.find(|page| page.seen.answer.as_ref().is_some_and(|head| head.status == 200))
    }

    /// Whether the main service answered another call before it refused the last one.
    pub fn service_answered_before(&self) -> bool {
        let is_of_the_service = |operation: &str| operation != Operation::GetAuthorizationCookie.name();
        let refused_there = self.last_call().is_some_and(|call| is_of_the_service(&call.seen.operation));
        let mut calls = self.calls(Purpose::Path);
        refused_there
            && calls.any(|call| is_of_the_service(&call.seen.operation) && call.seen.outcome == CallOutcome::Answered)
    }
}

impl Refusal<'_> {
    /// Who wrote it. Within TLS nobody but the target can; in clear a proxy's own words count, and those of IIS.
    pub fn author(&self) -> Author {
        let windows = ["microsoft-iis/", "microsoft-httpapi/"];
        let server = self.head.header("Server").unwrap_or("").to_ascii_lowercase();
        match (self.path.scheme, &self.path.route) {
            (Scheme::Https, _) => Author::Target,
            _ if self.head.proxy_voice() == ProxyVoice::Own => Author::Proxy,
            (Scheme::Http, Route::Direct) => Author::Target,
            (Scheme::Http, Route::Through { .. }) => {
                let by_windows = windows.iter().any(|name| server.starts_with(name));
                if by_windows { Author::Target } else { Author::Unclear }
            }
        }
    }

    /// What a rule says where the target did not write the answer, or may not have.
    pub(crate) fn not_of_the_target(&self, decided_by: &'static str) -> Option<Outcome> {
        let status = self.head.status;
        match self.author() {
            Author::Target => None,
            Author::Proxy => Some(Outcome::ruled_out(format!("the proxy says that the {status} is its own"))),
            Author::Unclear => {
                let want = format!("whether the {status} is the proxy's or the upstream's");
                Some(Outcome::cannot_tell(Step::Request, want, decided_by))
            }
        }
    }

    /// The first type of media, in lower case.
    pub fn media_type(&self) -> String {
        let given = self.head.header("Content-Type").unwrap_or("");
        given.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
    }

    /// The beginning of a sentence: who answers what, and with which status.
    pub(crate) fn sentence(&self) -> String {
        let (host, port, operation) = (safe(&self.path.host), self.path.port, safe(&self.call.seen.operation));
        let reason = safe(&self.head.reason);
        format!("{host}:{port} answers {operation} with {} {reason}", self.head.status).trim_end().to_owned()
    }

    /// Who says that he wrote it, for the end of a sentence; empty where nobody does.
    pub(crate) fn signature(&self) -> String {
        self.head.header("Server").map_or(String::new(), |server| format!(" (answered by {})", safe(server)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    fn author(evidence: Evidence, scheme: Scheme, headers: &[(&str, &str)]) -> Option<Author> {
        let evidence = evidence.stopped_by(not_soap("GetAuthConfig", scheme, head(403, headers)));
        evidence.refusal().map(|refusal| refusal.author())
    }

    #[test]
    fn within_tls_and_without_a_proxy_the_target_answers() {
        assert_eq!(author(https_upstream(), Scheme::Https, &[]), Some(Author::Target));
        assert_eq!(author(http_upstream(), Scheme::Http, &[("Server", "nginx")]), Some(Author::Target));
    }

    #[test]
    fn in_clear_a_proxy_may_answer_in_its_place() {
        let through = |headers| author(http_upstream_through_proxy(), Scheme::Http, headers);
        assert_eq!(through(&[("Server", "Microsoft-IIS/10.0"), ("Via", "1.1 proxy")]), Some(Author::Target));
        assert_eq!(through(&[("Server", "squid"), ("Via", "1.1 proxy")]), Some(Author::Unclear));
        assert_eq!(through(&[("X-Squid-Error", "ERR_ACCESS_DENIED 0")]), Some(Author::Proxy));
        assert_eq!(author(http_upstream(), Scheme::Http, &[("X-Squid-Error", "ERR_DNS_FAIL 0")]), Some(Author::Proxy));
    }

    #[test]
    fn microsoft_update_refuses_for_reasons_of_its_own() {
        assert_eq!(author(microsoft_update(), Scheme::Https, &[]), None);
        assert!(https_upstream().refusal().is_none());
    }
}
