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
    /// Who wrote it.
    pub author: Author,
    /// Who answers, as the beginning of a sentence.
    pub answerer: String,
}

/// The statuses with which IIS and firewalls refuse a request for its size.
const FOR_A_SIZE: [u16; 5] = [400, 403, 404, 413, 431];

/// Who wrote an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// The target, or what stands in front of it under its name.
    Target,
    /// The proxy: it says so, or the target answers otherwise without it.
    Proxy,
    /// The answer came through a proxy that can read it, and may have written it.
    Unclear,
}

impl Evidence {
    /// What stands in the place of a SOAP response on the path to an upstream.
    pub fn refusal(&self) -> Option<Refusal<'_>> {
        let path = self.path().filter(|path| path.source == Source::Upstream)?;
        let call = self.last_call().filter(|call| matches!(call.seen.outcome, CallOutcome::NotSoap(_)))?;
        let exchange = &call.seen.exchange;
        let head = exchange.answer.as_ref().filter(|_| matches!(exchange.ended, Ended::Complete | Ended::TooLarge))?;
        let (author, answerer) = (self.author_of(head, &path), self.answerer_of(head, &path));
        Some(Refusal { call, head, path, author, answerer })
    }

    /// Who wrote an answer to the last call on the path. Within TLS nobody but the target can, unless the proxy ends TLS in
    /// its place; in clear a proxy's own words count, and those of IIS.
    pub fn author_of(&self, head: &Head, path: &SyncPath) -> Author {
        let by_its_head = match head.proxy_voice() {
            ProxyVoice::Own => Author::Proxy,
            ProxyVoice::Unknown if is_by_windows(head) || path.route == Route::Direct => Author::Target,
            ProxyVoice::Unknown => Author::Unclear,
        };
        match path.scheme {
            Scheme::Http => by_its_head,
            Scheme::Https if path.route == Route::Direct => Author::Target,
            // IIS may refuse the proxy's address, and not that of the examiner.
            Scheme::Https if by_its_head == Author::Target => Author::Target,
            Scheme::Https => match self.is_inspected() {
                Some(false) => Author::Target,
                Some(true) => self.compared(head).unwrap_or(by_its_head),
                None if by_its_head == Author::Proxy => Author::Unclear,
                None => Author::Target,
            },
        }
    }

    /// Who answers, as the beginning of a sentence. Where nothing tells whether the proxy inspects TLS, it may be the proxy.
    pub(crate) fn answerer_of(&self, head: &Head, path: &SyncPath) -> String {
        let place = format!("{}:{}", safe(&path.host), path.port);
        let within_tls = path.scheme == Scheme::Https && path.route != Route::Direct;
        let in_doubt = within_tls && self.is_inspected().is_none() && !is_by_windows(head);
        if in_doubt { format!("{place}, or the proxy if it inspects TLS,") } else { place }
    }

    /// Whether another chain comes through the proxy than without it; `None` where not both were seen.
    pub fn is_inspected(&self) -> Option<bool> {
        let ((_, shown), (_, own)) = (self.chain_verdict()?, self.chain_verdict_without_the_proxy()?);
        Some(!shown.has_the_authority_of(&own))
    }

    /// Whose answer it is by what the target answers to the same call without the proxy. Another answer alone does not make it
    /// the proxy's: the target may refuse the proxy's address, and the name may lead elsewhere for the proxy.
    fn compared(&self, head: &Head) -> Option<Author> {
        let call = self.last_call()?;
        let own = self.calls(Purpose::DirectComparison).last();
        let own = own.filter(|own| own.seen.operation == call.seen.operation)?;
        let status = own.seen.exchange.answer.as_ref()?.status;
        match &own.seen.outcome {
            CallOutcome::NoAnswer => None,
            CallOutcome::NotSoap(_) if status == head.status => Some(Author::Target),
            _ if head.proxy_voice() == ProxyVoice::Own => Some(Author::Proxy),
            _ => Some(Author::Unclear),
        }
    }
}

fn is_by_windows(head: &Head) -> bool {
    let server = head.header("Server").unwrap_or("").to_ascii_lowercase();
    ["microsoft-iis/", "microsoft-httpapi/"].iter().any(|name| server.starts_with(name))
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
    /// What a rule says where the target did not write the answer, or may not have.
    pub(crate) fn not_of_the_target(&self, decided_by: &'static str) -> Option<Outcome> {
        let status = self.head.status;
        match self.author {
            Author::Target => None,
            Author::Proxy => Some(Outcome::ruled_out(format!("the {status} is the proxy's own"))),
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
        let (operation, reason) = (safe(&self.call.seen.operation), safe(&self.head.reason));
        format!("{} answers {operation} with {} {reason}", self.answerer, self.head.status).trim_end().to_owned()
    }

    /// Who says that he wrote it, for the end of a sentence; empty where nobody does.
    pub(crate) fn signature(&self) -> String {
        self.head.header("Server").map_or(String::new(), |server| format!(" (answered by {})", safe(server)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;
    use crate::evidence::Seen;
    use crate::subject::Der;
    use crate::testing::pki::Wanted;
    use crate::testing::*;

    fn author(evidence: Evidence, scheme: Scheme, headers: &[(&str, &str)]) -> Option<Author> {
        let evidence = evidence.stopped_by(not_soap("GetAuthConfig", scheme, head(403, headers)));
        evidence.refusal().map(|refusal| refusal.author)
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

    /// An upstream over HTTPS behind a proxy, which answers the first call with this head.
    fn refused_within_tls(chain: Vec<Der>, head: Head) -> Evidence {
        let evidence = https_upstream_through_proxy().instead(handshake(chain));
        evidence.stopped_by(not_soap("GetAuthConfig", Scheme::Https, head))
    }

    fn re_signed() -> Vec<Der> {
        let gateway = Wanted::authority("Contoso Web Gateway").self_signed();
        vec![Wanted::leaf(UPSTREAM).issued_by(&gateway).der, gateway.der]
    }

    #[test]
    fn a_proxy_that_ends_tls_may_answer_in_it() {
        let author = |chain, headers: &[(&str, &str)], without: Option<Seen>| {
            let evidence = refused_within_tls(chain, head(503, headers));
            let evidence = evidence.and(Purpose::DirectComparison, UPSTREAM, 8531, handshake(pki::chain(UPSTREAM)));
            let evidence = match without {
                Some(call) => evidence.and(Purpose::DirectComparison, UPSTREAM, 8531, call),
                None => evidence,
            };
            evidence.refusal().unwrap().author
        };
        let refused = |status| Some(not_soap("GetAuthConfig", Scheme::Https, head(status, &[])));
        let answered = || Some(answered("GetAuthConfig", Scheme::Https));
        let (squid, iis) = ([("X-Squid-Error", "ERR_CONNECT_FAIL 111")], [("Server", "Microsoft-IIS/10.0")]);
        assert_eq!(author(re_signed(), &squid, answered()), Author::Proxy);
        assert_eq!(author(re_signed(), &[], answered()), Author::Unclear);
        assert_eq!(author(re_signed(), &[], refused(404)), Author::Unclear);
        assert_eq!(author(re_signed(), &[], refused(503)), Author::Target);
        assert_eq!(author(re_signed(), &iis, answered()), Author::Target);
        assert_eq!(author(re_signed(), &squid, None), Author::Proxy);
        assert_eq!(author(re_signed(), &[], None), Author::Unclear);
        assert_eq!(author(pki::chain(UPSTREAM), &squid, answered()), Author::Target);
    }

    #[test]
    fn without_a_comparison_it_is_not_said_who_answers() {
        let evidence = refused_within_tls(pki::chain(UPSTREAM), head(503, &[]));
        let refusal = evidence.refusal().unwrap();
        assert_eq!(refusal.author, Author::Target);
        let expected = "up.contoso.com:8531, or the proxy if it inspects TLS, answers GetAuthConfig with 503";
        assert!(refusal.sentence().starts_with(expected), "{}", refusal.sentence());
        let squids = refused_within_tls(pki::chain(UPSTREAM), head(503, &[("X-Squid-Error", "ERR_CONNECT_FAIL 0")]));
        assert_eq!(squids.refusal().unwrap().author, Author::Unclear);
        let signed = refused_within_tls(pki::chain(UPSTREAM), head(503, &[("Server", "Microsoft-HTTPAPI/2.0")]));
        assert!(signed.refusal().unwrap().sentence().starts_with("up.contoso.com:8531 answers"));
    }

    #[test]
    fn microsoft_update_refuses_for_reasons_of_its_own() {
        assert_eq!(author(microsoft_update(), Scheme::Https, &[]), None);
        assert!(https_upstream().refusal().is_none());
    }
}
