//! Subject folders as administrators send them, and what is said of those that cannot be used.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod failed;
mod host;
mod step0;
mod stores;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use time::OffsetDateTime;

use super::{SubjectError, read, read_files};
use crate::subject::{HostFacts, Subject};

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("wsuslab-subject-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        Folder(folder)
    }

    fn with(self, name: &str, content: impl AsRef<[u8]>) -> Folder {
        let file = self.0.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, content).unwrap();
        self
    }

    fn with_folder(self, name: &str) -> Folder {
        std::fs::create_dir_all(self.0.join(name)).unwrap();
        self
    }

    fn read(&self) -> Result<Subject, SubjectError> {
        read(&self.0, OffsetDateTime::now_utc())
    }

    /// The message, with paths relative to the folder.
    fn message(&self) -> String {
        self.shorten(&self.read().unwrap_err().to_string())
    }

    fn shorten(&self, message: &str) -> String {
        let folder = self.0.display().to_string();
        message.replace(&format!("{folder}/"), "").replace(&folder, "FOLDER")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

const WSUS: &str =
    r#"{"SyncFromMicrosoftUpdate": true, "MUUrl": "https://sws.update.microsoft.com", "UseProxy": false}"#;

#[test]
fn a_folder_with_step_0_alone_leaves_the_host_unknown() {
    let subject = Folder::new().with("wsus.json", WSUS).read().unwrap();
    assert_eq!(subject.step0.sync_from_microsoft_update, Some(true));
    assert_eq!(subject.host, HostFacts::default());
}

#[test]
fn single_files_say_the_same_as_a_folder() {
    let folder = Folder::new().with("a.txt", WSUS).with("b.json", r#"{"schema": 1, "protocol_version": "1.20"}"#);
    let (wsus, host) = (folder.0.join("a.txt"), folder.0.join("b.json"));
    let subject = read_files(&wsus, Some(&host), OffsetDateTime::now_utc()).unwrap();
    assert_eq!(subject.step0.use_proxy, Some(false));
    assert_eq!(subject.host.protocol_version.as_deref(), Some("1.20"));
    assert_eq!(read_files(&wsus, None, OffsetDateTime::now_utc()).unwrap().host, HostFacts::default());
}

#[test]
fn a_folder_that_is_none_or_lacks_step_0_is_refused() {
    let error = read(Path::new("no/such/folder"), OffsetDateTime::now_utc()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no/such/folder: not a folder; expected a subject folder with wsus.json or wsus.txt in it"
    );
    assert_eq!(
        Folder::new().message(),
        "FOLDER: no wsus.json and no wsus.txt; expected one of them, with the output of Step 0"
    );
    assert_eq!(
        Folder::new().with("wsus.json", WSUS).with("wsus.txt", WSUS).message(),
        "FOLDER: both wsus.json and wsus.txt; expected one of them"
    );
}

#[test]
fn a_file_that_is_none_too_large_or_binary_is_refused() {
    assert_eq!(Folder::new().with_folder("wsus.json").message(), "wsus.json: not a regular file; expected a file");
    assert_eq!(
        Folder::new().with("wsus.json", vec![b' '; 4 * 1024 * 1024 + 1]).message(),
        "wsus.json: too large; expected at most 4194304 bytes"
    );
    assert_eq!(
        Folder::new().with("wsus.json", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0").message(),
        "wsus.json: not a text file; expected text in UTF-8, UTF-16 or the ANSI code page"
    );
    let missing = read_files(Path::new("no-such.json"), None, OffsetDateTime::now_utc()).unwrap_err();
    assert_eq!(missing.to_string(), "no-such.json: cannot be read");
}

#[test]
fn every_error_that_is_not_plain_from_its_message_comes_with_help() {
    let help = |folder: &Folder| folder.read().unwrap_err().help();
    assert!(help(&Folder::new()).unwrap().starts_with("run Step 0 of the guide on the WSUS server"));
    assert_eq!(help(&Folder::new().with("wsus.json", "[]")), None);
}

#[test]
fn a_file_that_was_cut_or_damaged_anywhere_gives_a_subject_or_a_message() {
    let host = r#"{"schema": 1, "now": "2026-02-28T09:00:30Z", "outputs": {"ä": "x:y@z Password: ü"}, "tls": {"functions": "A,B"}}"#;
    let list = "\u{1b}[1mMUUrl :  https://a:b@ü\r\n            .example\r\nUseProxy : True\r\nPassword";
    for (name, content) in [("wsus.txt", list), ("wsus.txt", WSUS), ("host.json", host)] {
        for place in 0..content.len() {
            let (mut cut, mut damaged) = (content.as_bytes().to_vec(), content.as_bytes().to_vec());
            cut.truncate(place);
            damaged[place] = b'"' ^ (place as u8 & 0x81);
            for bytes in [cut, damaged] {
                let folder = Folder::new().with("wsus.txt", list).with(name, bytes);
                assert!(
                    folder.read().map_or_else(|error| error.to_string(), |subject| format!("{subject:?}")).len() > 20
                );
            }
        }
    }
}
