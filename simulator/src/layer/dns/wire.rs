//! DNS messages on UDP and TCP (RFC 1035, 4.2). hickory-server reads and writes them.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hickory_proto::op::{Edns, Header, Message, MessageType, Metadata, OpCode, ResponseCode};
use hickory_proto::serialize::binary::{BinDecodable, BinDecoder, BinEncoder};
use hickory_server::net::xfer::Protocol;
use hickory_server::server::Request;
use hickory_server::zone_handler::MessageResponseBuilder;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::UdpSocket;
use tokio::time::timeout;

use super::{Answer, Resolver};

/// What a resolver offers since the DNS flag day of 2020: no answer is fragmented.
const LARGEST_DATAGRAM: u16 = 1232;
/// For a whole question over TCP, and between two (RFC 7766, 6.2.3: a few seconds).
const PATIENCE: Duration = Duration::from_secs(10);

/// Answers datagrams for as long as the world runs.
pub(crate) async fn serve_datagrams(resolver: Arc<Resolver>, socket: UdpSocket) {
    let mut buffer = vec![0; usize::from(u16::MAX)];
    loop {
        // An error tells of an earlier answer whose receiver is gone; the socket itself goes on.
        let Ok((length, peer)) = socket.recv_from(&mut buffer).await else {
            tokio::task::yield_now().await;
            continue;
        };
        if let Some(response) = respond(&resolver, &buffer[..length], peer, Protocol::Udp, 0) {
            // A datagram may be lost.
            let _ = socket.send_to(&response, peer).await;
        }
    }
}

/// Answers the questions on a connection, each with its length in front. Says in words how it ended.
pub(crate) async fn serve_stream(
    resolver: &Resolver,
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: SocketAddr,
    connection: u64,
) -> String {
    loop {
        let message = match timeout(PATIENCE, read_message(&mut stream)).await {
            Ok(Ok(message)) => message,
            Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => return "the client closed".to_owned(),
            Ok(Err(error)) => return format!("the client's connection failed: {}", error.kind()),
            Err(_) => return "the client asked nothing for too long".to_owned(),
        };
        let Some(response) = respond(resolver, &message, peer, Protocol::Tcp, connection) else {
            return "what the client sent is no question".to_owned();
        };
        let length = u16::try_from(response.len()).unwrap_or(u16::MAX).to_be_bytes();
        // One write, so that the length does not travel alone.
        let framed = [&length[..], &response].concat();
        if !matches!(timeout(PATIENCE, stream.write_all(&framed)).await, Ok(Ok(()))) {
            return "the answer could not be sent".to_owned();
        }
    }
}

async fn read_message(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut message = vec![0; usize::from(stream.read_u16().await?)];
    stream.read_exact(&mut message).await?;
    Ok(message)
}

/// The response to a message; `None` where any would be wrong: to a response, or to something without so much as a header.
fn respond(
    resolver: &Resolver,
    message: &[u8],
    peer: SocketAddr,
    protocol: Protocol,
    connection: u64,
) -> Option<Vec<u8>> {
    let header = Header::read(&mut BinDecoder::new(message)).ok()?;
    if header.metadata.message_type == MessageType::Response {
        return None;
    }
    let Ok(request) = Request::from_bytes(message.to_vec(), peer, protocol) else {
        return Message::error_msg(header.metadata.id, header.metadata.op_code, ResponseCode::FormErr).to_vec().ok();
    };
    let answer = match (request.metadata.op_code, request.request_info()) {
        (OpCode::Query, Ok(info)) => resolver.answer(info.query, connection),
        (OpCode::Query, Err(_)) => Answer::code(ResponseCode::FormErr),
        _ => Answer::code(ResponseCode::NotImp),
    };
    encode(&request, &answer, protocol)
}

fn encode(request: &Request, answer: &Answer, protocol: Protocol) -> Option<Vec<u8>> {
    let mut ours = Edns::new();
    ours.set_max_payload(LARGEST_DATAGRAM);
    let mut response = MessageResponseBuilder::new(&request.queries, None);
    let mut largest = if protocol == Protocol::Udp { 512 } else { u16::MAX };
    if let Some(theirs) = &request.edns {
        response.edns(&ours);
        largest = largest.max(theirs.max_payload().min(LARGEST_DATAGRAM));
    }
    let metadata = metadata(&request.metadata, answer.code);
    let response = response.build(metadata, &answer.answers, &answer.authority, [], []);
    let mut bytes = Vec::with_capacity(512);
    let mut encoder = BinEncoder::new(&mut bytes);
    encoder.set_max_size(largest);
    response.destructive_emit(&mut encoder).ok()?;
    Some(bytes)
}

/// It poses as the recursive resolver of the subject's network: a stub that reads no RA may look elsewhere.
fn metadata(request: &Metadata, code: ResponseCode) -> Metadata {
    let mut metadata = Metadata::response_from_request(request);
    metadata.response_code = code;
    metadata.recursion_available = true;
    metadata
}

#[cfg(test)]
mod tests;
