//! What a subject may be told: which certificates stand in its stores, and which roots count as Microsoft's.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::path::{Path, PathBuf};

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

use crate::error::CertsError;
use crate::file;

/// The certificates of a world that are no secret. There is no key among them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// The organisation's root as DER.
    pub organisation_root: Vec<u8>,
    /// The organisation's intermediate as DER, for a subject that has it in its store of intermediates.
    pub organisation_intermediate: Vec<u8>,
    /// The root that counts as Microsoft's, as DER.
    pub microsoft_root: Vec<u8>,
    /// Self-signed leaves that are meant to be trusted, as DER by the name of their node; filled by whoever issues them.
    pub self_signed: BTreeMap<String, Vec<u8>>,
    /// Roots that only some chains of the world lead to, as DER: `inspection` for a proxy that intercepts TLS, and the name of
    /// the defect for a root that was made for one, as `expired-root` (or `microsoft-expired-root`).
    ///
    /// Whether a subject holds them is for the scenario to say, so they are never exported with the others.
    pub further_roots: BTreeMap<String, Vec<u8>>,
}

impl Trust {
    /// The roots that may be exported without being asked twice: the organisation's and the trusted self-signed leaves.
    ///
    /// Microsoft's stand-in is left out, because a root that covers Microsoft's names is the worst one to leave in a store.
    pub fn roots(&self) -> impl Iterator<Item = &[u8]> {
        std::iter::once(self.organisation_root.as_slice()).chain(self.self_signed.values().map(Vec::as_slice))
    }

    /// The thumbprint of the organisation's root.
    pub fn organisation_thumbprint(&self) -> String {
        thumbprint(&self.organisation_root)
    }

    /// The thumbprint of the root that counts as Microsoft's.
    pub fn microsoft_thumbprint(&self) -> String {
        thumbprint(&self.microsoft_root)
    }

    /// Writes [`Trust::roots`] as one PEM store, as curl takes it with `--cacert`.
    pub fn write_roots_pem(&self, path: &Path) -> Result<(), CertsError> {
        file::write_certificates_pem(path, self.roots())
    }

    /// Writes [`Trust::roots`] as DER files in an existing folder, each named by its thumbprint.
    pub fn write_roots_der(&self, folder: &Path) -> Result<Vec<PathBuf>, CertsError> {
        file::write_certificates_der(folder, self.roots())
    }

    /// As [`Trust::write_roots_pem`], with Microsoft's stand-in. Only for who asked for it by name.
    pub fn write_all_roots_pem(&self, path: &Path) -> Result<(), CertsError> {
        file::write_certificates_pem(path, self.all_roots())
    }

    /// As [`Trust::write_roots_der`], with Microsoft's stand-in. Only for who asked for it by name.
    pub fn write_all_roots_der(&self, folder: &Path) -> Result<Vec<PathBuf>, CertsError> {
        file::write_certificates_der(folder, self.all_roots())
    }

    fn all_roots(&self) -> impl Iterator<Item = &[u8]> {
        self.roots().chain(std::iter::once(self.microsoft_root.as_slice()))
    }
}

impl fmt::Debug for Trust {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thumbprints = |certificates: &BTreeMap<String, Vec<u8>>| {
            certificates.iter().map(|(name, der)| (name.clone(), thumbprint(der))).collect::<BTreeMap<_, _>>()
        };
        formatter
            .debug_struct("Trust")
            .field("organisation_root", &self.organisation_thumbprint())
            .field("organisation_intermediate", &thumbprint(&self.organisation_intermediate))
            .field("microsoft_root", &self.microsoft_thumbprint())
            .field("self_signed", &thumbprints(&self.self_signed))
            .field("further_roots", &thumbprints(&self.further_roots))
            .finish()
    }
}

/// A certificate's SHA-1 as Windows prints it: forty capital hexadecimal digits.
pub fn thumbprint(der: &[u8]) -> String {
    let mut text = String::with_capacity(40);
    for byte in digest(&SHA1_FOR_LEGACY_USE_ONLY, der).as_ref() {
        write!(text, "{byte:02X}").expect("invariant: writing to a String cannot fail");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbprint_is_written_as_windows_writes_it() {
        // FIPS 180, the example of one block.
        assert_eq!(thumbprint(b"abc"), "A9993E364706816ABA3E25717850C26C9CD0D89D");
    }
}
