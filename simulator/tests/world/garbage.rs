//! Bytes that are not TLS, not HTTP or not SOAP get what the real server would answer, and stop nothing.

use std::io::Write;
use std::net::{Shutdown, SocketAddr};

use crate::client::{MODERN, PATIENCE, UPSTREAM, ask, beside, call, dial, get, handshake, read_all, start, upstream};

const CLIENT_HELLO: &[u8] = b"\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03\x00\x01\x02\x03\x04\x05";

#[tokio::test]
async fn a_client_hello_to_the_plain_port_is_an_invalid_verb() {
    let answer = say(8530, CLIENT_HELLO.to_vec()).await;
    assert!(
        answer.starts_with("HTTP/1.1 400 Bad Request\r\nContent-Type: text/html; charset=us-ascii\r\n"),
        "{answer}"
    );
    assert!(answer.contains("\r\nServer: Microsoft-HTTPAPI/2.0\r\n"), "{answer}");
    assert!(
        answer
            .contains("<h2>Bad Request - Invalid Verb</h2>\r\n<hr><p>HTTP Error 400. The request verb is invalid.</p>")
    );
}

#[tokio::test]
async fn http_to_the_tls_port_is_closed_without_an_answer() {
    assert_eq!(say(8531, get(UPSTREAM, "/").into_bytes()).await, "");
}

#[tokio::test]
async fn hyper_never_answers_in_its_own_name() {
    let long = format!("GET / HTTP/1.1\r\nHost: {UPSTREAM}\r\nX-Long: {}\r\n\r\n", "x".repeat(64 * 1024));
    let garbage: [&[u8]; 6] = [
        b"GET\r\n\r\n",
        b"hello world\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        long.as_bytes(),
    ];
    for bytes in garbage {
        let answer = say(8530, bytes.to_vec()).await;
        assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{:?}: {answer}", &bytes[..bytes.len().min(60)]);
        assert!(answer.contains("\r\nServer: Microsoft-HTTPAPI/2.0\r\n"), "{answer}");
        assert!(answer.contains("<h2>Bad Request"), "{answer}");
    }
}

#[tokio::test]
async fn garbage_after_a_good_request_is_refused_in_the_same_way() {
    let good = get(UPSTREAM, "/").replace("Connection: close\r\n", "");
    let answer = say(8530, format!("{good}\u{1}\u{2}\r\n\r\n").into_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{answer}");
    assert_eq!(answer.matches("HTTP/1.1 400 Bad Request\r\nContent-Type: text/html; charset=us-ascii\r\n").count(), 1);
}

#[tokio::test]
async fn a_request_over_four_megabytes_is_refused() {
    let body = "x".repeat(5 * 1024 * 1024);
    let head = call(UPSTREAM, "GetCookie").split("Content-Length").next().unwrap().to_owned();
    let answer = say(8530, format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 500 Internal Server Error\r\n"), "{answer}");
    assert!(answer.contains("---&gt; Maximum request length exceeded.</faultstring>"), "{answer}");
}

#[tokio::test]
async fn nothing_stops_a_node() {
    let running = start(&upstream(Vec::new())).await;
    let plain = running.plan.real(UPSTREAM, 8530).unwrap();
    let secure = running.plan.real(UPSTREAM, 8531).unwrap();
    let mut noise = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move || {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        noise.to_le_bytes()
    };
    let mut garbage: Vec<Vec<u8>> = (1..40).map(|length| (0..length).flat_map(|_| random()).collect()).collect();
    garbage.push(Vec::new());
    garbage.push(CLIENT_HELLO.to_vec());
    garbage.push(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".to_vec());
    garbage.push(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\nshort".to_vec());
    garbage.push(call(UPSTREAM, "GetCookie").replace("<soap:", "<soup&").into_bytes());
    // A whole hello whose record says so, with nonsense within.
    garbage.push([&[22, 3, 1, 0, 8, 1, 0, 0, 4][..], &[0xff; 4]].concat());
    for bytes in garbage {
        for address in [plain, secure] {
            let bytes = bytes.clone();
            beside(move || exchange(address, &bytes)).await;
        }
    }
    let answer = beside(move || ask(&mut dial(plain), &call(UPSTREAM, "GetAuthConfig"))).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let request = call(UPSTREAM, "GetAuthConfig");
    let answer = beside(move || ask(&mut handshake(secure, UPSTREAM, MODERN).unwrap(), &request)).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let stopped = tokio::time::timeout(PATIENCE, running.stop()).await;
    assert!(stopped.is_ok());
}

async fn say(port: u16, bytes: Vec<u8>) -> String {
    let running = start(&upstream(Vec::new())).await;
    let address = running.plan.real(UPSTREAM, port).unwrap();
    beside(move || exchange(address, &bytes)).await
}

/// Sends bytes and an end, and reads what comes.
fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = dial(address);
    // A server may have turned away before it has read all.
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(Shutdown::Write);
    read_all(&mut stream).0
}
