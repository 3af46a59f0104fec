//! The project's own sources, for the tests that hold the house rules.

use std::path::{Path, PathBuf};

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All files with this extension below a folder of the workspace, as (path relative to that folder, text), sorted.
pub fn files(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    let base = root().join(folder);
    let mut found = Vec::new();
    let mut folders = vec![base.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|given| given == extension) {
                let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
                found.push((path.strip_prefix(&base).expect("below the base").to_owned(), text));
            }
        }
    }
    found.sort();
    found
}

/// The Rust sources of a crate below its `src`.
pub fn rust(folder: &str) -> Vec<(PathBuf, String)> {
    files(&format!("{folder}/src"), "rs")
}
