//! Files of the upstream after a whole synchronization.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::net::SocketAddr;

use super::lab::{self, Lab};
use super::story::story;
use crate::conclude::conclude;
use crate::evidence::{ContentEnd, ContentSeen, PartsEnd, Seen};
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
            let length = file.len();
            format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nLast-Modified: {THEN}\r\n\r\n").into()
        }
        Some(file) => part(request, file),
    }
}

const THEN: &str = "Tue, 11 Mar 2025 09:26:53 GMT";

/// The part that a request asks for; each must ask for the file as it was.
fn part(request: &str, file: &str) -> Vec<u8> {
    assert!(request.contains(&format!("\r\nIf-Unmodified-Since: {THEN}\r\nRange: bytes=")), "{request}");
    let (_, range) = request.split_once("Range: bytes=").unwrap();
    let (first, last) = range.lines().next().unwrap().split_once('-').unwrap();
    let part = &file[first.parse().unwrap()..=last.parse().unwrap()];
    let (length, size) = (part.len(), file.len());
    format!(
        "HTTP/1.1 206 Partial Content\r\nContent-Length: {length}\r\nContent-Range: bytes {first}-{last}/{size}\r\n\r\n{part}"
    )
    .into()
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
    assert_eq!(seen.gets.iter().map(|get| get.body.as_str()).collect::<Vec<_>>(), ["", ""]);
    assert_eq!(seen.parts, PartsEnd::Came);
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
    assert!(seen.gets.is_empty());
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

#[test]
fn who_ignores_parts_gives_the_whole_once() {
    let upstream = scripted_peer::each(move |stream, _| {
        answer_requests(stream, |request| {
            let whole = request.starts_with("GET ").then(|| answer("200 OK", "application/octet-stream", FILE));
            Some(whole.unwrap_or_else(|| reply(request, Some(FILE))))
        });
    });
    let lab = Lab::upstream(Scheme::Http, 8530).at(8530, upstream);
    let seen = check(&lab, &[&format!("content file {} matches", path())]);
    assert_eq!((seen.parts, seen.gets.len()), (PartsEnd::WholeInstead, 1));
}

#[test]
fn another_part_than_asked_for_is_wrong() {
    let upstream = scripted_peer::each(move |stream, _| {
        answer_requests(stream, |request| {
            let other = "HTTP/1.1 206 Partial Content\r\nContent-Length: 1\r\nContent-Range: bytes 0-0/19\r\n\r\nx";
            Some(if request.starts_with("GET ") { other.into() } else { reply(request, Some(FILE)) })
        });
    });
    let lab = Lab::upstream(Scheme::Http, 8530).at(8530, upstream);
    let seen = check(&lab, &[&format!("content file {} not-compared", path())]);
    assert_eq!(seen.parts, PartsEnd::Wrong("bytes 0-0/19 for bytes 0-8/19".to_owned()));
    let diagnosis = conclude(&lab.examine().unwrap());
    let named = diagnosis.warnings.iter().map(|warning| warning.code.as_str());
    assert_eq!(named.filter(|code| code.starts_with("content/")).collect::<Vec<_>>(), ["content/ranges-ignored"]);
    assert!(diagnosis.evidence.iter().any(|line| line.contains("its bytes were not compared")));
}

#[test]
fn a_head_that_gives_no_length_does_not_make_a_file_empty() {
    let upstream = scripted_peer::each(move |stream, _| {
        answer_requests(stream, |request| {
            let whole = String::from_utf8(reply(request, Some(FILE))).unwrap();
            let is_head = request.starts_with("HEAD ");
            Some(if is_head { whole.replace("Length: 19", "Length: 0") } else { whole }.into_bytes())
        });
    });
    let lab = Lab::upstream(Scheme::Http, 8530).at(8530, upstream);
    let seen = check(&lab, &[&format!("content file {} matches", path())]);
    assert_eq!((seen.parts, seen.received), (PartsEnd::Came, FILE.len() as u64));
}

#[test]
fn a_part_of_something_whose_length_is_not_told_is_a_part() {
    let upstream = scripted_peer::each(move |stream, _| {
        answer_requests(stream, |request| {
            let whole = String::from_utf8(reply(request, Some(FILE))).unwrap();
            Some(if request.starts_with("GET ") { whole.replace("/19\r\n", "/*\r\n") } else { whole }.into_bytes())
        });
    });
    let lab = Lab::upstream(Scheme::Http, 8530).at(8530, upstream);
    let seen = check(&lab, &[&format!("content file {} matches", path())]);
    assert_eq!(seen.parts, PartsEnd::Came);
}

#[test]
fn a_refused_head_does_not_stop_the_get() {
    let upstream = scripted_peer::each(move |stream, _| {
        answer_requests(stream, |request| {
            if request.starts_with("HEAD ") {
                return Some(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n".to_vec());
            }
            let request = request.replace("Range:", &format!("If-Unmodified-Since: {THEN}\r\nRange:"));
            Some(reply(&request, Some(FILE)))
        });
    });
    let lab = Lab::upstream(Scheme::Http, 8530).at(8530, upstream);
    let seen = check(&lab, &[&format!("content file {} matches", path())]);
    assert_eq!((seen.refuses_head(), seen.parts), (Some(405), PartsEnd::Came));
}
