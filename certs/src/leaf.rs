//! The leaf as it is about to be signed. A good one, until the defect that was asked for has touched it.

use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose};
use time::OffsetDateTime;

use crate::ca::Whose;
use crate::error::CertsError;
use crate::key::random_serial;
use crate::names::distinguished_name;
use crate::request::{IssuedBy, KeyType, Request};
use crate::validity::Validity;

/// All that decides what a leaf will say; the second seam of a defect.
pub(crate) struct Leaf {
    /// The world's time.
    pub(crate) now: OffsetDateTime,
    pub(crate) params: CertificateParams,
    pub(crate) signer: Signer,
}

/// Whose key signs a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signer {
    /// An authority's intermediate.
    Ca(Whose),
    /// The leaf's own key.
    Itself,
}

impl Leaf {
    pub(crate) fn for_request(request: &Request, now: OffsetDateTime) -> Result<Self, CertsError> {
        let signer = match request.issuer {
            IssuedBy::Organisation => Signer::Ca(Whose::Organisation),
            IssuedBy::Microsoft => Signer::Ca(Whose::Microsoft),
            IssuedBy::Itself => Signer::Itself,
        };
        let mut leaf = Self { now, params: good_params(request, now)?, signer };
        if let Some(defect) = request.defect {
            defect.deviation().leaf(&mut leaf);
        }
        leaf.settle_identifiers();
        Ok(leaf)
    }

    /// A self-signed certificate has neither basicConstraints nor key identifiers, as those that Windows makes.
    fn settle_identifiers(&mut self) {
        if self.signer == Signer::Itself {
            self.params.is_ca = IsCa::NoCa;
            self.params.use_authority_key_identifier_extension = false;
        }
    }
}

fn good_params(request: &Request, now: OffsetDateTime) -> Result<CertificateParams, CertsError> {
    let names = request.issued_to();
    if names.dns.is_empty() && names.addresses.is_empty() {
        return Err(CertsError::NoName);
    }
    let mut params = CertificateParams::default();
    Validity::of_a_leaf(now).write_to(&mut params);
    params.serial_number = Some(random_serial()?);
    params.distinguished_name = distinguished_name(&names.common_name());
    params.subject_alt_names = names.subject_alternative_names()?;
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = key_usages(request.key);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// RSA key exchange needs the second usage (RFC 5246, 7.4.2).
fn key_usages(key: KeyType) -> Vec<KeyUsagePurpose> {
    match key {
        KeyType::P256 => vec![KeyUsagePurpose::DigitalSignature],
        KeyType::Rsa2048 => vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment],
    }
}
