//! What a server sends, and the key it proves it with.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rustls_pki_types::CertificateDer;

use crate::defect::Defect;
use crate::error::CertsError;
use crate::file;
use crate::key::PrivateKey;
use crate::trust::thumbprint;

/// A leaf, what is sent with it, and its key.
#[derive(Clone)]
pub struct Chain {
    certificates: Vec<Vec<u8>>,
    key: PrivateKey,
    defect: Option<Defect>,
    thumbprints: OnceLock<Vec<String>>,
}

impl Chain {
    pub(crate) fn new(certificates: Vec<Vec<u8>>, key: PrivateKey, defect: Option<Defect>) -> Self {
        Self { certificates, key, defect, thumbprints: OnceLock::new() }
    }

    /// The certificates as DER in the order in which they are sent: the leaf first, the root not among them
    /// unless that is the defect.
    pub fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates
    }

    /// The SHA-1 of each certificate as Windows prints it, in the order in which they are sent.
    pub fn thumbprints(&self) -> &[String] {
        self.thumbprints.get_or_init(|| self.sent().map(thumbprint).collect())
    }

    /// The certificates as rustls takes them.
    pub fn to_rustls(&self) -> Vec<CertificateDer<'static>> {
        self.certificates.iter().cloned().map(CertificateDer::from).collect()
    }

    /// The leaf as DER.
    pub fn leaf(&self) -> &[u8] {
        &self.certificates[0]
    }

    /// The leaf's key.
    pub fn key(&self) -> &PrivateKey {
        &self.key
    }

    /// What is wrong with the chain.
    pub fn defect(&self) -> Option<Defect> {
        self.defect
    }

    /// The certificates as PEM, in the order in which they are sent.
    pub fn pem(&self) -> String {
        file::certificates_as_pem(self.sent())
    }

    /// Writes the certificates into one PEM file, in the order in which they are sent.
    pub fn write_pem(&self, path: &Path) -> Result<(), CertsError> {
        file::write_certificates_pem(path, self.sent())
    }

    /// Writes each certificate into a DER file of its own in an existing folder: `leaf.cer`, `intermediate-1.cer`, …
    pub fn write_der(&self, folder: &Path) -> Result<Vec<PathBuf>, CertsError> {
        let name = |index: usize| if index == 0 { "leaf.cer".into() } else { format!("intermediate-{index}.cer") };
        self.sent()
            .enumerate()
            .map(|(index, der)| {
                let path = folder.join(name(index));
                file::write_der(&path, der).map(|()| path)
            })
            .collect()
    }

    fn sent(&self) -> impl Iterator<Item = &[u8]> {
        self.certificates.iter().map(Vec::as_slice)
    }
}

impl std::fmt::Debug for Chain {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Chain")
            .field("certificates", &self.thumbprints())
            .field("key", &self.key)
            .field("defect", &self.defect)
            .finish()
    }
}
