//! The DNS server on real sockets, asked by hickory and by bytes written by hand.

#![allow(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

use std::net::Ipv4Addr;

use hickory_proto::op::Query;
use hickory_proto::rr::{Name, RData, RecordType};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::journal::{Event, Journal};
use crate::layer::visit::At;
use crate::seam::Seams;

/// `A? wsus01.` with the identifier 0xbeef and "recursion desired", without EDNS.
const QUESTION: &[u8] = b"\xbe\xef\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x06wsus01\x00\x00\x01\x00\x01";

fn resolver(journal: &Journal) -> Arc<Resolver> {
    let names = [("wsus01".to_owned(), Ipv4Addr::new(10, 87, 0, 10).into())];
    let at = At { node: "dns".into(), listener: "dns".into(), journal: journal.clone() };
    Arc::new(Resolver::new(names, &[], Seams::new(journal.clone(), "dns", "dns"), at))
}

async fn ask_by_udp(question: &[u8]) -> Option<Vec<u8>> {
    let server = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let client = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    client.connect(server.local_addr().unwrap()).await.unwrap();
    let serving = tokio::spawn(serve_datagrams(resolver(&Journal::new()), server));
    client.send(question).await.unwrap();
    let mut answer = vec![0; 4096];
    let answered = timeout(Duration::from_millis(500), client.recv(&mut answer)).await;
    serving.abort();
    answered.ok().map(|length| answer[..length.unwrap()].to_vec())
}

async fn tcp_server(journal: &Journal) -> TcpStream {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let resolver = resolver(journal);
    tokio::spawn(async move {
        let (stream, peer) = listener.accept().await.unwrap();
        serve_stream(&resolver, stream, peer, 7).await
    });
    client
}

/// Response code, flags RA and TC, and the answers.
fn read(answer: &[u8]) -> (ResponseCode, bool, bool, Vec<RData>) {
    let message = Message::from_vec(answer).unwrap();
    let answers = message.answers.into_iter().map(|record| record.data).collect();
    let metadata = message.metadata;
    (metadata.response_code, metadata.recursion_available, metadata.truncation, answers)
}

fn query(name: &str, edns: Option<Edns>) -> Vec<u8> {
    let mut message = Message::query();
    message.add_query(Query::query(Name::from_ascii(name).unwrap(), RecordType::A));
    if let Some(edns) = edns {
        message.set_edns(edns);
    }
    message.to_vec().unwrap()
}

#[tokio::test]
async fn bytes_written_by_hand_are_answered_byte_by_byte() {
    let answer = ask_by_udp(QUESTION).await.unwrap();
    let expected = b"\xbe\xef\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x06wsus01\x00\x00\x01\x00\x01\
                     \x06wsus01\x00\x00\x01\x00\x01\x00\x00\x00\x05\x00\x04\x0a\x57\x00\x0a";
    assert_eq!(answer, expected);
}

#[tokio::test]
async fn edns_is_answered_with_edns_only_when_asked_with_it() {
    let with = Message::from_vec(&ask_by_udp(&query("wsus01.", Some(Edns::new()))).await.unwrap()).unwrap();
    assert_eq!(with.edns.unwrap().max_payload(), LARGEST_DATAGRAM);
    let without = Message::from_vec(&ask_by_udp(&query("wsus01.", None)).await.unwrap()).unwrap();
    assert!(without.edns.is_none());
}

#[tokio::test]
async fn the_case_of_the_question_comes_back() {
    let answer = Message::from_vec(&ask_by_udp(&query("wSuS01.", None)).await.unwrap()).unwrap();
    assert_eq!(answer.answers[0].name.to_ascii(), "wSuS01.");
}

#[tokio::test]
async fn an_unknown_name_does_not_exist() {
    let (code, _, _, answers) = read(&ask_by_udp(&query("www.example.org.", None)).await.unwrap());
    assert_eq!((code, answers), (ResponseCode::NXDomain, vec![]));
}

#[tokio::test]
async fn several_questions_share_a_connection_and_may_come_in_pieces() {
    let journal = Journal::new();
    let mut client = tcp_server(&journal).await;
    let length = u16::try_from(QUESTION.len()).unwrap().to_be_bytes();
    let framed = [&length[..], QUESTION].concat();
    for piece in [&framed[..1], &framed[1..5], &framed[5..], &framed[..]] {
        client.write_all(piece).await.unwrap();
        client.flush().await.unwrap();
        tokio::task::yield_now().await;
    }
    for _ in 0..2 {
        let answer = timeout(PATIENCE, read_message(&mut client)).await.unwrap().unwrap();
        let (code, recursive, truncated, answers) = read(&answer);
        let address = RData::A(Ipv4Addr::new(10, 87, 0, 10).into());
        assert_eq!((code, recursive, truncated, answers), (ResponseCode::NoError, true, false, vec![address]));
    }
    let question = Event::Question { name: "wsus01".to_owned(), answer: "NOERROR".to_owned() };
    let entries: Vec<_> = journal.entries().into_iter().map(|entry| (entry.connection, entry.event)).collect();
    assert_eq!(entries, [(7, question.clone()), (7, question)]);
}

#[tokio::test]
async fn what_is_no_question_gets_what_a_server_says_to_it() {
    let http = ask_by_udp(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    assert_eq!((&http[..2], read(&http).0), (&b"GE"[..], ResponseCode::FormErr));
    let response = [&QUESTION[..2], b"\x81", &QUESTION[3..]].concat();
    assert_eq!(ask_by_udp(&response).await, None, "two servers would answer each other for ever");
    assert_eq!(ask_by_udp(b"short").await, None);
    let cut = ask_by_udp(&QUESTION[..20]).await.unwrap();
    assert_eq!((&cut[..2], read(&cut).0), (&b"\xbe\xef"[..], ResponseCode::FormErr));
    let update = [&QUESTION[..2], b"\x28", &QUESTION[3..]].concat();
    assert_eq!(read(&ask_by_udp(&update).await.unwrap()).0, ResponseCode::NotImp);
    let none = [&QUESTION[..5], b"\x00", &QUESTION[6..12]].concat();
    assert_eq!(read(&ask_by_udp(&none).await.unwrap()).0, ResponseCode::FormErr);

    let mut client = tcp_server(&Journal::new()).await;
    client.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    client.shutdown().await.unwrap();
    let mut rest = Vec::new();
    timeout(PATIENCE, client.read_to_end(&mut rest)).await.unwrap().unwrap();
    assert_eq!(rest, b"");
}
