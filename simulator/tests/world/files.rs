//! Files of an upstream that go wrong, as a client meets them.

use simulator::catalogue::{BuiltIn, Catalogue, Part};
use simulator::fault::Fault;
use simulator::fault::content::{ContentFault, Missing};

use crate::client::{UPSTREAM, ask, beside, dial, signatures, start, upstream};

/// The beginning of the answer to a request for a file, and what was signed for it.
async fn check(fault: ContentFault, method: &'static str, beginning: &str, signed: &[&str]) -> String {
    let catalogue = BuiltIn::new();
    let revisions = catalogue.revisions(Part::Updates, None);
    let file = revisions.filter_map(|row| catalogue.metadata(row.identity)?.files.first().cloned()).next().unwrap();
    let (hex, (_, extension)) = (file.sha1.hex(), file.name.rsplit_once('.').unwrap());
    let path = format!("/Content/{}/{hex}.{extension}", &hex[38..]);
    let running = start(&upstream(vec![Fault { content: Some(fault), ..Fault::default() }])).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let request =
        format!("{method} {path} HTTP/1.1\r\nHost: wsus01:8530\r\nRange: bytes=0-3\r\nConnection: close\r\n\r\n");
    let answer = beside(move || ask(&mut dial(address), &request)).await;
    assert!(answer.starts_with(beginning), "{answer}");
    assert_eq!(signatures(&running), signed);
    answer
}

#[tokio::test]
async fn the_whole_comes_for_a_part_and_nothing_promises_parts() {
    let answer = check(ContentFault::NoRanges {}, "GET", "HTTP/1.1 200 OK\r\n", &["content/no-ranges"]).await;
    assert!(!answer.contains("Accept-Ranges"), "{answer}");
}

#[tokio::test]
async fn head_alone_is_not_allowed() {
    check(ContentFault::NoHead {}, "HEAD", "HTTP/1.1 405 Method Not Allowed\r\nAllow: ", &["content/no-head"]).await;
    check(ContentFault::NoHead {}, "GET", "HTTP/1.1 206 Partial Content\r\n", &[]).await;
}

#[tokio::test]
async fn the_folder_is_closed() {
    check(ContentFault::Forbidden {}, "GET", "HTTP/1.1 403 Forbidden\r\n", &["content/forbidden"]).await;
    check(ContentFault::Missing(Missing::default()), "GET", "HTTP/1.1 404 Not Found\r\n", &["content/missing"]).await;
}

#[tokio::test]
async fn a_file_that_is_cut_tells_its_own_length() {
    let whole = check(ContentFault::WrongBytes {}, "GET", "HTTP/1.1 206 ", &["content/wrong-bytes"]).await;
    let cut = check(ContentFault::Truncated {}, "GET", "HTTP/1.1 206 ", &["content/truncated"]).await;
    let size = |answer: &str| -> u64 {
        let (_, size) = answer.split_once("Content-Range: bytes 0-3/").unwrap();
        size.lines().next().unwrap().parse().unwrap()
    };
    assert_eq!(size(&cut), size(&whole) / 2);
}
