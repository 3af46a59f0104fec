//! Answers to questions about the world's names, as a resolver without any way to the Internet gives them.
//!
//! A name outside the world gets NXDOMAIN and never a forwarded question.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use hickory_proto::op::{LowerQuery, ResponseCode};
use hickory_proto::rr::rdata::{A, SOA};
use hickory_proto::rr::{DNSClass, Name, RData, Record, RecordType};

use crate::journal::Event;
use crate::layer::visit::At;
use crate::seam::{Act, Moment, Seams, Standing};
pub(crate) use wire::{serve_datagrams, serve_stream};

mod wire;

/// Short, so that a name which a class mends is seen as mended at once.
const TTL: Duration = Duration::from_secs(5);

/// Where faults of name resolution act.
pub(crate) trait DnsSeam: Send + Sync {
    /// A question was read and not yet answered. `when.host` is the name asked for.
    fn before_answer(&self) -> DnsAct {
        DnsAct::Proceed
    }

    /// What it takes for itself; `None` where it does not act always.
    fn standing(&self) -> Option<Standing> {
        None
    }
}

/// What a fault makes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DnsAct {
    /// The true answer.
    Proceed,
    /// This response code in its place.
    Answer(ResponseCode),
}

impl Act for DnsAct {
    fn proceed() -> Self {
        DnsAct::Proceed
    }

    fn proceeds(&self) -> bool {
        *self == DnsAct::Proceed
    }
}

/// A DNS server's knowledge and its faults.
#[derive(Debug)]
pub(crate) struct Resolver {
    names: BTreeMap<String, IpAddr>,
    seams: Seams<dyn DnsSeam>,
    at: At,
}

/// What goes into the sections of a response.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    /// The response code.
    pub(crate) code: ResponseCode,
    /// Answer section.
    pub(crate) answers: Vec<Record>,
    /// Authority section: the SOA that makes an absence cacheable (RFC 2308).
    pub(crate) authority: Vec<Record>,
}

impl Resolver {
    /// A resolver that knows `names` without the `unknown` ones. Names are compared without regard to case.
    pub(crate) fn new(
        names: impl IntoIterator<Item = (String, IpAddr)>,
        unknown: &[String],
        seams: Seams<dyn DnsSeam>,
        at: At,
    ) -> Resolver {
        let mut names: BTreeMap<_, _> = names.into_iter().map(|(name, address)| (as_asked(&name), address)).collect();
        for name in unknown {
            names.remove(&as_asked(name));
        }
        Resolver { names, seams, at }
    }

    /// Answers a question and writes both down. Datagrams have the connection 0.
    pub(crate) fn answer(&self, question: &LowerQuery, connection: u64) -> Answer {
        // As on the wire: to display it the library would turn xn-- labels into Unicode.
        let name = as_asked(&question.name().to_ascii());
        let moment = Moment { connection, host: Some(&name), ..Moment::default() };
        let answer = match self.seams.ask(moment, |fault| fault.before_answer()) {
            DnsAct::Proceed => self.true_answer(&name, question),
            DnsAct::Answer(code) => Answer::code(code),
        };
        let in_a_word = if answer.code == ResponseCode::NoError && answer.answers.is_empty() {
            "NODATA".to_owned()
        } else {
            mnemonic(answer.code)
        };
        let event = Event::Question { name, answer: in_a_word };
        self.at.journal.write(&self.at.node, &self.at.listener, connection, event);
        answer
    }

    fn true_answer(&self, name: &str, question: &LowerQuery) -> Answer {
        if question.query_class() != DNSClass::IN {
            return Answer::code(ResponseCode::Refused);
        }
        let Some(address) = self.names.get(name) else {
            return Answer::code(ResponseCode::NXDomain);
        };
        let wanted = matches!(question.query_type(), RecordType::A | RecordType::ANY);
        let (IpAddr::V4(address), true) = (address, wanted) else {
            return Answer::code(ResponseCode::NoError);
        };
        // The owner is spelt as in the question: resolvers that mix case as a guard insist on it.
        let owner = question.original().name().clone();
        let record = Record::from_rdata(owner, seconds(TTL), RData::A(A(*address)));
        Answer { code: ResponseCode::NoError, answers: vec![record], authority: Vec::new() }
    }
}

/// The response code as resolvers print it.
fn mnemonic(code: ResponseCode) -> String {
    match code {
        ResponseCode::NoError => "NOERROR".to_owned(),
        ResponseCode::NXDomain => "NXDOMAIN".to_owned(),
        ResponseCode::ServFail => "SERVFAIL".to_owned(),
        ResponseCode::Refused => "REFUSED".to_owned(),
        other => format!("{other:?}").to_ascii_uppercase(),
    }
}

impl Answer {
    /// An answer without records; where it tells of an absence, the SOA says for how long.
    pub(crate) fn code(code: ResponseCode) -> Answer {
        let tells_absence = matches!(code, ResponseCode::NoError | ResponseCode::NXDomain);
        let authority = if tells_absence { vec![start_of_authority()] } else { Vec::new() };
        Answer { code, answers: Vec::new(), authority }
    }
}

/// The root's: a resolver without the Internet poses as all there is. How long an absence holds is its last field.
fn start_of_authority() -> Record {
    let ttl = i32::try_from(TTL.as_secs()).unwrap_or(i32::MAX);
    let serial = 1;
    let soa = SOA::new(Name::root(), Name::root(), serial, ttl, ttl, ttl, seconds(TTL));
    Record::from_rdata(Name::root(), seconds(TTL), RData::SOA(soa))
}

/// A name as we compare and journal it: lower case, without the dot of the root.
fn as_asked(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

fn seconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_secs()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

    use hickory_proto::op::Query;

    use super::*;
    use crate::journal::Journal;

    const NAMES: [(&str, &str); 3] = [
        ("sws.update.microsoft.com", "198.18.1.1"),
        ("wsus01", "10.87.0.10"),
        ("xn--bcher-kva.corp.example", "10.87.0.11"),
    ];

    struct ServFail;

    impl DnsSeam for ServFail {
        fn before_answer(&self) -> DnsAct {
            DnsAct::Answer(ResponseCode::ServFail)
        }
    }

    fn resolver(unknown: &[&str], journal: &Journal) -> Resolver {
        let names = NAMES.map(|(name, address)| (name.to_owned(), address.parse().unwrap()));
        let unknown: Vec<_> = unknown.iter().map(|name| (*name).to_owned()).collect();
        let seams = Seams::new(journal.clone(), "dns", "dns");
        let at = At { node: "dns".into(), listener: "dns".into(), journal: journal.clone() };
        Resolver::new(names, &unknown, seams, at)
    }

    /// Asks, and renders the answer as `CODE records; authority`.
    fn ask(resolver: &Resolver, name: &str, kind: RecordType) -> String {
        let question = LowerQuery::query(Query::query(Name::from_ascii(name).unwrap(), kind));
        let answer = resolver.answer(&question, 0);
        let answers: Vec<_> = answer.answers.iter().map(|record| record.data.to_string()).collect();
        let soa = answer.authority.iter().map(|record| record.record_type().to_string());
        [mnemonic(answer.code)].into_iter().chain(answers).chain(soa).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_name_of_the_world_has_its_lab_address() {
        let resolver = resolver(&[], &Journal::new());
        assert_eq!(ask(&resolver, "sws.update.microsoft.com.", RecordType::A), "NOERROR 198.18.1.1");
        assert_eq!(ask(&resolver, "SWS.Update.Microsoft.COM.", RecordType::A), "NOERROR 198.18.1.1");
        assert_eq!(ask(&resolver, "wsus01.", RecordType::A), "NOERROR 10.87.0.10");
        assert_eq!(ask(&resolver, "xn--bcher-kva.corp.example.", RecordType::A), "NOERROR 10.87.0.11");
    }

    #[test]
    fn other_types_of_a_name_that_exists_have_no_data() {
        let resolver = resolver(&[], &Journal::new());
        assert_eq!(ask(&resolver, "wsus01.", RecordType::AAAA), "NOERROR SOA");
        assert_eq!(ask(&resolver, "wsus01.", RecordType::HTTPS), "NOERROR SOA");
    }

    #[test]
    fn names_outside_the_world_and_unknown_ones_do_not_exist() {
        let resolver = resolver(&["SWS.update.microsoft.com"], &Journal::new());
        assert_eq!(ask(&resolver, "www.example.org.", RecordType::A), "NXDOMAIN SOA");
        assert_eq!(ask(&resolver, "sws.update.microsoft.com.", RecordType::A), "NXDOMAIN SOA");
        assert_eq!(ask(&resolver, "sws.update.microsoft.com.", RecordType::AAAA), "NXDOMAIN SOA");
    }

    #[test]
    fn a_fault_answers_in_place_of_the_truth_and_is_signed() {
        let journal = Journal::new();
        let mut resolver = resolver(&[], &journal);
        resolver.seams.place("dns/test", None, Box::new(ServFail));
        assert_eq!(ask(&resolver, "wsus01.", RecordType::A), "SERVFAIL");
        let events: Vec<_> = journal.entries().into_iter().map(|entry| entry.event).collect();
        let question = Event::Question { name: "wsus01".to_owned(), answer: "SERVFAIL".to_owned() };
        assert_eq!(events, [Event::Signed { fault: "dns/test".to_owned(), nth: 0 }, question]);
    }
}
