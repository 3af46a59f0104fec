//! Which files are worth a look: the smallest that the metadata names.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::sync::document::File;

/// How many files are fetched.
const MOST_FILES: usize = 2;

/// No larger file is fetched.
const LARGEST_FILE: u64 = 4 * 1024 * 1024;

/// A file to be fetched from the upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WantedFile {
    /// SHA-1 of its bytes.
    pub(crate) digest: [u8; 20],
    /// Of its name, without the dot.
    extension: String,
    pub(crate) size: u64,
    is_express: bool,
    /// The text of a licence.
    pub(crate) is_licence: bool,
}

impl WantedFile {
    /// Where it stands on a WSUS server: below the last two digits of its digest, under the digest and its extension.
    pub(crate) fn path(&self) -> String {
        let hex = hex(&self.digest);
        format!("/Content/{}/{hex}.{}", &hex[38..], self.extension)
    }

    /// `None` for what cannot be fetched or is too large.
    fn of(file: &File) -> Option<WantedFile> {
        let digest = STANDARD.decode(&file.digest).ok()?.try_into().ok()?;
        let (_, extension) = file.name.rsplit_once('.')?;
        let is_plain =
            (1..=16).contains(&extension.len()) && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let size = file.size.filter(|size| *size <= LARGEST_FILE && is_plain)?;
        let (is_express, is_licence) = (file.is_express, file.is_eula);
        Some(WantedFile { digest, extension: extension.to_owned(), size, is_express, is_licence })
    }
}

/// The smallest files seen so far, of each kind.
#[derive(Debug, Default)]
pub(super) struct Files {
    whole: Vec<WantedFile>,
    express: Vec<WantedFile>,
    licences: Vec<WantedFile>,
}

impl Files {
    pub(super) fn extend(&mut self, files: Vec<File>) {
        for file in files.iter().filter_map(WantedFile::of) {
            let list = match (file.is_licence, file.is_express) {
                (true, _) => &mut self.licences,
                (false, true) => &mut self.express,
                (false, false) => &mut self.whole,
            };
            if list.iter().all(|known| known.digest != file.digest) {
                list.push(file);
                list.sort_by_key(|file| (file.size, file.digest));
                list.truncate(MOST_FILES);
            }
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Files::default();
    }

    /// The files to be fetched; express files only from an upstream that has them, and one licence beside them.
    pub(super) fn chosen(self, hosts_express: bool) -> Vec<WantedFile> {
        let express = self.express.into_iter().filter(|_| hosts_express);
        let files = self.whole.into_iter().chain(express).take(MOST_FILES);
        files.chain(self.licences.into_iter().take(1)).collect()
    }
}

/// In capitals, as it stands in the names of files.
pub(crate) fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(byte: u8, name: &str, size: u64) -> File {
        File {
            digest: STANDARD.encode([byte; 20]),
            name: name.to_owned(),
            size: Some(size),
            is_express: name.ends_with("psf"),
            is_eula: false,
            has_sha256: true,
        }
    }

    fn chosen(files: Vec<File>, hosts_express: bool) -> Vec<String> {
        let mut all = Files::default();
        all.extend(files);
        all.chosen(hosts_express).iter().map(WantedFile::path).collect()
    }

    #[test]
    fn the_smallest_are_fetched_from_their_folders() {
        let files = vec![file(1, "c.cab", 9), file(0xab, "a.EXE", 1), file(0xab, "again.exe", 1), file(2, "b.cab", 2)];
        let (ab, two) = ("AB".repeat(20), "02".repeat(20));
        assert_eq!(chosen(files, false), [format!("/Content/AB/{ab}.EXE"), format!("/Content/02/{two}.cab")]);
    }

    #[test]
    fn express_files_are_fetched_only_where_they_are() {
        let files = || vec![file(1, "a.psf", 1), file(2, "b.cab", 2)];
        assert_eq!((chosen(files(), false).len(), chosen(files(), true).len()), (1, 2));
    }

    #[test]
    fn one_licence_is_fetched_beside_them() {
        let licence = |byte| File { is_eula: true, ..file(byte, "l.txt", u64::from(byte)) };
        let files = vec![licence(2), licence(1), file(3, "c.cab", 9), file(4, "d.cab", 9), file(5, "e.cab", 9)];
        let chosen = chosen(files, false);
        assert_eq!(chosen[2..], [format!("/Content/01/{}.txt", "01".repeat(20))]);
    }

    #[test]
    fn what_is_too_large_or_has_no_plain_name_is_not_fetched() {
        let large = file(1, "a.cab", LARGEST_FILE + 1);
        let odd = [file(2, "a", 1), file(3, "a.c/../b", 1), file(4, "a.", 1)];
        let broken = File { digest: "AA==".to_owned(), ..file(5, "a.cab", 1) };
        let sizeless = File { size: None, ..file(6, "a.cab", 1) };
        assert!(chosen([vec![large, broken, sizeless], odd.to_vec()].concat(), true).is_empty());
    }
}
