//! Certificates and keys as files: PEM and DER; a key for its owner alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use openssl::base64;

use crate::error::CertsError;
use crate::key::PrivateKey;
use crate::trust::thumbprint;

/// RFC 7468, 2: so many characters to the line.
const LINE: usize = 64;

/// Certificates as PEM, one after another.
pub fn certificates_as_pem<'a>(certificates: impl IntoIterator<Item = &'a [u8]>) -> String {
    certificates.into_iter().map(|der| pem("CERTIFICATE", der)).collect()
}

/// Writes certificates into one PEM file.
pub fn write_certificates_pem<'a>(
    path: &Path,
    certificates: impl IntoIterator<Item = &'a [u8]>,
) -> Result<(), CertsError> {
    fs::write(path, certificates_as_pem(certificates)).map_err(|source| cannot_write(path, source))
}

/// Writes each certificate into a DER file of its own in an existing folder.
///
/// The files are named by thumbprint, which is also what a store is asked for when a certificate is to leave it.
pub fn write_certificates_der<'a>(
    folder: &Path,
    certificates: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<PathBuf>, CertsError> {
    certificates
        .into_iter()
        .map(|der| {
            let path = folder.join(format!("{}.cer", thumbprint(der)));
            write_der(&path, der).map(|()| path)
        })
        .collect()
}

/// Writes one certificate as DER.
pub fn write_der(path: &Path, certificate: &[u8]) -> Result<(), CertsError> {
    fs::write(path, certificate).map_err(|source| cannot_write(path, source))
}

impl PrivateKey {
    /// Writes the key as PEM (PKCS#8) into a new file that its owner alone can read.
    ///
    /// On Unix the file has mode 0600 before a byte is in it. Elsewhere it gets what the folder passes on, which in a user's own
    /// folder on Windows is access for the user and the administrators. An existing file is refused, because its mode and
    /// whoever has it open are not ours.
    pub fn write_pem(&self, path: &Path) -> Result<(), CertsError> {
        write_secret(path, pem("PRIVATE KEY", self.pkcs8_der()).as_bytes())
    }

    /// Writes the key as DER (PKCS#8), in the same way as [`PrivateKey::write_pem`].
    pub fn write_der(&self, path: &Path) -> Result<(), CertsError> {
        write_secret(path, self.pkcs8_der())
    }
}

fn write_secret(path: &Path, secret: &[u8]) -> Result<(), CertsError> {
    let mut file = create_for_owner_alone(path).map_err(|source| cannot_write(path, source))?;
    file.write_all(secret).map_err(|source| {
        // Half a key is of no use to anybody; that it cannot be removed either is the lesser news.
        let _ = fs::remove_file(path);
        cannot_write(path, source)
    })
}

#[cfg(unix)]
fn create_for_owner_alone(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn create_for_owner_alone(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

fn pem(label: &str, der: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut rest = base64::encode_block(der);
    while LINE < rest.len() {
        let next = rest.split_off(LINE);
        text.push_str(&rest);
        text.push('\n');
        rest = next;
    }
    text.push_str(&rest);
    text.push_str(&format!("\n-----END {label}-----\n"));
    text
}

fn cannot_write(path: &Path, source: io::Error) -> CertsError {
    CertsError::File { path: path.to_owned(), source }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod tests {
    use openssl::pkey::PKey;
    use openssl::x509::X509;

    use super::*;
    use crate::verifiers::NOW;
    use crate::{Authority, Chain, KeyPool, Trust};

    #[test]
    fn a_chain_comes_back_from_pem_and_der_as_it_was() {
        let (folder, chain, _) = written();
        let read = X509::stack_from_pem(&fs::read(folder.path().join("chain.pem")).unwrap()).unwrap();
        let read: Vec<_> = read.iter().map(|certificate| certificate.to_der().unwrap()).collect();
        assert_eq!(read, chain.certificates());

        let files = chain.write_der(folder.path()).unwrap();
        let names: Vec<_> = files.iter().map(|file| file.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["leaf.cer", "intermediate-1.cer"]);
        let read: Vec<_> = files.iter().map(|file| fs::read(file).unwrap()).collect();
        assert_eq!(read, chain.certificates());
    }

    #[test]
    fn our_pem_is_openssls_to_the_byte() {
        let (_, chain, _) = written();
        let theirs = chain.certificates().iter().map(|der| X509::from_der(der).unwrap().to_pem().unwrap());
        assert_eq!(chain.pem().into_bytes(), theirs.collect::<Vec<_>>().concat());
    }

    #[test]
    fn a_store_holds_microsofts_stand_in_only_when_asked() {
        let (folder, chain, trust) = written();
        let trust = Trust { self_signed: [("upstream".to_owned(), chain.leaf().to_vec())].into(), ..trust };
        let path = folder.path().join("roots.pem");
        trust.write_roots_pem(&path).unwrap();
        assert_eq!(thumbprints(&path), [trust.organisation_thumbprint(), thumbprint(chain.leaf())]);
        trust.write_all_roots_pem(&path).unwrap();
        assert_eq!(thumbprints(&path).last(), Some(&trust.microsoft_thumbprint()));
    }

    #[test]
    fn a_store_as_der_has_a_file_for_each_root_named_by_its_thumbprint() {
        let (folder, _, trust) = written();
        let files = trust.write_roots_der(folder.path()).unwrap();
        assert_eq!(files, [folder.path().join(format!("{}.cer", trust.organisation_thumbprint()))]);
        assert_eq!(fs::read(&files[0]).unwrap(), trust.organisation_root);
        assert_eq!(trust.write_all_roots_der(folder.path()).unwrap().len(), 2);
    }

    #[test]
    fn a_key_comes_back_from_pem_and_der_as_it_was() {
        let (folder, chain, _) = written();
        chain.key().write_der(&folder.path().join("key.der")).unwrap();
        assert_eq!(fs::read(folder.path().join("key.der")).unwrap(), chain.key().pkcs8_der());
        let pem = fs::read(folder.path().join("key.pem")).unwrap();
        let [read, meant] =
            [PKey::private_key_from_pem(&pem).unwrap(), PKey::private_key_from_pkcs8(chain.key().pkcs8_der()).unwrap()];
        assert!(read.public_eq(&meant));
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let (folder, _, _) = written();
        let mode = fs::metadata(folder.path().join("key.pem")).unwrap().permissions().mode();
        assert_eq!(format!("{mode:o}"), "100600");
    }

    #[test]
    fn an_existing_file_is_never_made_a_key_file() {
        let (folder, chain, _) = written();
        let path = folder.path().join("chain.pem");
        let before = fs::read(&path).unwrap();
        let refused = chain.key().write_pem(&path).unwrap_err();
        assert_eq!(refused.to_string(), format!("cannot write {}", path.display()));
        assert_eq!(fs::read(&path).unwrap(), before);
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named() {
        let (folder, chain, trust) = written();
        let path = folder.path().join("no-such-folder/file");
        for refused in [chain.write_pem(&path), trust.write_roots_pem(&path), write_der(&path, chain.leaf())] {
            assert_eq!(refused.unwrap_err().to_string(), format!("cannot write {}", path.display()));
        }
    }

    fn written() -> (tempfile::TempDir, Chain, Trust) {
        let folder = tempfile::tempdir().unwrap();
        let request = Chain::good_for("sls.example");
        let authority = Authority::mint_for([&request], NOW).unwrap();
        let chain = authority.issue(request, &KeyPool::default()).unwrap();
        chain.write_pem(&folder.path().join("chain.pem")).unwrap();
        chain.key().write_pem(&folder.path().join("key.pem")).unwrap();
        (folder, chain, authority.trust().unwrap())
    }

    fn thumbprints(path: &Path) -> Vec<String> {
        let store = X509::stack_from_pem(&fs::read(path).unwrap()).unwrap();
        store.iter().map(|certificate| thumbprint(&certificate.to_der().unwrap())).collect()
    }
}
