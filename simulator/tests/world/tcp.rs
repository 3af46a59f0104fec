//! The transport: closed ports, refused and dropped connections, connections that break.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use simulator::fault::tcp::{CloseAfter, ResetAfter, StallAfter, TcpFault};
use simulator::fault::{Fault, When};
use simulator::{Running, StartOptions};

use crate::client::{
    MODERN, PATIENCE, UPSTREAM, ask, beside, call, dial, get, handshake, read_all, signatures, start, upstream,
};

#[tokio::test]
async fn any_other_port_of_a_host_refuses() {
    let running = start(&upstream(Vec::new())).await;
    for port in [80, 443, 8532] {
        assert_eq!(connect(&running, port).await, Err(ErrorKind::ConnectionRefused));
    }
}

#[tokio::test]
async fn a_listener_that_refuses_has_tried_itself() {
    let running = start(&upstream(vec![on("https", TcpFault::Refuse {})])).await;
    assert!(running.journal.armed());
    assert_eq!(connect(&running, 8531).await, Err(ErrorKind::ConnectionRefused));
    assert_eq!(connect(&running, 8530).await, Ok(()));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_listener_that_drops_leaves_a_dial_unanswered() {
    let running = start(&upstream(vec![on("http", TcpFault::Drop {})])).await;
    assert!(running.journal.armed());
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let met = beside(move || TcpStream::connect_timeout(&address, Duration::from_millis(200))).await;
    assert_eq!(met.unwrap_err().kind(), ErrorKind::TimedOut);
    assert_eq!(connect(&running, 8531).await, Ok(()));
}

#[tokio::test]
async fn a_reset_comes_after_exactly_so_many_bytes() {
    for bytes in [0, 1, 57] {
        let running = start(&upstream(vec![on("http", TcpFault::ResetAfter(ResetAfter { bytes }))])).await;
        let address = running.plan.real(UPSTREAM, 8530).unwrap();
        let (got, ended) = beside(move || exchange(address)).await;
        assert_eq!((got.len() as u64, ended), (bytes, Err(ErrorKind::ConnectionReset)));
        assert_eq!(signatures(&running), ["tcp/reset-after"]);
    }
}

#[tokio::test]
async fn an_end_comes_after_exactly_so_many_bytes() {
    let running = start(&upstream(vec![on("http", TcpFault::CloseAfter(CloseAfter { bytes: 100 }))])).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let (got, ended) = beside(move || exchange(address)).await;
    assert_eq!((got.len(), ended), (100, Ok(())));
    assert_eq!(signatures(&running), ["tcp/close-after"]);
}

#[tokio::test]
async fn a_silence_keeps_the_connection_open() {
    let running = start(&upstream(vec![on("http", TcpFault::StallAfter(StallAfter { bytes: 100 }))])).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let (got, ended) = beside(move || {
        use std::io::Write;
        let mut stream = dial(address);
        stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        stream.write_all(get(UPSTREAM, "/").as_bytes()).unwrap();
        read_all(&mut stream)
    })
    .await;
    assert_eq!((got.len(), ended), (100, Err(ErrorKind::WouldBlock)));
    assert_eq!(signatures(&running), ["tcp/stall-after"]);
}

#[tokio::test]
async fn a_reset_in_the_handshake_comes_before_any_byte_of_tls() {
    let running = start(&upstream(vec![on("https", TcpFault::ResetAfter(ResetAfter { bytes: 0 }))])).await;
    let address = running.plan.real(UPSTREAM, 8531).unwrap();
    let broken = beside(move || handshake(address, UPSTREAM, MODERN).unwrap_err()).await;
    assert!(broken.contains("reset"), "{broken}");
}

#[tokio::test]
async fn a_fault_can_wait_for_the_second_call_of_an_operation() {
    let when = When { operation: Some("GetCookie".to_owned()), call: Some(2), ..When::default() };
    let fault = on("https", TcpFault::ResetAfter(ResetAfter { bytes: 0 }));
    let running = start(&upstream(vec![Fault { when: Some(when), ..fault }])).await;
    let address = running.plan.real(UPSTREAM, 8531).unwrap();
    let answered = |operation: &'static str| {
        beside(move || !ask(&mut handshake(address, UPSTREAM, MODERN).unwrap(), &call(UPSTREAM, operation)).is_empty())
    };
    assert!(answered("GetCookie").await);
    assert!(answered("GetAuthConfig").await);
    assert!(!running.journal.signed());
    assert!(!answered("GetCookie").await);
    assert_eq!(signatures(&running), ["tcp/reset-after"]);
    assert!(answered("GetCookie").await);
}

#[tokio::test]
async fn a_fault_can_wait_for_the_second_connection() {
    let when = When { call: Some(2), ..When::default() };
    let fault = on("http", TcpFault::ResetAfter(ResetAfter { bytes: 0 }));
    let running = start(&upstream(vec![Fault { when: Some(when), ..fault }])).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let mut lengths = Vec::new();
    for _ in 0..3 {
        lengths.push(beside(move || exchange(address)).await.0.is_empty());
    }
    assert_eq!(lengths, [false, true, false]);
}

#[tokio::test]
async fn nothing_listens_once_the_world_has_stopped() {
    let running = upstream(Vec::new()).start(StartOptions::default()).await.unwrap();
    let sockets: Vec<SocketAddr> = running.plan.tcp.values().chain(running.plan.closed.values()).copied().collect();
    let kept = dial(sockets[0]);
    running.stop().await;
    for address in sockets {
        let met = beside(move || TcpStream::connect_timeout(&address, PATIENCE)).await;
        assert_eq!(met.unwrap_err().kind(), ErrorKind::ConnectionRefused);
    }
    assert_eq!(beside(move || read_all(&mut { kept }).0).await, "");
}

#[tokio::test]
async fn a_world_that_is_dropped_ends_as_well() {
    let running = start(&upstream(Vec::new())).await;
    let kept = dial(running.plan.real(UPSTREAM, 8530).unwrap());
    drop(running);
    assert_eq!(beside(move || read_all(&mut { kept }).0).await, "");
}

/// One request and all that came, with how it ended.
fn exchange(address: SocketAddr) -> (String, Result<(), ErrorKind>) {
    use std::io::Write;
    let mut stream = dial(address);
    stream.write_all(get(UPSTREAM, "/").as_bytes()).unwrap();
    read_all(&mut stream)
}

async fn connect(running: &Running, port: u16) -> Result<(), ErrorKind> {
    let address = running.plan.real(UPSTREAM, port).unwrap();
    beside(move || TcpStream::connect_timeout(&address, PATIENCE).map(drop).map_err(|error| error.kind())).await
}

fn on(listener: &str, tcp: TcpFault) -> Fault {
    Fault { on: Some(listener.to_owned()), tcp: Some(tcp), ..Fault::default() }
}
