//! Paths as IIS reads them.

/// The virtual directories of a WSUS site, without their slashes. Listing them is forbidden.
const DIRECTORIES: [&str; 9] = [
    "apiremoting30",
    "clientwebservice",
    "content",
    "dssauthwebservice",
    "inventory",
    "reportingwebservice",
    "selfupdate",
    "serversyncwebservice",
    "simpleauthwebservice",
];

/// The path in lower case, with doubled slashes as one.
pub(super) fn plain(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    for character in path.chars() {
        if !(character == '/' && plain.ends_with('/')) {
            plain.push(character.to_ascii_lowercase());
        }
    }
    plain
}

/// Whether a plain path is the root, a virtual directory, or a folder below `/content/`.
pub(super) fn is_directory(plain: &str) -> bool {
    let name = plain.trim_matches('/');
    name.is_empty() || DIRECTORIES.contains(&name) || (plain.starts_with("/content/") && plain.ends_with('/'))
}

/// Whether the last part of a plain path has an extension: the handler for static files takes it.
pub(super) fn names_file(plain: &str) -> bool {
    plain.rsplit('/').next().is_some_and(|last| last.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_doubled_slashes_do_not_matter() {
        assert_eq!(plain("//SelfUpdate//iuident.CAB"), "/selfupdate/iuident.cab");
    }

    #[test]
    fn virtual_directories_are_known_with_and_without_their_slash() {
        for path in ["/", "/content", "/content/", "/selfupdate/", "/content/aa/"] {
            assert!(is_directory(path), "{path}");
        }
        assert!(!is_directory("/content/aa"));
    }
}
