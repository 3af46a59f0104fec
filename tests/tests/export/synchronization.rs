//! A whole synchronization from an upstream that serves a package, over a socket, by the black box's codec and crate cab.

use std::io::{Cursor, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diagnosis::sync::{Answer, Cookie, Received, Request, Update, UpdateIdentity, decode, encode};
use libtest_mimic::Failed;
use simulator::catalogue::Sha256;
use simulator::catalogue::export::ExportCatalogue;
use simulator::world::{Node, Upstream};
use simulator::{StartOptions, World};

use super::DEADLINE;

const SYNC: &str = "/ServerSyncWebService/ServerSyncWebService.asmx";
const AUTHORIZATION: &str = "/DssAuthWebService/DssAuthWebService.asmx";

/// Head (`id,revision`) and digest of the metadata of every revision that was announced, in the order of the lists.
pub(super) fn received(path: &Path) -> Result<Vec<(String, Sha256)>, Failed> {
    let catalogue = Arc::new(ExportCatalogue::open(path)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let upstream = Node::Upstream(Upstream { https_port: None, ..Upstream::default() });
    let world = World { nodes: [("upstream".to_owned(), upstream)].into() };
    let running =
        runtime.block_on(world.start(StartOptions { catalogue: Some(catalogue), ..StartOptions::default() }))?;
    let address = running.plan.real("wsus01.corp.example", 8530).ok_or("the upstream has no address")?;
    let received = Client { address }.synchronize();
    runtime.block_on(running.stop());
    received
}

struct Client {
    address: SocketAddr,
}

impl Client {
    fn synchronize(&self) -> Result<Vec<(String, Sha256)>, Failed> {
        let cookie = self.cookie()?;
        let mut received = Vec::new();
        for config in [true, false] {
            let list = Request::GetRevisionIdList {
                cookie: cookie.clone(),
                anchor: None,
                config,
                languages_63_only: Some(false),
            };
            let Answer::GetRevisionIdList(list) = self.call(SYNC, &list)? else { return Err("no list".into()) };
            self.fetch(&cookie, list.new_revisions, &mut received)?;
        }
        Ok(received)
    }

    /// What an answer left out is asked for again, before what comes after it.
    fn fetch(
        &self,
        cookie: &Cookie,
        mut wanted: Vec<UpdateIdentity>,
        received: &mut Vec<(String, Sha256)>,
    ) -> Result<(), Failed> {
        while !wanted.is_empty() {
            let update_ids = wanted[..wanted.len().min(100)].to_vec();
            let request = Request::GetUpdateData { cookie: cookie.clone(), update_ids };
            let Answer::GetUpdateData(data) = self.call(SYNC, &request)? else { return Err("no data".into()) };
            if data.updates.is_empty() {
                return Err("nothing more comes".into());
            }
            for (update, asked) in data.updates.iter().zip(&wanted) {
                assert_eq!(update.id, *asked);
                received.push((head(asked), Sha256::of(&text(update)?)));
            }
            wanted.drain(..data.updates.len());
        }
        Ok(())
    }

    fn cookie(&self) -> Result<Cookie, Failed> {
        let account_guid = "8f1d2f5c-47a1-4f22-9a0e-3d8f5a6c7b21".to_owned();
        let request = Request::GetAuthorizationCookie { account_name: "dss01.corp.example".to_owned(), account_guid };
        let answer = self.call(AUTHORIZATION, &request)?;
        let Answer::GetAuthorizationCookie(authorization) = answer else { return Err("no authorization".into()) };
        let request = Request::GetCookie { authorization, protocol_version: "1.20".to_owned() };
        let Answer::GetCookie(cookie) = self.call(SYNC, &request)? else { return Err("no cookie".into()) };
        Ok(cookie)
    }

    fn call(&self, path: &str, request: &Request) -> Result<Answer, Failed> {
        let (operation, body) = (request.operation(), encode(request));
        let mut stream = TcpStream::connect_timeout(&self.address, DEADLINE)?;
        stream.set_read_timeout(Some(DEADLINE))?;
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: wsus01:8530\r\nContent-Type: text/xml; charset=utf-8\r\nSOAPAction: \"{}\"\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            operation.action(),
            body.len()
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").ok_or("no end of a head")?;
        match decode(operation, &answer[end + 4..]) {
            Received::Answer(answer) => Ok(answer),
            other => Err(format!("{operation}: {other:?}").into()),
        }
    }
}

fn head(identity: &UpdateIdentity) -> String {
    format!("{},{:08x}", identity.update_id, identity.revision_number)
}

/// The document as it was before it travelled, in UTF-8.
fn text(update: &Update) -> Result<Vec<u8>, Failed> {
    if let Some(plain) = &update.xml_update_blob {
        return Ok(plain.clone().into_bytes());
    }
    let compressed = update.xml_update_blob_compressed.as_ref().ok_or("metadata in neither form")?;
    let mut utf_16 = Vec::new();
    let mut cabinet = cab::Cabinet::new(Cursor::new(STANDARD.decode(compressed)?))?;
    cabinet.read_file("blob")?.read_to_end(&mut utf_16)?;
    let units: Vec<u16> = utf_16.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    Ok(String::from_utf16(&units)?.into_bytes())
}
