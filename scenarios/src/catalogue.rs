//! The catalogue: every scenario of this repository, embedded when it was built.

use std::path::Path;
use std::sync::LazyLock;

use crate::error::ReadFileError;
use crate::read::read;
use crate::scenario::Scenario;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The folders of the catalogue, in the order in which they are listed.
pub const LAYERS: [&str; 9] = ["healthy", "server", "dns", "tcp", "proxy", "tls", "http", "soap", "content"];

/// Every scenario of the catalogue, in the order of the layers.
pub fn catalogue() -> &'static [Scenario] {
    static CATALOGUE: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
        // A test of this crate reads each embedded file, so that a release never carries one that cannot be read.
        let scenario = |(id, text): &(&str, &str)| read(id, &format!("scenarios/{id}.toml"), text);
        EMBEDDED.iter().map(|entry| scenario(entry).unwrap_or_else(|error| panic!("{error}"))).collect()
    });
    &CATALOGUE
}

/// The scenario of the catalogue with this id.
pub fn find(id: &str) -> Option<&'static Scenario> {
    catalogue().iter().find(|scenario| scenario.id == id)
}

/// Reads a scenario file that need not be in the catalogue. Its id is its path without `.toml`.
///
/// # Errors
///
/// When the file cannot be read, or is no scenario.
pub fn read_file(path: &Path) -> Result<Scenario, ReadFileError> {
    let file = path.display().to_string();
    let text =
        std::fs::read_to_string(path).map_err(|source| ReadFileError::Unreadable { file: file.clone(), source })?;
    let id = file.strip_suffix(".toml").unwrap_or(&file).replace('\\', "/");
    Ok(read(&id, &file, &text)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_scenario_is_read() {
        let errors: Vec<String> = EMBEDDED
            .iter()
            .filter_map(|(id, text)| read(id, &format!("scenarios/{id}.toml"), text).err())
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
        assert!(50 <= EMBEDDED.len(), "only {} scenarios are embedded", EMBEDDED.len());
    }

    #[test]
    fn every_scenario_stands_in_the_folder_of_a_layer() {
        for scenario in catalogue() {
            let (layer, name) = scenario.id.split_once('/').expect("layer/name");
            assert!(LAYERS.contains(&layer), "{}", scenario.id);
            assert!(
                name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
                "{name}"
            );
        }
    }

    #[test]
    fn a_healthy_scenario_expects_no_finding_and_no_warning() {
        for scenario in catalogue().iter().filter(|scenario| scenario.id.starts_with("healthy/")) {
            assert_eq!(
                (scenario.expect.cause.as_str(), scenario.expect.warnings.len()),
                ("healthy", 0),
                "{}",
                scenario.id
            );
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = read_file(Path::new("no-such.toml")).unwrap_err();
        assert_eq!(error.to_string(), "no-such.toml: cannot be read");
    }
}
