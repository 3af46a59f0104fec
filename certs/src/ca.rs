//! One authority: a root, and the intermediate that signs for it.
//!
//! The root signs once and its key is dropped at once: nothing that anybody could take from the process signs further
//! authorities.

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use time::OffsetDateTime;

use crate::constraints::Constraints;
use crate::error::CertsError;
use crate::key::{Key, random_serial};
use crate::names::distinguished_name;
use crate::validity::Validity;

/// Whose authority it poses as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The organisation that runs the WSUS servers.
    Organisation,
    /// Microsoft, whose real roots nobody here can sign with.
    Microsoft,
    /// An authority that no subject is told of.
    Stranger,
}

/// A root and an intermediate as DER, and the intermediate's key.
pub(crate) struct Ca {
    pub(crate) root: Vec<u8>,
    pub(crate) intermediate: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
}

impl Ca {
    pub(crate) fn mint(whose: Whose, constraints: &Constraints, now: OffsetDateTime) -> Result<Self, CertsError> {
        let root_key = KeyPair::generate()?;
        let root_params = params(whose.root_name(), BasicConstraints::Unconstrained, constraints, now)?;
        let root = root_params.self_signed(&root_key)?;

        let key = KeyPair::generate()?;
        let params = params(whose.intermediate_name(), BasicConstraints::Constrained(0), constraints, now)?;
        let intermediate = params.signed_by(&key, &Issuer::from_params(&root_params, &root_key))?;
        Ok(Self {
            root: root.der().to_vec(),
            intermediate: intermediate.der().to_vec(),
            issuer: Issuer::new(params, key),
        })
    }

    pub(crate) fn sign(&self, leaf: &CertificateParams, key: &Key) -> Result<Vec<u8>, CertsError> {
        Ok(leaf.signed_by(key.pair(), &self.issuer)?.der().to_vec())
    }
}

impl Whose {
    fn root_name(self) -> DistinguishedName {
        distinguished_name(match self {
            Self::Organisation => "wsuslab lab organisation root, do not trust",
            Self::Microsoft => "wsuslab stand-in for Microsoft's root, do not trust",
            Self::Stranger => "wsuslab lab stranger's root, do not trust",
        })
    }

    fn intermediate_name(self) -> DistinguishedName {
        distinguished_name(match self {
            Self::Organisation => "wsuslab lab organisation intermediate, do not trust",
            Self::Microsoft => "wsuslab stand-in for Microsoft's intermediate, do not trust",
            Self::Stranger => "wsuslab lab stranger's intermediate, do not trust",
        })
    }
}

/// The constraints and the usage stand on the root and again on the intermediate: RFC 5280, 6.1.1 lets a verifier take
/// only name and key from a trust anchor. The usage keeps a root that was left in a store from vouching for code or mail,
/// which name constraints do not cover.
fn params(
    name: DistinguishedName,
    path_length: BasicConstraints,
    constraints: &Constraints,
    now: OffsetDateTime,
) -> Result<CertificateParams, CertsError> {
    let mut params = CertificateParams::default();
    Validity::of_an_authority(now).write_to(&mut params);
    params.serial_number = Some(random_serial()?);
    params.distinguished_name = name;
    params.is_ca = IsCa::Ca(path_length);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.name_constraints = Some(constraints.extension());
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}
