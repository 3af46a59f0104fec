//! Answers of every shape, from a scripted peer.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::net::TcpStream;
use std::time::Instant;

use super::*;
use crate::scripted_peer::{self, Act};

#[test]
fn a_body_ends_where_its_length_says() {
    check("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", Some(200), "abc", Ended::Complete);
    check("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", Some(200), "abc", Ended::Closed);
}

#[test]
fn a_body_in_chunks_ends_with_the_last_chunk() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    check(&format!("{head}3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: t\r\n\r\n"), Some(200), "abcde", Ended::Complete);
    check(&format!("{head}3\r\nabc\r\n5\r\nde"), Some(200), "abcde", Ended::Closed);
    check(&format!("{head}zz\r\nabc"), Some(200), "", Ended::NotTheProtocol("zz\r\nabc".to_owned()));
}

#[test]
fn a_body_without_length_ends_with_the_connection() {
    check("HTTP/1.0 200 OK\r\n\r\nabc", Some(200), "abc", Ended::Complete);
}

#[test]
fn an_interim_answer_is_passed_over() {
    check("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", Some(204), "", Ended::Complete);
}

#[test]
fn no_answer_is_told_apart_by_how_the_connection_ended() {
    check("", None, "", Ended::Closed);
    check("HTTP/1.1 200", None, "", Ended::Closed);
    let after_the_head = |act: Act| vec![Act::ReadUntil("\r\n\r\n"), act];
    assert_eq!(send_within(&mut open(after_the_head(Act::Silence)), 500).ended, Ended::TimedOut);
    assert_eq!(exchange(vec![Act::Read, Act::Reset]).ended, Ended::Reset);
    let cut = Act::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc".to_vec());
    let answer = exchange(vec![Act::Read, cut, Act::Reset]);
    assert_eq!((answer.body, answer.ended), (b"abc".to_vec(), Ended::Reset));
}

#[test]
fn bytes_that_are_not_http_are_kept() {
    check("220 smtp ready\r\n", None, "", Ended::NotTheProtocol("220 smtp ready\r\n".to_owned()));
    check(
        "\u{15}\u{3}\u{3}\0\u{2}\u{2}\u{46}",
        None,
        "",
        Ended::NotTheProtocol("\u{15}\u{3}\u{3}\0\u{2}\u{2}\u{46}".to_owned()),
    );
}

#[test]
fn a_field_with_a_control_byte_hides_neither_the_status_nor_the_others() {
    let answer = "HTTP/1.1 407 Proxy\r\nX: a\u{1}b\r\nProxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n";
    check(answer, Some(407), "", Ended::Complete);
    let head = exchange(vec![Act::Read, Act::Send(answer.as_bytes().to_vec())]).head.unwrap();
    assert_eq!((head.header("Proxy-Authenticate"), head.header("X")), (Some("NTLM"), None));
}

#[test]
fn a_head_without_end_and_a_body_without_end_are_too_large() {
    let head = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(200_000));
    check(&head, None, "", Ended::TooLarge);
    let answer = exchange(vec![Act::ReadRequest, Act::Send([&b"HTTP/1.1 200 OK\r\n\r\n"[..], &[b'x'; 5000]].concat())]);
    assert_eq!(answer.ended, Ended::TooLarge);
}

#[test]
fn names_of_fields_keep_their_case() {
    let answer = exchange(vec![Act::ReadRequest, Act::Send(b"HTTP/1.1 204 x\r\nX-AspNet-Version: 4\r\n\r\n".to_vec())]);
    assert_eq!(answer.head.unwrap().headers, [("X-AspNet-Version".to_owned(), "4".to_owned())]);
}

#[test]
fn the_body_waits_for_the_server_s_word() {
    let continued = vec![
        Act::ReadUntil("\r\n\r\n"),
        Act::Send(b"HTTP/1.1 100 Continue\r\n\r\n".to_vec()),
        Act::ReadUntil("<x/>"),
        Act::Send(scripted_peer::answer("200 OK", "text/xml", "<y/>")),
    ];
    assert_eq!(exchange(continued).body, b"<y/>");
    let unheard = vec![Act::ReadUntil("<x/>"), Act::Send(scripted_peer::answer("200 OK", "text/xml", "<y/>"))];
    assert_eq!(exchange(unheard).body, b"<y/>");
    let refused = vec![
        Act::ReadUntil("\r\n\r\n"),
        Act::Send(scripted_peer::answer("417 Expectation Failed", "text/html", "no")),
        Act::Silence,
    ];
    assert_eq!(exchange(refused).head.unwrap().status, 417);
}

#[test]
fn one_exchange_follows_the_other_unless_the_server_wants_to_leave() {
    let ok = Act::Send(scripted_peer::answer("200 OK", "text/xml", "<y/>"));
    let mut connection = open(vec![Act::ReadRequest, ok.clone(), Act::ReadRequest, ok.clone(), Act::Silence]);
    for _ in 0..2 {
        assert!(connection.is_reusable());
        assert_eq!(send(&mut connection).body, b"<y/>");
    }
    let close = Act::Send(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".to_vec());
    let mut connection = open(vec![Act::ReadRequest, close, Act::Silence]);
    send(&mut connection);
    assert!(!connection.is_reusable());
    let mut connection = open(vec![Act::ReadRequest, ok]);
    send(&mut connection);
    // The peer leaves without saying so; when exactly that is noticed, the machine decides.
    let noticed = (0..1000).any(|_| {
        std::thread::sleep(Duration::from_millis(5));
        !connection.is_reusable()
    });
    assert!(noticed);
}

fn check(bytes: &str, status: Option<u16>, body: &str, ended: Ended) {
    let answer = exchange(vec![Act::ReadRequest, Act::Send(bytes.as_bytes().to_vec())]);
    assert_eq!(answer.head.as_ref().map(|head| head.status), status);
    assert_eq!(answer.shown_body(), body);
    assert_eq!(answer.ended, ended);
}

fn exchange(acts: Vec<Act>) -> Answer {
    send(&mut open(acts))
}

fn open(acts: Vec<Act>) -> Connection {
    let stream = TcpStream::connect(scripted_peer::listener(acts)).unwrap();
    Connection::new(Stream::Plain(Watched::new(stream, Instant::now())))
}

fn send(connection: &mut Connection) -> Answer {
    send_within(connection, 10_000)
}

fn send_within(connection: &mut Connection, milliseconds: u64) -> Answer {
    let request = Request::soap("/a.asmx".to_owned(), "up".to_owned(), "urn:x/Op", b"<x/>".to_vec());
    connection.exchange(&request, Duration::from_millis(milliseconds), 4096)
}
