//! Answers to a ClientHello that no library would give, byte by byte.

use std::time::Duration;

use ring::rand::{SecureRandom, SystemRandom};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::layer::tcp::Conn;
use crate::layer::tls::{ClientHello, TLS_1_0, TLS_1_2};

pub(super) const HANDSHAKE: u8 = 22;
const ALERT: u8 = 21;
const FATAL: u8 = 2;
pub(super) const SERVER_HELLO: u8 = 2;
pub(super) const CERTIFICATE: u8 = 11;
pub(super) const SERVER_HELLO_DONE: u8 = 14;

/// What a server of TLS 1.0 can do without a ServerKeyExchange, the strongest first.
const RSA_SUITES: [u16; 3] = [0x0035, 0x002f, 0x000a];
const ECDHE_ECDSA_AES_256_GCM: u16 = 0xc02c;
const LONGEST_FRAGMENT: usize = 16 * 1024;

/// A record of 90 bytes that holds a ServerHello of TLS 1.2, cut off behind the version.
const BEGUN_SERVER_HELLO: [u8; 11] = [HANDSHAKE, 3, 3, 0, 90, SERVER_HELLO, 0, 0, 86, 3, 3];

/// A fatal alert, as a server of TLS 1.0 sends it.
pub(crate) fn alert(code: u8) -> Vec<u8> {
    record(ALERT, TLS_1_0, &[FATAL, code])
}

/// ServerHello, Certificate and ServerHelloDone of an old version, as Schannel sends them whatever the client offered.
pub(crate) fn server_flight_of(version: u16, hello: &ClientHello, chain: &[Vec<u8>]) -> Vec<u8> {
    let suite = RSA_SUITES.into_iter().find(|suite| hello.suites.contains(suite)).unwrap_or(RSA_SUITES[1]);
    let certificates: Vec<u8> = chain.iter().flat_map(|der| with_length(der)).collect();
    let flight = [
        message(SERVER_HELLO, &server_hello(version, suite, random())),
        message(CERTIFICATE, &with_length(&certificates)),
        message(SERVER_HELLO_DONE, &[]),
    ]
    .concat();
    records(HANDSHAKE, version, &flight)
}

/// A whole record with a ServerHello of TLS 1.2, and nothing behind it.
pub(crate) fn server_hello_of_tls_1_2() -> Vec<u8> {
    record(HANDSHAKE, TLS_1_2, &message(SERVER_HELLO, &server_hello(TLS_1_2, ECDHE_ECDSA_AES_256_GCM, random())))
}

/// The head of a record that would be longer than any may be (RFC 8446, 5.1), and as much of it as makes the point.
pub(crate) fn oversized_record() -> Vec<u8> {
    [&[HANDSHAKE], &TLS_1_2.to_be_bytes()[..], &u16::MAX.to_be_bytes(), &[0; 64]].concat()
}

pub(super) fn server_hello(version: u16, suite: u16, own: [u8; 32]) -> Vec<u8> {
    [&version.to_be_bytes()[..], &own, &[32], &random(), &suite.to_be_bytes(), &[0]].concat()
}

/// For a client that turns away before it would use them.
pub(super) fn random() -> [u8; 32] {
    let mut unpredictable = [0; 32];
    let _ = SystemRandom::new().fill(&mut unpredictable);
    unpredictable
}

/// Sends an answer and reads until the peer ends; says in words how.
pub(crate) async fn answer(mut conn: Conn, bytes: &[u8], patience: Duration) -> String {
    if let Err(error) = conn.write_all(bytes).await {
        return format!("broken while the handshake was refused: {error}");
    }
    tokio::time::timeout(patience, until_the_end(&mut conn))
        .await
        .unwrap_or_else(|_| "closed after a refusal".to_owned())
}

/// FIN. The ClientHello was read, so that the kernel has no reason to make RST of it.
pub(super) fn close(conn: Conn) -> String {
    drop(conn);
    "closed after the ClientHello".to_owned()
}

/// RST.
pub(super) fn reset(mut conn: Conn) -> String {
    conn.reset();
    "reset after the ClientHello".to_owned()
}

/// The first bytes of a ServerHello, and FIN before the record ends.
pub(super) async fn close_inside_record(mut conn: Conn) -> String {
    match conn.write_all(&BEGUN_SERVER_HELLO).await {
        Ok(()) => "closed inside the first record".to_owned(),
        Err(error) => format!("broken inside the first record: {error}"),
    }
}

/// These bytes, and FIN.
pub(super) async fn say_and_close(mut conn: Conn, bytes: &[u8]) -> String {
    match conn.write_all(bytes).await {
        Ok(()) => format!("closed after {} bytes in answer to the ClientHello", bytes.len()),
        Err(error) => format!("broken in the answer to the ClientHello: {error}"),
    }
}

/// Says nothing until the peer ends.
pub(super) async fn stall(mut conn: Conn, patience: Duration) -> String {
    let waited = tokio::time::timeout(patience, until_the_end(&mut conn)).await;
    waited.unwrap_or_else(|_| "closed without an answer to the ClientHello".to_owned())
}

async fn until_the_end(conn: &mut Conn) -> String {
    let mut tail = Vec::new();
    let mut chunk = [0; 1024];
    loop {
        match conn.read(&mut chunk).await {
            Ok(0) => return "the peer closed".to_owned(),
            Ok(read) => tail.extend_from_slice(&chunk[..read]),
            Err(error) => return format!("the peer broke off: {error}"),
        }
        // An alert is the last thing that a client sends.
        if let [.., ALERT, 3, _, 0, 2, _, code] = tail[..] {
            return format!("the peer refused with alert {code}");
        }
        tail.drain(..tail.len().saturating_sub(6));
    }
}

/// The content in as many records as it needs.
pub(super) fn records(kind: u8, version: u16, content: &[u8]) -> Vec<u8> {
    content.chunks(LONGEST_FRAGMENT).flat_map(|fragment| record(kind, version, fragment)).collect()
}

fn record(kind: u8, version: u16, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap_or(u16::MAX);
    [&[kind], &version.to_be_bytes()[..], &length.to_be_bytes(), content].concat()
}

pub(super) fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind], &with_length(body)[..]].concat()
}

/// The bytes behind their length in three bytes.
pub(super) fn with_length(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes();
    [&length[1..], bytes].concat()
}
