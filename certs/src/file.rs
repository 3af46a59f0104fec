//! Certificates and keys as files: PEM and DER; a key for its owner alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use openssl::base64;

use crate::error::CertsError;
use crate::key::PrivateKey;

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
