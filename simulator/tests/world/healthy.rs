//! Without a fault everything answers.

use simulator::journal::Event;
use simulator::world::{KeyKind, MicrosoftUpdate, Node, Upstream};

use crate::client::{
    MODERN, SYNC, UPSTREAM, ask, beside, call, dial, get, handshake, microsoft_update, start, upstream, verified, world,
};

#[tokio::test]
async fn an_upstream_answers_over_http() {
    let running = start(&upstream(Vec::new())).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let answer = beside(move || ask(&mut dial(address), &call(UPSTREAM, "GetAuthConfig"))).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    // Everything that a real server says, in its order, and nothing besides: neither chunks nor a coding. `Connection` is
    // there because this request closes; captures keep theirs open.
    let names: Vec<_> = head.lines().skip(1).filter_map(|line| Some(line.split_once(": ")?.0)).collect();
    let names: Vec<_> = names.into_iter().filter(|name| *name != "Connection").collect();
    assert_eq!(
        names,
        ["Cache-Control", "Content-Type", "Server", "X-AspNet-Version", "X-Powered-By", "Date", "Content-Length",]
    );
    assert!(head.starts_with("HTTP/1.1 200 OK\r\nCache-Control: private, max-age=0\r\n"), "{head}");
    assert!(
        head.contains("\r\nServer: Microsoft-IIS/10.0\r\nX-AspNet-Version: 4.0.30319\r\nX-Powered-By: ASP.NET\r\n")
    );
    assert!(head.contains(&format!("\r\nContent-Length: {}", body.len())), "{head}");
    assert!(body.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope "), "{body}");
    assert!(body.contains("<GetAuthConfigResult>"), "{body}");
}

#[tokio::test]
async fn an_upstream_answers_over_https_with_the_organisations_chain() {
    let running = start(&upstream(Vec::new())).await;
    let address = running.plan.real(UPSTREAM, 8531).unwrap();
    let root = running.trust.organisation_root.clone();
    let answer =
        beside(move || ask(&mut verified(address, UPSTREAM, &root).unwrap(), &call(UPSTREAM, "GetAuthConfig"))).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}

#[tokio::test]
async fn an_rsa_key_serves_as_well() {
    let node = Upstream { key: KeyKind::Rsa2048, ..Upstream::default() };
    let running = start(&world("upstream", Node::Upstream(node))).await;
    let address = running.plan.real("wsus01", 8531).unwrap();
    let root = running.trust.organisation_root.clone();
    assert!(beside(move || verified(address, UPSTREAM, &root).is_ok()).await);
}

#[tokio::test]
async fn microsoft_update_answers_under_each_of_its_names_with_microsofts_chain() {
    let running = start(&microsoft_update(MicrosoftUpdate::default())).await;
    for host in
        ["sws.update.microsoft.com", "sws1.update.microsoft.com", "fe2.update.microsoft.com", "update.microsoft.com"]
    {
        let address = running.plan.real(host, 443).unwrap();
        let root = running.trust.microsoft_root.clone();
        let answer = beside(move || ask(&mut verified(address, host, &root).unwrap(), &get(host, "/nothing"))).await;
        assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n"), "{host}: {answer}");
    }
}

#[tokio::test]
async fn many_requests_share_a_connection() {
    let running = start(&upstream(Vec::new())).await;
    let address = running.plan.real(UPSTREAM, 8531).unwrap();
    let answers = beside(move || {
        let kept = get(UPSTREAM, "/content/").replace("Connection: close\r\n", "");
        ask(&mut handshake(address, UPSTREAM, MODERN).unwrap(), &format!("{kept}{kept}{}", get(UPSTREAM, SYNC)))
    });
    let answers = answers.await;
    assert_eq!(answers.matches("HTTP/1.1 403 Forbidden\r\n").count(), 2, "{answers}");
    assert_eq!(answers.matches("HTTP/1.1 200 OK\r\n").count(), 1, "{answers}");
}

#[tokio::test]
async fn the_journal_tells_a_connection_from_its_beginning_to_its_end() {
    let running = start(&upstream(Vec::new())).await;
    let address = running.plan.real(UPSTREAM, 8531).unwrap();
    beside(move || ask(&mut handshake(address, UPSTREAM, MODERN).unwrap(), &call("wsus01:8531", "GetAuthConfig")))
        .await;
    let mut events: Vec<Event> = running.journal.entries().into_iter().map(|entry| entry.event).collect();
    assert!(matches!(events[0], Event::Accepted(_)));
    let Event::ChainSent { certificates } = events.remove(2) else { panic!("{events:?}") };
    assert_eq!(certificates.len(), 2);
    assert!(certificates.iter().all(|thumbprint| thumbprint.len() == 40), "{certificates:?}");
    let expected = [
        Event::ClientHello { server_name: Some(UPSTREAM.to_owned()) },
        Event::Handshake { version: "TLS 1.3".to_owned() },
        Event::Request {
            method: "POST".to_owned(),
            host: "wsus01:8531".to_owned(),
            target: SYNC.to_owned(),
            operation: Some("GetAuthConfig".to_owned()),
        },
        Event::Response { status: 200 },
    ];
    assert_eq!(events[1..5], expected);
    assert!(!running.journal.signed());
}

#[tokio::test]
async fn a_health_check_gets_a_cabinet() {
    let running = start(&upstream(Vec::new())).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let answer = beside(move || ask(&mut dial(address), &get(UPSTREAM, "/SelfUpdate/iuident.cab"))).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"), "{answer}");
    assert!(answer.contains("\r\n\r\nMSCF"), "{answer}");
}
