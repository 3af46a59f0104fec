//! The leaf as it is about to be signed. A good one, until the defect that was asked for has touched it.

use rcgen::{CertificateParams, CrlDistributionPoint, CustomExtension, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose};
use time::OffsetDateTime;

use crate::der::{self, OBJECT_IDENTIFIER, SEQUENCE, URI};
use crate::error::CertsError;
use crate::key::random_serial;
use crate::line::Whose;
use crate::names::{Names, distinguished_name};
use crate::request::{IssuedBy, KeyType, Request};
use crate::signature::Digest;
use crate::validity::Validity;

/// RFC 5280, 4.2.2.1: 1.3.6.1.5.5.7.1.1.
const AUTHORITY_INFORMATION_ACCESS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 1];
/// RFC 5280, 4.2.2.1: the content of 1.3.6.1.5.5.7.48.2.
const CA_ISSUERS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 2];
/// RFC 5280, 4.2.2.1: the content of 1.3.6.1.5.5.7.48.1.
const OCSP: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1];

/// All that decides what a leaf will say; the second seam of a defect.
pub(crate) struct Leaf {
    /// The world's time.
    pub(crate) now: OffsetDateTime,
    /// The names and addresses that were asked for.
    pub(crate) asked: Names,
    pub(crate) params: CertificateParams,
    pub(crate) signer: Signer,
    /// The kind of its key; changed by [`Leaf::set_key`].
    pub(crate) key: KeyType,
    /// The digest under its signature.
    pub(crate) signature: Digest,
    /// Where its issuer's certificate can be fetched.
    pub(crate) aia: Option<Pointer>,
    /// Where its issuer's revocation list can be fetched.
    pub(crate) crl: Option<Pointer>,
    /// Where its issuer answers questions about its revocation (RFC 6960). Nobody answers in any world.
    pub(crate) ocsp: Option<String>,
    pub(crate) revoked: bool,
}

/// Whose key signs a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signer {
    /// An authority's intermediate.
    Ca(Whose),
    /// The leaf's own key.
    Itself,
}

/// An address in a leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pointer {
    pub(crate) url: String,
    /// Whether anything is meant to be found there.
    pub(crate) leads_somewhere: bool,
}

impl Leaf {
    pub(crate) fn for_request(request: &Request, now: OffsetDateTime) -> Result<Self, CertsError> {
        request.check()?;
        let mut leaf = Self {
            now,
            asked: request.asked(),
            params: good_params(request, now)?,
            signer: signer(request.issuer),
            key: request.key,
            signature: Digest::Good,
            aia: request.aia.clone().map(Pointer::to),
            crl: request.crl.clone().map(Pointer::to),
            ocsp: None,
            revoked: false,
        };
        if let Some(defect) = request.defect {
            defect.deviation().leaf(&mut leaf);
        }
        leaf.settle_identifiers();
        leaf.write_pointers();
        Ok(leaf)
    }

    /// Changes the kind of the key, and the usages with it.
    pub(crate) fn set_key(&mut self, key: KeyType) {
        self.key = key;
        self.params.key_usages = key_usages(key);
    }

    /// A file in the domain of the server, for a pointer that nobody gave.
    pub(crate) fn url_in_the_domain(&self, file: &str) -> String {
        let name = self.asked.dns.first().map_or("invalid", String::as_str);
        let domain = name.split_once('.').map_or(name, |(_, domain)| domain);
        format!("http://pki.{domain}/{file}")
    }

    /// A self-signed certificate has no key identifiers, and no basicConstraints unless it says that it is an authority, as
    /// those that Windows makes.
    fn settle_identifiers(&mut self) {
        if self.signer == Signer::Itself {
            if self.params.is_ca == IsCa::ExplicitNoCa {
                self.params.is_ca = IsCa::NoCa;
            }
            self.params.use_authority_key_identifier_extension = false;
        }
    }

    fn write_pointers(&mut self) {
        let ocsp = self.ocsp.iter().map(|url| access(OCSP, url));
        let accesses = ocsp.chain(self.aia.iter().map(|aia| access(CA_ISSUERS, &aia.url))).collect::<Vec<_>>().concat();
        if !accesses.is_empty() {
            let content = der::value(SEQUENCE, &accesses);
            self.params
                .custom_extensions
                .push(CustomExtension::from_oid_content(AUTHORITY_INFORMATION_ACCESS, content));
        }
        if let Some(crl) = &self.crl {
            self.params.crl_distribution_points.push(CrlDistributionPoint { uris: vec![crl.url.clone()] });
        }
    }
}

/// One AccessDescription.
fn access(method: &[u8], url: &str) -> Vec<u8> {
    der::value(SEQUENCE, &[der::value(OBJECT_IDENTIFIER, method), der::value(URI, url.as_bytes())].concat())
}

impl Pointer {
    pub(crate) fn to(url: String) -> Self {
        Self { url, leads_somewhere: true }
    }

    pub(crate) fn to_nowhere(url: String) -> Self {
        Self { url, leads_somewhere: false }
    }
}

fn signer(issuer: IssuedBy) -> Signer {
    match issuer {
        IssuedBy::Organisation => Signer::Ca(Whose::Organisation),
        IssuedBy::Microsoft => Signer::Ca(Whose::Microsoft),
        IssuedBy::Inspection => Signer::Ca(Whose::Inspection),
        IssuedBy::Itself => Signer::Itself,
    }
}

fn good_params(request: &Request, now: OffsetDateTime) -> Result<CertificateParams, CertsError> {
    let names = request.issued_to();
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
    match key.rsa_bits() {
        None => vec![KeyUsagePurpose::DigitalSignature],
        Some(_) => vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment],
    }
}
