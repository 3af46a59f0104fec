//! Where the files of a running world are kept for its examiner: a temporary folder that goes with the world.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use scenarios::network::NetworkFile;
use scenarios::{Scenario, SubjectFiles};
use simulator::Running;
use tempfile::TempDir;
use time::OffsetDateTime;

/// The subject folder of a running world and, outside it, the proxy password.
#[derive(Debug)]
pub struct Workspace {
    /// The subject folder.
    pub subject: PathBuf,
    /// The file with the proxy password, where the administrator has one; readable by its owner alone.
    pub password_file: Option<PathBuf>,
    /// The account at the proxy, as the subject's administrator knows it.
    pub proxy_user: Option<String>,
    /// The certificates that the subject trusts, PEM; empty where its stores are not known.
    trusted: Vec<u8>,
    temporary: TempDir,
}

impl Workspace {
    /// Writes the subject folder of `scenario` in the world `running`; into `folder` where one is given, which then stays.
    ///
    /// # Errors
    ///
    /// When the operating system would not write.
    pub fn new(scenario: &Scenario, running: &Running, folder: Option<&Path>) -> io::Result<Workspace> {
        Workspace::write(temporary_folder()?, scenario, running, folder)
    }

    /// The same in a temporary folder below `parent`.
    pub(crate) fn within(parent: &Path, scenario: &Scenario, running: &Running) -> io::Result<Workspace> {
        Workspace::write(tempfile::tempdir_in(parent)?, scenario, running, None)
    }

    fn write(
        temporary: TempDir,
        scenario: &Scenario,
        running: &Running,
        folder: Option<&Path>,
    ) -> io::Result<Workspace> {
        let subject = folder.map_or_else(|| temporary.path().join("subject"), Path::to_owned);
        let files = scenario.subject_files(&running.trust, OffsetDateTime::now_utc());
        let trusted = trusted(&files);
        files.with_network(&NetworkFile::of(&running.plan)).write_to(&subject)?;
        let password_file = match scenario.proxy_password() {
            Some(password) => Some(write_password(&temporary.path().join("proxy-password"), &password)?),
            None => None,
        };
        let proxy_user = scenario.subject.host.proxy.user.clone();
        Ok(Workspace { subject, password_file, proxy_user, trusted, temporary })
    }

    /// A file with the certificates that the subject trusts, as curl takes it; the world's roots where the subject's stores
    /// are not known. Temporary: it is in no store, and only whoever names it trusts it.
    ///
    /// # Errors
    ///
    /// When the operating system would not write it.
    pub fn trusted(&self, running: &Running) -> io::Result<PathBuf> {
        let file = self.temporary.path().join("trusted.pem");
        let trust = &running.trust;
        if self.trusted.is_empty() {
            let roots = trust.roots().chain([trust.microsoft_root.as_slice()]);
            std::fs::write(&file, certs::certificates_as_pem(roots))?;
        } else {
            std::fs::write(&file, &self.trusted)?;
        }
        Ok(file)
    }
}

/// A folder that only its owner can enter, and that goes when it is dropped.
pub(crate) fn temporary_folder() -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.prefix("wsuslab-").tempdir()
}

/// The machine's stores of roots and intermediates; the person's own store is not the service's.
fn trusted(files: &SubjectFiles) -> Vec<u8> {
    let machine = |path: &str| path.starts_with("stores/root/") || path.starts_with("stores/ca/");
    files.files.iter().filter(|(path, _)| machine(path)).flat_map(|(_, pem)| pem.iter().copied()).collect()
}

fn write_password(file: &Path, password: &str) -> io::Result<PathBuf> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(password.as_bytes())?;
    Ok(file.to_owned())
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn only_its_owner_enters_a_temporary_folder() {
        let folder = super::temporary_folder().unwrap();
        assert_eq!(folder.path().metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }
}
