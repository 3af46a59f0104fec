//! `serve`: one world, started and kept, with all that a person or a program needs to reach it.

mod curl;
mod offer;
mod roots;
mod text;

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use scenarios::Scenario;
use simulator::{Running, StartOptions};

use crate::failure::{Failure, with_sources};
use crate::workspace::Workspace;

pub use offer::Offer;
pub use roots::Root;

/// How a world is kept.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The address on which every node listens.
    pub bind: IpAddr,
    /// Whether the ports are those of the lab.
    pub standard_ports: bool,
    /// What the servers offer in place of what the world says.
    pub catalogue: Option<Offer>,
    /// Where the subject folder is written; a temporary folder without.
    pub subject: Option<PathBuf>,
    /// Where the world's roots are written.
    pub export_roots: Option<PathBuf>,
}

/// A world that is being served.
#[derive(Debug)]
pub struct Served {
    scenario: Scenario,
    running: Running,
    workspace: Workspace,
    roots_folder: Option<PathBuf>,
    roots: Vec<Root>,
    curl: Option<String>,
}

impl Served {
    /// Starts the world of `scenario` on the tokio runtime of the caller, and writes its files.
    ///
    /// # Errors
    ///
    /// When a folder or the package cannot be used, or the world cannot start.
    pub async fn start(scenario: Scenario, options: ServeOptions) -> Result<Served, Failure> {
        if let Some(folder) = &options.subject {
            refuse_a_full_folder(folder)?;
        }
        let start = StartOptions {
            bind: options.bind,
            standard_ports: options.standard_ports,
            catalogue: options.catalogue.as_ref().map(Offer::open).transpose()?,
            ..StartOptions::default()
        };
        let running = scenario.world.start(start).await.map_err(|error| not_started(&error, &options))?;
        let workspace = Workspace::new(&scenario, &running, options.subject.as_deref());
        let workspace = workspace.map_err(|error| Failure::file("the subject folder cannot be written", &error))?;
        let roots = roots::of(&scenario.world, &running.trust);
        if let Some(folder) = &options.export_roots {
            roots::export(&roots, folder).map_err(|error| Failure::file(folder.display(), &error))?;
        }
        let curl = curl::command(&scenario, &running, &workspace)
            .map_err(|error| Failure::file("the file of trusted roots cannot be written", &error))?;
        Ok(Served { scenario, running, workspace, roots_folder: options.export_roots, roots, curl })
    }

    /// Where everything is, for people.
    pub fn text(&self) -> String {
        text::human(self)
    }

    /// The same as one line of JSON.
    pub fn json(&self) -> String {
        text::json(self)
    }

    /// Stops the world and removes what is temporary.
    pub async fn stop(self) {
        self.running.stop().await;
    }
}

/// A folder with other files in it would become a subject of two worlds.
fn refuse_a_full_folder(folder: &Path) -> Result<(), Failure> {
    match std::fs::read_dir(folder).map(|mut entries| entries.next().is_some()) {
        Ok(true) => Err(Failure::input_with_help(
            format!("{}: not empty", folder.display()),
            "expected a folder that is empty or does not exist",
        )),
        Ok(false) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Failure::file(folder.display(), &error)),
    }
}

/// An address or a port that the user chose is the user's; everything else is the lab's.
fn not_started(error: &simulator::StartError, options: &ServeOptions) -> Failure {
    let chosen = options.standard_ports || !options.bind.is_loopback();
    match error {
        simulator::StartError::Bind { address, source, .. } if chosen => {
            let help = match source.kind() {
                std::io::ErrorKind::PermissionDenied => "ports below 1024 need privileges on this system",
                std::io::ErrorKind::AddrInUse => {
                    "another program listens there; stop it, or serve without --standard-ports"
                }
                _ => "expected an address of this machine",
            };
            Failure::input_with_help(format!("cannot listen on {address}: {source}"), help)
        }
        simulator::StartError::Impossible { .. } => Failure::input(with_sources(error)),
        _ => Failure::lab(error),
    }
}
