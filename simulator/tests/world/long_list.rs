//! A list that is made while it is sent, over sockets: with its length, in no chunks, whole.

use std::net::SocketAddr;

use simulator::world::{Catalogue, Generated, Node, Upstream};

use crate::client::{MODERN, SYNC, UPSTREAM, ask, beside, dial, handshake, start, world};

const SD: &str = "http://www.microsoft.com/SoftwareDistribution";
const SIZE: usize = 20_000;

#[tokio::test]
async fn a_list_of_all_updates_comes_whole_with_its_length() {
    let catalogue = Catalogue { generated: Some(Generated { seed: 1, size: SIZE as u32 }), ..Catalogue::default() };
    let running = start(&world("upstream", Node::Upstream(Upstream { catalogue, ..Upstream::default() }))).await;
    let ports = [8530, 8531].map(|port| running.plan.real(UPSTREAM, port).unwrap());
    let cookie = beside(move || cookie(ports[0])).await;
    for (address, secure) in ports.into_iter().zip([false, true]) {
        let request = request(SYNC, SD, "GetRevisionIdList", &format!("{cookie}<filter />"));
        let answer = beside(move || send(address, secure, &request)).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("\r\nContent-Length: {}", body.len())), "{head}");
        assert!(!head.to_ascii_lowercase().contains("transfer-encoding"), "{head}");
        assert_eq!(body.matches("<UpdateIdentity>").count(), SIZE);
        assert!(body.ends_with("</soap:Envelope>"));
    }
}

fn send(address: SocketAddr, secure: bool, request: &str) -> String {
    if secure {
        ask(&mut handshake(address, UPSTREAM, MODERN).unwrap(), request)
    } else {
        ask(&mut dial(address), request)
    }
}

/// The cookie that a downstream server gets.
fn cookie(address: SocketAddr) -> String {
    const AUTH: &str = "/DssAuthWebService/DssAuthWebService.asmx";
    let id = "3f1c7e52-0b6d-4d7a-9b6e-0c1d2e3f4a5b";
    let account = format!("<accountName>dss01.corp.example</accountName><accountGuid>{id}</accountGuid>");
    let answer = request(AUTH, &format!("{SD}/Server/DssAuthWebService"), "GetAuthorizationCookie", &account);
    let data = inside(&send(address, false, &answer), "CookieData");
    let members = format!(
        "<authCookies><AuthorizationCookie><PlugInId>DssTargeting</PlugInId><CookieData>{data}</CookieData>\
         </AuthorizationCookie></authCookies><protocolVersion>1.20</protocolVersion>"
    );
    let answer = send(address, false, &request(SYNC, SD, "GetCookie", &members));
    format!("<cookie>{}</cookie>", inside(&answer, "GetCookieResult"))
}

fn inside(answer: &str, name: &str) -> String {
    let (_, rest) = answer.split_once(&format!("<{name}>")).unwrap();
    rest.split_once(&format!("</{name}>")).unwrap().0.to_owned()
}

fn request(path: &str, namespace: &str, operation: &str, members: &str) -> String {
    let body = format!(
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>\
         <{operation} xmlns=\"{namespace}\">{members}</{operation}></soap:Body></soap:Envelope>"
    );
    format!(
        "POST {path} HTTP/1.1\r\nHost: {UPSTREAM}\r\nContent-Type: text/xml; charset=utf-8\r\n\
         SOAPAction: \"{namespace}/{operation}\"\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}
