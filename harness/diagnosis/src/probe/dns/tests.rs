//! A DNS server of a few lines: what it answers is said record by record.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::io::{Read, Write};
use std::net::{TcpListener, UdpSocket};
use std::thread;

use hickory_proto::op::{Message, OpCode, Query, ResponseCode};
use hickory_proto::rr::rdata::{A, AAAA, CNAME};
use hickory_proto::rr::{Name, RData, Record, RecordType};

use super::*;
use crate::network::Plan;

const HOST: &str = "up.contoso.com";

#[test]
fn a_name_has_its_addresses_ipv4_first() {
    check(
        |query, answer| match query.query_type() {
            RecordType::A => answer.records(&[(HOST, a("10.87.0.10"))]),
            _ => answer.records(&[(HOST, RData::AAAA(AAAA("fd00::1".parse().unwrap())))]),
        },
        NameEnd::Addresses(vec!["10.87.0.10".parse().unwrap(), "fd00::1".parse().unwrap()]),
    );
}

#[test]
fn aliases_are_followed_within_the_answer_in_any_order() {
    let alias = |target: &str| RData::CNAME(CNAME(name(target)));
    check(
        move |query, answer| match query.query_type() {
            RecordType::A => {
                answer.records(&[("c.test", a("10.87.0.10")), ("b.test", alias("c.test")), (HOST, alias("b.test"))])
            }
            _ => answer.records(&[]),
        },
        NameEnd::Addresses(vec!["10.87.0.10".parse().unwrap()]),
    );
}

#[test]
fn aliases_in_a_circle_end() {
    let alias = |target: &str| RData::CNAME(CNAME(name(target)));
    check(move |_, answer| answer.records(&[(HOST, alias("b.test")), ("b.test", alias(HOST))]), NameEnd::NoAddress);
}

#[test]
fn a_name_that_does_not_exist_is_told_from_one_without_address() {
    check(|_, answer| answer.code(ResponseCode::NXDomain), NameEnd::NoSuchName);
    check(|_, answer| answer.records(&[]), NameEnd::NoAddress);
}

#[test]
fn another_response_code_is_kept() {
    check(|_, answer| answer.code(ResponseCode::ServFail), NameEnd::Failure(2));
    check(|_, answer| answer.code(ResponseCode::Refused), NameEnd::Failure(5));
}

#[test]
fn a_server_that_stumbles_over_ipv6_still_counts() {
    check(
        |query, answer| match query.query_type() {
            RecordType::A => answer.records(&[(HOST, a("10.87.0.10"))]),
            _ => answer.code(ResponseCode::NotImp),
        },
        NameEnd::Addresses(vec!["10.87.0.10".parse().unwrap()]),
    );
}

#[test]
fn an_answer_with_the_wrong_id_is_ignored() {
    check(|_, answer| answer.records(&[(HOST, a("6.6.6.6"))]).of_another_question(), NameEnd::TimedOut);
}

#[test]
fn silence_is_a_deadline_that_passed() {
    check(|_, answer| answer.withheld(), NameEnd::TimedOut);
}

#[test]
fn a_truncated_answer_is_asked_for_again_over_tcp() {
    check(
        |query, answer| match query.query_type() {
            RecordType::A => answer.records(&[(HOST, a("10.87.0.10"))]).truncated_over_udp(),
            _ => answer.records(&[]),
        },
        NameEnd::Addresses(vec!["10.87.0.10".parse().unwrap()]),
    );
}

#[test]
fn an_address_is_not_asked_for() {
    let seen = look_up(&Network::default(), "10.87.0.10", 8530, Duration::from_millis(50)).unwrap();
    assert_eq!(seen.ended, NameEnd::Literal("10.87.0.10".parse().unwrap()));
    assert_eq!(literal("[fd00::1]"), Some("fd00::1".parse().unwrap()));
}

#[test]
fn a_name_that_is_dialled_elsewhere_is_not_asked_for() {
    let elsewhere: SocketAddr = "127.0.0.1:8443".parse().unwrap();
    let connect_to = [((HOST.to_owned(), 8531), elsewhere)].into();
    let network = Network { connect_to, plan: Some(Plan::default()), ..Network::default() };
    let seen = look_up(&network, HOST, 8531, Duration::from_millis(50)).unwrap();
    assert_eq!(seen.ended, NameEnd::Addresses(vec![elsewhere.ip()]));
    assert_eq!(addresses(&network, HOST, 8531, &seen.ended), [elsewhere]);
}

#[test]
fn a_plan_without_a_dns_server_never_asks_the_system() {
    let network = Network { plan: Some(Plan::default()), ..Network::default() };
    let seen = look_up(&network, "localhost", 80, Duration::from_millis(50)).unwrap();
    assert_eq!(seen.ended, NameEnd::Other("the address plan has no DNS server".to_owned()));
}

#[test]
fn a_dns_server_outside_the_plan_is_an_error_of_the_lab() {
    let dns = Some("8.8.8.8:53".parse().unwrap());
    let network = Network { plan: Some(Plan::default()), dns, ..Network::default() };
    assert!(matches!(look_up(&network, HOST, 80, Duration::from_millis(50)), Err(ExamineError::OutsideThePlan(_))));
}

fn check(answer: impl Fn(&Query, Reply) -> Reply + Clone + Send + 'static, ended: NameEnd) {
    let lab: SocketAddr = "10.87.0.53:53".parse().unwrap();
    let real = dns_server(answer);
    let plan = Plan { tcp: [(lab, real)].into(), udp: [(lab, real)].into(), ..Plan::default() };
    let network = Network { dns: Some(lab), plan: Some(plan), ..Network::default() };
    // Only where a deadline is to pass is it short; a busy machine must not make one pass.
    let limit = if ended == NameEnd::TimedOut { 150 } else { 10_000 };
    let seen = look_up(&network, HOST, 8530, Duration::from_millis(limit)).unwrap();
    assert_eq!(seen, NameSeen { server: Some(lab), ended });
}

struct Reply {
    message: Message,
    truncated_over_udp: bool,
    withheld: bool,
}

impl Reply {
    fn records(mut self, records: &[(&str, RData)]) -> Reply {
        for (owner, data) in records {
            self.message.add_answer(Record::from_rdata(name(owner), 60, data.clone()));
        }
        self
    }

    fn code(mut self, code: ResponseCode) -> Reply {
        self.message.metadata.response_code = code;
        self
    }

    fn of_another_question(mut self) -> Reply {
        self.message.metadata.id ^= 1;
        self
    }

    fn truncated_over_udp(self) -> Reply {
        Reply { truncated_over_udp: true, ..self }
    }

    fn withheld(self) -> Reply {
        Reply { withheld: true, ..self }
    }
}

fn dns_server(answer: impl Fn(&Query, Reply) -> Reply + Clone + Send + 'static) -> SocketAddr {
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = tcp.local_addr().unwrap();
    let udp = UdpSocket::bind(address).unwrap();
    let over_tcp = answer.clone();
    thread::spawn(move || {
        let (mut stream, _) = tcp.accept().unwrap();
        let mut length = [0; 2];
        stream.read_exact(&mut length).unwrap();
        let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
        stream.read_exact(&mut question).unwrap();
        let reply = reply(&question, &over_tcp).message.to_vec().unwrap();
        stream.write_all(&u16::try_from(reply.len()).unwrap().to_be_bytes()).unwrap();
        stream.write_all(&reply).unwrap();
    });
    thread::spawn(move || {
        let mut buffer = [0; 512];
        while let Ok((count, from)) = udp.recv_from(&mut buffer) {
            let reply = reply(&buffer[..count], &answer);
            let message = if reply.truncated_over_udp { reply.message.truncate() } else { reply.message };
            if !reply.withheld {
                udp.send_to(&message.to_vec().unwrap(), from).unwrap();
            }
        }
    });
    address
}

fn reply(question: &[u8], answer: &impl Fn(&Query, Reply) -> Reply) -> Reply {
    let question = Message::from_vec(question).unwrap();
    let mut message = Message::response(question.metadata.id, OpCode::Query);
    message.add_query(question.queries[0].clone());
    answer(&question.queries[0], Reply { message, truncated_over_udp: false, withheld: false })
}

fn name(text: &str) -> Name {
    let mut name = Name::from_ascii(text).unwrap();
    name.set_fqdn(true);
    name
}

fn a(address: &str) -> RData {
    RData::A(A(address.parse().unwrap()))
}
