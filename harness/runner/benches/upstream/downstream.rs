//! A lean downstream server: one connection, no parser; it looks for the few elements it needs in the bytes it gets.

use std::net::SocketAddr;
use std::sync::OnceLock;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const SYNC: &str = "/ServerSyncWebService/ServerSyncWebService.asmx";
const AUTH: &str = "/DssAuthWebService/DssAuthWebService.asmx";
const SD: &str = "http://www.microsoft.com/SoftwareDistribution";
/// As many as GetUpdateData takes at once.
const BATCH: usize = 100;

/// A downstream server.
pub(crate) struct Downstream {
    stream: TcpStream,
    cookie: String,
    received: usize,
}

impl Downstream {
    /// Connects and gets a cookie.
    pub(crate) async fn authorized(address: SocketAddr, number: u32) -> Downstream {
        Downstream::connect(address, number).await.unwrap()
    }

    async fn connect(address: SocketAddr, number: u32) -> Result<Downstream, String> {
        let stream = TcpStream::connect(address).await.map_err(|error| format!("downstream {number}: {error}"))?;
        let mut own = Downstream { stream, cookie: String::new(), received: 0 };
        own.call("GetAuthConfig", "").await?;
        let account = format!(
            "<accountName>dss{number}.corp.example</accountName>\
             <accountGuid>3f1c7e52-0b6d-4d7a-9b6e-{number:012x}</accountGuid>"
        );
        let data = text(&own.call("GetAuthorizationCookie", &account).await?, "CookieData");
        let authorization = format!(
            "<authCookies><AuthorizationCookie><PlugInId>DssTargeting</PlugInId><CookieData>{data}</CookieData>\
             </AuthorizationCookie></authCookies><protocolVersion>1.20</protocolVersion>"
        );
        let cookie = text(&own.call("GetCookie", &authorization).await?, "GetCookieResult");
        own.cookie = format!("<cookie>{cookie}</cookie>");
        Ok(own)
    }

    /// The whole answer to GetRevisionIdList for updates since an anchor; from the beginning where it is empty.
    pub(crate) async fn list(&mut self, anchor: &str) -> Vec<u8> {
        self.call("GetRevisionIdList", &self.filter(&format!("<Anchor>{anchor}</Anchor>"))).await.unwrap()
    }

    fn filter(&self, inside: &str) -> String {
        format!("{}<filter>{inside}</filter>", self.cookie)
    }

    async fn call(&mut self, operation: &str, members: &str) -> Result<Vec<u8>, String> {
        let mut body = Vec::new();
        self.call_taking(operation, members, |piece| body.extend_from_slice(piece)).await?;
        Ok(body)
    }

    /// Sends a call and gives the body of its answer to `take`, piece by piece.
    async fn call_taking(&mut self, operation: &str, members: &str, mut take: impl FnMut(&[u8])) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("{operation}: {error}");
        self.stream.write_all(request(operation, members).as_bytes()).await.map_err(failed)?;
        let mut buffer = vec![0; 64 * 1024];
        let Head { length: head, filled } = head(&mut self.stream, &mut buffer).await.map_err(failed)?;
        let text = String::from_utf8_lossy(&buffer[..head]).into_owned();
        if !text.starts_with("HTTP/1.1 200 ") {
            return Err(format!("{operation}: {}", text.lines().next().unwrap_or_default()));
        }
        let length: usize = text
            .lines()
            .find_map(|line| line.strip_prefix("Content-Length: "))
            .and_then(|length| length.trim().parse().ok())
            .ok_or_else(|| format!("{operation}: no Content-Length"))?;
        take(&buffer[head..filled]);
        let mut left = length - (filled - head);
        while left > 0 {
            let most = buffer.len().min(left);
            let read = self.stream.read(&mut buffer[..most]).await.map_err(failed)?;
            if read == 0 {
                return Err(format!("{operation}: the answer ends {left} bytes before its end"));
            }
            take(&buffer[..read]);
            left -= read;
        }
        self.received += length;
        Ok(())
    }
}

struct Head {
    length: usize,
    /// How much was read with it.
    filled: usize,
}

async fn head(stream: &mut TcpStream, buffer: &mut [u8]) -> std::io::Result<Head> {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        filled += read;
        if let Some(end) = buffer[..filled].windows(4).position(|window| window == b"\r\n\r\n") {
            return Ok(Head { length: end + 4, filled });
        }
    }
}

fn request(operation: &str, members: &str) -> String {
    let (path, namespace) = match operation {
        "GetAuthorizationCookie" => (AUTH, format!("{SD}/Server/DssAuthWebService")),
        _ => (SYNC, SD.to_owned()),
    };
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope \
         xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><{operation} xmlns=\"{namespace}\">{members}\
         </{operation}></soap:Body></soap:Envelope>"
    );
    format!(
        "POST {path} HTTP/1.1\r\nHost: wsus01.corp.example:8530\r\nContent-Type: text/xml; charset=utf-8\r\n\
         SOAPAction: \"{namespace}/{operation}\"\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A whole synchronization; how many bytes of bodies it took.
pub(crate) async fn synchronize(
    address: SocketAddr,
    number: u32,
    size: usize,
    known: &OnceLock<Vec<u8>>,
) -> Result<usize, String> {
    let mut own = Downstream::connect(address, number).await?;
    let config = format!("{}<configAnchor />", own.cookie);
    own.call("GetConfigData", &config).await?;
    let list = own.call("GetRevisionIdList", &own.filter("<GetConfig>true</GetConfig>")).await?;
    own.take_all(identities(&list)).await?;
    let list = own.call("GetRevisionIdList", &own.filter("")).await?;
    // All get the same list: only the first is kept.
    let known = known.get_or_init(|| identities(&list).to_vec());
    if identities(&list) != known.as_slice() || count(known, b"<UpdateIdentity>") != size {
        return Err(format!("downstream {number}: another list"));
    }
    drop(list);
    own.take_all(known).await?;
    Ok(own.received)
}

impl Downstream {
    /// Takes the metadata of all these identities, in batches; each must come whole.
    async fn take_all(&mut self, identities: &[u8]) -> Result<(), String> {
        const OPEN: &[u8] = b"<UpdateIdentity>";
        let starts: Vec<usize> = positions(identities, OPEN).collect();
        for batch in starts.chunks(BATCH) {
            let after = starts.partition_point(|start| *start <= batch[batch.len() - 1]);
            let (from, to) = (batch[0], starts.get(after).copied().unwrap_or(identities.len()));
            let ids = std::str::from_utf8(&identities[from..to]).map_err(|error| error.to_string())?;
            let mut counter = Counter::default();
            let members = format!("{}<updateIds>{ids}</updateIds>", self.cookie);
            self.call_taking("GetUpdateData", &members, |piece| counter.take(piece)).await?;
            if counter.found != batch.len() {
                return Err(format!("GetUpdateData: {} of {} came", counter.found, batch.len()));
            }
        }
        Ok(())
    }
}

/// Counts the updates of an answer that comes in pieces.
#[derive(Default)]
struct Counter {
    found: usize,
    carried: Vec<u8>,
}

impl Counter {
    const WANTED: &'static [u8] = b"</ServerSyncUpdateData>";

    fn take(&mut self, piece: &[u8]) {
        let overlap = Self::WANTED.len() - 1;
        self.carried.extend_from_slice(&piece[..piece.len().min(overlap)]);
        self.found += count(&self.carried, Self::WANTED) + count(piece, Self::WANTED);
        if overlap <= piece.len() {
            self.carried.clear();
            self.carried.extend_from_slice(&piece[piece.len() - overlap..]);
        } else {
            let excess = self.carried.len().saturating_sub(overlap);
            self.carried.drain(..excess);
        }
    }
}

/// What stands inside `NewRevisions`.
fn identities(list: &[u8]) -> &[u8] {
    let (open, close) = (b"<NewRevisions>", b"</NewRevisions>");
    let from = positions(list, open).next().map_or(list.len(), |at| at + open.len());
    let to = positions(&list[from..], close).next().map_or(list.len(), |at| from + at);
    &list[from..to]
}

/// What stands inside the first element of this name.
pub(crate) fn text(answer: &[u8], name: &str) -> String {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let from = positions(answer, open.as_bytes()).next().expect("it is there") + open.len();
    let length = positions(&answer[from..], close.as_bytes()).next().expect("it ends");
    String::from_utf8_lossy(&answer[from..from + length]).into_owned()
}

/// How often these bytes stand in others.
pub(crate) fn count(bytes: &[u8], wanted: &[u8]) -> usize {
    positions(bytes, wanted).count()
}

/// Where these bytes stand in others.
fn positions<'b>(bytes: &'b [u8], wanted: &'b [u8]) -> impl Iterator<Item = usize> + 'b {
    memchr::memmem::find_iter(bytes, wanted)
}
