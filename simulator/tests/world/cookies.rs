//! Cookies: good on every listener of the server that gave them, and nowhere else.

use std::io::{Read, Write};

use simulator::Running;
use simulator::world::{MicrosoftUpdate, Node, Upstream};

use crate::client::{
    MODERN, ONLY_1_2, SYNC, UPSTREAM, ask, beside, dial, handshake, microsoft_update, start, upstream, world,
};

pub(crate) const DSS_AUTH: &str = "/DssAuthWebService/DssAuthWebService.asmx";
const SPACE: &str = "http://www.microsoft.com/SoftwareDistribution";
const ACCOUNT: &str = "<accountName>dss01.corp.example</accountName>\
                       <accountGuid>8f1d2f5c-47a1-4f22-9a0e-3d8f5a6c7b21</accountGuid>";

#[tokio::test]
async fn a_cookie_got_over_http_is_good_over_https_and_back() {
    let running = start(&upstream(Vec::new())).await;
    let cookie = beside(cookie_from(&running, UPSTREAM, 8530)).await;
    let answer = beside(config_data(&running, UPSTREAM, 8531, cookie)).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let cookie = beside(cookie_from(&running, UPSTREAM, 8531)).await;
    let answer = beside(config_data(&running, UPSTREAM, 8530, cookie)).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}

#[tokio::test]
async fn a_cookie_of_sws_is_good_at_sws1() {
    let running = start(&microsoft_update(MicrosoftUpdate::default())).await;
    let cookie = beside(cookie_from(&running, "sws.update.microsoft.com", 443)).await;
    let answer = beside(config_data(&running, "sws1.update.microsoft.com", 443, cookie)).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}

#[tokio::test]
async fn a_cookie_of_a_server_that_was_set_up_anew_is_refused() {
    let plain = || world("upstream", Node::Upstream(Upstream { https_port: None, ..Upstream::default() }));
    let (first, second) = (start(&plain()).await, start(&plain()).await);
    let cookie = beside(cookie_from(&first, UPSTREAM, 8530)).await;
    let answer = beside(config_data(&second, UPSTREAM, 8530, cookie)).await;
    assert!(answer.starts_with("HTTP/1.1 500 ") && answer.contains("InvalidCookie"), "{answer}");
}

/// A cookie of a listener, as XML.
pub(crate) fn cookie_from(running: &Running, host: &'static str, port: u16) -> impl FnOnce() -> String + Send + use<> {
    let say = say(running, host, port);
    move || {
        let data = between(&say(DSS_AUTH, "GetAuthorizationCookie", ACCOUNT), "CookieData");
        let members = format!(
            "<authCookies><AuthorizationCookie><PlugInId>DssTargeting</PlugInId><CookieData>{data}</CookieData>\
             </AuthorizationCookie></authCookies><protocolVersion>1.20</protocolVersion>"
        );
        format!("<cookie>{}</cookie>", between(&say(SYNC, "GetCookie", &members), "GetCookieResult"))
    }
}

/// The answer of a listener to whoever brings that cookie.
fn config_data(
    running: &Running,
    host: &'static str,
    port: u16,
    cookie: String,
) -> impl FnOnce() -> String + Send + use<> {
    let say = say(running, host, port);
    move || say(SYNC, "GetConfigData", &cookie)
}

/// Calls an operation of a listener.
pub(crate) fn say(
    running: &Running,
    host: &'static str,
    port: u16,
) -> impl Fn(&str, &str, &str) -> String + Send + use<> {
    let address = running.plan.real(host, port).unwrap();
    move |path, operation, members| {
        let request = request(host, path, operation, members);
        let mut stream: Box<dyn Stream> = match port {
            8530 => Box::new(dial(address)),
            443 => Box::new(handshake(address, host, ONLY_1_2).unwrap()),
            _ => Box::new(handshake(address, host, MODERN).unwrap()),
        };
        ask(&mut stream, &request)
    }
}

trait Stream: Read + Write {}

impl<S: Read + Write> Stream for S {}

fn request(host: &str, path: &str, operation: &str, members: &str) -> String {
    let space = if path == DSS_AUTH { format!("{SPACE}/Server/DssAuthWebService") } else { SPACE.to_owned() };
    let body = format!(
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>\
         <{operation} xmlns=\"{space}\">{members}</{operation}></soap:Body></soap:Envelope>"
    );
    format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/xml; charset=utf-8\r\n\
         SOAPAction: \"{space}/{operation}\"\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

pub(crate) fn between(text: &str, name: &str) -> String {
    let (_, rest) = text.split_once(&format!("<{name}>")).expect(text);
    rest.split_once(&format!("</{name}>")).expect(text).0.to_owned()
}
