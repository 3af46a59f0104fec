//! One question to a DNS server (RFC 1035): over UDP, and over TCP when the answer did not fit.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use hickory_proto::op::{Message, MessageType, Query, ResponseCode};
use hickory_proto::rr::{Name, RData, RecordType};

use crate::evidence::NameEnd;
use crate::network::watched::Watched;
use crate::network::{ExamineError, Network};

/// A datagram may be lost, so the question is repeated within its deadline.
const TRIES: u32 = 3;

/// Asks `server` for the addresses of `host` of one kind.
pub(super) fn ask(
    network: &Network,
    server: SocketAddr,
    host: &str,
    kind: RecordType,
    deadline: Instant,
) -> Result<NameEnd, ExamineError> {
    let question = match question(host, kind) {
        Ok(question) => question,
        Err(reason) => return Ok(NameEnd::Other(reason)),
    };
    let by_datagram = network.udp(server)?;
    let answer = match over_udp(by_datagram, &question, deadline) {
        // RFC 7766, 5: a truncated answer is asked for again over TCP.
        Ok(answer) if answer.metadata.truncation => over_tcp(network.tcp(server)?, &question, deadline),
        answer => answer,
    };
    Ok(match answer {
        Ok(answer) => read(&answer, &question.queries[0]),
        Err(error) if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock) => NameEnd::TimedOut,
        Err(error) => NameEnd::Other(error.to_string()),
    })
}

/// A question with a random id, so that nobody who cannot see it can answer it (RFC 5452).
fn question(host: &str, kind: RecordType) -> Result<Message, String> {
    let mut name = Name::from_utf8(host).map_err(|error| format!("not a name that DNS can carry: {error}"))?;
    name.set_fqdn(true);
    let mut message = Message::query();
    message.metadata.recursion_desired = true;
    message.add_query(Query::query(name, kind));
    Ok(message)
}

fn over_udp(server: SocketAddr, question: &Message, deadline: Instant) -> io::Result<Message> {
    let here: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(here)?;
    socket.connect(server)?;
    let bytes = question.to_vec().map_err(io::Error::other)?;
    let wait = left(deadline)? / TRIES;
    for attempt in 1..=TRIES {
        let until = if attempt == TRIES { deadline } else { Instant::now() + wait };
        socket.send(&bytes)?;
        match receive(&socket, question, until) {
            Err(error) if error.kind() == ErrorKind::TimedOut && attempt < TRIES => {}
            received => return received,
        }
    }
    Err(ErrorKind::TimedOut.into())
}

/// Waits for the answer and ignores everything else that comes.
fn receive(socket: &UdpSocket, question: &Message, until: Instant) -> io::Result<Message> {
    let mut buffer = [0; 4096];
    loop {
        socket.set_read_timeout(Some(left(until)?))?;
        match socket.recv(&mut buffer) {
            Ok(count) => {
                if let Some(answer) = answer_to(question, &buffer[..count]) {
                    return Ok(answer);
                }
            }
            Err(error)
                if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted) => {}
            Err(error) => return Err(error),
        }
    }
}

fn over_tcp(server: SocketAddr, question: &Message, deadline: Instant) -> io::Result<Message> {
    let stream = TcpStream::connect_timeout(&server, left(deadline)?)?;
    let mut stream = Watched::new(stream, deadline);
    let bytes = question.to_vec().map_err(io::Error::other)?;
    // RFC 1035, 4.2.2: two bytes of length before each message; a question is far shorter than 64 KiB.
    let length = u16::try_from(bytes.len()).map_err(io::Error::other)?;
    stream.write_all(&[&length.to_be_bytes()[..], &bytes].concat())?;
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut bytes = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut bytes)?;
    answer_to(question, &bytes).ok_or_else(|| io::Error::other("the DNS server answered another question over TCP"))
}

/// The answer, if these bytes are one to this question.
fn answer_to(question: &Message, bytes: &[u8]) -> Option<Message> {
    let answer = Message::from_vec(bytes).ok()?;
    let ours = answer.metadata.id == question.metadata.id && answer.metadata.message_type == MessageType::Response;
    // A server that refuses may leave the question out.
    let same = answer.queries.is_empty() || answer.queries == question.queries;
    (ours && same).then_some(answer)
}

fn read(answer: &Message, query: &Query) -> NameEnd {
    match answer.metadata.response_code {
        ResponseCode::NXDomain => NameEnd::NoSuchName,
        ResponseCode::NoError => addresses(answer, query),
        other => NameEnd::Failure(other.into()),
    }
}

/// Follows the aliases within the answer, in whatever order its records stand.
fn addresses(answer: &Message, query: &Query) -> NameEnd {
    let mut name = query.name();
    let mut found = Vec::new();
    // A chain cannot be longer than the answer; a loop ends here.
    for _ in 0..=answer.answers.len() {
        let records = answer.answers.iter().filter(|record| record.name.eq_ignore_root(name));
        let mut alias = None;
        for record in records {
            match &record.data {
                RData::A(address) if query.query_type() == RecordType::A => found.push(address.0.into()),
                RData::AAAA(address) if query.query_type() == RecordType::AAAA => found.push(address.0.into()),
                RData::CNAME(target) => alias = Some(&target.0),
                _ => {}
            }
        }
        match alias {
            Some(target) if found.is_empty() => name = target,
            _ => break,
        }
    }
    if found.is_empty() { NameEnd::NoAddress } else { NameEnd::Addresses(found) }
}

fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
}
