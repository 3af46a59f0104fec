//! Files of the upstream after a whole synchronization.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::net::SocketAddr;

use super::lab::{self, Lab};
use super::story::story;
use crate::evidence::{ContentEnd, ContentSeen, Seen};
use crate::path::Scheme;
use crate::scripted_peer::{self, answer, answer_requests};

const FILE: &str = "the bytes of a file";

/// SHA-1 of [`FILE`].
const DIGEST: &str = "Nmrt1nXp9VT5V0X3yCU7zeFfKIA=";

fn check(lab: &Lab, expected: &[&str]) -> ContentSeen {
    let evidence = lab.examine().unwrap();
    let story: Vec<String> = story(&evidence).into_iter().filter(|line| line.starts_with("content ")).collect();
    assert_eq!(story, expected);
    let files = evidence.observations.into_iter().filter_map(|observation| match observation.seen {
        Seen::Content(file) => Some(file),
        _ => None,
    });
    files.collect::<Vec<_>>().pop().unwrap()
}

/// An upstream whose updates have one file, and what it answers to a GET of that.
fn upstream(file: Option<&'static str>) -> SocketAddr {
    scripted_peer::each(move |stream, _| answer_requests(stream, |request| Some(reply(request, file))))
}

fn reply(request: &str, file: Option<&str>) -> Vec<u8> {
    if request.starts_with("POST ") {
        return with_a_file(&lab::reply(request));
    }
    match file {
        None => answer("404 Not Found", "text/html", ""),
        Some(file) if request.starts_with("HEAD ") => {
            format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", file.len()).into()
        }
        Some(file) => answer("200 OK", "application/octet-stream", file),
    }
}

fn with_a_file(reply: &[u8]) -> Vec<u8> {
    let (_, body) = std::str::from_utf8(reply).unwrap().split_once("\r\n\r\n").unwrap();
    let size = FILE.len();
    let metadata = format!(
        "&lt;u&gt;&lt;Files&gt;&lt;File Digest='{DIGEST}' FileName='a.cab' Size='{size}'/&gt;&lt;/Files&gt;&lt;/u&gt;"
    );
    answer("200 OK", "text/xml", &body.replace("&lt;u/&gt;", &metadata))
}

fn path() -> String {
    let digest = openssl::sha::sha1(FILE.as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("/Content/{}/{hex}.cab", &hex[38..])
}

#[test]
fn a_file_with_the_digest_of_the_metadata_matches() {
    let lab = Lab::upstream(Scheme::Http, 8530).at(8530, upstream(Some(FILE)));
    let seen = check(&lab, &[&format!("content file {} matches", path())]);
    assert_eq!((seen.received, seen.size), (FILE.len() as u64, FILE.len() as u64));
    assert_eq!(seen.get.unwrap().body, "");
}

#[test]
fn another_file_of_the_same_length_differs() {
    let lab = Lab::upstream(Scheme::Http, 8530).at(8530, upstream(Some("THE BYTES OF A FILE")));
    let seen = check(&lab, &[&format!("content file {} differs", path())]);
    assert!(matches!(seen.ended, ContentEnd::Differs(digest) if digest.len() == 40));
}

#[test]
fn a_longer_file_is_too_large_and_a_missing_one_absent() {
    let lab = Lab::upstream(Scheme::Http, 8530).at(8530, upstream(Some("the bytes of a file and more")));
    check(&lab, &[&format!("content file {} too-large", path())]);
    let lab = Lab::upstream(Scheme::Http, 8530).at(8530, upstream(None));
    let seen = check(&lab, &[&format!("content file {} absent", path())]);
    assert!(seen.get.is_none());
}

#[test]
fn behind_https_files_are_asked_for_one_port_below_and_never_over_tls() {
    let metadata = lab::tls_upstream_with(|request| reply(request, None));
    let lab = Lab::upstream(Scheme::Https, 8531).at(8531, metadata).at(8530, upstream(Some(FILE)));
    check(&lab, &[&format!("content file {} matches", path())]);
}

#[test]
fn a_closed_port_of_files_is_told_and_stops_nothing() {
    let metadata = lab::tls_upstream_with(|request| reply(request, None));
    let lab = Lab::upstream(Scheme::Https, 8531).at(8531, metadata);
    let file = format!("content file {} not-reached", path());
    check(&lab, &["content connect 10.87.0.10:8530 refused", &file]);
}

#[test]
fn through_a_proxy_files_are_asked_for_by_their_whole_url() {
    let proxy = scripted_peer::each(|stream, _| {
        answer_requests(stream, |request| {
            let url = request.split(' ').nth(1).unwrap();
            assert!(url.starts_with("http://up.contoso.com:8530/"), "{url}");
            Some(reply(request, Some(FILE)))
        });
    });
    let lab = Lab::upstream(Scheme::Http, 8530).through(proxy);
    check(&lab, &[&format!("content file {} matches", path())]);
}
