//! curl, cabextract and gcab with the static files of an upstream server: parts of update files as BITS and agents fetch them, and
//! the cabinet by which people test a site.

use std::process::Command;

use libtest_mimic::{Failed, Trial};
use simulator::catalogue::{BuiltIn, Catalogue, Part};
use wsuslab_tests::peer;

use super::curl::{curl, heard};
use super::served::{DEADLINE, Served};

const SCENARIO: &str = "healthy/downstream-of-http-upstream";
const CABINET: &str = "/selfupdate/iuident.cab";

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |peer: &'static str, name: &str, test: fn() -> Result<(), Failed>| {
        peer::trial(peer, format!("{peer}/{name}"), test)
    };
    vec![
        trial("curl", "goes on with a file that it has in part", goes_on_with_a_file),
        trial("curl", "is given several parts in one answer", is_given_several_parts),
        trial("curl", "is given parts only of the file that it knows", is_given_parts_of_the_file_it_knows),
        trial("curl", "is told the size by HEAD and by 416", is_told_the_size),
        trial("curl", "is given the cabinet that people test with", is_given_the_cabinet),
        trial("cabextract", "opens the cabinet that people test with", || opens(&["cabextract", "--quiet", "--test"])),
        trial("gcab", "opens the cabinet that people test with", || opens(&["gcab", "--list"])),
    ]
}

/// A file of the built-in catalogue: its path, and its bytes.
fn a_file() -> (String, Vec<u8>) {
    let catalogue = BuiltIn::new();
    let mut updates = catalogue.revisions(Part::Updates, None).filter_map(|row| catalogue.metadata(row.identity));
    let file = updates.find_map(|metadata| metadata.files.first().cloned()).expect("some update has a file");
    let (digest, extension) = (file.sha1.hex(), file.name.rsplit('.').next().unwrap_or_default());
    let bytes = catalogue.content(&file.sha1).expect("its bytes are there");
    (format!("/Content/{}/{digest}.{extension}", &digest[38..]), bytes.to_vec())
}

fn url(served: &Served, path: &str) -> String {
    format!("http://{}{path}", served.address("upstream", "http"))
}

fn goes_on_with_a_file() -> Result<(), Failed> {
    let (served, folder, (path, bytes)) = (Served::start(SCENARIO), tempfile::tempdir()?, a_file());
    let file = folder.path().join("part");
    std::fs::write(&file, &bytes[..bytes.len() / 3])?;
    let output = curl(&["-f", "-C", "-", "-o", &file.display().to_string(), &url(&served, &path)]);
    if output.status.success() && std::fs::read(&file)? == bytes { Ok(()) } else { Err(format!("{output:?}").into()) }
}

fn is_given_several_parts() -> Result<(), Failed> {
    let (served, (path, bytes)) = (Served::start(SCENARIO), a_file());
    let output = curl(&["-i", "-r", "0-3,8-11", &url(&served, &path)]);
    heard(&output, "HTTP/1.1 206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=")?;
    for (first, last) in [(0, 3), (8, 11)] {
        heard(&output, &format!("\r\nContent-Range: bytes {first}-{last}/{}\r\n", bytes.len()))?;
    }
    Ok(())
}

fn is_given_parts_of_the_file_it_knows() -> Result<(), Failed> {
    let (served, (path, _)) = (Served::start(SCENARIO), a_file());
    let url = url(&served, &path);
    let head = curl(&["-I", &url]);
    let text = String::from_utf8_lossy(&head.stdout).into_owned();
    let tag = text.lines().find_map(|line| line.strip_prefix("ETag: ")).ok_or_else(|| format!("no ETag: {text}"))?;
    for (condition, status) in [(tag, "206 Partial Content"), ("\"another\"", "200 OK")] {
        let output = curl(&["-i", "-r", "0-3", "-H", &format!("If-Range: {condition}"), "-o", "-", &url]);
        heard(&output, &format!("HTTP/1.1 {status}\r\n"))?;
    }
    Ok(())
}

fn is_told_the_size() -> Result<(), Failed> {
    let (served, (path, bytes)) = (Served::start(SCENARIO), a_file());
    let url = url(&served, &path);
    heard(&curl(&["-I", &url]), &format!("\r\nContent-Length: {}\r\n", bytes.len()))?;
    let output = curl(&["-i", "-r", &format!("{}-", bytes.len()), &url]);
    heard(&output, "HTTP/1.1 416 Requested Range Not Satisfiable\r\n")?;
    heard(&output, &format!("\r\nContent-Range: bytes */{}\r\n", bytes.len()))
}

fn is_given_the_cabinet() -> Result<(), Failed> {
    let served = Served::start(SCENARIO);
    for path in [CABINET, "/SelfUpdate/IUIDENT.CAB", "//selfupdate//iuident.cab"] {
        heard(&curl(&["-f", "-o", "-", &url(&served, path)]), "MSCF")?;
    }
    Ok(())
}

/// A command, to which the cabinet's file is added, ends well.
fn opens(command: &[&str]) -> Result<(), Failed> {
    let (served, folder) = (Served::start(SCENARIO), tempfile::tempdir()?);
    let file = folder.path().join("iuident.cab");
    fetch(&url(&served, CABINET), &file)?;
    let output = peer::run(Command::new(command[0]).args(&command[1..]).arg(&file), DEADLINE);
    if output.status.success() { Ok(()) } else { Err(format!("{command:?}: {output:?}").into()) }
}

/// Without curl, which need not be here.
fn fetch(url: &str, file: &std::path::Path) -> Result<(), Failed> {
    use std::io::{Read, Write};

    let rest = url.trim_start_matches("http://");
    let (address, path) = rest.split_once('/').ok_or("no path")?;
    let mut stream = std::net::TcpStream::connect(address)?;
    stream.set_read_timeout(Some(DEADLINE))?;
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or("no head")?;
    Ok(std::fs::write(file, &answer[end + 4..])?)
}
