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

/// The path without percent-encoding; what is no encoding stays as it is.
pub(super) fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, after @ ..] = rest {
        match (first, after) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                bytes.push(digit(*high) << 4 | digit(*low));
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

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

fn digit(hexadecimal: u8) -> u8 {
    match hexadecimal {
        b'0'..=b'9' => hexadecimal - b'0',
        b'a'..=b'f' => hexadecimal - b'a' + 10,
        _ => hexadecimal.to_ascii_uppercase() - b'A' + 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_encoding_is_undone_and_nothing_else() {
        assert_eq!(decoded("/Content/%41%2e%zz%"), "/Content/A.%zz%");
    }

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
