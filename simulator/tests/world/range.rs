//! Files in parts, as BITS and agents fetch them.

use std::net::SocketAddr;
use std::process::Command;

use simulator::catalogue::{BuiltIn, Catalogue, Part};

use crate::client::{UPSTREAM, ask, beside, dial, get, start, upstream};

#[tokio::test]
async fn one_part_has_the_fields_of_a_real_server_in_their_order() {
    let (path, bytes) = a_file();
    let answer = answer("GET", &path, "Range: bytes=1-4").await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    // The client asked for the connection to be closed.
    let head = head.trim_end_matches("\r\nConnection: close");
    let names: Vec<&str> = head.lines().map(|line| line.split(':').next().unwrap()).collect();
    let expected = [
        "HTTP/1.1 206 Partial Content",
        "Content-Type",
        "Last-Modified",
        "Accept-Ranges",
        "ETag",
        "Server",
        "X-Powered-By",
        "Date",
        "Content-Length",
        "Content-Range",
    ];
    assert_eq!(names, expected);
    assert!(head.contains("\r\nContent-Length: 4\r\n"), "{head}");
    assert!(head.ends_with(&format!("\r\nContent-Range: bytes 1-4/{}", bytes.len())), "{head}");
    assert_eq!(body.as_bytes(), String::from_utf8_lossy(&bytes[1..5]).as_bytes());
}

#[tokio::test]
async fn several_parts_come_as_one_body() {
    let (path, _) = a_file();
    let answer = answer("GET", &path, "Range: bytes=0-0,2-3").await;
    assert!(answer.starts_with("HTTP/1.1 206 Partial Content\r\nContent-Type: multipart/byteranges; boundary="));
    assert_eq!(answer.matches("\r\nContent-Range: bytes ").count(), 2, "{answer}");
}

#[tokio::test]
async fn what_cannot_be_given_is_refused_with_the_size() {
    let (path, bytes) = a_file();
    for (method, range) in [("GET", format!("bytes={}-", bytes.len())), ("HEAD", "bytes=0-3".to_owned())] {
        let answer = answer(method, &path, &format!("Range: {range}")).await;
        assert!(answer.starts_with("HTTP/1.1 416 Requested Range Not Satisfiable\r\n"), "{method}: {answer}");
        assert!(answer.contains("\r\nContent-Length: 362\r\n"), "{method}: {answer}");
        assert!(answer.contains(&format!("\r\nContent-Range: bytes */{}\r\n", bytes.len())), "{method}: {answer}");
    }
}

#[tokio::test]
async fn conditions_decide_between_the_parts_the_whole_and_nothing() {
    let (path, _) = a_file();
    let known = answer("HEAD", &path, "Accept: */*").await;
    let field = |name: &str| known.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
    let (tag, changed) = (field("ETag:"), field("Last-Modified:"));
    let expected = [
        (format!("If-Range: {tag}\r\nRange: bytes=0-3"), 206),
        (format!("If-Range: {changed}\r\nRange: bytes=0-3"), 206),
        ("If-Range: \"other\"\r\nRange: bytes=0-3".to_owned(), 200),
        (format!("If-Unmodified-Since: {changed}\r\nRange: bytes=0-3"), 206),
        ("If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT\r\nRange: bytes=0-3".to_owned(), 412),
        (format!("If-None-Match: {tag}"), 304),
    ];
    for (fields, status) in expected {
        let answer = answer("GET", &path, &fields).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{fields}: {answer}");
    }
}

#[tokio::test]
#[allow(clippy::print_stderr, reason = "who skips a test says why")]
async fn curl_puts_a_file_together_from_its_parts() {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("skipped: there is no curl on this machine");
        return;
    }
    let (path, bytes) = a_file();
    let running = start(&upstream(Vec::new())).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let middle = bytes.len() / 2;
    let ranges = [format!("0-{}", middle - 1), format!("{middle}-")];
    let together = beside(move || ranges.map(|range| curl(address, &path, &range)).concat()).await;
    assert!(together == bytes);
}

fn curl(address: SocketAddr, path: &str, range: &str) -> Vec<u8> {
    let url = format!("http://{address}{path}");
    let output = Command::new("curl").args(["-sSf", "--max-time", "5", "--noproxy", "*", "-r", range, &url]).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// What an upstream answers to a request with further header fields.
async fn answer(method: &str, path: &str, fields: &str) -> String {
    let running = start(&upstream(Vec::new())).await;
    let address = running.plan.real(UPSTREAM, 8530).unwrap();
    let request =
        get(UPSTREAM, path).replacen("GET", method, 1).replacen("\r\n\r\n", &format!("\r\n{fields}\r\n\r\n"), 1);
    beside(move || ask(&mut dial(address), &request)).await
}

/// Some file of the built-in catalogue: its path and its bytes.
fn a_file() -> (String, Vec<u8>) {
    let catalogue = BuiltIn::new();
    let mut updates =
        catalogue.revisions(Part::Updates, None).filter_map(|revision| catalogue.metadata(revision.identity));
    let file = updates.find_map(|metadata| metadata.files.first().cloned()).unwrap();
    let digest = file.sha1.hex();
    let path = format!("/Content/{}/{digest}.{}", &digest[38..], file.name.rsplit('.').next().unwrap());
    (path, catalogue.content(&file.sha1).unwrap().to_vec())
}
