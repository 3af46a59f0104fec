//! Certificate stores: files that `host.json` names, or the folders `stores/root`, `stores/ca` and `stores/user-root`.

mod certificates;

use std::path::{Component, Path, PathBuf};

use super::error::{Place, SubjectError};
use super::host::{StorePaths, place_of_key};
use crate::subject::{Der, Stores};

/// The most files that one store may have. A full Windows root store has some five hundred.
const MOST_FILES: usize = 2_000;

/// The stores that `host.json` (`text`, in `host_file`) names, each file relative to `folder`.
pub(super) fn named(paths: &StorePaths, text: &str, host_file: &Path, folder: &Path) -> Result<Stores, SubjectError> {
    let store = |paths: &Option<Vec<String>>| {
        paths.as_ref().map(|paths| each(paths, |path| certificate_file(path, text, host_file, folder))).transpose()
    };
    Ok(Stores { root: store(&paths.root)?, ca: store(&paths.ca)?, user_root: store(&paths.user_root)? })
}

/// The stores in `folder/stores`, if there is such a folder.
pub(super) fn beside(folder: &Path) -> Result<Option<Stores>, SubjectError> {
    let folder = folder.join("stores");
    if !folder.is_dir() {
        return Ok(None);
    }
    let mut stores = Stores::default();
    for store in entries(&folder)? {
        let name = store.file_name().unwrap_or_default().to_string_lossy();
        let slot = match name.as_ref() {
            "root" => &mut stores.root,
            "ca" => &mut stores.ca,
            "user-root" => &mut stores.user_root,
            // A misspelt store must not silently be an unknown one.
            _ if store.is_dir() => {
                let problem = "not the name of a store";
                return Err(unusable(&store, Place::default(), problem, "root, ca or user-root"));
            }
            _ => continue,
        };
        *slot = Some(each(&entries(&store)?, |file| Ok(file.clone()))?);
    }
    Ok((stores != Stores::default()).then_some(stores))
}

/// The certificates of all files together.
fn each<P>(paths: &[P], file: impl Fn(&P) -> Result<PathBuf, SubjectError>) -> Result<Vec<Der>, SubjectError> {
    let mut store = Vec::new();
    for path in paths {
        store.extend(certificates::read(&file(path)?)?);
    }
    Ok(store)
}

/// What is in a folder, by name; hidden files (as `.gitkeep`, which keeps an empty folder) are passed over.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, SubjectError> {
    let unreadable = |source| SubjectError::Unreadable { file: folder.to_owned(), source };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            paths.push(entry.path());
        }
        if MOST_FILES < paths.len() {
            return Err(unusable(folder, Place::default(), "too many files", &format!("at most {MOST_FILES}")));
        }
    }
    paths.sort();
    Ok(paths)
}

/// The file that `host.json` means by `path`, which stays within the folder: a subject that somebody sent must not read
/// the examiner's files. Both separators count, whatever system the folder was made or is read on.
fn certificate_file(path: &str, text: &str, host_file: &Path, folder: &Path) -> Result<PathBuf, SubjectError> {
    let refused = |problem: &str| {
        let place = place_of_path(text, path);
        unusable(host_file, place, &format!("{path:?} {problem}"), "a relative path below the folder of this file")
    };
    let relative = PathBuf::from(path.replace('\\', "/"));
    if path.starts_with(['/', '\\']) || path.contains(':') {
        return Err(refused("is an absolute path"));
    }
    if path.trim().is_empty() {
        return Err(refused("is no path"));
    }
    if !relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
        return Err(refused("leads out of the folder"));
    }
    let file = folder.join(relative);
    // A link may lead out as well.
    let resolve =
        |path: &Path| path.canonicalize().map_err(|source| SubjectError::Unreadable { file: path.to_owned(), source });
    if !resolve(&file)?.starts_with(resolve(folder)?) {
        return Err(refused("leads out of the folder"));
    }
    Ok(file)
}

fn place_of_path(text: &str, path: &str) -> Place {
    let quoted = serde_json::Value::from(path).to_string();
    match text.find(&quoted) {
        Some(at) => Place::of_byte(text, at),
        None => place_of_key(text, "stores"),
    }
}

fn unusable(file: &Path, place: Place, problem: &str, expected: &str) -> SubjectError {
    SubjectError::Unusable { file: file.to_owned(), place, problem: problem.to_owned(), expected: expected.to_owned() }
}
