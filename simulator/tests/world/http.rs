//! HTTP: what HTTP.SYS and IIS answer, and faults at their seams.

use std::io::{Read, Write};

use simulator::fault::content::{ContentFault, Missing};
use simulator::fault::http::HttpFault;
use simulator::fault::tls::TlsFault;
use simulator::fault::{Fault, When};
use simulator::world::{Node, Upstream};

use crate::client::{
    MODERN, SYNC, UPSTREAM, ask, beside, call, dial, get, handshake, read_all, signatures, start, upstream, world,
};

#[tokio::test]
async fn http_sys_answers_for_a_pool_that_does_not_run() {
    let running = start(&upstream(vec![http(HttpFault::PoolStopped {})])).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let answer = beside(move || ask(&mut dial(address), &call(UPSTREAM, "GetAuthConfig"))).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let fields: Vec<&str> = head.split("\r\n").filter(|line| !line.starts_with("Date: ")).collect();
    let expected = [
        "HTTP/1.1 503 Service Unavailable",
        "Content-Type: text/html; charset=us-ascii",
        "Server: Microsoft-HTTPAPI/2.0",
        "Connection: close",
        "Content-Length: 326",
    ];
    assert_eq!(fields, expected);
    assert!(body.contains("<h2>Service Unavailable</h2>\r\n<hr><p>HTTP Error 503. The service is unavailable.</p>"));
    assert_eq!(signatures(&running), ["http/pool-stopped"]);
}

#[tokio::test]
async fn an_early_answer_is_not_overtaken_by_a_reset() {
    let running = start(&upstream(vec![http(HttpFault::PoolStopped {})])).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let (answer, ended) = beside(move || {
        let body = "x".repeat(3 * 1024 * 1024);
        let head = call(UPSTREAM, "GetCookie").split("Content-Length").next().unwrap().to_owned();
        let mut stream = dial(address);
        write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        read_all(&mut stream)
    })
    .await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.ends_with("</HTML>\r\n"), "{answer}");
    assert_eq!(ended, Ok(()));
}

#[tokio::test]
async fn a_connection_is_closed_without_an_answer() {
    let running = start(&upstream(vec![http(HttpFault::CloseWithoutAnswer {})])).await;
    for port in [8530, 8531] {
        let address = running.plan.real(UPSTREAM, port).unwrap();
        let request = call(UPSTREAM, "GetCookie");
        let answer = beside(move || {
            if port == 8530 {
                let mut stream = dial(address);
                stream.write_all(request.as_bytes()).unwrap();
                return read_all(&mut stream);
            }
            let mut stream = handshake(address, UPSTREAM, MODERN).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            (read_all(&mut stream).0, Ok(()))
        });
        assert_eq!(answer.await, (String::new(), Ok(())));
    }
    assert_eq!(signatures(&running), ["http/close-without-answer"; 2]);
}

#[tokio::test]
async fn a_fault_waits_for_its_operation() {
    let when = When { operation: Some("GetCookie".to_owned()), ..When::default() };
    let fault = Fault { when: Some(when), ..http(HttpFault::PoolStopped {}) };
    let running = start(&upstream(vec![fault])).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let status = |operation: &'static str| {
        beside(move || ask(&mut dial(address), &call(UPSTREAM, operation)).split(' ').nth(1).unwrap_or("").to_owned())
    };
    assert_eq!(status("GetAuthConfig").await, "200");
    assert_eq!(status("GetCookie").await, "503");
}

#[tokio::test]
async fn a_fault_waits_for_its_directory() {
    let when = When { path: Some("/ServerSyncWebService".to_owned()), ..When::default() };
    let fault = Fault { when: Some(when), ..http(HttpFault::PoolStopped {}) };
    let running = start(&upstream(vec![fault])).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let expected = [
        ("/ClientWebService/client.asmx", "200"),
        (SYNC, "503"),
        ("//serversyncwebservice/ServerSyncWebService.asmx", "503"),
        ("/%53erverSyncWebService/", "503"),
        ("/ServerSyncWebService2/", "404"),
        ("/DssAuthWebService/DssAuthWebService.asmx", "200"),
    ];
    for (path, status) in expected {
        let answer = beside(move || ask(&mut dial(address), &get(UPSTREAM, path))).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answer}");
    }
    assert_eq!(signatures(&running), ["http/pool-stopped"; 3]);
}

#[tokio::test]
async fn two_faults_on_one_node_act_each_where_it_is() {
    let expired = TlsFault::Certificate(certs::Defect::Expired);
    let faults = vec![http(HttpFault::PoolStopped {}), Fault { tls: Some(expired), ..Fault::default() }];
    let running = start(&upstream(faults)).await;
    let address = running.plan.real(UPSTREAM, 8531).unwrap();
    let answer = beside(move || ask(&mut handshake(address, UPSTREAM, MODERN).unwrap(), &get(UPSTREAM, "/"))).await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert_eq!(signatures(&running), ["tls/certificate", "http/pool-stopped"]);
}

#[tokio::test]
async fn a_client_that_waits_is_told_to_continue() {
    let running = start(&upstream(Vec::new())).await;
    let address = running.plan.real(UPSTREAM, 8531).unwrap();
    let answer = beside(move || {
        let request =
            call(UPSTREAM, "GetAuthConfig").replace("Connection: close", "Connection: close\r\nExpect: 100-continue");
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let mut stream = handshake(address, UPSTREAM, MODERN).unwrap();
        write!(stream, "{head}\r\n\r\n").unwrap();
        let mut interim = [0; 25];
        stream.read_exact(&mut interim).unwrap();
        assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
        ask(&mut stream, body)
    });
    let answer = answer.await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("X-AspNet-Version"), "{answer}");
}

#[tokio::test]
async fn paths_get_what_iis_gives() {
    let expected = [
        ("GET", "/", "403 Forbidden"),
        ("GET", "/Content/", "403 Forbidden"),
        ("GET", "/Content/AB/NOEXTENSION", "403 Forbidden"),
        ("GET", "/Content/AB/00000000000000000000000000000000000000AB.cab", "404 Not Found"),
        ("GET", "/nothing.htm", "404 Not Found"),
        ("GET", "/ServerSyncWebService/ServerSyncProxy.asmx", "404 Not Found"),
        ("GET", "//serversyncwebservice/SERVERSYNCWEBSERVICE.asmx", "200 OK"),
        ("HEAD", "/selfupdate/iuident.cab", "200 OK"),
        ("DELETE", "/selfupdate/iuident.cab", "405 Method Not Allowed"),
        ("PUT", SYNC, "405 Method Not Allowed"),
        ("OPTIONS", "/", "200 OK"),
    ];
    let running = start(&upstream(Vec::new())).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    for (method, path, status) in expected {
        let request = get(UPSTREAM, path).replacen("GET", method, 1);
        let answer = beside(move || ask(&mut dial(address), &request)).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{method} {path}: {answer}");
        assert!(answer.contains("\r\nServer: Microsoft-IIS/10.0\r\n"), "{method} {path}: {answer}");
    }
}

#[tokio::test]
async fn a_head_is_answered_with_the_length_alone() {
    let running = start(&upstream(Vec::new())).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let request = get(UPSTREAM, "/selfupdate/iuident.cab").replacen("GET", "HEAD", 1);
    let answer = beside(move || ask(&mut dial(address), &request)).await;
    assert!(answer.contains("\r\nContent-Length: 138\r\n"), "{answer}");
    assert!(answer.contains("\r\nETag: \"") && answer.ends_with("\r\n\r\n"), "{answer}");
}

#[tokio::test]
async fn files_of_the_catalogue_are_served_until_a_fault_takes_them() {
    let file = a_file();
    let running = start(&upstream(Vec::new())).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let path = file.clone();
    let answer = beside(move || ask(&mut dial(address), &get(UPSTREAM, &path))).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"), "{answer}");

    let missing = Fault { content: Some(ContentFault::Missing(Missing::default())), ..Fault::default() };
    let running = start(&upstream(vec![missing])).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let answer = beside(move || ask(&mut dial(address), &get(UPSTREAM, &file))).await;
    assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n"), "{answer}");
    assert_eq!(signatures(&running), ["content/missing"]);
}

#[tokio::test]
async fn the_service_of_agents_closes_the_connection_after_a_fault_and_no_other_does() {
    let running = start(&upstream(Vec::new())).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    for (path, closes) in [("/ClientWebService/client.asmx", true), (SYNC, false)] {
        let answers = beside(move || {
            let last = call(UPSTREAM, "NoSuchOperation").replacen(SYNC, path, 1);
            let kept = last.replace("Connection: close\r\n", "");
            ask(&mut dial(address), &format!("{kept}{last}"))
        });
        let answers = answers.await;
        let first = answers.split("\r\n\r\n").next().unwrap();
        assert!(first.starts_with("HTTP/1.1 500 "), "{path}: {answers}");
        assert_eq!(first.contains("\r\nConnection: close"), closes, "{path}: {answers}");
        assert_eq!(answers.matches("HTTP/1.1 500 ").count(), if closes { 1 } else { 2 }, "{path}: {answers}");
    }
}

#[tokio::test]
async fn an_old_windows_has_an_old_iis() {
    let node = Upstream { version: "6.3.9600.18838".to_owned(), https_port: None, ..Upstream::default() };
    let running = start(&world("upstream", Node::Upstream(node))).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let answer = beside(move || ask(&mut dial(address), &get(UPSTREAM, "/"))).await;
    assert!(answer.contains("\r\nServer: Microsoft-IIS/8.5\r\n"), "{answer}");
    assert_eq!(running.plan.real(UPSTREAM, 8531), running.plan.closed.values().next().copied());
}

/// The content path of some file of the built-in catalogue.
fn a_file() -> String {
    use simulator::catalogue::{BuiltIn, Catalogue, Part};
    let catalogue = BuiltIn::new();
    let mut files =
        catalogue.revisions(Part::Updates, None).filter_map(|revision| catalogue.metadata(revision.identity));
    let file = files.find_map(|metadata| metadata.files.first().cloned()).unwrap();
    let digest = file.sha1.hex();
    format!("/Content/{}/{digest}.{}", &digest[38..], file.name.rsplit('.').next().unwrap())
}

fn http(fault: HttpFault) -> Fault {
    Fault { http: Some(fault), ..Fault::default() }
}
