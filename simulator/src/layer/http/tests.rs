//! HTTP on real sockets whose patience is short.

#![allow(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::journal::Journal;
use crate::layer::tcp::TcpSeam;
use crate::layer::visit::At;

const HEAD: &str = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\n";

#[tokio::test]
async fn a_body_that_is_slower_than_the_limit_ends_the_connection_and_nothing_else() {
    let address = server(Duration::from_millis(100)).await;
    assert_eq!(say(address, &format!("{HEAD}bo")).await, "");
    let answer = say(address, &format!("{HEAD}body")).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nbody"), "{answer}");
}

/// Gives back every body.
struct Echo;

impl Site for Echo {
    fn answer(&self, asked: &Asked) -> Reply {
        let body = asked.body.clone().unwrap_or_default().into();
        Reply::Answer(Answer { status: 200, headers: Vec::new(), body, closes: false })
    }
}

/// A server that waits for a body no longer than that.
async fn server(body_within: Duration) -> SocketAddr {
    let at = At { node: "a".into(), listener: "http".into(), journal: Journal::new() };
    let seams = Seams::new(at.journal.clone(), "a", "http");
    let place = Arc::new(Place { body_within, secure: false, seams: Arc::new(seams) });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, peer) = listener.accept().await.unwrap();
            let no_faults: Seams<dyn TcpSeam> = Seams::new(at.journal.clone(), "a", "http");
            let visit = Arc::new(Visit::new(&at, 1, peer, Arc::new(no_faults).unfolding(1)));
            tokio::spawn(serve(stream, visit, Arc::new(Echo), Arc::clone(&place)));
        }
    });
    address
}

/// Sends this and no more, and reads what comes until the other side ends it.
async fn say(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_string(&mut answer)).await;
    read.unwrap().unwrap();
    answer
}
