//! Embeds every scenario file. The path below this folder is the id, so that there is nothing to register.
#![allow(clippy::print_stdout, reason = "standard output is how a build script speaks to cargo")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The folders of scenarios, in the order in which they are listed.
const LAYERS: [&str; 9] = ["healthy", "server", "dns", "tcp", "proxy", "tls", "http", "soap", "content"];

fn main() -> io::Result<()> {
    // The whole package: a folder that does not exist yet cannot be watched by name.
    println!("cargo:rerun-if-changed=.");
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let output = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let mut list = String::from("pub(crate) const EMBEDDED: &[(&str, &str)] = &[\n");
    for layer in LAYERS {
        for file in scenario_files(&package.join(layer))? {
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            writeln!(list, "    ({:?}, include_str!({file:?})),", format!("{layer}/{name}"))
                .map_err(io::Error::other)?;
        }
    }
    list.push_str("];\n");
    fs::write(output.join("embedded.rs"), list)
}

fn scenario_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
