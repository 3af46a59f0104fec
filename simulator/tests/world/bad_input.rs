//! Requests that no downstream server sends: each gets what a real server gives, and the node lives on.

use std::io::Write;
use std::net::SocketAddr;

use crate::client::{SYNC, UPSTREAM, ask, beside, call, dial, read_all, start, upstream};

const SD: &str = "http://www.microsoft.com/SoftwareDistribution";
const TEXT: &str = "text/xml; charset=utf-8";
const DECLARED: &str = "<?xml version=\"1.0\" encoding=\"utf-16\"?>";
const CLIENT: &str = "/ClientWebService/client.asmx";

/// A call of GetAuthConfig, whatever the body.
struct Sent {
    path: &'static str,
    content_type: &'static str,
    body: Vec<u8>,
}

impl Sent {
    fn text(content_type: &'static str, body: impl Into<Vec<u8>>) -> Sent {
        Sent { path: SYNC, content_type, body: body.into() }
    }

    fn bytes(&self) -> Vec<u8> {
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: {UPSTREAM}\r\nContent-Type: {}\r\nSOAPAction: \"{SD}/GetAuthConfig\"\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n",
            self.path,
            self.content_type,
            self.body.len()
        );
        [head.as_bytes(), &self.body].concat()
    }
}

fn envelope(inside: &str) -> String {
    format!(
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>{inside}</soap:Body>\
         </soap:Envelope>"
    )
}

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[tokio::test]
async fn bodies_are_decoded_as_asp_net_does() {
    let good = envelope(&format!("<GetAuthConfig xmlns=\"{SD}\" />"));
    let replaced = [good.replace("</soap:Envelope>", "").as_bytes(), b"\xff</soap:Envelope>"].concat();
    check(Sent::text(TEXT, format!("\u{feff}{good}")), "200 OK", "<GetAuthConfigResult>").await;
    check(Sent::text(TEXT, utf_16(&format!("\u{feff}{DECLARED}{good}"))), "200 OK", "<GetAuthConfigResult>").await;
    let of_16 = "text/xml; charset=utf-16";
    check(Sent::text(of_16, utf_16(&format!("{DECLARED}{good}"))), "200 OK", "<GetAuthConfigResult>").await;
    check(Sent::text(TEXT, utf_16(&good)), "400 Bad Request", "").await;
    check(Sent::text(TEXT, replaced), "200 OK", "<GetAuthConfigResult>").await;
    check(Sent::text(TEXT, good.replace("<soap:Body>", "<soap:\u{ff}Body>")), "400 Bad Request", "").await;
}

#[tokio::test]
async fn entities_are_refused_and_never_expanded() {
    let mut laughs = "<!DOCTYPE a [<!ENTITY l0 \"ha\">".to_owned();
    for level in 1..30 {
        laughs += &format!("<!ENTITY l{level} \"&l{0};&l{0};&l{0};\">", level - 1);
    }
    let body = format!("{laughs}]>{}", envelope("<GetAuthConfig>&l29;</GetAuthConfig>"));
    check(Sent::text(TEXT, body), "400 Bad Request", "").await;
    let file = "<!DOCTYPE a [<!ENTITY f SYSTEM \"file:///etc/hostname\">]>";
    check(Sent::text(TEXT, format!("{file}{}", envelope("&f;"))), "400 Bad Request", "").await;
    check(Sent::text(TEXT, envelope("<GetAuthConfig>&l29;</GetAuthConfig>")), "400 Bad Request", "").await;
}

#[tokio::test]
async fn however_deep_asp_net_skips_what_it_does_not_know_and_wcf_does_not() {
    let (open, close) = ("<a>".repeat(50_000), "</a>".repeat(50_000));
    let body = envelope(&format!("<GetAuthConfig xmlns=\"{SD}\">{open}{close}</GetAuthConfig>"));
    check(Sent::text(TEXT, body), "200 OK", "<GetAuthConfigResult>").await;
    check(Sent::text(TEXT, envelope(&open)), "400 Bad Request", "").await;
}

#[tokio::test]
async fn the_action_decides_whatever_the_body_names() {
    let body = envelope(&format!("<GetCookie xmlns=\"{SD}\"><protocolVersion>1.20</protocolVersion></GetCookie>"));
    check(Sent::text(TEXT, body), "200 OK", "<GetAuthConfigResult>").await;
}

#[tokio::test]
async fn what_is_no_type_of_soap_is_unsupported() {
    for content_type in ["text/plain", "application/json", "multipart/form-data; boundary=x"] {
        check(Sent::text(content_type, envelope("")), "415 Unsupported Media Type", "").await;
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused_by_who_reads_it_first() {
    let words = "config file. ---&gt; Maximum request length exceeded.</faultstring>";
    check(Sent::text(TEXT, vec![b' '; 4 * 1024 * 1024 + 1]), "500 Internal Server Error", words).await;
    let to_client = Sent { path: CLIENT, ..Sent::text(TEXT, vec![b' '; 4 * 1024 * 1024 + 1]) };
    check(to_client, "413 Request Entity Too Large", "").await;
    // Request filtering goes by the head and wants no body.
    let running = start(&upstream(Vec::new())).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let head = call(UPSTREAM, "GetCookie").split("Content-Length").next().unwrap().to_owned();
    let request = format!("{head}Content-Length: 30000001\r\nExpect: 100-continue\r\n\r\n");
    let answer = beside(move || ask(&mut dial(address), &request)).await;
    assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n") && answer.contains("Connection: close"), "{answer}");
    assert!(!answer.contains("100 Continue"), "{answer}");
}

/// What an upstream answers, in status and body; and whether it still serves others then.
async fn check(sent: Sent, status: &str, body: &str) {
    let running = start(&upstream(Vec::new())).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let bytes = sent.bytes();
    let answer = beside(move || exchange(address, &bytes)).await;
    let (head, content) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    assert!(head.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{answer}");
    assert!(if body.is_empty() { content.is_empty() } else { content.contains(body) }, "{answer}");
    let request = call(UPSTREAM, "GetAuthConfig");
    let answer = beside(move || ask(&mut dial(address), &request)).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}

fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = dial(address);
    // The server may have turned away before it has read all.
    let _ = stream.write_all(bytes);
    read_all(&mut stream).0
}
