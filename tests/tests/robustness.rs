//! Bytes that are not HTTP, not TLS, not SOAP and not DNS, sent to every listener of a world with all nodes: each conversation
//! ends, no answer is endless, and a good request to each listener is answered afterwards as before.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "robustness/garbage.rs"]
mod garbage;
#[path = "robustness/lab.rs"]
mod lab;
#[path = "robustness/talk.rs"]
mod talk;

use lab::Lab;
use talk::{Stream, connect, connect_tls, converse, drip};

/// What every conversation is done within, once we have said all and closed our side.
const DEADLINE: std::time::Duration = std::time::Duration::from_secs(5);

#[test]
fn any_bytes_end_a_conversation_and_no_node() {
    let lab = Lab::start();
    for listener in lab.tcp() {
        for (what, bytes) in garbage::bytes() {
            converse(Box::new(connect(listener.address)), &bytes, &format!("{what} to {}", listener.url));
        }
    }
    lab.answers_as_before();
}

#[test]
fn any_bytes_inside_tls_end_a_conversation_and_no_node() {
    let lab = Lab::start();
    for listener in lab.tls() {
        for (what, bytes) in garbage::bytes() {
            converse(connect_tls(listener), &bytes, &format!("{what} inside TLS to {}", listener.url));
        }
    }
    lab.answers_as_before();
}

#[test]
fn one_byte_at_a_time_is_read_as_all_at_once() {
    let lab = Lab::start();
    let mut stream: Box<dyn Stream> = Box::new(connect(lab.listener("upstream", "http").address));
    let answer = drip(&mut stream, &lab::good_request("wsus01.corp.example:8530"));
    assert!(answer.contains("GetAuthConfigResponse"), "{answer}");
    lab.answers_as_before();
}

#[test]
fn what_is_no_http_gets_the_bad_request_of_http_sys() {
    let lab = Lab::start();
    let address = lab.listener("upstream", "http").address;
    for bytes in [&b"GET /\r\n\r\n"[..], b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\x00\x00\x00\x00\r\n\r\n"] {
        let answer = converse(Box::new(connect(address)), bytes, "no HTTP");
        assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{bytes:?}: {answer:?}");
        assert!(answer.contains("Server: Microsoft-HTTPAPI/2.0\r\n"), "{bytes:?}: {answer:?}");
    }
}

#[test]
fn what_is_no_soap_gets_the_error_of_asp_net() {
    let lab = Lab::start();
    for (what, request, status) in garbage::soap() {
        for (host, stream) in lab.services() {
            let answer = converse(stream, &request(&host), &format!("{what} to {host}"));
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{what} to {host}: {answer}");
        }
    }
    lab.answers_as_before();
}

#[test]
fn an_envelope_of_billion_laughs_is_not_laughed_at() {
    let lab = Lab::start();
    for (host, stream) in lab.services() {
        let answer = converse(stream, &garbage::billion_laughs(&host), "a billion laughs");
        assert!(!answer.contains("lollollol"), "{host} expanded an entity");
        assert!(!answer.starts_with("HTTP/1.1 200"), "{host}: {answer}");
    }
    lab.answers_as_before();
}

#[test]
fn datagrams_that_are_no_question_are_survived() {
    let lab = Lab::start();
    lab.send_datagrams(&garbage::datagrams());
    lab.answers_as_before();
}
